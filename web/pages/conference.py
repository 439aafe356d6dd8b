"""The pages of the joint conference: its year, a meeting, a decided item, a problem between units, its members."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.core.texts import Words
from engine.errors import EngineError
from web import i18n
from web.authentication import accepts_body_up_to, current_actor, permits
from web.conference import add_material, conference_year, require_part, this_year
from web.errors import BadRequest
from web.evidence import MOST_AT_ONCE, accepted, evidence_rules, uploaded_files
from web.labels import choices, in_language, unit_kind
from web.lists import chosen
from web.schemas.base import EARLIEST_DAY, LATEST_DAY
from web.services import services
from web.task_sight import seen_task
from web.terms import Terms
from workflows.casework.conference.commands import (
    ConveneMeeting,
    FileIssue,
    FileProblem,
    WithdrawIssue,
)
from workflows.casework.conference.materials import ReadMaterial
from workflows.casework.conference.model import (
    IssueState,
    ItemState,
    MaterialOf,
    MeetingKind,
    MeetingState,
    ProblemState,
    SeatRole,
    is_office,
    sees_files,
    speaks_for,
)
from workflows.casework.conference.queries import ItemFilter
from workflows.casework.conference.seats import LeaveSeat, TakeSeat
from workflows.casework.county import TOWNSHIP, UNIT_KIND_NAMES
from workflows.casework.evidence.file_kinds import MEDIA_TYPES
from workflows.organisation.rights import Right

blueprint = Blueprint("conference", __name__, url_prefix="/conference")

FIRST_YEAR, LAST_YEAR = 2014, 2199
MEETING_TONES = {
    MeetingState.COLLECTING: "info",
    MeetingState.CLOSED: "info",
    MeetingState.LOCKED: "info",
    MeetingState.HELD: "warn",
    MeetingState.ISSUED: "ok",
}
ITEM_TONES = {ItemState.OPEN: "info", ItemState.REPORTED: "warn", ItemState.CLOSED: "ok"}
PROBLEM_TONES = {
    ProblemState.FILED: "warn",
    ProblemState.ASSIGNED: "info",
    ProblemState.ANSWERED: "warn",
    ProblemState.CLOSED: "ok",
}


@blueprint.get("")
@permits(Right.WORK)
def overview_page() -> str:
    """Show a year: meetings, what was decided and is owed, problems between units."""
    require_part(current_actor())
    return _overview()


@blueprint.post("/meetings")
@permits(Right.WORK)
def convene() -> AnyResponse | tuple[str, int]:
    """Call a meeting."""
    form = request.form

    def call() -> UUID:
        command = ConveneMeeting(
            kind=chosen(MeetingKind, form.get("kind"), MeetingKind.ORDINARY),
            title=form.get("title", ""),
            place=form.get("place", ""),
            meets_on=_day("meets_on"),
            submission_key=_own_key(),
        )
        found: UUID = services().engine.execute(command, actor=current_actor()).id
        return found

    told = _("会议已召集，已通知各成员单位。")
    return _done(call, "convene", lambda made: url_for("conference.meeting_page", meeting_id=made), told)


@blueprint.get("/meetings/<uuid:meeting_id>")
@permits(Right.WORK)
def meeting_page(meeting_id: UUID) -> str:
    """Show a meeting with its issues, what it decided, and its course."""
    require_part(current_actor())
    return _meeting(meeting_id)


def _meeting(meeting_id: UUID, *, error: str = "") -> str:
    actor = current_actor()
    view = services().conference.meeting(meeting_id, unsigned=is_office(actor))
    meeting = view.line.meeting
    is_collecting = meeting.state is MeetingState.COLLECTING and Terms().today <= meeting.issues_until
    return render_template(
        "conference_meeting.html",
        view=view,
        line=view.line,
        open_task=_in_sight(view.line.open_task),
        meeting=meeting,
        may_file=is_collecting and bool(speaks_for(actor)),
        given=request.form,
        error=error,
        **_shared(),
    )


def _in_sight(task_id: UUID | None) -> UUID | None:
    """Return the open task of a record where the reader may open it."""
    task = seen_task(services().queries, task_id, current_actor())
    return None if task is None else task.id


@blueprint.post("/issues")
@permits(Right.WORK)
def file_issue() -> AnyResponse | tuple[str, int]:
    """File an issue for a meeting, or for the next one."""
    form = request.form
    meeting_id = _id(form.get("meeting"))
    back = url_for("conference.meeting_page", meeting_id=meeting_id) if meeting_id else _home()

    def file() -> None:
        command = FileIssue(
            unit_kind=form.get("unit_kind", ""),
            title=form.get("title", ""),
            text=form.get("text", ""),
            meeting_id=meeting_id,
            submission_key=_own_key(),
        )
        services().engine.execute(command, actor=current_actor())

    require_part(current_actor())
    try:
        file()
    except EngineError as refused:
        told = i18n.refusal_text(refused)
        return (_meeting(meeting_id, error=told) if meeting_id else _overview(error=told, place="issue")), 422
    flash(_("议题已报送。"), "success")
    return redirect(back, 303)


@blueprint.post("/issues/<uuid:issue_id>/withdrawal")
@permits(Right.WORK)
def withdraw_issue(issue_id: UUID) -> AnyResponse:
    """Take an issue back."""

    def withdraw() -> None:
        command = WithdrawIssue(issue_id=issue_id, reason=request.form.get("reason", ""))
        services().engine.execute(command, actor=current_actor())

    meeting_id = _id(request.form.get("meeting"))
    back = url_for("conference.meeting_page", meeting_id=meeting_id) if meeting_id else _home()
    return _and_back(withdraw, back, _("议题已撤回。"))


@blueprint.get("/items/<uuid:item_id>")
@permits(Right.WORK)
def item_page(item_id: UUID) -> str:
    """Show a decided item."""
    actor = current_actor()
    require_part(actor)
    view = services().conference.item(item_id, unsigned=is_office(actor))
    line = view.line
    return render_template(
        "conference_item.html", view=view, line=line, open_task=_in_sight(line.open_task), item=line.item, **_shared()
    )


@blueprint.post("/problems")
@permits(Right.WORK)
def file_problem() -> AnyResponse | tuple[str, int]:
    """Put a problem between units into the box."""
    form = request.form

    def file() -> UUID:
        command = FileProblem(
            unit_kind=form.get("unit_kind", ""),
            title=form.get("title", ""),
            text=form.get("text", ""),
            submission_key=_own_key(),
        )
        found: UUID = services().engine.execute(command, actor=current_actor()).id
        return found

    told = _("协调事项已提出。")
    return _done(file, "problem", lambda made: url_for("conference.problem_page", problem_id=made), told)


@blueprint.get("/problems/<uuid:problem_id>")
@permits(Right.WORK)
def problem_page(problem_id: UUID) -> str:
    """Show a problem between units."""
    require_part(current_actor())
    view = services().conference.problem(problem_id)
    line, open_task = view.line, _in_sight(view.line.open_task)
    return render_template(
        "conference_problem.html", view=view, line=line, open_task=open_task, problem=line.problem, **_shared()
    )


@blueprint.get("/<any(meeting, item, problem):kind>/<uuid:record_id>")
@permits(Right.WORK)
def record_page(kind: str, record_id: UUID) -> AnyResponse:
    """Lead on to the page of a record that a task is about."""
    match kind:
        case "meeting":
            return redirect(url_for("conference.meeting_page", meeting_id=record_id))
        case "item":
            return redirect(url_for("conference.item_page", item_id=record_id))
        case _:
            return redirect(url_for("conference.problem_page", problem_id=record_id))


@blueprint.get("/members")
@permits(Right.WORK)
def member_page() -> str:
    """Show who sits in the conference, and who did."""
    actor = current_actor()
    require_part(actor)
    return render_template(
        "conference_members.html",
        seats=services().conference.seats(None),
        today=Terms().today,
        roles=choices("seat_role"),
        units=[("", "—"), *((kind, unit_kind(kind)) for kind in UNIT_KIND_NAMES if kind != TOWNSHIP)],
        **_shared(),
    )


@blueprint.post("/members")
@permits(Right.WORK)
def take_seat() -> AnyResponse:
    """Enter who holds a seat from a day on."""
    form = request.form

    def take() -> None:
        command = TakeSeat(
            role=chosen(SeatRole, form.get("role"), SeatRole.MEMBER),
            unit_kind=form.get("unit_kind") or None,
            post=form.get("post", ""),
            name=form.get("name", ""),
            login=form.get("login") or None,
            since=_day("since"),
        )
        services().engine.execute(command, actor=current_actor())

    return _and_back(take, url_for("conference.member_page"), _("席位已登记。"))


@blueprint.post("/members/<uuid:seat_id>/end")
@permits(Right.WORK)
def leave_seat(seat_id: UUID) -> AnyResponse:
    """End a seat without a successor."""

    def leave() -> None:
        services().engine.execute(LeaveSeat(seat_id=seat_id, until=_day("until")), actor=current_actor())

    return _and_back(leave, url_for("conference.member_page"), _("席位已登记。"))


@blueprint.post("/<any(issue, item, problem):beside>/<uuid:record_id>/materials")
@accepts_body_up_to(MOST_AT_ONCE)
@permits(Right.WORK)
def add_files(beside: str, record_id: UUID) -> AnyResponse:
    """Lay files beside a record."""

    def add() -> None:
        for upload in uploaded_files(request):
            add_material(MaterialOf(beside), record_id, upload, current_actor())

    meeting_id = _id(request.args.get("meeting"))
    match beside:
        case "item":
            back = url_for("conference.item_page", item_id=record_id)
        case "problem":
            back = url_for("conference.problem_page", problem_id=record_id)
        case _:
            back = url_for("conference.meeting_page", meeting_id=meeting_id) if meeting_id else _home()
    return _and_back(add, back, _("材料已附上。"))


@blueprint.get("/materials/<uuid:material_id>")
@permits(Right.WORK)
def download(material_id: UUID) -> Response:
    """Hand out a file."""
    material, content = services().engine.execute(ReadMaterial(material_id=material_id), actor=current_actor())
    answer = Response(content, content_type=MEDIA_TYPES[material.kind])
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(material.name)}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _overview(*, error: str = "", place: str = "") -> str:
    year = _year(request.args.get("year"))
    unit = request.args.get("unit", "")
    wanted = ItemFilter(
        unit_kind=unit if unit in UNIT_KIND_NAMES else None,
        open_only=request.args.get("show") != "all",
        overdue_only=request.args.get("show") == "overdue",
    )
    return render_template(
        "conference.html",
        year=year,
        figures=conference_year(year),
        meetings=services().conference.meetings(year),
        items=services().conference.items(wanted),
        problems=services().conference.problems(open_only=False),
        waiting=services().conference.waiting_issues(),
        wanted=wanted,
        show=request.args.get("show", ""),
        kinds=choices("meeting_kind"),
        given=request.form,
        error=error,
        place=place,
        submission_key=uuid4().hex,
        **_shared(),
    )


def _shared() -> dict[str, Any]:
    """Return what every page of the conference needs: who one speaks for, colours, kinds of files."""
    actor, rules = current_actor(), evidence_rules()
    return {
        "is_office": is_office(actor),
        "own_units": [(kind, unit_kind(kind)) for kind in speaks_for(actor) if kind in UNIT_KIND_NAMES],
        "withdrawable": (IssueState.FILED, IssueState.DEFERRED),
        "sees_files": partial(sees_files, actor),
        "unit_kind": unit_kind,
        "unit_names": _unit_names,
        "meeting_tones": MEETING_TONES,
        "item_tones": ITEM_TONES,
        "problem_tones": PROBLEM_TONES,
        "accept": accepted(rules.kinds if rules else ()),
        "new_key": uuid4().hex,
    }


def _unit_names(kinds: Sequence[str]) -> str:
    return in_language("、", ", ").join(unit_kind(one) for one in kinds)


def _done(act: Callable[[], UUID], place: str, then: Callable[[UUID], str], told: str) -> AnyResponse | tuple[str, int]:
    """Do something that makes a record and go to it; where it is refused, show the form again with why."""
    require_part(current_actor())
    try:
        made = act()
    except EngineError as refused:
        return _overview(error=i18n.refusal_text(refused), place=place), 422
    flash(told, "success")
    return redirect(then(made), 303)


def _and_back(act: Callable[[], None], back: str, told: str) -> AnyResponse:
    try:
        act()
        flash(told, "success")
    except EngineError as refused:
        flash(i18n.refusal_text(refused), "danger")
    return redirect(back, 303)


def _home() -> str:
    return url_for("conference.overview_page")


def _own_key() -> str:
    return f"{current_actor().id}:{request.form.get('submission_key', '')[:64] or uuid4().hex}"


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _day(name: str) -> date:
    try:
        day = date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        day = None
    if day is None or not EARLIEST_DAY <= day <= LATEST_DAY:
        raise BadRequest(Words("日期无法识别，请重新填写", "Cannot read the date, enter it again"))
    return day


def _year(text: str | None) -> int:
    is_year = text is not None and text.isascii() and text.isdecimal() and FIRST_YEAR <= int(text[:5]) <= LAST_YEAR
    return int(text) if is_year and text else this_year()
