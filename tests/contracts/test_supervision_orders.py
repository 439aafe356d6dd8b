"""Supervision orders on PostgreSQL: numbered, answered, returned, accepted, escalated; and notices to who must know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from engine.commands.process_instances import CancelProcessInstance
from engine.errors import NotFound, NotPermitted, TaskNotOpen
from engine.model import SYSTEM, Actor, UserTask
from engine.operation_errors import ReasonMissing
from storage.encryption import ERASED
from storage.supervision_view import SqlSupervisionQueries
from tests.applications import plain_dibao
from tests.engines import person
from tests.offices import Office, office_on
from workflows.casework.county import COUNTY_REGION
from workflows.casework.days import local_day
from workflows.casework.errors import CaseErased, CaseNotFound, CaseStillOpen
from workflows.casework.model import Case
from workflows.casework.orders.commands import (
    IssueSupervisionOrder,
    MarkNoticesRead,
    RemindOfTask,
    WithdrawSupervisionOrder,
)
from workflows.casework.orders.errors import (
    AddresseeOutsideUnit,
    NobodyToNotify,
    OrderDueDayWrong,
    OrderKeyTaken,
    OrderNotFound,
    OrderStateWrong,
    UnitNotInvolved,
)
from workflows.casework.orders.model import BasisKind, OrderState, OrderStep, SupervisionOrder
from workflows.casework.orders.notices import NoticeCause
from workflows.casework.orders.queries import OrderDays, OrderFilter, OrderSituation
from workflows.casework.privacy import EraseCase
from workflows.casework.procedure.clock_commands import PauseClock
from workflows.casework.procedure.kin_commands import Kin, RegisterKin
from workflows.casework.procedure.model import KinPost
from workflows.organisation.commands import CreateAccount, CreateUnit
from workflows.organisation.model import Unit
from workflows.rules.calendar import YearNotLoaded

CHECK = "Task_CheckCompleteness"
SUPERVISOR = person("sup", "civil_affairs/supervisor", region=COUNTY_REGION)
TOWN_SUPERVISOR = person("town.sup", "township/supervisor")
FAR_SUPERVISOR = person("far.sup", "township/supervisor", region="320481002")
CLERK = person("kunlun.li", "township/clerk")
OTHER = person("kunlun.wu", "township/clerk")
FAR_CLERK = person("far.li", "township/clerk", region="320481002")
LEADER = person("leader", "civil_affairs/leader", region=COUNTY_REGION)
PEOPLE = (SUPERVISOR, TOWN_SUPERVISOR, FAR_SUPERVISOR, CLERK, OTHER, FAR_CLERK, LEADER)
PLACES = {"320481001": "kunlun", "320481002": "licheng", COUNTY_REGION: "bureau"}


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


def order(task: UserTask | None = None, key: str = "k1", **changes: Any) -> IssueSupervisionOrder:
    given: dict[str, Any] = {
        "demand": "三日内办结",
        "basis_kind": BasisKind.LEGAL,
        "basis": "社会救助法第四十四条",
        "working_days": 5,
        "submission_key": key,
        "task_id": task.id if task else None,
    }
    return IssueSupervisionOrder(**{**given, **changes})


def queries(office: Office) -> SqlSupervisionQueries:
    return SqlSupervisionQueries(office.under_test.database)


def days(office: Office) -> OrderDays:
    today = local_day(office.under_test.clock())
    return OrderDays(today=today, soon_until=today.replace(day=today.day + 2))


def seen(office: Office, actor: Actor, situation: OrderSituation | None = None) -> list[str]:
    wanted = OrderFilter(actor=actor, days=days(office), situation=situation)
    return [line.order.number for line in queries(office).orders(wanted).orders]


def told(office: Office, actor: Actor) -> list[NoticeCause]:
    page = queries(office).notices(actor, unread_only=False, offset=0, limit=50)
    assert page.unread == queries(office).unread_notices(actor)
    return sorted(line.notice.cause for line in page.notices)


def course(office: Office, one: SupervisionOrder) -> list[tuple[OrderStep, int | None]]:
    return [(line.event.step, line.event.level) for line in queries(office).order(one.id, SYSTEM).course]


def stuck(office: Office) -> tuple[Case, UserTask]:
    case = office.submit()
    return case, office.open()[CHECK]


def test_an_order_is_numbered_dated_and_told_to_its_unit(office: Office) -> None:
    _, task = stuck(office)
    issued: SupervisionOrder = office.run(order(task), actor=SUPERVISOR)
    second: SupervisionOrder = office.run(order(task, "k2"), actor=TOWN_SUPERVISOR)
    third: SupervisionOrder = office.run(order(task, "k3"), actor=SUPERVISOR)

    assert [one.number for one in (issued, second, third)] == [
        "溧督〔2026〕1号",
        "溧督昆仑街道〔2026〕1号",
        "溧督〔2026〕2号",
    ]
    assert (issued.due_on, issued.unit_kind, issued.step) == (date(2026, 6, 10), "township", task.name)
    assert told(office, CLERK) == told(office, OTHER) == [NoticeCause.ORDER_ISSUED] * 3
    assert told(office, FAR_CLERK) == told(office, SUPERVISOR) == []


def test_the_unit_answers_and_the_supervisor_returns_once_and_accepts(office: Office) -> None:
    _, task = stuck(office)
    issued: SupervisionOrder = office.run(order(task, addressee=CLERK.id), actor=SUPERVISOR)
    assert (told(office, CLERK), told(office, OTHER)) == ([NoticeCause.ORDER_ISSUED], [])
    office.done("Task_AnswerOrder", CLERK, answer="正在办")
    assert seen(office, SUPERVISOR, OrderSituation.ANSWERED) == [issued.number]
    office.at("2026-06-09 10:00")
    office.done("Task_ReviewAnswer", SUPERVISOR, order_decision="return", return_reason="没有结果")
    line = queries(office).order(issued.id, SUPERVISOR).line
    assert (line.order.state, line.order.due_on, line.order.returns) == (OrderState.OPEN, date(2026, 6, 12), 1)
    assert line.open_task == office.open()["Task_AnswerOrder"].id
    office.done("Task_AnswerOrder", CLERK, answer="已办结")
    office.done("Task_ReviewAnswer", SUPERVISOR, order_decision="accept", review_note="属实")

    view = queries(office).order(issued.id, CLERK)
    assert (view.line.order.state, view.line.open_task) == (OrderState.CLOSED, None)
    assert [(one.event.step.value, one.event.text) for one in view.course] == [
        ("issued", ""),
        ("answered", "正在办"),
        ("returned", "没有结果"),
        ("answered", "已办结"),
        ("accepted", "属实"),
    ]
    assert told(office, CLERK) == [
        NoticeCause.ORDER_ACCEPTED,
        NoticeCause.ORDER_ISSUED,
        NoticeCause.ORDER_RETURNED,
    ]
    assert told(office, SUPERVISOR) == [NoticeCause.ORDER_ANSWERED] * 2


def test_an_order_nobody_answers_goes_up_level_by_level_and_each_is_told_once_a_round(office: Office) -> None:
    _, task = stuck(office)
    issued: SupervisionOrder = office.run(order(task), actor=SUPERVISOR)
    office.until("2026-06-09 09:00")
    assert told(office, CLERK) == [NoticeCause.ORDER_DUE_SOON, NoticeCause.ORDER_ISSUED]
    assert seen(office, SUPERVISOR, OrderSituation.DUE_SOON) == [issued.number]
    office.until("2026-06-12 09:00")
    assert (told(office, TOWN_SUPERVISOR), told(office, SUPERVISOR)) == ([NoticeCause.ORDER_ESCALATED], [])
    assert seen(office, LEADER) == []
    office.until("2026-06-18 09:00")

    up = [(OrderStep.ESCALATED, 1), (OrderStep.ESCALATED, 2), (OrderStep.ESCALATED, 3)]
    assert course(office, issued) == [(OrderStep.ISSUED, None), (OrderStep.DUE_SOON, None), *up]
    assert told(office, SUPERVISOR) == told(office, LEADER) == [NoticeCause.ORDER_ESCALATED]
    assert seen(office, LEADER) == [issued.number]
    counts = queries(office).order_counts(SUPERVISOR, days(office))
    assert (counts.in_work, counts.overdue, counts.escalated, counts.answered) == (1, 1, 1, 0)

    office.done("Task_AnswerOrder", CLERK, answer="补办")
    office.done("Task_ReviewAnswer", SUPERVISOR, order_decision="return", return_reason="不完整")
    assert queries(office).order(issued.id, SYSTEM).line.order.level == 0
    office.until("2026-07-10 09:00")
    assert [one for one in course(office, issued) if one[0] is OrderStep.ESCALATED] == up * 2  # once a round


def test_who_sees_an_order_goes_by_region_unit_and_kin(office: Office) -> None:
    case, task = stuck(office)
    issued: SupervisionOrder = office.run(order(task), actor=SUPERVISOR)
    for actor in (SUPERVISOR, TOWN_SUPERVISOR, CLERK):
        assert seen(office, actor) == [issued.number]
    for actor in (FAR_SUPERVISOR, FAR_CLERK, person("e", "education/supervisor", region=COUNTY_REGION)):
        assert seen(office, actor) == []
        with pytest.raises(OrderNotFound):
            queries(office).order(issued.id, actor)
    kin = Kin(name="陈官", relation="兄弟", post=KinPost.STAFF, login=CLERK.id)
    office.run(RegisterKin(case_id=case.id, kin=kin), actor=SYSTEM)
    assert (seen(office, CLERK), told(office, CLERK)) == ([], [])


def test_only_who_supervises_the_unit_there_issues_and_reminds(office: Office) -> None:
    _, task = stuck(office)
    for actor in (CLERK, FAR_SUPERVISOR, person("e", "education/supervisor", region=COUNTY_REGION)):
        for command in (order(task), RemindOfTask(task_id=task.id, text="请尽快", submission_key="r1")):
            with pytest.raises(NotPermitted):
                office.run(command, actor=actor)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"demand": " "}, ReasonMissing),
        ({"basis": ""}, ReasonMissing),
        ({"working_days": 0}, OrderDueDayWrong),
        ({"working_days": 61}, OrderDueDayWrong),
        ({"addressee": FAR_CLERK.id}, AddresseeOutsideUnit),
        ({"addressee": SUPERVISOR.id}, AddresseeOutsideUnit),
        ({"task_id": UUID(int=7)}, NotFound),
        ({"task_id": None, "case_number": "没有"}, CaseNotFound),
    ],
)
def test_what_is_wrong_in_an_order_is_told_and_no_number_is_lost(
    office: Office, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    _, task = stuck(office)
    with pytest.raises(refusal):
        office.run(order(task, **changes), actor=SUPERVISOR)
    assert office.run(order(task), actor=SUPERVISOR).number == "溧督〔2026〕1号"


def test_a_term_into_a_year_without_calendar_is_refused(office: Office) -> None:
    office.at("2026-12-20 09:00")
    _, task = stuck(office)
    with pytest.raises(YearNotLoaded):
        office.run(order(task, working_days=6), actor=SUPERVISOR)


def test_an_order_about_a_whole_case_goes_to_a_unit_that_is_in_charge_of_some_of_it(office: Office) -> None:
    case, _ = stuck(office)
    with pytest.raises(UnitNotInvolved):
        office.run(order(case_number=case.number, unit_kind="education"), actor=SUPERVISOR)
    issued: SupervisionOrder = office.run(order(case_number=case.number, unit_kind="township"), actor=SUPERVISOR)
    assert (issued.matter, issued.task_id, issued.step) == (case.number, None, "")
    assert told(office, CLERK) == [NoticeCause.ORDER_ISSUED]


def test_a_submission_that_comes_twice_counts_once(office: Office) -> None:
    _, task = stuck(office)
    first: SupervisionOrder = office.run(order(task), actor=SUPERVISOR)
    assert office.run(order(task), actor=SUPERVISOR).id == first.id
    others: list[dict[str, Any]] = [
        {"demand": "另一件"},
        {"basis": "别的"},
        {"working_days": 6},
        {"addressee": CLERK.id},
    ]
    for changes in others:
        with pytest.raises(OrderKeyTaken):
            office.run(order(task, **changes), actor=SUPERVISOR)
    reminder = RemindOfTask(task_id=task.id, text="请尽快办理", submission_key="r1")
    assert office.run(reminder, actor=SUPERVISOR).id == office.run(reminder, actor=SUPERVISOR).id
    with pytest.raises(OrderKeyTaken):
        office.run(RemindOfTask(task_id=task.id, text="再催", submission_key="r1"), actor=SUPERVISOR)
    assert told(office, CLERK) == [NoticeCause.ORDER_ISSUED, NoticeCause.REMINDER]


def test_a_reminder_goes_to_who_holds_the_task_or_to_all_who_might(office: Office) -> None:
    _, task = stuck(office)
    office.run(RemindOfTask(task_id=task.id, text="请签收", submission_key="r1"), actor=SUPERVISOR)
    assert (told(office, CLERK), told(office, OTHER)) == ([NoticeCause.REMINDER], [NoticeCause.REMINDER])
    page = queries(office).notices(CLERK, unread_only=True, offset=0, limit=50)
    [line] = page.notices
    assert (line.author_name, line.notice.text, line.notice.task_id) == ("Sup", "请签收", task.id)

    assert office.run(MarkNoticesRead(notice_ids=[line.notice.id]), actor=CLERK) == 1
    assert office.run(MarkNoticesRead(), actor=CLERK) == 0
    assert (queries(office).unread_notices(CLERK), queries(office).unread_notices(OTHER)) == (0, 1)


def test_a_task_that_is_done_or_has_nobody_is_not_reminded_of(office: Office) -> None:
    _, task = stuck(office)
    office.done(CHECK)
    reminder = RemindOfTask(task_id=task.id, text="请尽快", submission_key="r1")
    with pytest.raises(TaskNotOpen):
        office.run(reminder, actor=SUPERVISOR)
    office.submit(submission_key="test-far-0001", region="320481003", members=plain_dibao().members[:1])
    away = next(one for one in office.open().values() if one.region == "320481003")
    with pytest.raises(NobodyToNotify):
        office.run(RemindOfTask(task_id=away.id, text="请尽快", submission_key="r2"), actor=SUPERVISOR)


def test_a_pause_of_the_case_leaves_the_day_of_an_order_alone(office: Office) -> None:
    case, task = stuck(office)
    office.done(CHECK)
    office.run(order(office.open()["Task_RecordAuthorisations"]), actor=SUPERVISOR)
    office.run(PauseClock(case_id=case.id, reason="等材料"), actor=person("r", "township/reviewer"))
    assert office.due("Task_RecordAuthorisations") is None
    assert office.due("Task_AnswerOrder") == "2026-06-10"
    assert task.state.value == "open"


def test_a_case_with_an_open_order_is_not_erased_and_a_closed_one_forgets_what_was_written(office: Office) -> None:
    case, task = stuck(office)
    issued: SupervisionOrder = office.run(order(task), actor=SUPERVISOR)
    office.run(RemindOfTask(task_id=task.id, text="请签收", submission_key="r1"), actor=SUPERVISOR)
    office.done(CHECK, completeness="not_ours", refusal_reason="不属本县", right_unit="health")
    with pytest.raises(CaseStillOpen):
        office.run(EraseCase(case_id=case.id), actor=SYSTEM)
    office.done("Task_AnswerOrder", CLERK, answer="已告知")
    office.done("Task_ReviewAnswer", SUPERVISOR, order_decision="accept")
    office.run(EraseCase(case_id=case.id), actor=SYSTEM)

    view = queries(office).order(issued.id, SUPERVISOR)
    assert {view.line.order.demand, view.line.order.basis} == {ERASED}
    assert [one.event.text for one in view.course] == ["", ERASED, ""]
    page = queries(office).notices(CLERK, unread_only=False, offset=0, limit=50)
    assert sorted({line.notice.text for line in page.notices}) == ["", ERASED]
    with pytest.raises(CaseErased):
        office.run(order(case_number=case.number, unit_kind="township", key="k2"), actor=SUPERVISOR)


def test_an_order_is_withdrawn_with_a_reason_and_its_course_ends(office: Office) -> None:
    case, task = stuck(office)
    issued: SupervisionOrder = office.run(order(task), actor=SUPERVISOR)
    withdraw = WithdrawSupervisionOrder(order_id=issued.id, reason="发错单位")
    with pytest.raises(NotPermitted):
        office.run(withdraw, actor=FAR_SUPERVISOR)
    office.run(withdraw, actor=TOWN_SUPERVISOR)

    assert "Task_AnswerOrder" not in office.open()
    assert course(office, issued)[-1] == (OrderStep.WITHDRAWN, None)
    assert told(office, CLERK) == [NoticeCause.ORDER_ISSUED, NoticeCause.ORDER_WITHDRAWN]
    assert seen(office, SUPERVISOR, OrderSituation.IN_WORK) == []
    with pytest.raises(OrderStateWrong):
        office.run(withdraw, actor=SUPERVISOR)
    office.done(CHECK, completeness="not_ours", refusal_reason="不属本县", right_unit="health")
    office.run(EraseCase(case_id=case.id), actor=SYSTEM)


def test_an_order_whose_course_was_ended_elsewhere_can_still_be_withdrawn(office: Office) -> None:
    _, task = stuck(office)
    issued: SupervisionOrder = office.run(order(task), actor=SUPERVISOR)
    assert issued.process_instance_id is not None
    office.run(CancelProcessInstance(process_instance_id=issued.process_instance_id, reason="误操作"), actor=SYSTEM)
    assert seen(office, SUPERVISOR, OrderSituation.IN_WORK) == [issued.number]
    office.run(WithdrawSupervisionOrder(order_id=issued.id, reason="流程已终止"), actor=SUPERVISOR)
    assert seen(office, SUPERVISOR, OrderSituation.IN_WORK) == []


def test_who_supervises_nothing_there_learns_nothing_of_a_case(office: Office) -> None:
    case, task = stuck(office)
    office.done(CHECK)
    with pytest.raises(CaseNotFound):
        office.run(order(case_number=case.number, unit_kind="education"), actor=FAR_SUPERVISOR)
    with pytest.raises(NotPermitted):
        office.run(order(task), actor=FAR_SUPERVISOR)  # not that it is done, nor by whom


def test_an_order_to_a_unit_without_anybody_is_refused(office: Office) -> None:
    office.submit(submission_key="test-far-0001", region="320481003", members=plain_dibao().members[:1])
    away = next(one for one in office.open().values() if one.region == "320481003")
    with pytest.raises(NobodyToNotify):
        office.run(order(away), actor=SUPERVISOR)
