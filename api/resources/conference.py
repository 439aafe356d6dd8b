"""The joint conference: its year, seats, meetings with issues, decided items, the problem box, and files."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from flask import request, url_for

from api.operations import Created, FileAnswer, Operation, operation
from api.resources.applications import IDEMPOTENCY_KEY, given_key
from api.resources.blueprint import api
from api.schemas.conference import (
    ConferenceYearSchema,
    ConveneSchema,
    FileIssueSchema,
    FileProblemSchema,
    Issues,
    IssueSchema,
    IssuesSchema,
    ItemListSchema,
    Items,
    ItemsSchema,
    ItemViewSchema,
    LeaveSeatSchema,
    MaterialSchema,
    Meetings,
    MeetingSchema,
    MeetingsSchema,
    MeetingViewSchema,
    ProblemListSchema,
    Problems,
    ProblemSchema,
    ProblemsSchema,
    ProblemViewSchema,
    SeatListSchema,
    Seats,
    SeatSchema,
    SeatsSchema,
    TakeSeatSchema,
    WithdrawIssueSchema,
    YearSchema,
)
from api.services import current
from engine.json_values import JsonObject
from engine.model import Actor
from web.authentication import accepts_body_up_to, current_actor
from web.conference import add_material, conference_year, require_part, this_year
from web.evidence import MOST_AT_ONCE, uploaded_files
from workflows.casework.conference.commands import (
    ConveneMeeting,
    FileIssue,
    FileProblem,
    ReadMaterial,
    WithdrawIssue,
)
from workflows.casework.conference.model import Issue, Material, MaterialOf, Seat
from workflows.casework.conference.queries import ConferenceYear, ItemFilter, ItemView, MeetingView, ProblemView
from workflows.casework.conference.seats import LeaveSeat, TakeSeat
from workflows.casework.evidence.file_kinds import MEDIA_TYPES
from workflows.organisation.rights import Right


@api.get("/conference")
@operation(
    Operation(
        summary="A year of the joint conference: meetings held and missing, items closed on time, problems",
        right=Right.WORK,
        query=YearSchema,
        answer=ConferenceYearSchema,
    )
)
def get_conference(query: dict[str, Any]) -> ConferenceYear:
    """Tell of a year."""
    require_part(current_actor())
    return conference_year(query["year"] or this_year())


@api.get("/conference/seats")
@operation(
    Operation(
        summary="Who sits in the conference on a day, or every seat that was ever held",
        right=Right.WORK,
        query=SeatListSchema,
        answer=SeatsSchema,
    )
)
def list_seats(query: dict[str, Any]) -> Seats:
    """List seats."""
    require_part(current_actor())
    return Seats(seats=current().conference.seats(query["day"]))


@api.post("/conference/seats")
@operation(
    Operation(
        summary="Enter who holds a seat from a day on; whoever held it leaves it the day before",
        right=Right.WORK,
        body=TakeSeatSchema,
        answer=SeatSchema,
    )
)
def take_seat(body: JsonObject) -> Seat:
    """Enter a holder."""
    return current().engine.execute(TakeSeat(**body), actor=current_actor())


@api.post("/conference/seats/<uuid:seat_id>/end")
@operation(
    Operation(
        summary="End a seat without a successor",
        right=Right.WORK,
        body=LeaveSeatSchema,
        answer=SeatSchema,
    )
)
def leave_seat(seat_id: UUID, body: dict[str, Any]) -> Seat:
    """End it."""
    return current().engine.execute(LeaveSeat(seat_id=seat_id, until=body["until"]), actor=current_actor())


@api.get("/conference/meetings")
@operation(
    Operation(
        summary="The meetings of a year, or all, the newest first",
        right=Right.WORK,
        query=YearSchema,
        answer=MeetingsSchema,
    )
)
def list_meetings(query: dict[str, Any]) -> Meetings:
    """List meetings."""
    require_part(current_actor())
    return Meetings(meetings=current().conference.meetings(query["year"]))


@api.get("/conference/meetings/<uuid:meeting_id>")
@operation(
    Operation(
        summary="A meeting with its issues, what it decided, and its course",
        right=Right.WORK,
        answer=MeetingViewSchema,
    )
)
def get_meeting(meeting_id: UUID) -> MeetingView:
    """Show a meeting."""
    require_part(current_actor())
    return current().conference.meeting(meeting_id)


@api.post("/conference/meetings")
@operation(
    Operation(
        summary="Call a meeting and tell the units; the same Idempotency-Key gives the same meeting",
        right=Right.WORK,
        body=ConveneSchema,
        answer=MeetingSchema,
        status=HTTPStatus.CREATED,
        headers=(IDEMPOTENCY_KEY,),
    )
)
def convene_meeting(body: dict[str, Any]) -> Created:
    """Call a meeting."""
    actor = current_actor()
    called = current().engine.execute(ConveneMeeting(**body, submission_key=_key(actor)), actor=actor)
    return Created(value=called, location=url_for("api.get_meeting", meeting_id=called.id))


@api.get("/conference/issues")
@operation(
    Operation(
        summary="The issues that wait for the next meeting",
        right=Right.WORK,
        answer=IssuesSchema,
    )
)
def list_waiting_issues() -> Issues:
    """List issues without a meeting."""
    require_part(current_actor())
    return Issues(issues=current().conference.waiting_issues())


@api.post("/conference/issues")
@operation(
    Operation(
        summary="File an issue for a meeting, or for the next one; the same Idempotency-Key gives the same issue",
        right=Right.WORK,
        body=FileIssueSchema,
        answer=IssueSchema,
        headers=(IDEMPOTENCY_KEY,),
    )
)
def file_issue(body: dict[str, Any]) -> Issue:
    """File an issue."""
    actor = current_actor()
    return current().engine.execute(FileIssue(**body, submission_key=_key(actor)), actor=actor)


@api.post("/conference/issues/<uuid:issue_id>/withdrawal")
@operation(
    Operation(
        summary="Take back an issue that is on no agenda yet",
        right=Right.WORK,
        body=WithdrawIssueSchema,
        answer=IssueSchema,
    )
)
def withdraw_issue(issue_id: UUID, body: dict[str, Any]) -> Issue:
    """Withdraw an issue."""
    return current().engine.execute(WithdrawIssue(issue_id=issue_id, reason=body["reason"]), actor=current_actor())


@api.get("/conference/items")
@operation(
    Operation(
        summary="What the conference decided: who owes what by when, those due first first",
        right=Right.WORK,
        query=ItemListSchema,
        answer=ItemsSchema,
    )
)
def list_items(query: dict[str, Any]) -> Items:
    """List decided items."""
    require_part(current_actor())
    return Items(items=current().conference.items(ItemFilter(**query)))


@api.get("/conference/items/<uuid:item_id>")
@operation(
    Operation(
        summary="A decided item with its course, evidence and files",
        right=Right.WORK,
        answer=ItemViewSchema,
    )
)
def get_item(item_id: UUID) -> ItemView:
    """Show a decided item."""
    require_part(current_actor())
    return current().conference.item(item_id)


@api.get("/conference/problems")
@operation(
    Operation(
        summary="Problems between units, the newest first",
        right=Right.WORK,
        query=ProblemListSchema,
        answer=ProblemsSchema,
    )
)
def list_problems(query: dict[str, Any]) -> Problems:
    """List problems."""
    require_part(current_actor())
    return Problems(problems=current().conference.problems(open_only=query["open_only"]))


@api.get("/conference/problems/<uuid:problem_id>")
@operation(
    Operation(
        summary="A problem between units with its course and files",
        right=Right.WORK,
        answer=ProblemViewSchema,
    )
)
def get_problem(problem_id: UUID) -> ProblemView:
    """Show a problem."""
    require_part(current_actor())
    return current().conference.problem(problem_id)


@api.post("/conference/problems")
@operation(
    Operation(
        summary="Put a problem between units into the box; the same Idempotency-Key gives the same problem",
        right=Right.WORK,
        body=FileProblemSchema,
        answer=ProblemSchema,
        status=HTTPStatus.CREATED,
        headers=(IDEMPOTENCY_KEY,),
    )
)
def file_problem(body: dict[str, Any]) -> Created:
    """File a problem."""
    actor = current_actor()
    filed = current().engine.execute(FileProblem(**body, submission_key=_key(actor)), actor=actor)
    return Created(value=filed, location=url_for("api.get_problem", problem_id=filed.id))


@api.post("/conference/<any(issue, item, problem):beside>/<uuid:record_id>/materials")
@accepts_body_up_to(MOST_AT_ONCE)
@operation(
    Operation(
        summary="Lay one file beside an issue, a decided item or a problem; its content tells its kind",
        right=Right.WORK,
        answer=MaterialSchema,
        files=True,
    )
)
def add_conference_material(beside: str, record_id: UUID) -> Material:
    """Add a file."""
    (upload,) = uploaded_files(request, most=1)
    return add_material(MaterialOf(beside), record_id, upload, current_actor())


@api.get("/conference/materials/<uuid:material_id>/file")
@operation(
    Operation(
        summary="Take out a file of the conference as it was handed in",
        right=Right.WORK,
        media_types=tuple(MEDIA_TYPES.values()),
    )
)
def read_conference_material(material_id: UUID) -> FileAnswer:
    """Hand out a file."""
    material, content = current().engine.execute(ReadMaterial(material_id=material_id), actor=current_actor())
    return FileAnswer(content=content, media_type=MEDIA_TYPES[material.kind], name=material.name)


def _key(actor: Actor) -> str:
    return f"{actor.id}:{given_key() or uuid4().hex}"
