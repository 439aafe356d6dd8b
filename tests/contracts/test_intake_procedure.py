"""The window over the shipped diagram: one correction notice (A2), the register of relatives (A15), the right unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, select, update

from engine.batches import InstanceFilter
from engine.commands.process_instances import StartProcessInstance
from engine.commands.user_tasks import AssignUserTask
from engine.errors import ConcurrentChange, NotFound, NotPermitted
from engine.forms import FormInvalid
from engine.host import Context
from engine.model import SYSTEM, Actor, Membership
from engine.queries import TaskTab, UserTaskFilter
from storage.kin import BarredLogins
from storage.operation_read_models import SqlOperationQueries
from storage.pipeline import Pipeline
from storage.procedure import SqlKinRegister
from storage.tables.engine import history_entry, process_instance, user_task
from tests.applications import ALL_PAPERS, CHILD, FATHER, MOTHER
from tests.engines import person
from tests.offices import Office, office_on
from tests.processes.diagrams import end, flows, one_process, start
from tests.races import after_the_first
from workflows.casework.commands import OverrideCalendarDay
from workflows.casework.errors import CaseNotFound
from workflows.casework.model import Case, CaseStatus, Health
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure import calendar_commands
from workflows.casework.procedure.calendar_commands import (
    ChangeCalendarDay,
    EnterCalendarYear,
    MissingCalendarYears,
    MoveLimits,
    change_calendar,
)
from workflows.casework.procedure.clock import move_limit
from workflows.casework.procedure.errors import CountyVisitMissing, KinBarred, KinKnown, LimitsLeft
from workflows.casework.procedure.kin_commands import Kin, RegisterKin
from workflows.casework.procedure.model import KinEntry, KinPost
from workflows.casework.records import CorrectionNotice
from workflows.organisation.model import Account
from workflows.rules.calendar import CalendarDay

SON = person("kunlun.surveyor", "township/surveyor", "township/clerk")
CLERK = person("kunlun.clerk", "township/clerk")
SON_ENTRY = {"name": "陈官", "relation": "儿子", "post": "village", "unit": "某村村委会", "login": "kunlun.surveyor"}
CONFIRMING = one_process(
    start(),
    """<bpmn:userTask id="Task_CountyConfirm" name="县级确认"><bpmn:extensionElements><zeebe:userTask/>
         <zeebe:assignmentDefinition candidateGroups="civil_affairs/reviewer"/>
         <zeebe:properties><zeebe:property name="requires" value="county_visit"/></zeebe:properties>
       </bpmn:extensionElements>
       </bpmn:userTask>""",
    end(),
    flows("s>Task_CountyConfirm>e"),
).replace(b'id="P"', b'id="confirming"')


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadIntake:
    """A command that reads the register of relatives and the newest correction notice of a case."""

    case: Case

    def execute(self, context: Context[CaseworkUnitOfWork]) -> tuple[list[KinEntry], CorrectionNotice | None]:
        work = context.unit_of_work
        return list(work.procedure.kin.of_case(self.case.id)), work.notices.correction(self.case.id)


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    with office_on(database_url) as opened:
        opened.under_test.deploy(confirming_bpmn=CONFIRMING)
        opened.run(HaveAccounts(logins=(SON.id, "kunlun.chief")), actor=SYSTEM)
        yield opened


@dataclass(frozen=True, slots=True, kw_only=True)
class HaveAccounts:
    """A command that lets people sign in by these names."""

    logins: tuple[str, ...]

    def execute(self, context: Context[Any]) -> None:
        for login in self.logins:
            context.unit_of_work.accounts.add(Account(login=login, name=login, password_hash="", posts=()))


def kept(office: Office, case: Case) -> tuple[list[KinEntry], CorrectionNotice | None]:
    found: tuple[list[KinEntry], CorrectionNotice | None] = office.run(ReadIntake(case=case), actor=SYSTEM)
    return found


def over_spring_festival(office: Office) -> Case:
    """A2: applied on Thursday 2026-02-12 without two authorisations and a copy of the disability card."""
    disabled = replace(MOTHER, health=Health(disability_kind="physical", disability_level=2))
    papers = tuple(paper for paper in ALL_PAPERS if paper not in ("authorisation", "illness_proof"))
    office.at("2026-02-12 09:00")
    case = office.submit(members=(FATHER, disabled, CHILD), documents=papers)
    missing = ["authorisation:2", "authorisation:3", "disability_card"]
    office.done("Task_CheckCompleteness", completeness="incomplete", missing_documents=missing)
    return case


def test_one_notice_names_all_three_and_the_clock_starts_when_they_are_there(office: Office) -> None:
    case = over_spring_festival(office)
    _, notice = kept(office, case)
    assert notice is not None
    assert [item["title"] for item in notice.missing] == ["成员2核对授权书", "成员3核对授权书", "残疾人证"]

    office.at("2026-02-24 09:00")
    office.done("Task_ReceiveCorrections", corrected="yes")
    accepted = office.case(case)
    assert (accepted.accepted_on, accepted.due_on) == (date(2026, 2, 24), date(2026, 4, 7))
    assert {"authorisation", "disability_card"} <= set(accepted.documents)
    assert office.due("Task_RecordAuthorisations") == "2026-02-27"


def test_a_second_notice_needs_a_leaders_word_with_a_reason(office: Office) -> None:
    case = over_spring_festival(office)
    office.at("2026-02-24 09:00")
    asked = {"corrected": "more", "still_missing": ["disability_card"], "more_reason": "复印件不清"}
    office.done("Task_ReceiveCorrections", CLERK, **asked)
    _, only = kept(office, case)
    assert only is not None
    assert only.round == 1  # nothing was sent
    office.refuses(NotPermitted, "Task_OverrideCorrection", CLERK, override="yes", override_note="同意")
    office.done("Task_OverrideCorrection", override="no", override_note="原件可当场核对")

    shown = office.open()["Task_ReceiveCorrections"].variables
    assert (shown["override_note"], kept(office, case)[1]) == ("原件可当场核对", only)

    office.done("Task_ReceiveCorrections", CLERK, **asked)
    leader = person("kunlun.leader", "township/leader")
    office.done("Task_OverrideCorrection", leader, override="yes", override_note="首次通知漏列")
    _, second = kept(office, case)
    assert second is not None
    assert (second.round, second.override_by, second.override_reason) == (2, "kunlun.leader", "首次通知漏列")
    assert [item["document"] for item in second.missing] == ["disability_card"]
    office.done("Task_ReceiveCorrections", corrected="yes")
    assert office.case(case).status is CaseStatus.ACCEPTED


def test_what_is_not_ours_is_declined_with_a_reason_and_the_right_unit(office: Office) -> None:
    office.at("2026-09-14 09:00")
    case = office.submit()
    reason = {"refusal_reason": "仅咨询公租房续租", "right_unit": "housing"}
    office.done("Task_CheckCompleteness", completeness="not_ours", **reason)

    declined = office.view(case)
    assert declined.summary.status is CaseStatus.DECLINED
    [letter] = declined.notices
    assert "仅咨询公租房续租" in letter.text
    assert "住建局" in letter.text
    assert "行政复议" in letter.text


def test_kin_named_at_acceptance_are_barred_from_survey_and_view(office: Office) -> None:
    office.at("2026-09-14 09:00")
    case = office.submit()
    assert office.questions.case(case.number, SON).summary.number == case.number
    office.done("Task_CheckCompleteness", kin=[SON_ENTRY])

    [entry] = kept(office, case)[0]
    assert (entry.name, entry.login, entry.concealed) == ("陈官", "kunlun.surveyor", False)
    with pytest.raises(CaseNotFound):
        office.questions.case(case.number, SON)
    office.done("Task_RecordAuthorisations")
    office.refuses(KinBarred, "Task_FirstSurveyor", SON)
    assert_sees_no_task(office, SON)
    assert "Task_CountyVisitor" in office.open()  # the county is asked at once to go and see


def test_an_account_that_nobody_has_bars_nobody_and_is_refused(office: Office) -> None:
    office.at("2026-09-14 09:00")
    case = office.submit()
    with pytest.raises(FormInvalid) as refused:
        office.done("Task_CheckCompleteness", kin=[SON_ENTRY, {**SON_ENTRY, "name": "陈吏", "login": "kunlun.surveyr"}])
    (fault,) = refused.value.errors
    assert (fault.path, fault.code) == (("kin", 1, "login"), "unknown-account")
    assert kept(office, case)[0] == []
    office.done("Task_CheckCompleteness", kin=[{**SON_ENTRY, "login": None}])
    assert [one.login for one in kept(office, case)[0]] == [None]


def test_what_somebody_holds_who_turns_out_to_be_kin_is_offered_again(office: Office) -> None:
    office.at("2026-09-14 09:00")
    case = office.submit()
    office.done("Task_CheckCompleteness")
    office.done("Task_RecordAuthorisations")
    held = office.open()["Task_FirstSurveyor"]
    office.run(AssignUserTask(user_task_id=held.id, assignee=SON), actor=SYSTEM)

    kin = Kin(name="陈官", relation="儿子", post=KinPost.STAFF, login=SON.id)
    office.run(RegisterKin(case_id=case.id, kin=kin), actor=CLERK)
    free = office.open()["Task_FirstSurveyor"]
    assert (free.assignee, free.version) == (None, held.version + 2)
    told = select(history_entry.c.actor, history_entry.c.details).where(history_entry.c.action == "released")
    with office.under_test.database.connect() as connection:
        released = [(row.actor, row.details["ground"]) for row in connection.execute(told)]
    assert released == [(CLERK.id, "registered_as_kin")]
    office.done("Task_FirstSurveyor", person("other.surveyor", "township/surveyor"))


def test_what_kin_complete_while_they_are_registered_is_told_and_nothing_of_it_is_kept(office: Office) -> None:
    office.at("2026-09-14 09:00")
    case = office.submit()
    office.done("Task_CheckCompleteness")
    beside = StartProcessInstance(process_id="confirming", variables={}, region=case.region, business_key=case.number)
    office.run(beside, actor=SYSTEM)
    reviewer = person("county.reviewer", "civil_affairs/reviewer", region="320481")
    held = office.open()["Task_CountyConfirm"]
    office.run(AssignUserTask(user_task_id=held.id, assignee=reviewer), actor=SYSTEM)
    kin = Kin(name="陈官", relation="儿子", post=KinPost.STAFF, login=reviewer.id)
    command = RegisterKin(case_id=case.id, kin=kin)

    def completed_by_the_first(connection: Connection) -> None:
        instance = select(process_instance.c.id).where(process_instance.c.id == held.process_instance_id)
        connection.execute(instance.with_for_update())
        done = {"state": "completed", "completed_at": held.created_at, "completed_by": reviewer.id}
        connection.execute(update(user_task).where(user_task.c.id == held.id).values(done))

    with pytest.raises(ConcurrentChange):
        after_the_first(office.under_test.database, completed_by_the_first, lambda: office.run(command, actor=CLERK))
    assert kept(office, case)[0] == []
    office.run(command, actor=CLERK)
    assert [one.login for one in kept(office, case)[0]] == [reviewer.id]


def assert_sees_no_task(office: Office, who: Actor) -> None:
    """Neither a list nor a count nor a single read shows a task of the only case there is."""
    asked = office.under_test.queries
    everything = asked.user_tasks(UserTaskFilter(actor=SYSTEM, tab=TaskTab.UNIT, limit=100)).tasks
    assert everything
    for tab in TaskTab:
        page = asked.user_tasks(UserTaskFilter(actor=who, tab=tab))
        assert (page.tasks, page.total, asked.user_task_counts(who)[tab]) == ([], 0, 0), tab
    for task in everything:
        with pytest.raises(NotFound):
            asked.user_task(task.id, who)


def test_a_supervisor_who_is_kin_operates_nothing_of_the_case(office: Office) -> None:
    office.at("2026-09-14 09:00")
    case = office.submit()
    chief = person("kunlun.chief", "township/supervisor")
    operations = SqlOperationQueries(office.under_test.database, office.under_test.keys, region="320481")
    wanted = InstanceFilter(business_key=case.number)
    assert operations.instances(wanted, chief, offset=0, limit=10).total > 0
    office.done("Task_CheckCompleteness", kin=[{**SON_ENTRY, "login": chief.id}])
    assert operations.instances(wanted, chief, offset=0, limit=10).total == 0
    assert_sees_no_task(office, chief)


def test_the_county_confirms_only_after_two_of_its_own_went_to_see(office: Office) -> None:
    office.at("2026-09-14 09:00")
    case = office.submit()
    office.done("Task_CheckCompleteness", kin=[SON_ENTRY])
    command = StartProcessInstance(process_id="confirming", variables={}, region=case.region, business_key=case.number)
    office.run(command, actor=SYSTEM)
    reviewer = person("county.reviewer", "civil_affairs/reviewer", region="320481")
    office.refuses(CountyVisitMissing, "Task_CountyConfirm", reviewer)
    visitor = person("county.clerk", "civil_affairs/clerk", region="320481")
    office.done("Task_CountyVisitor", visitor)
    office.refuses(Exception, "Task_CountyVisitWitness", visitor)
    office.done("Task_CountyVisitWitness")
    office.done("Task_CountyConfirm", reviewer)
    assert "Task_CountyConfirm" not in office.open()


def test_a_link_that_comes_out_later_is_a_concealed_one(office: Office) -> None:
    office.at("2026-09-14 09:00")
    case = office.submit()
    office.done("Task_CheckCompleteness")
    kin = Kin(name="陈官", relation="儿子", post=KinPost.VILLAGE, login="kunlun.surveyor")
    with pytest.raises(NotPermitted):
        office.run(RegisterKin(case_id=case.id, kin=kin), actor=person("e", "education/clerk", region="320481"))
    entry = office.run(RegisterKin(case_id=case.id, kin=kin), actor=CLERK)
    assert entry.concealed
    with pytest.raises(KinKnown):
        office.run(RegisterKin(case_id=case.id, kin=kin), actor=CLERK)


def test_of_two_who_enter_the_same_relative_at_once_one_is_told_so(office: Office) -> None:
    office.at("2026-09-14 09:00")
    case = office.submit()
    office.done("Task_CheckCompleteness")
    first = KinEntry(
        id=uuid4(),
        case_id=case.id,
        name="陈官",
        relation="儿子",
        post=KinPost.VILLAGE,
        unit="",
        login=SON.id,
        registered_at=office.under_test.clock(),
        registered_by="civil-affairs.clerk",
        concealed=True,
    )

    def entered_by_the_first(connection: Connection) -> None:
        ours = process_instance.c.id == case.process_instance_id
        connection.execute(select(process_instance.c.id).where(ours).with_for_update())
        barred = BarredLogins(Pipeline(connection))
        SqlKinRegister(connection, office.under_test.keys, barred).add(first)

    kin = Kin(name="陈官", relation="儿子", post=KinPost.VILLAGE, login=SON.id)
    second = RegisterKin(case_id=case.id, kin=kin)
    with pytest.raises(KinKnown):
        after_the_first(office.under_test.database, entered_by_the_first, lambda: office.run(second, actor=CLERK))
    assert [one.registered_by for one in kept(office, case)[0]] == ["civil-affairs.clerk"]


def test_a_case_that_ends_needs_no_visit_of_the_county_any_more(office: Office) -> None:
    office.at("2026-09-14 09:00")
    office.submit()
    office.done("Task_CheckCompleteness", kin=[SON_ENTRY])
    office.done("Task_RecordAuthorisations", withdrawn="yes", authorisations=[], withdrawal_reason="已就业")
    assert office.open() == {}


def test_what_the_surveyors_found_undeclared_counts_in_a_version_of_its_own(office: Office) -> None:
    office.at("2026-09-14 09:00")
    case = office.submit()
    office.done("Task_CheckCompleteness")
    office.done("Task_RecordAuthorisations")
    office.done("Task_ReviewReport")
    office.done("Task_FirstSurveyor", income_seen="more", extra_monthly_income=600, assets_seen="as_declared")
    office.done("Task_SecondSurveyor")

    report = office.view(case).check_report
    assert report is not None
    assert (report.version, report.means.monthly_income) == (2, Decimal(2600))
    assert report.means.income_per_capita == Decimal("866.67")
    assert [line["found"] for line in report.lines if line["source"] == "survey"] == [600, 0]


def test_a_closed_day_moves_open_limits_and_stands_on_record(office: Office) -> None:
    office.at("2026-04-13 09:00")
    case = office.submit()
    office.done("Task_CheckCompleteness")
    assert office.case(case).due_on == date(2026, 5, 27)
    storm = CalendarDay(day=date(2026, 5, 20), is_workday=False, name="台风停工")
    command = ChangeCalendarDay(day=storm, source="溧政办发〔2026〕1号", region="320481")
    with pytest.raises(NotPermitted):
        office.run(command, actor=CLERK)
    administrator = person("admin", region="320481")
    administrator = replace(
        administrator,
        memberships=(Membership(unit_kind="civil_affairs", role="administrator", region="320481"),),
    )
    change = change_calendar(partial(office.run, actor=administrator), command)

    assert (change.cases_moved, change.by, office.case(case).due_on) == (1, "admin", date(2026, 5, 28))


def test_a_case_whose_limit_cannot_be_computed_holds_up_no_other(office: Office) -> None:
    office.at("2026-04-13 09:00")
    case = office.submit()
    office.done("Task_CheckCompleteness")
    storm = CalendarDay(day=date(2026, 5, 20), is_workday=False, name="台风停工")
    office.run(OverrideCalendarDay(day=storm, region="320481"), actor=SYSTEM)

    assert office.run(MoveLimits(case_ids=(uuid4(), case.id)), actor=SYSTEM) == 1
    assert office.case(case).due_on == date(2026, 5, 28)
    assert office.run(MoveLimits(case_ids=(case.id,)), actor=SYSTEM) == 0


def test_a_limit_somebody_was_busy_with_moves_when_it_is_tried_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.at("2026-04-13 09:00")
    case = office.submit()
    office.done("Task_CheckCompleteness")
    lost = [ConcurrentChange(), ConcurrentChange()]

    def racing(context: Context[CaseworkUnitOfWork], found: Case) -> Case:
        if lost:
            raise lost.pop()
        return move_limit(context, found)

    monkeypatch.setattr(calendar_commands, "move_limit", racing)
    storm = CalendarDay(day=date(2026, 5, 20), is_workday=False, name="台风停工")
    command = ChangeCalendarDay(day=storm, source="溧政办发〔2026〕1号", region="320481")
    change = change_calendar(partial(office.run, actor=SYSTEM), command)

    assert (lost, change.cases_moved, office.case(case).due_on) == ([], 1, date(2026, 5, 28))


def test_a_change_whose_limits_lose_every_race_says_that_the_calendar_is_changed_and_what_is_left(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.at("2026-04-13 09:00")
    case = office.submit()
    office.done("Task_CheckCompleteness")

    def always_racing(_context: Context[CaseworkUnitOfWork], _found: Case) -> Case:
        raise ConcurrentChange

    storm = CalendarDay(day=date(2026, 5, 20), is_workday=False, name="台风停工")
    command = ChangeCalendarDay(day=storm, source="溧政办发〔2026〕1号", region="320481")
    with monkeypatch.context() as busy:
        busy.setattr(calendar_commands, "move_limit", always_racing)
        with pytest.raises(LimitsLeft) as told:
            change_calendar(partial(office.run, actor=SYSTEM), command)

    assert told.value.fields == {"moved": "0", "left": "1"}
    assert "nothing" not in told.value.text("en")
    assert office.case(case).due_on == date(2026, 5, 27)
    change = change_calendar(partial(office.run, actor=SYSTEM), command)
    assert (change.cases_moved, office.case(case).due_on) == (1, date(2026, 5, 28))


def test_a_year_nobody_entered_is_warned_of_before_limits_run_into_it(office: Office) -> None:
    office.at("2026-08-01 09:00")
    assert office.run(MissingCalendarYears(), actor=CLERK) == ()
    office.at("2026-10-01 09:00")
    assert office.run(MissingCalendarYears(), actor=CLERK) == (2027,)
    year = EnterCalendarYear(year=2027, exceptions=(), source="国办发明电〔2026〕9号", region="320481")
    office.run(year, actor=SYSTEM)
    assert office.run(MissingCalendarYears(), actor=CLERK) == ()
