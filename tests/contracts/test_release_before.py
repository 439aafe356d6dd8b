"""The release before works on the tables of this one, so that nodes can be upgraded, and taken back, one by one.

`releases/*.tar.xz` hold the modules of a release as they were; they run here in a process of their own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import text

from engine.commands.incidents import ResolveIncident
from engine.commands.operations import SuspendProcessInstance
from engine.commands.process_instances import SetVariables, StartProcessInstance
from engine.host import Host
from engine.model import SYSTEM, InstanceState
from engine.queries import InstanceView
from storage.database import connect, migrate
from tests.contracts.test_upgrade import RELEASES, do, open_tasks, work
from tests.engines import REGION, EngineUnderTest, engine_on
from tests.processes.diagrams import end, flows, mappings, one_process, start, user, zeebe

FOLDER = Path(__file__).parent / "releases"
NOW = "2026-06-15T01:00:00+00:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A release on the database of a house of this one."""

    folder: Path
    house: EngineUnderTest
    keys: Path

    def run(self, *steps: tuple[Any, ...], now: str = NOW) -> list[Any]:
        """Do steps given as (name, *arguments) and return what each gave; named arguments stand in a dict."""
        done = self.attempt([_written(*step) for step in steps], now)
        assert done.returncode == 0, done.stderr
        return list(json.loads(done.stdout))

    def attempt(self, steps: list[Any], now: str = NOW) -> subprocess.CompletedProcess[str]:
        url = self.house.database.url.render_as_string(hide_password=False)
        command = [sys.executable, str(FOLDER / "driver.py"), str(self.folder), url, str(self.keys), now]
        return subprocess.run(command, input=json.dumps(steps), capture_output=True, text=True, check=False)


def _written(name: str, *given: Any) -> tuple[str, list[Any], dict[str, Any]]:
    named = given[-1] if given and isinstance(given[-1], dict) else {}
    return name, [one for one in given if one is not named], named


@pytest.fixture(params=RELEASES, ids=[path.stem for path in RELEASES])
def earlier(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Earlier]:
    """Both releases on the tables of this one."""
    with tarfile.open(FOLDER / f"{request.param.stem}.tar.xz") as archive:
        archive.extractall(tmp_path / "release", filter="data")
    with engine_on(database_url, Host(region="320481")) as house:
        keys = tmp_path / "keys.json"
        keys.write_bytes(house.keys.to_bytes())
        keys.chmod(0o600)
        yield Earlier(folder=tmp_path / "release", house=house, keys=keys)


@pytest.fixture
def diagram() -> str:
    """The process of the stored cases: tasks, loop, message, job, timer, and a gateway that gets stuck."""
    release = json.loads(RELEASES[-1].read_text(encoding="utf-8"))
    [resource] = release["tables"]["deployment_resource"]
    return b64decode(resource["content"]["$bytes"]).decode()


def case(number: int) -> str:
    return f"SR-2026-{number}"


def test_the_release_before_does_its_whole_work_on_the_new_tables(earlier: Earlier, diagram: str) -> None:
    one, two, three = (case(number) for number in (1, 2, 3))
    found = earlier.run(
        ("came_from",),
        ("deploy", diagram),
        ("start", one, {"n": 1}),
        ("start", two, {"n": 2}),
        ("start", three, {"n": 3}),
        ("open_tasks", one),
        ("listed",),
        ("complete", one, "a"),
        ("complete", one, "b"),
        ("complete", one, "b"),
        ("correlate", "k1", {"late": True}),
        ("fail_jobs",),
        ("do_jobs",),
        ("resolve", one, {"missing": True}),
        ("open_tasks", one),
        ("state", one),
        ("later", 31),
        ("open_tasks", two),
        ("cancel", three),
        ("state", three),
    )

    assert set(found[0]) == {str(earlier.folder.resolve())}
    assert found[5] == ["a", "b", "b"]
    assert found[6] == 9
    assert found[11:14] == [1, 1, "g"]
    assert (found[14], found[15]) == (["stuck"], "active")
    assert found[16] == 2  # the timers of the other two
    assert found[17] == ["a", "late"]
    assert found[19] == "cancelled"
    of_new = earlier.house.queries
    with earlier.house.database.connect() as connection:
        [left] = connection.execute(text("SELECT id FROM process_instance WHERE business_key = 'SR-2026-3'")).scalars()
    assert of_new.instance(left).instance.state is InstanceState.CANCELLED


def test_cases_go_to_and_fro_between_both_releases(earlier: Earlier, diagram: str) -> None:
    house = earlier.house
    house.deploy(p_bpmn=diagram)
    begin = StartProcessInstance(process_id="P", variables={"n": 1}, region=REGION, business_key=case(1))
    house.engine.execute(begin, actor=SYSTEM)

    assert (
        earlier.run(
            ("deploy", diagram), ("complete", case(1), "a"), ("start", case(2), {"n": 2}), ("correlate", "k1", {"x": 1})
        )[0]
        == 1
    )
    do(house, 1, "b")
    do(house, 2, "a")
    assert work(house) == 1
    assert open_tasks(house, 1) == ["b"]
    assert earlier.run(("complete", case(1), "b"), ("resolve", case(1), {"missing": False}), ("state", case(1))) == [
        None,
        "g",
        "completed",
    ]
    view = view_of(house, 2)
    assert [one.action for one in view.history][:1] == ["started"]
    assert open_tasks(house, 2) == ["b", "b"]


def test_the_release_before_cannot_read_what_is_suspended(earlier: Earlier, diagram: str) -> None:
    """Why docs/reference/upgrades.md asks to resume everything before going back."""
    house = earlier.house
    house.deploy(p_bpmn=diagram)
    begin = StartProcessInstance(process_id="P", variables={"n": 1}, region=REGION, business_key=case(1))
    resting = house.engine.execute(begin, actor=SYSTEM)
    house.engine.execute(SuspendProcessInstance(process_instance_id=resting.id, reason="x"), actor=SYSTEM)

    failed = earlier.attempt([("complete", [case(1), "a"], {})])

    assert failed.returncode != 0
    assert "suspended" in failed.stderr
    assert open_tasks(house, 1) == ["a", "b", "b"]


CLERKS = zeebe("assignmentDefinition", candidateGroups="township/clerk")
HANDS_OVER = one_process(
    start(),
    user(
        "a", zeebe("assignmentDefinition", candidateGroups="township/clerk"), mappings(outputs={"turns": "=turns + 1"})
    ),
    user("b"),
    user("c"),
    end(),
    flows("s>a>b[=missing] a>c[=not(missing)] b>e c>e"),
)


def test_the_release_before_refuses_a_case_of_which_it_would_lose_something(earlier: Earlier) -> None:
    """It does not know that outputs are handed over already, and would hand them over twice."""
    house = earlier.house
    house.deploy(p_bpmn=HANDS_OVER)
    for number in (1, 2):
        begin = StartProcessInstance(process_id="P", variables={"turns": 1}, region=REGION, business_key=case(number))
        house.engine.execute(begin, actor=SYSTEM)
    stuck, fresh = (view_of(house, number).instance for number in (1, 2))
    do(house, 1, "a")
    [incident] = view_of(house, 1).incidents
    assert incident.element_id == "a"

    failed = earlier.attempt([("resolve", [case(1)], {"missing": True})])

    assert failed.returncode != 0
    assert "SnapshotUnreadable: the snapshot has format 2" in failed.stderr
    assert earlier.run(("open_tasks", case(2))) == [["a"]]  # of the same process, with nothing it would lose
    assert earlier.run(("cancel", case(2)), ("state", case(2))) == [None, "cancelled"]
    set_it = SetVariables(process_instance_id=stuck.id, scope_key=1, variables={"missing": True})
    house.engine.execute(set_it, actor=SYSTEM)
    house.engine.execute(ResolveIncident(incident_id=incident.id), actor=SYSTEM)
    assert open_tasks(house, 1) == ["b"]
    assert view_of(house, 1).variables["turns"] == 2
    assert view_of(house, 2).instance.id == fresh.id


def view_of(house: EngineUnderTest, number: int) -> InstanceView:
    with house.database.connect() as connection:
        query = text("SELECT id FROM process_instance WHERE business_key = :key")
        return house.queries.instance(connection.execute(query, {"key": case(number)}).scalar_one())


@pytest.mark.parametrize("release", RELEASES, ids=[path.stem for path in RELEASES])
def test_migrations_take_nothing_away_that_an_earlier_release_reads_or_writes(release: Path, database_url: str) -> None:
    database = connect(database_url)
    new = shape(database)
    with database.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    migrate(database, revision=json.loads(release.read_text(encoding="utf-8"))["schema"])
    old = shape(database)
    database.dispose()

    assert old.columns.keys() <= new.columns.keys()  # nothing dropped or renamed
    for place, before in old.columns.items():
        now = new.columns[place]
        assert now.type in (before.type, WIDER.get(before.type)), place
        assert now.may_be_empty or not before.may_be_empty, place
    tables = {table for table, _ in old.columns}
    added = {place: one for place, one in new.columns.items() if place[0] in tables and place not in old.columns}
    assert added, "the releases differ: a comparison that sees nothing new would see nothing at all"
    assert [place for place, one in added.items() if not one.may_be_empty and not one.fills_itself] == []
    # a new rule on an old table must leave alone what the release before writes: it may only look at new columns
    rules = {rule for rule in new.rules - old.rules if rule[0] in tables}
    assert {(table, columns) for table, columns in rules if not has_new(table, columns, added)} == set()


WIDER = {"smallint": "integer", "integer": "bigint", "character varying": "text"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A column."""

    type: str
    may_be_empty: bool
    fills_itself: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Columns by table and name; unique indexes, checks and foreign keys by table and the columns they look at."""

    columns: dict[tuple[str, str], Stored]
    rules: set[tuple[str, tuple[str, ...]]]


def shape(database: Database) -> Shape:
    columns = text(
        """
        SELECT table_name, column_name, data_type, is_nullable = 'YES' AS may_be_empty,
            column_default IS NOT NULL OR is_identity = 'YES' OR is_generated = 'ALWAYS' AS fills_itself
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
        """
    )
    rules = text(
        """
        SELECT conrelid::regclass::text AS owner, conkey AS numbers, conrelid AS id FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'u', 'x')
        UNION ALL
        SELECT indrelid::regclass::text, indkey::smallint[], indrelid FROM pg_index
        JOIN pg_class ON pg_class.oid = indrelid
        WHERE indisunique AND relnamespace = 'public'::regnamespace
        """
    )
    named = text("SELECT attname FROM pg_attribute WHERE attrelid = :id AND attnum = ANY(:numbers) ORDER BY attname")
    with database.connect() as connection:
        found = {
            (row.table_name, row.column_name): Stored(
                type=row.data_type, may_be_empty=row.may_be_empty, fills_itself=row.fills_itself
            )
            for row in connection.execute(columns)
        }
        ruled = {
            (row.owner, tuple(connection.execute(named, {"id": row.id, "numbers": list(row.numbers)}).scalars()))
            for row in connection.execute(rules).all()
        }
    return Shape(columns=found, rules=ruled)


def has_new(table: str, columns: tuple[str, ...], added: dict[tuple[str, str], Stored]) -> bool:
    return any((table, column) in added for column in columns)
