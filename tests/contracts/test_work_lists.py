"""Work lists on PostgreSQL: a list's arms are the one rule of who sees what, and each is served by an index."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg import sql
from sqlalchemy import insert, select, text

from engine.commands.process_instances import StartProcessInstance
from engine.model import SYSTEM, Actor, Membership
from engine.queries import Area, TaskMoments, TaskOrder, TaskTab, UserTaskFilter
from engine.stand_ins import StandIn
from storage.questions import PLAN_ONCE, Question
from storage.tables.desks import BETWEEN_TEXTS
from storage.tables.engine import user_task
from storage.task_questions import counts_of, page_of, total_of
from storage.wire_values import TEXT, wire_value
from storage.work_lists import Shape, in_tab, values_of
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import end, extension, flows, one_process, start, user

COUNTY, VILLAGE, NEIGHBOUR, CITY = "320481", f"{REGION}005", "320481002", "320482001"
CLERK, REVIEWER, TEACHER = "township/clerk", "township/reviewer", "education/reviewer"
NAMES = ("登记申请", "复核 100%", "Check_A\\B", "审批", "x" * 240 + "尾巴")


def with_posts(login: str, **regions: str) -> Actor:
    """Return somebody with posts like `township_clerk="320481001"`."""
    posts = ((*name.rsplit("_", 1), region) for name, region in regions.items())
    memberships = (Membership(unit_kind=kind, role=role, region=region) for kind, role, region in posts)
    return Actor(id=login, name=login, memberships=tuple(memberships))


KINDS = (UUID(int=1), UUID(int=2))
ABSENT = (
    StandIn(person=with_posts("ben", township_clerk=REGION, education_reviewer=COUNTY)),
    StandIn(person=with_posts("ann", township_reviewer=REGION, township_clerk=REGION), definition_ids=KINDS[:1]),
)
ACTORS = {
    "clerk": person("ann", CLERK),
    "clerk of a village and of its county": with_posts("ann", township_clerk=VILLAGE, education_reviewer=COUNTY),
    "head of a unit": person("head", "education/supervisor", region=COUNTY),
    "head of a township": person("chief", "township/supervisor"),
    "head of a county and clerk of a city": with_posts("ann", civil_affairs_supervisor=COUNTY, township_clerk=CITY),
    "guest": person("guest"),
    "substitute": replace(person("guest"), stands_in_for=ABSENT),
    "substitute of a colleague": replace(person("guest", CLERK), stands_in_for=ABSENT[:1]),
    "system": SYSTEM,
}
ONE_TASK = one_process(
    start(),
    user("make", extension('<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="township/clerk"/>')),
    end(),
    flows("s>make>e"),
)


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url) as house:
        house.deploy(p_bpmn=ONE_TASK)
        yield house


def write_copies(house: EngineUnderTest, *changes: Mapping[str, Any]) -> None:
    """Write an open task again and again, each time with some columns changed."""
    command = StartProcessInstance(process_id="P", variables={}, region=REGION, business_key="SR-0")
    instance = house.engine.execute(command, actor=SYSTEM)
    columns = [column for column in user_task.c if column.computed is None]
    with house.database.begin() as connection:
        query = select(*columns).where(user_task.c.process_instance_id == instance.id)
        row = connection.execute(query).mappings().one()
        rows = [{**row, "id": uuid4(), "key": 1_000 + number, **one} for number, one in enumerate(changes)]
        connection.execute(insert(user_task), rows)


def write_all_kinds(house: EngineUnderTest, count: int) -> None:
    """Write tasks with and without a desk, held or not, done, with four eyes, due or not, in several regions."""
    seed, now = random.Random(5), house.clock()
    done = {"state": "completed", "completed_by": "ann", "completed_at": now}
    done_for = {**done, "completed_by": "chief", "completed_for": "guest"}

    def one() -> dict[str, Any]:
        return {
            "element_id": seed.choice(["make", "check"]),
            "name": seed.choice(NAMES),
            "name_en": seed.choice(["Register", "Second look", ""]),
            "business_key": f"SR-2026-{seed.randrange(60)}",
            "region": seed.choice([REGION, REGION, VILLAGE, NEIGHBOUR, CITY]),
            "candidate_groups": seed.choice([[CLERK], [CLERK], [REVIEWER], [TEACHER], [CLERK, TEACHER], []]),
            "candidate_users": seed.choice([[], [], [], ["ann"], ["ann", "guest"], ["chief"]]),
            "assignee": seed.choice([None, None, None, "ann", "ben", "guest"]),
            "distinct_from": seed.choice([[], [], ["make"], ["other"], [f"step{number}" for number in range(6)]]),
            "due_at": seed.choice([None, now, now + timedelta(days=seed.randrange(9))]),
            "created_at": now - timedelta(days=seed.randrange(3)),
            "follow_up_at": seed.choice([None, None, now - timedelta(days=1), now + timedelta(days=2)]),
            "priority": seed.choice([10, 50, 90]),
            "definition_id": seed.choice(KINDS),
            **seed.choice([{}, {}, {}, {}, done, done_for]),
        }

    write_copies(house, *(one() for _ in range(count)))


def write_a_large_table(house: EngineUnderTest) -> None:
    """Write so many tasks that the sizes of the indexes decide between them, as they do in a county."""
    write_all_kinds(house, 400)
    columns = [column.name for column in user_task.c if column.computed is None]
    new = {"id": "gen_random_uuid()", "key": "key + 100000 * copy"}
    names = ", ".join(columns)
    values = ", ".join(new.get(name, name) for name in columns)
    with house.database.begin() as connection:
        copies = f"SELECT {values} FROM user_task, generate_series(1, 60) AS copy"
        connection.execute(text(f"INSERT INTO user_task ({names}) {copies}"))


def meant(house: EngineUnderTest, actor: Actor, tab: TaskTab) -> Sequence[Any]:
    """Return the tasks of a tab by its one condition, in place of the arms it is cut into."""
    query = select(user_task).where(in_tab(tab, Shape.of(actor))).params(**values_of(actor))
    with house.database.connect() as connection:
        return connection.execute(query).all()


def in_order(rows: Sequence[Any], column: str) -> list[UUID]:
    return [
        row.id for row in sorted(rows, key=lambda row: (getattr(row, column) is None, getattr(row, column), row.id))
    ]


def listed(house: EngineUnderTest, wanted: UserTaskFilter) -> tuple[list[UUID], int]:
    page = house.queries.user_tasks(wanted)
    return [task.id for task in page.tasks], page.total


def test_lists_and_counts_are_the_one_rule_for_everybody(house: EngineUnderTest) -> None:
    write_all_kinds(house, 400)
    found_some = set()
    for name, actor in ACTORS.items():
        counts = house.queries.user_task_counts(actor)
        for tab in TaskTab:
            rows = meant(house, actor, tab)
            found_some |= {(name, tab)} if rows else set()
            everything = UserTaskFilter(actor=actor, tab=tab, order=TaskOrder.PRIORITY, limit=1_000)
            assert listed(house, everything) == (in_order(rows, "priority"), len(rows)), (name, tab)
            assert counts[tab] == len(rows), (name, tab)
            some = UserTaskFilter(actor=actor, tab=tab, order=TaskOrder.PRIORITY, offset=7, limit=5)
            assert listed(house, some) == (in_order(rows, "priority")[7:12], len(rows)), (name, tab)
    assert len(found_some) > len(ACTORS) * 2


@pytest.mark.parametrize("actor", ACTORS.values(), ids=ACTORS)
def test_a_narrowed_list_has_what_is_meant_in_order(house: EngineUnderTest, actor: Actor) -> None:
    write_all_kinds(house, 400)
    soon = house.clock() + timedelta(days=3)
    narrowings: list[tuple[dict[str, Any], Any]] = [
        ({"element_id": "check"}, lambda row: row.element_id == "check"),
        ({"business_key": "SR-2026-7"}, lambda row: row.business_key == "SR-2026-7"),
        ({"overdue_at": soon}, lambda row: row.due_at is not None and row.due_at < soon),
        ({"text": "sr-2026-1"}, lambda row: "SR-2026-1" in row.business_key),
        ({"text": "尾巴"}, lambda row: "尾巴" in row.name),
        ({"text": "LOOK", "element_id": "make"}, lambda row: "look" in row.name_en and row.element_id == "make"),
    ]
    for tab in (TaskTab.MINE, TaskTab.TO_CLAIM, TaskTab.UNIT):
        for narrowing, is_meant in narrowings:
            rows = [row for row in meant(house, actor, tab) if is_meant(row)]
            wanted = UserTaskFilter(actor=actor, tab=tab, limit=1_000, **narrowing)
            assert listed(house, wanted) == (in_order(rows, "due_at"), len(rows)), (tab, narrowing)


@pytest.mark.parametrize("actor", ACTORS.values(), ids=ACTORS)
def test_what_is_counted_for_a_unit_is_what_its_list_holds(house: EngineUnderTest, actor: Actor) -> None:
    write_all_kinds(house, 400)
    now = house.clock()
    soon, since = now + timedelta(days=3), now - timedelta(days=1)
    places = house.queries.counts_of_places(actor, TaskMoments(now=now, due_before=soon, unheld_since=since))
    narrowings: dict[str, dict[str, Any]] = {
        "open": {},
        "overdue": {"overdue_at": now},
        "due_soon": {"due_from": now, "due_before": soon},
        "paused": {"paused_at": now},
        "unheld": {"unheld_since": since},
    }
    for name, narrowing in narrowings.items():
        wanted = UserTaskFilter(actor=actor, tab=TaskTab.UNIT, limit=1, **narrowing)
        assert sum(getattr(one, name) for one in places) == house.queries.user_tasks(wanted).total, name
        for one in places:
            inner = [other.region for other in places if other.region.startswith(one.region)]
            area = Area(region=one.region, without=tuple({region for region in inner if region != one.region}))
            of_place = replace(wanted, unit_kind=one.unit_kind, area=area)
            assert house.queries.user_tasks(of_place).total == getattr(one, name), (name, one)


def test_a_list_is_narrowed_by_how_tasks_stand(house: EngineUnderTest) -> None:
    write_all_kinds(house, 400)
    now = house.clock()
    soon, since = now + timedelta(days=3), now - timedelta(days=1)
    narrowings: list[tuple[dict[str, Any], Any]] = [
        ({"due_from": now, "due_before": soon}, lambda row: row.due_at is not None and now <= row.due_at < soon),
        ({"paused_at": now}, lambda row: row.follow_up_at is not None and row.follow_up_at > now),
        ({"unheld_since": since}, lambda row: row.assignee is None and row.created_at < since),
        ({"unit_kind": "education"}, lambda row: row.candidate_groups[:1] == [TEACHER]),
        ({"unit_kind": ""}, lambda row: not row.candidate_groups),
        ({"area": Area(region=REGION)}, lambda row: row.region in (REGION, VILLAGE)),
        ({"area": Area(region=COUNTY, without=(VILLAGE,))}, lambda row: row.region in (REGION, NEIGHBOUR)),
    ]
    for tab in (TaskTab.MINE, TaskTab.TO_CLAIM, TaskTab.UNIT):
        for narrowing, is_meant in narrowings:
            rows = [row for row in meant(house, ACTORS["clerk"], tab) if is_meant(row)]
            wanted = UserTaskFilter(actor=ACTORS["clerk"], tab=tab, limit=1_000, **narrowing)
            assert listed(house, wanted) == (in_order(rows, "due_at"), len(rows)), (tab, narrowing)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("100%", {"复核 100%"}),
        ("%", {"复核 100%"}),
        ("k_a", {"Check_A\\B"}),
        ("_", {"Check_A\\B"}),
        ("\\", {"Check_A\\B"}),
        ("CHECK", {"Check_A\\B"}),
        ("look", {"复核 100%"}),
        ("é", {"CAFÉ"}),
        ("X尾", {"x" * 240 + "尾巴"}),  # beyond what the index holds
        ("SR-2026-1", {"审批"}),
        ("Second lookSR", set()),  # no text goes on in the next one
        (f"Second look{BETWEEN_TEXTS}SR", set()),
        (BETWEEN_TEXTS, set()),
        ("申请登记", set()),
    ],
)
def test_a_text_is_looked_for_in_each_column_whatever_its_case(
    house: EngineUnderTest, wanted: str, names: set[str]
) -> None:
    keys = {"审批": "SR-2026-1", "复核 100%": "SR-2025-9"}
    tasks = [{"name": name, "name_en": "", "business_key": keys.get(name, "-")} for name in (*NAMES, "CAFÉ")]
    write_copies(house, *({**one, "name_en": "Second look"} if one["name"] == NAMES[1] else one for one in tasks))
    found = house.queries.user_tasks(UserTaskFilter(actor=ACTORS["clerk"], tab=TaskTab.TO_CLAIM, text=wanted))
    assert ({task.name for task in found.tasks}, found.total) == (names, len(names))


@pytest.mark.parametrize("groups", [[CLERK], ["u" * 256 + "/clerk", CLERK]])
def test_the_longest_texts_break_no_index(house: EngineUnderTest, groups: list[str]) -> None:
    """An index entry holds 2.7 kB; texts of 256 Chinese characters that cannot be packed are longer together."""
    seed = random.Random(2)

    def long(length: int) -> str:
        return "".join(chr(seed.randrange(0x4E00, 0x9FA5)) for _ in range(length))

    lengths = (40, 120, 160, 200, 256)
    write_copies(
        house,
        *(
            {"name": long(one), "name_en": long(one), "business_key": long(one), "candidate_groups": groups}
            for one in lengths
        ),
        *({"element_id": long(one), "assignee": long(one), "candidate_groups": groups} for one in lengths),
    )
    assert house.queries.user_task_counts(ACTORS["clerk"])[TaskTab.UNIT] == 2 * len(lengths) + 1


def plan_of(house: EngineUnderTest, question: Question, *, off: Sequence[str] = ("seqscan", "bitmapscan")) -> str:
    """Return how PostgreSQL answers a question where it takes an index whenever one serves."""
    assert question.planning is PLAN_ONCE
    sent = (wire_value(question.values[name]) for name in question.statement.names)
    values = sql.SQL(", ").join(
        sql.Literal(one.decode() if one is not None and form == TEXT else one) for one, form in sent
    )
    raw = house.database.raw_connection()
    try:
        driver = raw.driver_connection
        driver.autocommit = True
        driver.execute("VACUUM ANALYZE user_task")
        for way in off:
            driver.execute(sql.SQL("SET {} TO off").format(sql.Identifier(f"enable_{way}")))
        driver.execute("SET random_page_cost TO 40")  # as if little of it were in memory
        driver.execute("SET plan_cache_mode TO force_generic_plan")
        driver.execute(b"PREPARE asked AS " + question.statement.sql)
        lines = driver.execute(sql.SQL("EXPLAIN EXECUTE asked({})").format(values)).fetchall()
        return "\n".join(line for (line,) in lines)
    finally:
        raw.invalidate()


@pytest.mark.parametrize("tab", [TaskTab.TO_CLAIM, TaskTab.UNIT])
@pytest.mark.parametrize("narrowing", [{}, {"text": "look"}, {"order": TaskOrder.NAME, "element_id": "check"}])
def test_a_page_is_found_in_the_index_that_holds_all_it_needs(
    house: EngineUnderTest, tab: TaskTab, narrowing: dict[str, Any]
) -> None:
    write_a_large_table(house)
    found = plan_of(house, page_of(UserTaskFilter(actor=ACTORS["clerk"], tab=tab, **narrowing)))
    assert "Index Only Scan using ix_user_task_listed" in found or (
        tab is TaskTab.UNIT and not narrowing and "Index Only Scan using ix_user_task_open_region" in found
    )
    assert "Seq Scan" not in found


def test_counts_are_read_from_small_indexes_alone(house: EngineUnderTest) -> None:
    write_a_large_table(house)
    everything = UserTaskFilter(actor=ACTORS["clerk"], tab=TaskTab.TO_CLAIM)
    for question, free, taken in ((counts_of(everything.actor), 2, 2), (total_of(everything), 1, 1)):
        found = plan_of(house, question)
        assert found.count("Index Only Scan using ix_user_task_free") == free
        assert found.count("Index Only Scan using ix_user_task_taken") >= taken
        assert "ix_user_task_listed" not in found


def test_who_is_asked_of_a_whole_region_is_looked_at_closely() -> None:
    """A plan for all values would not know whether a region is a village or the county."""
    for name in ("head of a township", "system"):
        assert counts_of(ACTORS[name]).planning is not PLAN_ONCE
    assert page_of(UserTaskFilter(actor=ACTORS["clerk"], tab=TaskTab.DONE)).planning is not PLAN_ONCE


def test_long_questions_are_not_compiled_to_machine_code(house: EngineUnderTest) -> None:
    with house.database.connect() as connection:
        assert connection.execute(text("SHOW jit")).scalar_one() == "off"
