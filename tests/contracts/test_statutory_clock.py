"""The statutory clock of a case: pauses move what is due by the days they really lasted; a leader gives more time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from engine.errors import NotPermitted
from engine.model import SYSTEM
from engine.operation_errors import ReasonMissing
from engine.queries import IncidentFilter, TaskMoments, TaskTab, UserTaskFilter
from tests.engines import person
from tests.offices import Office, office_on
from workflows.casework.errors import CaseNotAccepted
from workflows.casework.model import Case
from workflows.casework.procedure.clock import ClockState
from workflows.casework.procedure.clock_commands import PauseClock, ReadClock, RequestExtension, ResumeClock
from workflows.casework.procedure.errors import ExtensionExists, ExtensionTooLate, OwnRequest
from workflows.rules.clock import ClockAlreadyPaused, ClockNotPaused

CLERK = person("kunlun.clerk", "township/clerk")
REVIEWER = person("kunlun.reviewer", "township/reviewer")
LEADER = person("kunlun.leader", "township/leader")


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    with office_on(database_url) as opened:
        yield opened


def accepted(office: Office, moment: str = "2026-04-13 09:00") -> Case:
    office.at(moment)
    case = office.submit()
    office.done("Task_CheckCompleteness")
    return office.case(case)


def clock(office: Office, case: Case) -> ClockState:
    state: ClockState = office.run(ReadClock(case_id=case.id), actor=SYSTEM)
    return state


def resting(office: Office) -> set[str]:
    """Return the open tasks that a work list shows as resting; the board counts as many."""
    queries, now = office.under_test.queries, office.under_test.clock()
    moments = TaskMoments(now=now, due_before=None, unheld_since=None)
    tasks = queries.user_tasks(UserTaskFilter(actor=SYSTEM, tab=TaskTab.UNIT, paused_at=now)).tasks
    assert sum(place.paused for place in queries.counts_of_places(SYSTEM, moments)) == len(tasks)
    return {task.element_id for task in tasks}


def test_a_pause_takes_what_is_due_away_and_gives_it_back_moved_by_the_days_it_lasted(office: Office) -> None:
    case = accepted(office)
    assert (case.due_on, office.due("Task_RecordAuthorisations")) == (date(2026, 5, 27), "2026-04-16")
    office.at("2026-04-14 10:00")
    office.run(PauseClock(case_id=case.id, reason="等待法院文书"), actor=REVIEWER)

    assert office.due("Task_RecordAuthorisations") is None
    assert resting(office) == {"Task_RecordAuthorisations"}
    office.at("2026-06-30 10:00")
    assert clock(office, case).is_paused
    assert not office.questions.case(case.number, SYSTEM).summary.overdue

    office.at("2026-05-06 10:00")  # 04-15 … 04-30 and 05-06 are 13 working days
    office.run(ResumeClock(case_id=case.id), actor=REVIEWER)

    assert not resting(office)
    assert office.due("Task_RecordAuthorisations") == "2026-05-08"  # 04-16, and 13 working days on
    state = clock(office, case)
    assert (office.case(case).due_on, state.due_on) == (date(2026, 6, 15), date(2026, 6, 15))
    assert [(one.reason, one.paused_on, one.resumed_on) for one in state.pauses] == [
        ("等待法院文书", date(2026, 4, 14), date(2026, 5, 6))
    ]


def test_a_clock_takes_one_pause_at_a_time_with_a_reason_from_who_reviews(office: Office) -> None:
    case = accepted(office)
    with pytest.raises(NotPermitted):
        office.run(PauseClock(case_id=case.id, reason="等材料"), actor=CLERK)
    with pytest.raises(NotPermitted):
        office.run(
            PauseClock(case_id=case.id, reason="等材料"),
            actor=person("e", "education/reviewer", region="320481"),
        )
    with pytest.raises(ReasonMissing):
        office.run(PauseClock(case_id=case.id, reason=" "), actor=REVIEWER)
    with pytest.raises(ClockNotPaused):
        office.run(ResumeClock(case_id=case.id), actor=REVIEWER)
    office.run(PauseClock(case_id=case.id, reason="等材料"), actor=REVIEWER)
    with pytest.raises(ClockAlreadyPaused):
        office.run(PauseClock(case_id=case.id, reason="等材料"), actor=REVIEWER)


def test_a_clock_does_not_run_before_acceptance(office: Office) -> None:
    office.at("2026-04-13 09:00")
    case = office.submit()
    with pytest.raises(CaseNotAccepted):
        office.run(PauseClock(case_id=case.id, reason="等材料"), actor=REVIEWER)


def test_a_leader_gives_more_time_before_the_limit_and_nobody_to_themselves(office: Office) -> None:
    case = accepted(office)
    office.at("2026-05-20 09:00")
    office.run(RequestExtension(case_id=case.id, reason="公示期有异议，需复查"), actor=LEADER)
    office.refuses(OwnRequest, "Task_DecideExtension", LEADER, extension_decision="approve")
    other = person("kunlun.leader2", "township/leader")
    assert office.due("Task_DecideExtension") == "2026-05-22"
    office.done("Task_DecideExtension", other, extension_decision="approve")

    state = clock(office, case)
    assert (state.limit, state.due_on, office.case(case).due_on) == (45, date(2026, 6, 17), date(2026, 6, 17))
    assert [one.decided_by for one in state.extensions] == ["kunlun.leader2"]
    with pytest.raises(ExtensionExists):
        office.run(RequestExtension(case_id=case.id, reason="再延"), actor=CLERK)


def test_without_a_leaders_word_the_limit_stands(office: Office) -> None:
    case = accepted(office)
    office.at("2026-05-27 09:00")
    office.run(RequestExtension(case_id=case.id, reason="来不及"), actor=CLERK)
    office.until("2026-05-28 00:01")

    assert "Task_DecideExtension" not in office.open()
    assert [one.state for one in clock(office, case).extensions] == ["lapsed"]
    assert office.case(case).due_on == date(2026, 5, 27)
    with pytest.raises(ExtensionTooLate):
        office.run(RequestExtension(case_id=case.id, reason="来不及"), actor=CLERK)


def test_a_leader_may_refuse(office: Office) -> None:
    case = accepted(office)
    office.run(RequestExtension(case_id=case.id, reason="来不及"), actor=CLERK)
    office.done("Task_DecideExtension", LEADER, extension_decision="refuse", decision_note="人手足够")

    assert [(one.state, one.decision_note) for one in clock(office, case).extensions] == [("refused", "人手足够")]
    assert office.case(case).due_on == date(2026, 5, 27)


def test_a_paused_clock_holds_the_limit_of_the_leaders_decision_too(office: Office) -> None:
    case = accepted(office)
    office.at("2026-05-26 09:00")
    office.run(RequestExtension(case_id=case.id, reason="来不及"), actor=CLERK)
    office.run(PauseClock(case_id=case.id, reason="等材料"), actor=REVIEWER)
    office.until("2026-06-10 09:00")
    assert "Task_DecideExtension" in office.open()
    office.run(ResumeClock(case_id=case.id), actor=REVIEWER)
    office.until("2026-06-12 09:00")

    assert "Task_DecideExtension" not in office.open()


def test_a_limit_that_ends_in_a_year_without_calendar_data_is_an_incident_that_names_the_year(office: Office) -> None:
    office.at("2026-11-30 09:00")
    case = office.submit()
    office.done("Task_CheckCompleteness")

    assert office.case(case).accepted_on is None
    [line] = office.under_test.queries.incidents(IncidentFilter(actor=SYSTEM))
    assert "2027 年日历未导入" in line.incident.reason
