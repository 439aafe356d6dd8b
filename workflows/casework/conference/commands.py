"""What people do about the joint conference beside its tasks: call a meeting, file an issue, a problem, a file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from engine.commands.process_instances import StartProcessInstance
from engine.host import Context
from engine.model import SYSTEM
from workflows.casework.conference.errors import (
    ConferenceKeyTaken,
    ConferenceNotYours,
    ConferenceRecordNotFound,
    ConferenceUnitWrong,
    IssueNotOpen,
    IssuesClosed,
    MaterialsFull,
    MeetingDayWrong,
)
from workflows.casework.conference.model import (
    Issue,
    IssueState,
    Material,
    MaterialOf,
    Meeting,
    MeetingKind,
    MeetingState,
    RecordEvent,
    RecordStep,
    UnitProblem,
    is_office,
    owner_group,
    speaks_for,
    takes_part,
)
from workflows.casework.conference.ports import Conference
from workflows.casework.conference.seats import require_office
from workflows.casework.conference.telling import liaison_groups, tell
from workflows.casework.conference.texts import PLACE, REASON, TEXT, TITLE, checked_text
from workflows.casework.county import COUNTY_REGION, UNIT_KIND_NAMES
from workflows.casework.days import local_day
from workflows.casework.evidence.rules import checked_file, rules_on
from workflows.casework.orders.notices import NoticeCause
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.standards import standards_on

MEETING_PROCESS = "joint_conference"
PROBLEM_PROCESS = "coordination_problem"
MEETING_SERIES, PROBLEM_SERIES = "meeting", "problem"
MOST_NAME = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class ConveneMeeting:
    """Call a meeting of the conference: units file issues until some days before, then its course goes on by itself.

    An ordinary meeting leaves the units their days to file issues; an ad hoc one takes what comes until its day.
    The same submission key gives the same meeting.

    Raises:
        NotPermitted: the actor does not work for the office of the conference.
        MeetingDayWrong: nobody works on the day, or it is too soon.
        ConferenceTextWrong: title or place is empty or too long.
        ConferenceKeyTaken: the key came with another meeting.
    """

    kind: MeetingKind
    title: str
    place: str
    meets_on: date
    submission_key: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Meeting:
        """Number it, begin its course, and tell the units."""
        require_office(context, "召集联席会议")
        conference = context.unit_of_work.procedure.conference
        known = conference.meeting_by_key(self.submission_key)
        if known is not None:
            return self._as_before(known)
        title, place = checked_text(self.title, TITLE), checked_text(self.place, PLACE)
        issues_until, liaison_on = self._days(context)
        year = self.meets_on.year
        number = f"溧联席〔{year}〕{conference.next_number(series=MEETING_SERIES, year=year)}号"
        meeting = Meeting(
            id=uuid4(),
            number=number,
            kind=self.kind,
            title=title,
            place=place,
            meets_on=self.meets_on,
            issues_until=issues_until,
            liaison_on=liaison_on,
            convened_at=context.now(),
            convened_by=context.actor.id,
        )
        if not conference.add_meeting(meeting, submission_key=self.submission_key):  # the same came at one moment
            raise ConferenceKeyTaken
        return _begin_meeting(context, meeting)

    def _days(self, context: Context[CaseworkUnitOfWork]) -> tuple[date, date]:
        """Return the last day for issues and the day of the liaison meeting."""
        today = local_day(context.now())
        standards = standards_on(context.unit_of_work, today)
        before = standards.days("conference_issue_days")
        issues_until = self.meets_on - timedelta(days=before)
        liaison_on = self.meets_on - timedelta(days=standards.days("conference_liaison_days"))
        is_soon = issues_until < today if self.kind is MeetingKind.ORDINARY else self.meets_on <= today
        if is_soon or not context.unit_of_work.policy.calendar().is_workday(self.meets_on):
            earliest = today + timedelta(days=before)
            raise MeetingDayWrong(found=self.meets_on, earliest=earliest, days=before)
        return max(issues_until, today), max(liaison_on, today)

    def _as_before(self, known: Meeting) -> Meeting:
        mine = (self.kind, self.title.strip(), self.place.strip(), self.meets_on)
        if mine != (known.kind, known.title, known.place, known.meets_on):
            raise ConferenceKeyTaken
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class FileIssue:
    """File a matter for the conference to decide, in the name of a unit; without a meeting it waits for the next one.

    The same submission key gives the same issue.

    Raises:
        ConferenceUnitWrong: the actor has no post in that unit.
        ConferenceRecordNotFound: there is no such meeting.
        IssuesClosed: the meeting takes no issues any more.
        ConferenceTextWrong: title or text is empty or too long.
        ConferenceKeyTaken: the key came with another issue.
    """

    unit_kind: str
    title: str
    text: str
    submission_key: str
    meeting_id: UUID | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Issue:
        """Keep it."""
        require_voice(context, self.unit_kind)
        conference = context.unit_of_work.procedure.conference
        known = conference.issue_by_key(self.submission_key)
        if known is not None:
            return self._as_before(known)
        self._check_meeting(context)
        issue = Issue(
            id=uuid4(),
            meeting_id=self.meeting_id,
            unit_kind=self.unit_kind,
            title=checked_text(self.title, TITLE),
            text=checked_text(self.text, TEXT),
            filed_at=context.now(),
            filed_by=context.actor.id,
        )
        if not conference.add_issue(issue, submission_key=self.submission_key):
            raise ConferenceKeyTaken
        return issue

    def _check_meeting(self, context: Context[CaseworkUnitOfWork]) -> None:
        if self.meeting_id is None:
            return
        meeting = context.unit_of_work.procedure.conference.meeting(self.meeting_id)
        if meeting is None:
            raise ConferenceRecordNotFound
        if meeting.state is not MeetingState.COLLECTING or local_day(context.now()) > meeting.issues_until:
            raise IssuesClosed(number=meeting.number, until=meeting.issues_until)

    def _as_before(self, known: Issue) -> Issue:
        mine = (self.unit_kind, self.title.strip(), self.text.strip())
        if mine != (known.unit_kind, known.title, known.text):
            raise ConferenceKeyTaken
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawIssue:
    """Take back an issue that is on no agenda yet.

    Raises:
        ConferenceRecordNotFound: there is none.
        ConferenceUnitWrong: another unit filed it.
        IssueNotOpen: it is on an agenda, or over.
        ConferenceTextWrong: the reason is empty or too long.
    """

    issue_id: UUID
    reason: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Issue:
        """Keep why."""
        conference = context.unit_of_work.procedure.conference
        issue = conference.issue(self.issue_id)
        if issue is None:
            raise ConferenceRecordNotFound
        require_voice(context, issue.unit_kind)
        reason = checked_text(self.reason, REASON)
        if issue.state not in (IssueState.FILED, IssueState.DEFERRED):
            raise IssueNotOpen(title=issue.title)
        withdrawn = replace(issue, state=IssueState.WITHDRAWN, note=reason)
        conference.save_issue(withdrawn)
        return withdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProblem:
    """Put a problem between units into the box; the office gives it to a unit, which has to answer by a day.

    The same submission key gives the same problem.

    Raises:
        ConferenceUnitWrong: the actor has no post in that unit.
        ConferenceTextWrong: title or text is empty or too long.
        ConferenceKeyTaken: the key came with another problem.
    """

    unit_kind: str
    title: str
    text: str
    submission_key: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> UnitProblem:
        """Number it, and begin its course."""
        require_voice(context, self.unit_kind)
        conference = context.unit_of_work.procedure.conference
        known = conference.problem_by_key(self.submission_key)
        if known is not None:
            if (self.unit_kind, self.title.strip(), self.text.strip()) != (known.unit_kind, known.title, known.text):
                raise ConferenceKeyTaken
            return known
        title, text = checked_text(self.title, TITLE), checked_text(self.text, TEXT)
        year = local_day(context.now()).year
        problem = UnitProblem(
            id=uuid4(),
            number=f"溧协调〔{year}〕{conference.next_number(series=PROBLEM_SERIES, year=year)}号",
            unit_kind=self.unit_kind,
            title=title,
            text=text,
            filed_at=context.now(),
            filed_by=context.actor.id,
        )
        if not conference.add_problem(problem, submission_key=self.submission_key):
            raise ConferenceKeyTaken
        return _begin_problem(context, problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMaterial:
    """Lay a file beside an issue, a decided item or a problem; the same content again is the file already there.

    Raises:
        ConferenceRecordNotFound: there is no such record.
        ConferenceUnitWrong: the record is none of a unit of the actor, who does not work for the office either.
        EvidenceEmpty, EvidenceKindRefused, EvidenceBroken, EvidenceTooLarge, PictureTooLarge: the file is not kept.
        MaterialsFull: there are as many files as there may be.
    """

    beside: MaterialOf
    record_id: UUID
    name: str
    content: bytes

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Material:
        """Check it by its content, and keep it."""
        rules = rules_on(context.unit_of_work, local_day(context.now()))
        clean = checked_file(self.content, rules)
        conference = context.unit_of_work.procedure.conference
        units = _units_of(conference, self.beside, self.record_id)
        spoken = [one for one in speaks_for(context.actor) if one in units]
        if not spoken and not is_office(context.actor):
            raise _unit_wrong(units[0])
        digest, there = hashlib.sha256(clean.content).hexdigest(), conference.materials(self.record_id)
        known = next((one for one in there if one.sha256 == digest), None)
        if known is not None:
            return known
        if len(there) >= rules.most_files:
            raise MaterialsFull(most=rules.most_files)
        material = Material(
            id=uuid4(),
            beside=self.beside,
            record_id=self.record_id,
            name=_plain_name(self.name) or clean.kind.value,
            kind=clean.kind,
            size_bytes=len(clean.content),
            sha256=digest,
            unit_kind=spoken[0] if spoken else speaks_for(context.actor)[0],
            added_at=context.now(),
            added_by=context.actor.id,
        )
        conference.add_material(material, clean.content)
        return material


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMaterial:
    """Hand out a file of the conference.

    Raises:
        ConferenceNotYours: the actor does not see the conference.
        ConferenceRecordNotFound: there is no such file.
    """

    material_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> tuple[Material, bytes]:
        """Return it with its content."""
        if not takes_part(context.actor):
            raise ConferenceNotYours
        found = context.unit_of_work.procedure.conference.material(self.material_id)
        if found is None:
            raise ConferenceRecordNotFound
        return found


def require_voice(context: Context[CaseworkUnitOfWork], unit_kind: str) -> None:
    """Let those pass who speak for a unit that takes part.

    Raises:
        ConferenceUnitWrong: the actor has no post there.
    """
    if unit_kind not in speaks_for(context.actor):
        raise _unit_wrong(unit_kind)


def _unit_wrong(unit_kind: str) -> ConferenceUnitWrong:
    name, name_en = UNIT_KIND_NAMES.get(unit_kind, (unit_kind, unit_kind))
    return ConferenceUnitWrong(unit=name, unit_en=name_en)


def _units_of(conference: Conference, beside: MaterialOf, record_id: UUID) -> tuple[str, ...]:
    """Return the units a record is of.

    Raises:
        ConferenceRecordNotFound: there is no such record.
    """
    units: tuple[str, ...]
    match beside:
        case MaterialOf.ISSUE:
            issue = conference.issue(record_id)
            units = (issue.unit_kind,) if issue else ()
        case MaterialOf.ITEM:
            item = conference.item(record_id)
            units = (item.owner, *item.co_owners) if item else ()
        case MaterialOf.PROBLEM:
            problem = conference.problem(record_id)
            units = (problem.unit_kind, *filter(None, (problem.assigned_to,))) if problem else ()
    if not units:
        raise ConferenceRecordNotFound
    return units


def _plain_name(name: str) -> str:
    """Return the last part of a file's name without signs that steer a terminal or a page."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable()).strip()[-MOST_NAME:]


def _begin_meeting(context: Context[CaseworkUnitOfWork], meeting: Meeting) -> Meeting:
    course = StartProcessInstance(
        process_id=MEETING_PROCESS,
        variables={
            "meeting_id": str(meeting.id),
            "meeting_number": meeting.number,
            "meeting_title": meeting.title,
            "meeting_place": meeting.place,
            "meets_on": meeting.meets_on.isoformat(),
            "issues_until": meeting.issues_until.isoformat(),
            "liaison_on": meeting.liaison_on.isoformat(),
            "minutes": None,
            "return_reason": None,
        },
        region=COUNTY_REGION,
        business_key=meeting.number,
    ).execute(replace(context, actor=SYSTEM))
    begun = replace(meeting, process_instance_id=course.id)
    conference = context.unit_of_work.procedure.conference
    conference.save_meeting(begun)
    conference.record(
        RecordEvent(record_id=meeting.id, at=context.now(), by=context.actor.id, step=RecordStep.CONVENED)
    )
    text = f"定于 {meeting.meets_on} 召开“{meeting.title}”，请于 {meeting.issues_until} 前报送议题。"
    tell(context, meeting.number, NoticeCause.CONFERENCE_CALLED, liaison_groups(), text)
    return begun


def _begin_problem(context: Context[CaseworkUnitOfWork], problem: UnitProblem) -> UnitProblem:
    course = StartProcessInstance(
        process_id=PROBLEM_PROCESS,
        variables={
            "problem_id": str(problem.id),
            "problem_number": problem.number,
            "problem_title": problem.title,
            "problem_text": problem.text,
            "filed_by_unit": problem.unit_kind,
            "filing_group": owner_group(problem.unit_kind),
            "answer": None,
            "unsettled_reason": None,
        },
        region=COUNTY_REGION,
        business_key=problem.number,
    ).execute(replace(context, actor=SYSTEM))
    begun = replace(problem, process_instance_id=course.id)
    conference = context.unit_of_work.procedure.conference
    conference.save_problem(begun)
    conference.record(RecordEvent(record_id=problem.id, at=context.now(), by=context.actor.id, step=RecordStep.FILED))
    return begun
