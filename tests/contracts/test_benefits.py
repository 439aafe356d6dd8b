"""Benefits with their history, statuses with their validity and decisions on a real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from engine.commands.process_instances import StartProcessInstance
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask
from engine.host import Context
from engine.model import SYSTEM
from engine.queries import TaskTab, UserTaskFilter
from tests.applications import plain_dibao
from tests.casework import CaseworkUnderTest, casework_on, confirmed
from tests.engines import person
from tests.processes.diagrams import end, flows, one_process, start
from workflows.casework.benefits.model import Act, Benefit, Terms
from workflows.casework.benefits.recognition import Recognition
from workflows.casework.commands import SubmitApplication
from workflows.casework.decisions.errors import ServiceDayWrong
from workflows.casework.decisions.model import Decision
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork

NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)
SUMS = {"base": 1640, "add_ons": 324, "amount": 1964}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A command that does something with a transaction and returns what it gave."""

    act: Callable[[Context[CaseworkUnitOfWork]], Any]

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Any:
        return self.act(context)


@pytest.fixture
def house(database_url: str) -> Iterator[CaseworkUnderTest]:
    with casework_on(database_url) as house:
        house.at("2026-09-14 10:00")
        yield house


def ask(house: CaseworkUnderTest, act: Callable[[Context[CaseworkUnitOfWork]], Any]) -> Any:
    return house.run(Ask(act=act), actor=SYSTEM)


def referred(house: CaseworkUnderTest, *programmes: str, **changes: Any) -> tuple[Case, list[Any]]:
    application = plain_dibao(**changes)
    case: Case = house.run(SubmitApplication(application=application), actor=SYSTEM)
    house.step("accept_application", case, note=None)
    proposals = [confirmed(programme) | {"rule": f"R{index}"} for index, programme in enumerate(programmes, start=1)]
    opened = house.step("open_referrals", case, confirmed=proposals, dropped=[], note=None)
    return house.case(case), list(opened["referrals"])


def granted(house: CaseworkUnderTest, **changes: Any) -> Benefit:
    case, (referral,) = referred(house, "dibao")
    given = house.step("grant_benefit", case, referral_id=referral["id"], **(SUMS | changes))
    return benefit(house, UUID(given["benefit_id"]))


def benefit(house: CaseworkUnderTest, benefit_id: UUID) -> Benefit:
    found: Benefit = ask(house, lambda context: context.unit_of_work.benefits.get(benefit_id))
    return found


def act(house: CaseworkUnderTest) -> Act:
    return Act(reason="成员变动", at=house.under_test.clock.time)


def test_a_granted_benefit_has_its_first_version_and_everybody_in_it(house: CaseworkUnderTest) -> None:
    found = granted(house, reason="符合条件")

    (first,) = found.versions
    assert (first.from_month, first.until_month, first.amount) == (date(2026, 10, 1), None, Decimal(1964))
    assert (first.persons, first.reason) == ((1, 2, 3), "符合条件")


def test_what_is_saved_is_read_again_with_its_whole_history(house: CaseworkUnderTest) -> None:
    found = granted(house, start_month="2026-11")
    terms = Terms(base=Decimal(560), add_ons=Decimal(108), persons=(1, 3))
    changed = found.changed(DECEMBER, terms, act(house)).suspended(JANUARY, act(house))

    ask(house, lambda context: context.unit_of_work.benefits.save(changed))

    assert benefit(house, found.id) == changed
    assert ask(house, lambda context: context.unit_of_work.benefits.lock(found.id)) == changed


def test_a_roster_holds_what_is_owed_in_its_month_and_to_whom(house: CaseworkUnderTest) -> None:
    found = granted(house, start_month="2026-11")
    terms = Terms(base=Decimal(560), add_ons=Decimal(108), persons=(1, 3))
    resting = found.changed(DECEMBER, terms, act(house)).suspended(JANUARY, act(house))
    ask(house, lambda context: context.unit_of_work.benefits.save(resting))

    def roster(month: date) -> Any:
        return ask(house, lambda context: context.unit_of_work.benefits.payable_in(month))

    assert roster(date(2026, 10, 1)) == []
    (first,) = roster(NOVEMBER)
    (second,) = roster(DECEMBER)
    assert (first.amount, second.amount, second.persons) == (Decimal(1964), Decimal(668), (1, 3))
    assert (first.region, first.programme) == ("320481001", "dibao")
    assert first.payee is not None
    assert first.payee.holder == "陈建国"
    assert roster(JANUARY) == []
    assert [one.id for one in ask(house, lambda context: context.unit_of_work.benefits.active_on(JANUARY))] == [
        found.id
    ]


def test_a_benefit_of_the_release_before_reads_as_one_version_for_everybody(house: CaseworkUnderTest) -> None:
    found = granted(house, start_month="2026-11")
    with house.under_test.database.begin() as connection:
        connection.exec_driver_sql("DELETE FROM benefit_version")

    (first,) = benefit(house, found.id).versions
    assert (first.from_month, first.amount, first.persons) == (NOVEMBER, Decimal(1964), (1, 2, 3))
    (line,) = ask(house, lambda context: context.unit_of_work.benefits.payable_in(NOVEMBER))
    assert line.amount == Decimal(1964)


def test_nobody_draws_two_benefits_that_exclude_each_other_in_one_month(house: CaseworkUnderTest) -> None:
    first = granted(house, start_month="2026-11")
    case, (referral,) = referred(house, "dibao", submission_key="again-0001")
    wanted = {**SUMS, "referral_id": referral["id"], "start_month": "2026-12"}

    assert house.breaks("grant_benefit", case, **wanted) == "benefits-overlap"
    assert house.breaks("grant_benefit", case, **(wanted | {"persons": [2]})) == "benefits-overlap"

    ended = benefit(house, first.id).ended(NOVEMBER, act(house))
    ask(house, lambda context: context.unit_of_work.benefits.save(ended))
    assert house.step("grant_benefit", case, **wanted)["start_month"] == "2026-12"
    of_both = ask(house, lambda context: context.unit_of_work.benefits.of_household(case.id))
    assert [one.case_id for one in of_both] == [first.case_id, case.id]


def test_persons_must_be_members_of_the_case(house: CaseworkUnderTest) -> None:
    case, (referral,) = referred(house, "dibao")

    assert house.breaks("grant_benefit", case, referral_id=referral["id"], persons=[4], **SUMS) == "input-invalid"


def test_what_is_due_for_a_recheck_comes_the_longest_due_first(house: CaseworkUnderTest) -> None:
    found = granted(house, recheck_class="C", recheck_due_on="2026-12-15")

    def due(day: date, region: str = "320481") -> list[UUID]:
        return list(ask(house, lambda context: context.unit_of_work.benefits.due_for_recheck(day, region=region)))

    assert due(date(2026, 12, 14)) == []
    assert due(date(2026, 12, 15)) == [found.id]
    assert due(date(2026, 12, 15), region="320481999") == []


def test_a_status_holds_for_its_persons_in_whatever_case_they_come_again(house: CaseworkUnderTest) -> None:
    case, _ = referred(house, "dibao")
    recognised = Recognition(
        id=uuid4(),
        case_id=case.id,
        referral_id=None,
        status="rigid",
        persons=(1, 2, 3),
        valid_from=date(2026, 9, 10),
        valid_until=date(2027, 9, 9),
        recorded_at=house.under_test.clock.time,
    )
    ask(house, lambda context: context.unit_of_work.recognitions.add(recognised))
    again, _ = referred(house, submission_key="again-0001")

    def on(day: date) -> Any:
        return ask(house, lambda context: context.unit_of_work.recognitions.of_household(again.id, day))

    assert on(date(2026, 9, 9)) == []
    assert on(date(2026, 9, 10)) == on(date(2027, 9, 9)) == [recognised]
    assert on(date(2027, 9, 10)) == []
    shorter = replace(recognised, valid_until=date(2026, 12, 31), end_reason="收入变化")
    ask(house, lambda context: context.unit_of_work.recognitions.save(shorter))
    assert on(date(2027, 1, 1)) == []


@pytest.mark.parametrize(
    ("valid_until", "needs", "expected"),
    [
        (date(2026, 10, 14), ("subsistence",), "none"),
        (date(2026, 10, 15), ("subsistence",), "edge"),
        (date(2026, 10, 14), ("medical",), "edge"),
    ],
    ids=["a month before", "earlier", "for something else"],
)
def test_who_asks_again_shortly_before_an_edge_status_ends_is_checked_again(
    house: CaseworkUnderTest, valid_until: date, needs: tuple[str, ...], expected: str
) -> None:
    case, _ = referred(house, "dibao")
    recognised = Recognition(
        id=uuid4(),
        case_id=case.id,
        referral_id=None,
        status="edge",
        persons=(1, 2, 3),
        valid_from=date(2025, 10, 15),
        valid_until=valid_until,
        recorded_at=house.under_test.clock.time,
    )
    ask(house, lambda context: context.unit_of_work.recognitions.add(recognised))
    application = plain_dibao(submission_key="again-0001", recognised_status="edge", needs=needs)
    again = house.run(SubmitApplication(application=application), actor=SYSTEM)

    assert house.case(again).recognised_status == expected


def decided(house: CaseworkUnderTest, case: Case, **changes: Any) -> Decision:
    values = {
        "referral_id": None,
        "programme": "dibao",
        "kind": "refuse",
        "reasons": "家庭财产超过规定",
        "articles": ["社会救助法（2026）第十八条"],
        "tables": [],
    }
    given = house.step("record_decision", case, **(values | changes))
    found: Decision = ask(house, lambda context: context.unit_of_work.decisions.get(UUID(given["decision_id"])))
    assert found.number == given["decision_number"]
    return found


def test_decisions_are_numbered_without_a_gap_in_each_series(house: CaseworkUnderTest) -> None:
    case, _ = referred(house)

    first, second = decided(house, case), decided(house, case, kind="grant", amount=1964, start_month="2026-11")
    assert house.breaks("record_decision", case, kind="stop", programme="dibao") == "input-invalid"
    third, of_housing = decided(house, case), decided(house, case, unit_kind="housing")

    assert [one.number[-3:] for one in (first, second, third)] == ["001", "002", "003"]
    assert first.number == "溧民救〔2026〕001"
    assert of_housing.number == "溧住救〔2026〕001"
    assert (second.amount, second.start_month) == (Decimal(1964), NOVEMBER)


def test_remedies_run_from_the_day_of_service_and_name_a_year_without_a_calendar(house: CaseworkUnderTest) -> None:
    house.at("2026-06-01 10:00")
    case, _ = referred(house)
    decision = decided(house, case)
    house.at("2026-06-04 10:00")
    house.step(
        "record_decision_service", case, decision_id=str(decision.id), served_on="2026-06-03", served_how="留置送达"
    )

    (served,) = ask(house, lambda context: context.unit_of_work.decisions.of_case(case.id))
    review, suit = served.remedies
    assert (served.served_on, served.served_how) == (date(2026, 6, 3), "留置送达")
    assert (review.until, review.year_not_loaded) == (date(2026, 8, 3), None)  # 60 days end on a Sunday
    assert (suit.until, suit.authority) == (date(2026, 12, 3), "溧阳市人民法院")
    house.at("2026-11-02 10:00")
    late = decided(house, case)
    house.step("record_decision_service", case, decision_id=str(late.id), served_on="2026-11-02", served_how="邮寄")
    _, served = ask(house, lambda context: context.unit_of_work.decisions.of_case(case.id))
    assert [(one.until, one.year_not_loaded) for one in served.remedies] == [(None, 2027), (None, 2027)]


def test_a_decision_is_served_once_between_its_day_and_today(house: CaseworkUnderTest) -> None:
    house.at("2026-06-02 10:00")
    case, _ = referred(house)
    decision = decided(house, case)
    house.at("2026-06-05 10:00")
    service = {"decision_id": str(decision.id), "served_how": "handed"}

    for wrong in ("2026-06-01", "2026-06-06"):
        code = house.breaks("record_decision_service", case, served_on=wrong, **service)
        assert code == "service-day-wrong"
    first = house.step("record_decision_service", case, served_on="2026-06-03", **service)
    assert house.step("record_decision_service", case, served_on="2026-06-03", **service) == first
    assert house.breaks("record_decision_service", case, served_on="2026-06-04", **service) == "decision-served"
    (kept,) = ask(house, lambda context: context.unit_of_work.decisions.of_case(case.id))
    assert kept.served_on == date(2026, 6, 3)


SERVICE = one_process(
    start("s"),
    """<bpmn:userTask id="Task_Serve" name="送达"><bpmn:extensionElements><zeebe:userTask/>
         <zeebe:assignmentDefinition candidateGroups="township/clerk"/></bpmn:extensionElements></bpmn:userTask>""",
    """<bpmn:serviceTask id="Service_Serve" name="登记送达"><bpmn:extensionElements>
         <zeebe:taskDefinition type="record_decision_service"/></bpmn:extensionElements></bpmn:serviceTask>""",
    end("e"),
    flows("s>Task_Serve>Service_Serve>e"),
)


def test_a_day_of_service_typed_wrongly_is_refused_to_who_types_it(house: CaseworkUnderTest) -> None:
    house.at("2026-06-02 10:00")
    case, _ = referred(house)
    given = {"caseId": str(case.id), "decision_id": str(decided(house, case).id), "served_how": "handed"}
    house.under_test.deploy(service_bpmn=SERVICE)
    begin = StartProcessInstance(process_id="P", variables=given, region=case.region, business_key=case.number)
    house.run(begin, actor=SYSTEM)
    clerk = person("kunlun.clerk", "township/clerk", region=case.region)
    found = house.under_test.queries.user_tasks(UserTaskFilter(actor=clerk, tab=TaskTab.UNIT)).tasks
    [task] = [one for one in found if one.element_id == "Task_Serve"]
    house.run(ClaimUserTask(user_task_id=task.id), actor=clerk)

    with pytest.raises(ServiceDayWrong):
        house.run(CompleteUserTask(user_task_id=task.id, values={"served_on": "2026-06-20"}), actor=clerk)
    house.run(CompleteUserTask(user_task_id=task.id, values={"served_on": "2026-06-02"}), actor=clerk)
    (kept,) = ask(house, lambda context: context.unit_of_work.decisions.of_case(case.id))
    assert kept.served_on == date(2026, 6, 2)


def test_a_decision_names_the_tables_it_rests_on_or_is_not_recorded(house: CaseworkUnderTest) -> None:
    case, _ = referred(house)

    assert house.breaks(
        "record_decision", case, kind="refuse", programme="dibao", reasons="超过", tables=["means_status"]
    ) == ("record-not-found")
    assert ask(house, lambda context: context.unit_of_work.decisions.of_case(case.id)) == []


def test_reasons_of_an_erased_case_are_gone_and_its_numbers_stay(house: CaseworkUnderTest) -> None:
    case, _ = referred(house)
    decision = decided(house, case, calculation="1080×3-1600")
    ask(house, lambda context: context.unit_of_work.cases.erase(case.id))

    (left,) = ask(house, lambda context: context.unit_of_work.decisions.of_case(case.id))
    assert (left.number, left.kind) == (decision.number, decision.kind)
    assert "家庭财产" not in left.reasons
    assert (left.calculation, left.trace) == (left.reasons, ())
