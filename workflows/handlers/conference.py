"""A meeting of the joint conference: its issues, agenda, results, minutes, and what follows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import uuid4

from engine.core.model import HandlerCall
from engine.core.texts import Words
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.conference.courses import begin_item
from workflows.casework.conference.errors import ConferenceStateWrong
from workflows.casework.conference.model import (
    DecidedItem,
    Issue,
    IssueState,
    Meeting,
    MeetingState,
    RecordEvent,
    RecordStep,
)
from workflows.casework.conference.ports import Conference
from workflows.casework.conference.telling import liaisons, tell_people
from workflows.casework.conference.words import MEETING_STATES
from workflows.casework.county import UNIT_KIND_NAMES
from workflows.casework.days import local_day
from workflows.casework.documents.issuing import Documents
from workflows.casework.documents.words import day as day_in_words
from workflows.casework.errors import RecordNotFound
from workflows.casework.orders.notices import NoticeCause
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.standards import standards_on
from workflows.handlers.inputs import Inputs
from workflows.printing.fields import Value

PLACES = {"agenda": IssueState.ON_AGENDA, "settled": IssueState.SETTLED, "deferred": IssueState.DEFERRED}
OUTCOMES = {"decided": IssueState.DECIDED, "noted": IssueState.SETTLED, "deferred": IssueState.ON_AGENDA}
"""What an outcome makes of an issue until the minutes are signed: they set free what is left on the agenda."""
WAITING = (IssueState.FILED, IssueState.DEFERRED)


def close_issues(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Gather what units filed for a meeting, and what waited for the next one; later issues wait again."""
    meeting = _locked(context, Inputs(step=call.type, variables=call.variables), MeetingState.COLLECTING)
    conference = _conference(context)
    issues = [
        replace(issue, meeting_id=meeting.id, position=position)
        for position, issue in enumerate(conference.issues_for(meeting.id), start=1)
    ]
    for issue in issues:
        conference.save_issue(issue)
    _save(context, replace(meeting, state=MeetingState.CLOSED), RecordStep.CLOSED_FOR_ISSUES, str(len(issues)))
    return {"issues": [_issue_row(one) for one in issues]}


def lock_agenda(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Fix the agenda as the liaison officers agreed; what is left for the next meeting waits for it.

    An issue its unit took back while they met stays withdrawn.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    meeting = _locked(context, inputs, MeetingState.CLOSED)
    by_position = _by_position(context, meeting)
    agenda = []
    for row in inputs.contexts("rows"):
        issue = by_position[int(row.number("no"))]
        if issue.state not in WAITING:
            continue
        state = PLACES[row.choice("place", *PLACES)]
        _place(context, issue, state, row.optional_text("note") or "")
        if state is IssueState.ON_AGENDA:
            agenda.append({"no": issue.position, "title": issue.title, "outcome": "decided"})
    told = f"{inputs.day('liaison_held_on')} {inputs.text('liaison_present')}"
    _save(context, replace(meeting, state=MeetingState.LOCKED), RecordStep.AGENDA_LOCKED, told)
    return {"agenda": agenda}


def call_off_meeting(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Call a meeting off, before its agenda is locked or because it was not held; its issues wait for the next one.

    Whoever was told of the meeting is told of it, with the reason.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    meeting, reason = _locked(context, inputs, MeetingState.CLOSED, MeetingState.LOCKED), inputs.text("reason")
    for issue in _conference(context).issues_of(meeting.id):
        if issue.state in (*WAITING, IssueState.ON_AGENDA):
            _place(context, issue, IssueState.DEFERRED, reason)
    _save(context, replace(meeting, state=MeetingState.CALLED_OFF), RecordStep.CALLED_OFF, reason)
    what = Words(f"原定{meeting.meets_on}的会议取消", f"Not held on {meeting.meets_on}")
    told = liaisons(context, meeting.number)
    tell_people(context, meeting.number, NoticeCause.CONFERENCE_CALLED_OFF, told, what, reason)
    return {"called_off": True}


def record_meeting(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Keep who met, what came of each issue, and what was decided: it is given out when the minutes are signed.

    Until then it may be corrected, so that a deferred issue stays with its meeting, in its place.

    Raises:
        YearNotLoaded: the day for the minutes lies in a year without calendar data.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    meeting, held_on = _locked(context, inputs, MeetingState.LOCKED, MeetingState.HELD), inputs.day("held_on")
    conference = _conference(context)
    by_position = _by_position(context, meeting)
    items: list[DecidedItem] = []
    for row in inputs.contexts("rows"):
        issue = by_position[int(row.number("no"))]
        outcome = row.choice("outcome", *OUTCOMES)
        conference.save_issue(replace(issue, state=OUTCOMES[outcome]))
        if outcome == "decided":
            items.append(_item(meeting, issue, row, position=len(items) + 1))
    conference.put_items(meeting.id, items)
    days = standards_on(context.unit_of_work, local_day(context.now())).days("conference_minutes_days")
    minutes_due_on = context.unit_of_work.policy.calendar().add_working_days(held_on, days)
    held = replace(
        meeting,
        state=MeetingState.HELD,
        held_on=held_on,
        chair=inputs.text("chair"),
        participants=inputs.text("participants"),
        minutes_due_on=minutes_due_on,
    )
    _save(context, held, RecordStep.HELD, str(len(items)))
    return {
        "decided_list": _listed(items),
        "major_list": _listed([one for one in items if one.is_major]),
        "minutes_due_on": minutes_due_on.isoformat(),
    }


def return_minutes(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Keep why the convener does not sign the minutes."""
    inputs = Inputs(step=call.type, variables=call.variables)
    meeting = _locked(context, inputs, MeetingState.HELD)
    _save(context, meeting, RecordStep.MINUTES_RETURNED, inputs.text("reason"))
    return {"returned": True}


def issue_minutes(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Issue the signed minutes as a document, give out what was decided, and let deferred issues wait again."""
    inputs = Inputs(step=call.type, variables=call.variables)
    meeting = replace(_locked(context, inputs, MeetingState.HELD), minutes=inputs.text("minutes"))
    items, by_position = _conference(context).items_of(meeting.id), _by_position(context, meeting)
    discussed = [by_position[int(row.number("no"))] for row in inputs.contexts("rows")]
    printed = _printed(meeting, discussed, items)
    issued = Documents(context=context).issue("minutes", None, printed, subject=meeting.number)
    done = replace(meeting, state=MeetingState.ISSUED, document_id=issued.id, issued_on=local_day(context.now()))
    _save(context, done, RecordStep.MINUTES_ISSUED, issued.number)
    for item in items:
        begin_item(context, done, item)
    for issue in discussed:
        if issue.state is IssueState.ON_AGENDA:
            _place(context, issue, IssueState.DEFERRED, "")
    return {"document_number": issued.number}


def record_report_up(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Keep when and how the city government was told of what is major, and what it says."""
    inputs = Inputs(step=call.type, variables=call.variables)
    meeting = _locked(context, inputs, MeetingState.ISSUED)
    told = " ".join(filter(None, (inputs.text("report_number"), inputs.optional_text("government_answer"))))
    reported = replace(meeting, reported_up_on=inputs.day("reported_up_on"))
    _save(context, reported, RecordStep.REPORTED_UP, told)
    return {"reported": True}


def _conference(context: Context[CaseworkUnitOfWork]) -> Conference:
    return context.unit_of_work.procedure.conference


def _by_position(context: Context[CaseworkUnitOfWork], meeting: Meeting) -> Mapping[int | None, Issue]:
    return {one.position: one for one in _conference(context).issues_of(meeting.id)}


def _locked(context: Context[CaseworkUnitOfWork], inputs: Inputs, *states: MeetingState) -> Meeting:
    meeting_id = inputs.id("meeting_id")
    meeting = _conference(context).meeting(meeting_id)
    if meeting is None:
        raise RecordNotFound("meeting", meeting_id)
    if meeting.state not in states:
        raise ConferenceStateWrong(number=meeting.number, state=MEETING_STATES[meeting.state])
    return meeting


def _save(context: Context[CaseworkUnitOfWork], meeting: Meeting, step: RecordStep, text: str) -> None:
    conference = _conference(context)
    conference.save_meeting(meeting)
    event = RecordEvent(record_id=meeting.id, at=context.now(), by=context.actor.id, step=step, text=text)
    conference.record(event)


def _place(context: Context[CaseworkUnitOfWork], issue: Issue, state: IssueState, note: str) -> None:
    """Write how an issue stands; one that is deferred belongs to no meeting until the next gathers it."""
    placed = replace(issue, state=state, note=note or issue.note)
    if state is IssueState.DEFERRED:
        placed = replace(placed, meeting_id=None, position=None)
    _conference(context).save_issue(placed)


def _issue_row(issue: Issue) -> JsonObject:
    return {
        "no": issue.position,
        "unit": UNIT_KIND_NAMES[issue.unit_kind][0],
        "title": issue.title,
        "text": issue.text,
        "place": "agenda",
        "note": None,
    }


def _item(meeting: Meeting, issue: Issue, row: Inputs, *, position: int) -> DecidedItem:
    return DecidedItem(
        id=uuid4(),
        meeting_id=meeting.id,
        number=f"{meeting.number}第{position}项",
        position=position,
        issue_title=issue.title,
        text=row.text("text"),
        owner=row.choice("owner", *UNIT_KIND_NAMES),
        co_owners=row.texts("co_owners"),
        due_on=row.day("due_on"),
        is_major=bool(row.optional_flag("is_major")),
    )


def _listed(items: Sequence[DecidedItem]) -> str | None:
    """Return items as lines to read; None where there is none."""
    lines = [
        f"{one.position}. {one.text}（{UNIT_KIND_NAMES[one.owner][0]}，{one.due_on.isoformat()} 前）" for one in items
    ]
    return "\n".join(lines) or None


def _printed(meeting: Meeting, issues: Sequence[Issue], items: Sequence[DecidedItem]) -> dict[str, Value]:
    return {
        "title": meeting.title,
        "held_on": day_in_words(meeting.held_on or meeting.meets_on),
        "place": meeting.place,
        "chair": meeting.chair,
        "participants": meeting.participants,
        "agenda": [
            *(f"{place}. {one.title}（{UNIT_KIND_NAMES[one.unit_kind][0]}）" for place, one in enumerate(issues, 1)),
            *(line for line in meeting.minutes.splitlines() if line.strip()),
        ],
        "items": [
            {
                "item": one.text,
                "owner": "、".join(UNIT_KIND_NAMES[unit][0] for unit in (one.owner, *one.co_owners)),
                "due": one.due_on.isoformat(),
                "state": "交办",
            }
            for one in items
        ],
    }
