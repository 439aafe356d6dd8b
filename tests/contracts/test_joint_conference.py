"""The joint conference on PostgreSQL, from the call to its minutes: what is corrected, put off, late, left alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from engine.errors import EngineError
from engine.forms import FormInvalid
from engine.host import Context
from engine.model import SYSTEM
from storage.conference_view import SqlConferenceQueries
from tests import files
from tests.contracts.test_casework_scenarios import County, county
from tests.engines import person
from workflows.casework.conference.commands import ConveneMeeting, FileIssue, FileProblem, WithdrawIssue
from workflows.casework.conference.errors import ConferenceFileNotYours, ConferenceRecordNotFound, ConferenceStateWrong
from workflows.casework.conference.materials import AddMaterial, ReadMaterial
from workflows.casework.conference.model import (
    DecidedItem,
    Issue,
    IssueState,
    MaterialOf,
    Meeting,
    MeetingKind,
    MeetingState,
    RecordStep,
    Seat,
    SeatRole,
)
from workflows.casework.conference.queries import ItemFilter
from workflows.casework.conference.seats import TakeSeat
from workflows.casework.county import COUNTY_REGION
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.organisation.commands import CreateAccount, CreateUnit
from workflows.organisation.model import Unit

__all__ = ["county"]

OFFICE = person("office", "civil_affairs/clerk", region=COUNTY_REGION)
TEACHER = person("education.clerk", "education/clerk", region=COUNTY_REGION)
HOUSING = person("housing.clerk", "housing/clerk", region=COUNTY_REGION)
INSURER = person("medical.clerk", "medical/clerk", region=COUNTY_REGION)
LIAISON = {"liaison_held_on": "2026-06-11", "liaison_present": "各单位联络员", "agenda_decision": "hold"}
HELD = {"meeting_outcome": "held", "held_on": "2026-06-16", "chair": "召集人", "participants": "各单位"}


@dataclass(slots=True, kw_only=True)
class Conference:
    """The conference of a county in which every unit that matters has a clerk."""

    county: County
    questions: SqlConferenceQueries
    filed: int = 0

    def convene(self) -> Meeting:
        self.county.at("2026-05-25 09:00")
        call = ConveneMeeting(
            kind=MeetingKind.ORDINARY, title="例会", place="三楼", meets_on=date(2026, 6, 16), submission_key="one"
        )
        meeting: Meeting = self.county.run(call, actor=OFFICE)
        return meeting

    def file(self, meeting: Meeting, title: str) -> Issue:
        self.filed += 1
        self.county.under_test.clock.time += timedelta(minutes=1)  # issues stand in the order they came
        issue = FileIssue(
            unit_kind="education", title=title, text="请研究", meeting_id=meeting.id, submission_key=f"{self.filed}"
        )
        filed: Issue = self.county.run(issue, actor=TEACHER)
        return filed

    def gather(self) -> None:
        self.county.at("2026-06-11 09:00")
        self.county.work()

    def lock(self) -> None:
        rows: Any = self.county.open()["Task_LiaisonMeeting"].variables["issues"]
        self.county.done("Task_LiaisonMeeting", issues=rows, **LIAISON)

    def hold(self, *changes: dict[str, Any], **told: Any) -> None:
        rows: Any = self.county.open()["Task_HoldMeeting"].variables["results"]
        results = [{**row, **change} for row, change in zip(rows, changes, strict=True)]
        self.county.done("Task_HoldMeeting", **{**HELD, "results": results, **told})

    def put_off(self, reason: str) -> None:
        self.county.done("Task_HoldMeeting", meeting_outcome="not_held", call_off_reason=reason)

    def sign(self) -> None:
        self.county.done("Task_DraftMinutes", minutes="一致同意。")
        self.county.done("Task_SignMinutes", minutes_decision="sign")

    def states(self, *issues: Issue) -> list[str]:
        return [self.county.run(ReadIssue(issue_id=one.id), actor=SYSTEM).state.value for one in issues]

    def item(self) -> DecidedItem:
        (line,) = self.questions.items(ItemFilter(open_only=False))
        return line.item

    def told(self) -> list[str]:
        with self.county.under_test.database.connect() as connection:
            return list(connection.execute(text("SELECT step_en FROM staff_notice ORDER BY written_at")).scalars())


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadIssue:
    """A command that reads an issue."""

    issue_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Issue | None:
        return context.unit_of_work.procedure.conference.issue(self.issue_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMinutes:
    """A command that reads what the minutes of a meeting say."""

    meeting: Meeting

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Any:
        (issued,) = context.unit_of_work.documents.versions(kind="minutes", case_id=None, subject=self.meeting.number)
        return issued.values


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSeat:
    """A command that keeps a seat without a look at who holds it, as a second one at the same moment would."""

    seat: Seat

    def execute(self, context: Context[CaseworkUnitOfWork]) -> bool:
        return context.unit_of_work.procedure.conference.add_seat(self.seat)


@pytest.fixture
def conference(county: County) -> Conference:
    for kind in ("civil_affairs", "education", "housing", "medical"):
        unit = Unit(id=kind, kind=kind, name=kind, name_en=kind, region=COUNTY_REGION)
        county.run(CreateUnit(unit=unit), actor=SYSTEM)
        hired = CreateAccount(login=f"{kind}.clerk", name=kind, password="rivers-and-hills-9", posts=((kind, "clerk"),))
        county.run(hired, actor=SYSTEM)
    questions = SqlConferenceQueries(county.under_test.database, now=county.under_test.clock)
    return Conference(county=county, questions=questions)


def decided(**changes: Any) -> dict[str, Any]:
    item = {"outcome": "decided", "text": "完成比对", "owner": "education", "co_owners": [], "due_on": "2026-06-30"}
    return {**item, **changes}


def test_an_issue_taken_back_while_the_liaison_officers_meet_stays_withdrawn(conference: Conference) -> None:
    meeting = conference.convene()
    kept, gone = conference.file(meeting, "名单比对"), conference.file(meeting, "不再需要")
    conference.gather()
    conference.county.run(WithdrawIssue(issue_id=gone.id, reason="已解决"), actor=TEACHER)
    conference.lock()

    assert conference.states(kept, gone) == ["on_agenda", "withdrawn"]
    rows: Any = conference.county.open()["Task_HoldMeeting"].variables["results"]
    assert [row["title"] for row in rows] == ["名单比对"]


def test_what_was_decided_is_corrected_when_the_minutes_come_back(conference: Conference) -> None:
    meeting = conference.convene()
    first, left = conference.file(meeting, "名单比对"), conference.file(meeting, "住房保障")
    conference.gather()
    conference.lock()
    conference.county.at("2026-06-16 16:00")
    conference.hold(decided(), {"outcome": "deferred"})
    conference.county.done("Task_DraftMinutes", minutes="一致同意。")
    assert conference.questions.meeting(meeting.id, unsigned=False).items == []
    (drafted,) = conference.questions.meeting(meeting.id, unsigned=True).items
    with pytest.raises(ConferenceRecordNotFound):
        conference.questions.item(drafted.item.id, unsigned=False)

    conference.county.done("Task_SignMinutes", minutes_decision="return", return_reason="责任单位有误")
    task = conference.county.open()["Task_HoldMeeting"]
    assert (task.variables["chair"], task.variables["held_on"]) == ("召集人", "2026-06-16")
    with pytest.raises(FormInvalid) as refused:
        conference.put_off("改期")
    assert [one.code for one in refused.value.errors] == ["held-already"]
    conference.hold({"owner": "housing"}, {})
    conference.sign()

    assert conference.item().owner == "housing"
    assert conference.states(first, left) == ["decided", "deferred"]
    assert [line.issue.title for line in conference.questions.waiting_issues()] == ["住房保障"]
    minutes = conference.county.run(ReadMinutes(meeting=meeting), actor=SYSTEM)
    assert minutes["agenda"][:2] == ["1. 名单比对（教育局）", "2. 住房保障（教育局）"]


def test_a_meeting_that_falls_away_after_its_agenda_is_locked_leaves_its_issues_to_the_next(
    conference: Conference,
) -> None:
    meeting = conference.convene()
    issue = conference.file(meeting, "名单比对")
    conference.gather()
    conference.lock()
    conference.put_off("召集人另有公务")

    view = conference.questions.meeting(meeting.id, unsigned=False)
    assert view.line.meeting.state is MeetingState.CALLED_OFF
    assert view.course[-1].event.text == "召集人另有公务"
    assert conference.told()[-1] == "Not held on 2026-06-16"  # whoever was told that it would be
    assert [one.issue.id for one in conference.questions.waiting_issues()] == [issue.id]


@pytest.mark.parametrize(
    ("now", "told", "row", "code"),
    [
        ("2026-06-16 16:00", {"held_on": "2026-05-24"}, decided(), "held-before"),
        ("2026-12-30 16:00", {"held_on": "2026-12-30"}, {"outcome": "noted"}, "held-unknown-year"),
        ("2026-06-16 16:00", {}, decided(due_on="2026-12-10"), "due-unknown-year"),
        ("2026-06-16 16:00", {}, decided(owner="red_cross"), "owner-without-clerk"),
    ],
    ids=["before it was called", "minutes in no calendar", "an order in no calendar", "an owner with nobody"],
)
def test_what_a_clock_would_stumble_over_is_refused_in_the_form(
    conference: Conference, now: str, told: dict[str, str], row: dict[str, Any], code: str
) -> None:
    conference.file(conference.convene(), "名单比对")
    conference.gather()
    conference.lock()
    conference.county.at(now)
    with pytest.raises(FormInvalid) as refused:
        conference.hold(row, **told)
    assert [one.code for one in refused.value.errors] == [code]


def given_out(conference: Conference) -> DecidedItem:
    conference.file(conference.convene(), "名单比对")
    conference.gather()
    conference.lock()
    conference.county.at("2026-06-16 16:00")
    conference.hold(decided())
    conference.sign()
    return conference.item()


def report(conference: Conference) -> None:
    conference.county.done("Task_ReportItem", report_kind="finished", progress="已比对", evidence="清单")


def test_the_days_the_office_looks_at_an_item_are_not_its_owners(conference: Conference) -> None:
    item = given_out(conference)
    conference.county.at("2026-06-30 16:00")
    report(conference)
    conference.county.at("2026-07-03 09:00")
    assert [one.item.id for one in conference.questions.items(ItemFilter(overdue_only=True))] == []
    assert conference.questions.overdue_on(date(2026, 7, 2)) == []
    conference.county.done("Task_AcceptItem", item_decision="return", return_reason="缺少清单")
    assert [one.item.id for one in conference.questions.items(ItemFilter(overdue_only=True))] == [item.id]
    report(conference)
    conference.county.done("Task_AcceptItem", item_decision="accept")
    year = conference.questions.year(2026, expected_by=())
    assert (year.closed_on_time, year.closed_late) == (0, 1)


def test_an_item_given_back_after_its_day_brings_no_second_reminder(conference: Conference) -> None:
    item = given_out(conference)
    conference.county.at("2026-06-29 09:00")
    conference.county.work()
    report(conference)
    conference.county.at("2026-07-02 09:00")
    conference.county.done("Task_AcceptItem", item_decision="return", return_reason="缺少清单")
    conference.county.work()
    course = [row.event.step for row in conference.questions.item(item.id, unsigned=False).course]
    assert course.count(RecordStep.DUE_SOON) == 1


def test_an_order_about_an_item_says_in_both_languages_what_it_demands_and_on_what_it_rests(
    conference: Conference,
) -> None:
    item = given_out(conference)
    conference.county.at("2026-07-15 09:00")
    conference.county.work()
    with conference.county.under_test.database.connect() as connection:
        row = connection.execute(text("SELECT demand, demand_en, basis, basis_en FROM supervision_order")).one()

    assert row.demand.startswith(f"议定事项“{item.text}”应于 {item.due_on} 前办结")
    assert row.demand_en.startswith(f"The decided item {item.text!r} was to be done by {item.due_on}")
    number = item.number.partition("第")[0]
    assert (row.basis, row.basis_en) == (f"{number}会议纪要", f"Minutes of {number}")


def test_the_office_hears_of_an_order_that_cannot_be_issued(conference: Conference) -> None:
    item = given_out(conference)
    with conference.county.under_test.database.begin() as connection:
        connection.execute(text("DELETE FROM post WHERE login = 'education.clerk'"))
    conference.county.at("2026-07-15 09:00")
    conference.county.work()

    assert conference.item().order_id is None
    steps = [row.event.step for row in conference.questions.item(item.id, unsigned=False).course]
    assert steps[-1] is RecordStep.NOT_ORDERED
    assert conference.told()[-1] == "No order could be issued"
    assert conference.county.count("incident") == 0


def test_a_file_is_seen_by_the_units_of_its_record_and_every_look_is_written_down(conference: Conference) -> None:
    item = given_out(conference)
    run = conference.county.run
    add = AddMaterial(beside=MaterialOf.ITEM, record_id=item.id, name="清单.png", content=files.png())
    material = run(add, actor=TEACHER)
    with pytest.raises(ConferenceFileNotYours):
        run(ReadMaterial(material_id=material.id), actor=INSURER)
    assert run(ReadMaterial(material_id=material.id), actor=OFFICE)[1].startswith(b"\x89PNG")
    last = conference.questions.item(item.id, unsigned=False).course[-1].event
    assert (last.step, last.by, last.text) == (RecordStep.FILE_TAKEN, "office", "清单.png")

    report(conference)
    conference.county.done("Task_AcceptItem", item_decision="accept")
    with pytest.raises(ConferenceStateWrong) as refused:
        run(replace(add, content=files.png(width=9)), actor=TEACHER)
    assert "已销号" in refused.value.text("zh")


def test_a_problem_is_not_given_to_the_unit_that_has_it(conference: Conference) -> None:
    conference.county.at("2026-06-01 09:00")
    problem = FileProblem(unit_kind="education", title="口径不一", text="两家不同", submission_key="p")
    filed = conference.county.run(problem, actor=TEACHER)
    conference.county.work()
    given = {"problem_decision": "assign", "problem_note": "请答复"}
    with pytest.raises(FormInvalid) as refused:
        conference.county.done("Task_AssignProblem", unit_kind="education", **given)
    assert [one.code for one in refused.value.errors] == ["own-problem"]

    conference.county.done("Task_AssignProblem", unit_kind="housing", **given)
    conference.county.done("Task_AnswerProblem", answer="统一口径")
    conference.county.done("Task_ConfirmProblem", is_settled="no", unsettled_reason="没有时间")
    conference.county.done("Task_AssignProblem", unit_kind="medical", **given)
    assert conference.questions.problem(filed.id).line.problem.answer == ""


def test_a_declined_problem_is_not_one_that_was_settled_and_a_year_is_the_countys(conference: Conference) -> None:
    conference.county.at("2026-01-01 00:30")  # still 2025 by universal time
    problem = FileProblem(unit_kind="education", title="口径不一", text="两家不同", submission_key="p")
    conference.county.run(problem, actor=TEACHER)
    conference.county.work()
    conference.county.done("Task_AssignProblem", problem_decision="decline", problem_note="属本单位职责")
    year = conference.questions.year(2026, expected_by=())
    assert (year.problems_filed, year.problems_open, year.problems_closed) == (1, 0, 0)


def test_a_seat_is_held_by_one_person_at_a_time_and_its_account_is_told(conference: Conference) -> None:
    conference.county.at("2026-05-25 08:00")
    take = TakeSeat(
        role=SeatRole.LIAISON,
        unit_kind="education",
        post="办公室主任",
        name="甲",
        login="housing.clerk",
        since=date(2026, 1, 1),
    )
    seat = conference.county.run(take, actor=OFFICE)
    assert not conference.county.run(AddSeat(seat=Seat(**{**_fields(seat), "id": uuid4()})), actor=SYSTEM)
    with pytest.raises(EngineError, match=r"nobody\.knows"):
        conference.county.run(TakeSeat(**{**_fields(take), "login": "nobody.knows"}), actor=OFFICE)
    conference.convene()
    with conference.county.under_test.database.connect() as connection:
        told = connection.execute(text("SELECT DISTINCT login FROM staff_notice_recipient")).scalars()
        assert set(told) == {"civil_affairs.clerk", "housing.clerk", "medical.clerk"}


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def test_an_issue_without_a_meeting_can_be_taken_back(conference: Conference) -> None:
    issue = FileIssue(unit_kind="housing", title="轮候", text="请研究", submission_key="w")
    filed = conference.county.run(issue, actor=HOUSING)
    conference.county.run(WithdrawIssue(issue_id=filed.id, reason="已解决"), actor=HOUSING)
    assert conference.states(filed) == [IssueState.WITHDRAWN.value]
