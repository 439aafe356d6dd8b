"""Spot checks on PostgreSQL: drawn by a seed, reviewed by who had no part, findings that end in an order."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date
from threading import Barrier, BrokenBarrierError
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from engine.commands.process_instances import CancelProcessInstance
from engine.commands.user_tasks import AssignUserTask, CompleteUserTask
from engine.errors import NotPermitted, TaskNotOpen
from engine.forms import FormInvalid
from engine.model import SYSTEM, Actor
from engine.operation_errors import ReasonMissing
from engine.stand_ins import StandIn
from storage.spot_check_view import SqlSpotCheckQueries
from storage.spot_checks import SqlSpotChecks
from storage.supervision_view import SqlSupervisionQueries
from tests.applications import FATHER, identity, plain_dibao
from tests.contracts.test_casework_scenarios import survey, take_in
from tests.engines import person
from tests.offices import Office, office_on
from workflows.casework.absences.commands import EnterAbsence
from workflows.casework.county import COUNTY_REGION
from workflows.casework.errors import CaseErased, CaseStillOpen
from workflows.casework.model import Case
from workflows.casework.orders.model import SupervisionOrder
from workflows.casework.privacy import EraseCase
from workflows.casework.procedure.kin_commands import Kin, RegisterKin
from workflows.casework.procedure.model import KinPost
from workflows.casework.spot_checks.commands import DrawSpotCheck, WithdrawSpotCheck
from workflows.casework.spot_checks.errors import (
    NobodyToDecide,
    NobodyToReview,
    PopulationEmpty,
    PopulationTooLarge,
    SamplePeriodWrong,
    SampleSizeWrong,
    SeedWrong,
    SpotCheckKeyTaken,
    SpotCheckNotFound,
    SpotCheckOfKin,
    SpotCheckWithdrawn,
    TookPart,
)
from workflows.casework.spot_checks.model import Basis, Conclusion, ItemState, Population, Severity, SpotCheck
from workflows.casework.spot_checks.queries import SpotCheckFilter, SpotCheckView
from workflows.casework.spot_checks.sampling import Way
from workflows.organisation.commands import CreateAccount, CreateUnit
from workflows.organisation.model import Unit

CHECK, REVIEW, DECIDE = "Task_CheckCompleteness", "Task_ReviewSample", "Task_DecideFindings"
SUPERVISOR = person("sup", "civil_affairs/supervisor", region=COUNTY_REGION)
OTHER_SUPERVISOR = person("sup2", "civil_affairs/supervisor", region=COUNTY_REGION)
TOWN_SUPERVISOR = person("town.sup", "township/supervisor")
FAR_SUPERVISOR = person("far.sup", "township/supervisor", region="320481002")
REVIEWER = person("bureau.li", "civil_affairs/reviewer", region=COUNTY_REGION)
OTHER_REVIEWER = person("bureau.wu", "civil_affairs/reviewer", region=COUNTY_REGION)
LEADER = person("leader", "civil_affairs/leader", region=COUNTY_REGION)
CLERK = person("kunlun.li", "township/clerk")
TOWN_CLERK = person("kunlun.wu", "township/clerk")
PEOPLE = (
    SUPERVISOR,
    OTHER_SUPERVISOR,
    TOWN_SUPERVISOR,
    FAR_SUPERVISOR,
    REVIEWER,
    OTHER_REVIEWER,
    LEADER,
    CLERK,
    TOWN_CLERK,
)
PLACES = {"320481001": "kunlun", "320481002": "licheng", COUNTY_REGION: "bureau"}
JUNE = Population(basis=Basis.FINISHED, since=date(2026, 6, 1), until=date(2026, 6, 30), region=COUNTY_REGION)


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    with office_on(database_url) as opened:
        for region, unit_id in PLACES.items():
            kind = "civil_affairs" if region == COUNTY_REGION else "township"
            unit = Unit(id=unit_id, kind=kind, name=unit_id, name_en=unit_id, region=region)
            opened.run(CreateUnit(unit=unit), actor=SYSTEM)
        for one in PEOPLE:
            posts = tuple((PLACES[post.region], post.role) for post in one.memberships)
            account = CreateAccount(login=one.id, name=one.name, password="rivers-and-hills-9", posts=posts)
            opened.run(account, actor=SYSTEM)
        opened.at("2026-06-03 09:00")
        yield opened
        with opened.under_test.database.connect() as connection:
            assert connection.execute(text("SELECT element_id, reason FROM incident")).all() == []


def turned_away(office: Office, count: int = 1, **changes: Any) -> list[Case]:
    """Cases the window did not accept: the shortest way to one that is over."""
    cases = []
    for number in range(count):
        member = plain_dibao().members[0]
        one = type(member)(**{**_fields(member), "identity_number": identity(date(1986, 3, 2), count=200 + number)})
        case = office.submit(submission_key=uuid4().hex, members=(one,), account=None, **changes)
        office.done(CHECK, CLERK, completeness="not_ours", refusal_reason="不属本县", right_unit="health")
        cases.append(case)
    return cases


def _fields(member: Any) -> dict[str, Any]:
    return {name: getattr(member, name) for name in member.__dataclass_fields__}


def draw(key: str = "k1", **changes: Any) -> DrawSpotCheck:
    given: dict[str, Any] = {
        "population": JUNE,
        "way": Way.RANDOM,
        "reason": "六月重点抽查",
        "submission_key": key,
        "size": 2,
        "seed": "liyang-2026-06",
    }
    return DrawSpotCheck(**{**given, **changes})


def queries(office: Office) -> SqlSpotCheckQueries:
    house = office.under_test
    return SqlSpotCheckQueries(house.database, house.keys, now=house.clock)


def view(office: Office, one: SpotCheck, actor: Actor = SUPERVISOR) -> SpotCheckView:
    return queries(office).spot_check(one.id, actor)


def answers(office: Office, **severities: str) -> list[dict[str, Any]]:
    rows: Any = office.open()[REVIEW].variables["checklist"]
    found = {"verdict": "finding", "finding": "户主患白血病"}
    return [
        {**row, **found, "severity": severities[row["code"]]}
        if row["code"] in severities
        else row | {"verdict": "right"}
        for row in rows
    ]


def review(office: Office, by: Actor = REVIEWER, conclusion: str = "right", **severities: str) -> None:
    office.done(REVIEW, by, checklist=answers(office, **severities), conclusion=conclusion, review_note="已核")


def test_a_sample_is_drawn_numbered_kept_and_given_to_reviewers(office: Office) -> None:
    cases = turned_away(office, 5)
    drawn: SpotCheck = office.run(draw(), actor=SUPERVISOR)
    found = view(office, drawn)
    assert (drawn.number, found.population_size, found.is_reproduced) == ("溧抽查〔2026〕1号", 5, True)
    assert (found.reason, found.seed, found.line.drawer_name) == ("六月重点抽查", "liyang-2026-06", "Sup")
    assert {one.case_number for one in found.items} < {case.number for case in cases}
    assert len({one.case_number for one in found.items}) == 2
    assert [one.reasons[0].code for one in found.items] == ["refused", "refused"]
    task = office.open()[REVIEW]
    assert (task.candidate_groups, task.assignee) == (("civil_affairs/reviewer",), None)
    assert not any(case.number in lot for case in cases for lot in drawn.lots)  # keys name nobody


def test_the_same_seed_over_the_same_population_draws_the_same_cases(office: Office) -> None:
    turned_away(office, 6)
    first: SpotCheck = office.run(draw(), actor=SUPERVISOR)
    chosen = {one.case_number for one in view(office, first).items}
    office.run(WithdrawSpotCheck(spot_check_id=first.id, reason="重抽"), actor=SUPERVISOR)
    again: SpotCheck = office.run(draw("k2"), actor=SUPERVISOR)
    assert {one.case_number for one in view(office, again).items} == chosen
    assert again.lots == first.lots
    office.run(WithdrawSpotCheck(spot_check_id=again.id, reason="重抽"), actor=SUPERVISOR)
    seeds = {
        frozenset(one.case_number for one in view(office, other).items)
        for other in _drawn_with_seeds(office, "a", "b", "c", "d")
    }
    assert len(seeds) > 1


def _drawn_with_seeds(office: Office, *seeds: str) -> Iterator[SpotCheck]:
    for seed in seeds:
        drawn: SpotCheck = office.run(draw(seed, seed=seed), actor=SUPERVISOR)
        office.run(WithdrawSpotCheck(spot_check_id=drawn.id, reason="试抽"), actor=SUPERVISOR)
        yield drawn


def test_what_is_under_review_is_not_drawn_again(office: Office) -> None:
    turned_away(office, 3)
    office.run(draw(), actor=SUPERVISOR)
    assert queries(office).population_size(JUNE, SUPERVISOR) == 1
    second: SpotCheck = office.run(draw("k2", size=None, share=50), actor=SUPERVISOR)
    assert len(view(office, second).items) == 1
    with pytest.raises(PopulationEmpty):
        office.run(draw("k3"), actor=SUPERVISOR)


def test_a_review_without_a_severe_finding_ends_with_its_findings(office: Office) -> None:
    turned_away(office)
    drawn: SpotCheck = office.run(draw(size=1), actor=SUPERVISOR)
    review(office, conclusion="wrongly_out", declined="serious")
    found = view(office, drawn)
    [item] = found.items
    assert (item.state, item.severity, item.conclusion) == (ItemState.DONE, Severity.SERIOUS, Conclusion.WRONGLY_OUT)
    assert (item.reviewer_name, item.note, item.findings[0].note) == ("Bureau.li", "已核", "户主患白血病")
    counts = found.line.counts
    assert (counts.sampled, counts.reviewed, counts.with_findings, counts.severe, counts.wrong) == (1, 1, 1, 0, 1)
    assert [(one.item, one.serious) for one in found.by_item] == [("declined", 1)]
    assert DECIDE not in office.open()


def test_a_severe_finding_ends_in_an_order_to_the_unit(office: Office) -> None:
    [case] = turned_away(office)
    drawn: SpotCheck = office.run(draw(size=1), actor=SUPERVISOR)
    review(office, declined="severe")
    assert view(office, drawn).items[0].state is ItemState.FOUND
    order: dict[str, Any] = {
        "demand": "重新受理",
        "basis_kind": "legal",
        "basis": "民发〔2021〕57号",
        "working_days": 5,
    }
    order |= {"decision_note": None}  # in place of the usual answer
    with pytest.raises(FormInvalid, match="working_days"):
        office.done(DECIDE, SUPERVISOR, finding_decision="order", unit_kind="township", **{**order, "working_days": 61})
    with pytest.raises(FormInvalid, match="unit_kind"):
        office.done(DECIDE, SUPERVISOR, finding_decision="order", unit_kind="education", **order)
    office.done(DECIDE, SUPERVISOR, finding_decision="order", unit_kind="township", **order)
    [item] = view(office, drawn).items
    assert (item.state, item.order_number) == (ItemState.DONE, "溧督〔2026〕1号")
    issued: SupervisionOrder = (
        SqlSupervisionQueries(office.under_test.database).order(item.order_id or UUID(int=0), CLERK).line.order
    )
    assert (issued.matter, issued.issued_by, issued.unit_kind) == (case.number, SUPERVISOR.id, "township")
    assert "Task_AnswerOrder" in office.open()


def test_why_no_order_follows_a_severe_finding_is_kept(office: Office) -> None:
    turned_away(office)
    drawn: SpotCheck = office.run(draw(size=1), actor=SUPERVISOR)
    review(office, declined="severe")
    office.done(DECIDE, SUPERVISOR, finding_decision="keep", decision_note="单位已自行纠正")
    [item] = view(office, drawn).items
    assert (item.state, item.order_id, item.decision_note) == (ItemState.DONE, None, "单位已自行纠正")
    assert item.findings[0].severity is Severity.SEVERE


def test_who_did_a_step_of_the_case_does_not_review_it(office: Office) -> None:
    turned_away(office)
    drawn: SpotCheck = office.run(draw(size=1, population=_town()), actor=TOWN_SUPERVISOR)
    assert office.open()[REVIEW].candidate_groups == ("township/clerk",)  # the town has no reviewer
    with pytest.raises(TookPart):
        review(office, CLERK)
    review(office, TOWN_CLERK)
    assert drawn.number == "溧抽查昆仑街道〔2026〕1号"


def _town() -> Population:
    return Population(basis=Basis.FINISHED, since=JUNE.since, until=JUNE.until, region="320481001")


def test_where_everybody_had_a_part_nothing_is_drawn(office: Office) -> None:
    [case] = turned_away(office)
    for login in (REVIEWER, OTHER_REVIEWER, LEADER):
        kin = Kin(name="陈官", relation="兄弟", post=KinPost.STAFF, login=login.id)
        office.run(RegisterKin(case_id=case.id, kin=kin), actor=SYSTEM)
    with pytest.raises(NobodyToReview):
        office.run(draw(size=1), actor=SUPERVISOR)
    assert queries(office).spot_checks(SpotCheckFilter(actor=SUPERVISOR)).total == 0
    assert REVIEW not in office.open()


def test_who_stood_in_and_who_was_stood_in_for_both_had_a_part(office: Office) -> None:
    office.submit(submission_key=uuid4().hex, account=None, members=plain_dibao().members[:1])
    today = date(2026, 6, 3)
    away = EnterAbsence(
        absence_id=uuid4(),
        login=CLERK.id,
        substitute=TOWN_CLERK.id,
        first_on=today,
        last_on=today,
        reason="年休假",
    )
    office.run(away, actor=CLERK)
    task = office.open()[CHECK]
    office.run(AssignUserTask(user_task_id=task.id, assignee=CLERK), actor=SYSTEM)
    values = {"completeness": "not_ours", "refusal_reason": "不属本县", "right_unit": "health"}
    substitute = replace(TOWN_CLERK, stands_in_for=(StandIn(person=CLERK),))
    office.run(CompleteUserTask(user_task_id=task.id, values=values), actor=substitute)
    office.work()
    with pytest.raises(NobodyToReview):
        office.run(draw(size=1, population=_town()), actor=TOWN_SUPERVISOR)


def test_kin_of_a_sampled_case_does_not_withdraw_its_review(office: Office) -> None:
    cases = turned_away(office, 2)
    other = person("sup2", "civil_affairs/supervisor", region=COUNTY_REGION)
    drawn: SpotCheck = office.run(draw(), actor=other)
    kin = Kin(name="陈官", relation="兄弟", post=KinPost.STAFF, login=SUPERVISOR.id)
    office.run(RegisterKin(case_id=cases[0].id, kin=kin), actor=SYSTEM)
    with pytest.raises(SpotCheckOfKin) as refused:
        office.run(WithdrawSpotCheck(spot_check_id=drawn.id, reason="重抽"), actor=SUPERVISOR)
    assert cases[0].number not in refused.value.text("zh")
    assert {one.state for one in view(office, drawn, other).items} == {ItemState.OPEN}
    office.run(WithdrawSpotCheck(spot_check_id=drawn.id, reason="重抽"), actor=other)
    assert {one.state for one in view(office, drawn, other).items} == {ItemState.WITHDRAWN}


def test_a_case_erased_while_it_is_drawn_is_not_reviewed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    [case] = turned_away(office)
    read = DrawSpotCheck._candidates

    def read_then_erase(command: DrawSpotCheck, context: Any) -> Any:
        candidates = read(command, context)
        office.run(EraseCase(case_id=case.id), actor=SYSTEM)
        return candidates

    monkeypatch.setattr(DrawSpotCheck, "_candidates", read_then_erase)
    with pytest.raises(CaseErased):
        office.run(draw(size=1), actor=SUPERVISOR)
    assert REVIEW not in office.open()


def test_of_two_draws_at_one_moment_the_second_sees_what_the_first_took(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    turned_away(office, 3)
    read = DrawSpotCheck._candidates
    both = Barrier(2)

    def read_together(command: DrawSpotCheck, context: Any) -> Any:
        candidates = read(command, context)
        with suppress(BrokenBarrierError):  # nobody comes where the other waits for this one, as it must
            both.wait(timeout=1)
        return candidates

    monkeypatch.setattr(DrawSpotCheck, "_candidates", read_together)
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(office.run, draw(key), actor=SUPERVISOR) for key in ("k1", "k2")]
        drawn: list[SpotCheck] = [one.result() for one in asked]
    taken = [one.case_number for each in drawn for one in view(office, each).items]
    assert len(taken) == len(set(taken)) == 3


def test_a_draw_that_comes_twice_at_one_moment_leaves_no_number_out(office: Office) -> None:
    turned_away(office, 3)
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(office.run, draw(size=1), actor=SUPERVISOR) for _ in range(2)]
        assert len({one.result().id for one in asked}) == 1
    assert office.run(draw("k2", size=1), actor=SUPERVISOR).number == "溧抽查〔2026〕2号"


def test_a_review_that_is_completed_while_its_spot_check_is_withdrawn_waits_for_nobody_in_a_circle(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    turned_away(office)
    drawn: SpotCheck = office.run(draw(size=1), actor=SUPERVISOR)
    task = office.open()[REVIEW]
    office.run(AssignUserTask(user_task_id=task.id, assignee=REVIEWER), actor=SYSTEM)
    values = {"checklist": answers(office), "conclusion": "right", "review_note": "已核"}
    both, lock = Barrier(2), SqlSpotChecks.open_items

    def locked_together(store: SqlSpotChecks, spot_check_id: UUID) -> Any:
        items = lock(store, spot_check_id)
        with suppress(BrokenBarrierError):
            both.wait(timeout=1)
        return items

    lock_item = SqlSpotChecks.lock_item

    def met(store: SqlSpotChecks, item_id: UUID) -> Any:
        with suppress(BrokenBarrierError):
            both.wait(timeout=1)
        return lock_item(store, item_id)

    monkeypatch.setattr(SqlSpotChecks, "open_items", locked_together)
    monkeypatch.setattr(SqlSpotChecks, "lock_item", met)
    with ThreadPoolExecutor(2) as pool:
        completing = pool.submit(office.run, CompleteUserTask(user_task_id=task.id, values=values), actor=REVIEWER)
        withdrawing = pool.submit(
            office.run, WithdrawSpotCheck(spot_check_id=drawn.id, reason="重抽"), actor=SUPERVISOR
        )
        refusals = [type(one.exception()) for one in (completing, withdrawing) if one.exception() is not None]
    assert len(refusals) == 1
    assert refusals[0] in (SpotCheckWithdrawn, TaskNotOpen)
    [item] = view(office, drawn).items
    assert item.state in (ItemState.DONE, ItemState.WITHDRAWN)


def test_a_case_whose_review_an_operator_ended_is_drawn_and_erased_again(office: Office) -> None:
    [case] = turned_away(office)
    office.run(draw(size=1), actor=SUPERVISOR)
    instance = office.open()[REVIEW].process_instance_id
    office.run(CancelProcessInstance(process_instance_id=instance, reason="流程有误"), actor=SYSTEM)
    assert queries(office).population_size(JUNE, SUPERVISOR) == 1
    office.run(EraseCase(case_id=case.id), actor=SYSTEM)


def test_the_same_key_with_another_share_is_another_draw(office: Office) -> None:
    turned_away(office, 3)
    first: SpotCheck = office.run(draw(size=None, share=50), actor=SUPERVISOR)
    assert office.run(draw(size=None, share=50), actor=SUPERVISOR).id == first.id
    for share in (100, None):
        with pytest.raises(SpotCheckKeyTaken):
            office.run(draw(size=None, share=share), actor=SUPERVISOR)


def test_where_no_supervisor_could_decide_nothing_is_drawn(office: Office) -> None:
    [case] = turned_away(office)
    kin = Kin(name="陈官", relation="兄弟", post=KinPost.STAFF, login=TOWN_SUPERVISOR.id)
    office.run(RegisterKin(case_id=case.id, kin=kin), actor=SYSTEM)
    warden = person("other.warden", "township/supervisor")
    with pytest.raises(NobodyToDecide):
        office.run(draw(size=1, population=_town()), actor=warden)
    assert REVIEW not in office.open()


def test_who_did_a_step_of_the_case_does_not_decide_on_its_findings(office: Office) -> None:
    office.submit(submission_key=uuid4().hex, account=None, members=plain_dibao().members[:1])
    both = replace(SUPERVISOR, memberships=(*SUPERVISOR.memberships, *CLERK.memberships))
    office.done(CHECK, both, completeness="not_ours", refusal_reason="不属本县", right_unit="health")
    office.run(draw(size=1), actor=SUPERVISOR)
    review(office, declined="severe")
    with pytest.raises(TookPart):
        office.done(DECIDE, SUPERVISOR, finding_decision="keep", decision_note="单位已自行纠正")
    office.done(DECIDE, OTHER_SUPERVISOR, finding_decision="keep", decision_note="单位已自行纠正")
    assert DECIDE not in office.open()


def test_kin_draw_see_count_and_review_nothing_of_the_case(office: Office) -> None:
    cases = turned_away(office, 2)
    kin = Kin(name="陈官", relation="兄弟", post=KinPost.STAFF, login=SUPERVISOR.id)
    office.run(RegisterKin(case_id=cases[0].id, kin=kin), actor=SYSTEM)
    assert queries(office).population_size(JUNE, SUPERVISOR) == 1
    other = person("sup2", "civil_affairs/supervisor", region=COUNTY_REGION)
    drawn: SpotCheck = office.run(draw(), actor=other)
    assert len(view(office, drawn, other).items) == 2
    seen = view(office, drawn)
    assert [one.case_number for one in seen.items] == [cases[1].number]
    [line] = queries(office).spot_checks(SpotCheckFilter(actor=SUPERVISOR)).spot_checks
    assert (line.counts.sampled, seen.line.counts.sampled) == (1, 1)


def test_only_who_supervises_the_region_whole_draws_and_sees(office: Office) -> None:
    turned_away(office, 2)
    teacher = person("t", "education/supervisor", region=COUNTY_REGION)
    for actor in (CLERK, TOWN_SUPERVISOR, FAR_SUPERVISOR, teacher):
        with pytest.raises(NotPermitted):
            office.run(draw(), actor=actor)
    assert queries(office).population_size(JUNE, teacher) == 0
    drawn: SpotCheck = office.run(draw(), actor=SUPERVISOR)
    for actor in (CLERK, TOWN_SUPERVISOR, FAR_SUPERVISOR, teacher):
        assert queries(office).spot_checks(SpotCheckFilter(actor=actor)).total == 0
        with pytest.raises(SpotCheckNotFound):
            view(office, drawn, actor)
        with pytest.raises(NotPermitted):
            office.run(WithdrawSpotCheck(spot_check_id=drawn.id, reason="撤"), actor=actor)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"size": 0}, SampleSizeWrong),
        ({"size": 201}, SampleSizeWrong),
        ({"size": None}, SampleSizeWrong),
        ({"share": 10}, SampleSizeWrong),
        ({"size": None, "share": 101}, SampleSizeWrong),
        ({"seed": "有 空格"}, SeedWrong),
        ({"seed": "x" * 65}, SeedWrong),
        ({"reason": " "}, ReasonMissing),
    ],
)
def test_what_is_wrong_in_a_draw_is_told_and_no_number_is_lost(
    office: Office, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    turned_away(office)
    with pytest.raises(refusal):
        office.run(draw(**changes), actor=SUPERVISOR)
    assert office.run(draw(size=1), actor=SUPERVISOR).number == "溧抽查〔2026〕1号"


def test_a_period_that_makes_no_sense_and_a_population_that_is_too_large_are_refused(office: Office) -> None:
    turned_away(office, 2)
    backwards = Population(basis=Basis.FINISHED, since=JUNE.until, until=JUNE.since, region=COUNTY_REGION)
    with pytest.raises(SamplePeriodWrong):
        office.run(draw(population=backwards), actor=SUPERVISOR)
    with office.under_test.database.begin() as connection:
        connection.execute(text("UPDATE parameter SET value = '1' WHERE key = 'spot_check_population_most'"))
    with pytest.raises(PopulationTooLarge):
        office.run(draw(), actor=SUPERVISOR)


def test_a_draw_that_comes_twice_counts_once(office: Office) -> None:
    turned_away(office, 3)
    first: SpotCheck = office.run(draw(), actor=SUPERVISOR)
    assert office.run(draw(), actor=SUPERVISOR).id == first.id
    for changes in ({"size": 3}, {"reason": "别的"}, {"way": Way.RISK}, {"seed": "other"}):
        with pytest.raises(SpotCheckKeyTaken):
            office.run(draw(**changes), actor=SUPERVISOR)
    assert queries(office).spot_checks(SpotCheckFilter(actor=SUPERVISOR)).total == 1


def test_a_withdrawn_spot_check_ends_its_reviews_and_keeps_what_was_found(office: Office) -> None:
    turned_away(office, 2)
    drawn: SpotCheck = office.run(draw(), actor=SUPERVISOR)
    review(office)
    office.run(WithdrawSpotCheck(spot_check_id=drawn.id, reason="范围有误"), actor=SUPERVISOR)
    found = view(office, drawn)
    assert sorted(one.state for one in found.items) == [ItemState.DONE, ItemState.WITHDRAWN]
    assert (found.withdrawal_reason, found.line.is_withdrawn, REVIEW in office.open()) == ("范围有误", True, False)
    with pytest.raises(SpotCheckWithdrawn):
        office.run(WithdrawSpotCheck(spot_check_id=drawn.id, reason="再撤"), actor=SUPERVISOR)
    wanted = SpotCheckFilter(actor=SUPERVISOR, open_only=True)
    assert queries(office).spot_checks(wanted).total == 0


def test_a_checklist_with_rows_left_out_is_not_taken(office: Office) -> None:
    turned_away(office)
    office.run(draw(size=1), actor=SUPERVISOR)
    with pytest.raises(FormInvalid):
        office.done(REVIEW, REVIEWER, checklist=answers(office)[:2], conclusion="right")
    assert REVIEW in office.open()


def test_a_case_under_review_is_not_erased_and_an_erased_one_forgets_what_was_written(office: Office) -> None:
    [case] = turned_away(office)
    drawn: SpotCheck = office.run(draw(size=1), actor=SUPERVISOR)
    with pytest.raises(CaseStillOpen):
        office.run(EraseCase(case_id=case.id), actor=SYSTEM)
    review(office, declined="serious")
    office.run(EraseCase(case_id=case.id), actor=SYSTEM)
    [item] = view(office, drawn).items
    assert (item.findings, item.note, item.reasons, item.severity) == ((), "", (), Severity.SERIOUS)
    assert queries(office).population_size(JUNE, SUPERVISOR) == 0


def test_risk_draws_first_what_has_most_points_and_says_why(office: Office) -> None:
    [plain, risky] = turned_away(office, 2)
    kin = Kin(name="陈官", relation="兄弟", post=KinPost.STAFF, login=None)
    office.run(RegisterKin(case_id=risky.id, kin=kin), actor=SYSTEM)
    drawn: SpotCheck = office.run(draw(way=Way.RISK, size=1), actor=SUPERVISOR)
    [item] = view(office, drawn).items
    assert (item.case_number, item.points) == (risky.number, 35)
    assert [one.code for one in item.reasons] == ["refused", "kin_declared"]
    assert plain.number != item.case_number


def test_decided_referrals_are_drawn_by_programme_and_unit(office: Office) -> None:
    office.at("2026-06-01 09:00")
    case = office.submit(members=(FATHER, *plain_dibao().members[1:]))
    take_in(office, members=3)
    survey(office)
    office.done("Task_ReviewReport", review="usable")
    office.done("Task_ConfirmReferrals", selected_rules=["R9"], added_needs=[], referral_note="其余暂不需要")
    office.done("Task_AcknowledgeEducation", acknowledgement="accepted")
    pupils = [{"number": 3, "school_stage": "primary", "grade": 4, "on_roll": "yes"}]
    office.done("Task_MatchSchoolRoll", pupils=pupils)
    office.done("Task_ConfirmEducation", decision="agree")
    of_education = Population(
        basis=Basis.FINISHED,
        since=JUNE.since,
        until=JUNE.until,
        region=COUNTY_REGION,
        programme="education_aid",
        unit_kind="education",
    )
    of_dibao = Population(
        basis=Basis.FINISHED, since=JUNE.since, until=JUNE.until, region=COUNTY_REGION, programme="dibao"
    )
    running = Population(basis=Basis.RUNNING, since=JUNE.since, until=JUNE.until, region=COUNTY_REGION)
    sizes = [queries(office).population_size(one, SUPERVISOR) for one in (JUNE, of_education, of_dibao, running)]
    assert sizes == [1, 1, 0, 0]
    drawn: SpotCheck = office.run(draw(size=1, way=Way.MIXED, population=of_education), actor=SUPERVISOR)
    [item] = view(office, drawn).items
    assert (item.case_number, item.programme, item.unit_kind) == (case.number, "education_aid", "education")
    codes = [row["code"] for row in office.open()[REVIEW].variables["checklist"]]
    assert "school" in codes
