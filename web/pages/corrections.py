"""Change requests to the register: the list, one of them beside what stands now, and the decision."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.core.texts import Words
from engine.errors import EngineError
from engine.model import Actor
from web.authentication import current_actor, permits
from web.errors import BadRequest
from web.lists import PAGE_SIZE, page_count, page_number
from web.refusals import Refusal, refusal
from web.registering import decided_change
from web.services import services
from web.staff_names import staff_names
from web.terms import Terms
from web.unread_filters import tell_unread
from workflows.casework.errors import CaseNotFound
from workflows.casework.queries import CaseView
from workflows.casework.register.corrections import DecideCorrection
from workflows.casework.register.errors import PersonNotRegistered
from workflows.casework.register.model import CorrectionState
from workflows.casework.register.queries import CorrectionFilter, CorrectionView, HouseholdOnDay, PersonLine
from workflows.casework.register.sight import may_decide
from workflows.organisation.rights import Right

blueprint = Blueprint("corrections", __name__)

DECISIONS = {"approve": True, "refuse": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom a change is about, as far as the reader may see the entry itself."""

    person: PersonLine | None = None
    household: HouseholdOnDay | None = None
    case: CaseView | None = None


@blueprint.get("/register/corrections")
@permits(Right.WORK)
def correction_list() -> str:
    """Show the change requests of the region; without a word about the state, those to be decided."""
    tell_unread(state=("all", *(one.value for one in CorrectionState)))
    page, named = page_number(request.args.get("page")), request.args.get("state", CorrectionState.REQUESTED.value)
    state = next((one for one in CorrectionState if one.value == named), None)
    wanted = CorrectionFilter(actor=current_actor(), state=state, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    found = services().register.corrections(wanted)
    shown = state.value if state else "all"
    return render_template(
        "corrections.html",
        state=state,
        states=CorrectionState,
        corrections=found.corrections,
        total=found.total,
        page=page,
        pages=page_count(found.total),
        page_url=lambda number: url_for("corrections.correction_list", state=shown, page=number),
        names=staff_names([one.requested_by for one in found.corrections]),
    )


@blueprint.get("/register/corrections/<uuid:correction_id>")
@permits(Right.WORK)
def correction_page(correction_id: UUID) -> str:
    """Show a change request."""
    return _page(correction_id)


@blueprint.post("/register/corrections/<uuid:correction_id>/decision")
@permits(Right.WORK)
def decide(correction_id: UUID) -> AnyResponse | tuple[str, int]:
    """Approve the change, or refuse it with the reason."""
    decision = request.form.get("decision")
    if decision not in DECISIONS:
        raise BadRequest(Words("没有选择同意或不同意", "decision"))
    approve = DECISIONS[decision]
    command = DecideCorrection(correction_id=correction_id, approve=approve, note=request.form.get("note", ""))
    try:
        decided_change(command)
    except EngineError as error:
        return _page(correction_id, refusal(error)), 422
    flash(_("已同意，登记内容已更正。") if approve else _("已登记为不同意更正。"), "success")
    return redirect(url_for("corrections.correction_page", correction_id=correction_id), 303)


def _page(correction_id: UUID, refused: Refusal | None = None) -> str:
    actor = current_actor()
    view = services().register.correction(correction_id, actor)
    subject = _subject(view, actor)
    household = subject.household
    return render_template(
        "correction.html",
        view=view,
        subject=subject,
        member_names={str(one.person.id): one.person.name for one in household.members} if household else {},
        names=staff_names([view.requested_by, view.decided_by]),
        is_own=view.requested_by == actor.id,
        may_decide=view.state is CorrectionState.REQUESTED and may_decide(actor, view.region),
        refused=refused,
        given=request.form,
    )


def _subject(view: CorrectionView, actor: Actor) -> Subject:
    register = services().register
    try:
        if view.person_id is not None:
            return Subject(person=register.person(view.person_id, actor).person)
        if view.household_id is not None:
            return Subject(household=register.household(view.household_id, Terms().today, actor))
        if view.case_id is not None:
            return Subject(case=services().casework.case(view.case_id, actor))
    except (CaseNotFound, PersonNotRegistered):
        pass  # erased, or none of the reader's cases is of it any more: the request still stands
    return Subject()
