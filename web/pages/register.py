"""The register of persons and households: searching, a person, a household as of a day, numbers for a purpose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.core.texts import Words
from engine.errors import EngineError
from engine.json_values import JsonObject
from web.authentication import current_actor, permits
from web.days import day_of
from web.errors import BadRequest
from web.household_aid import aid_of
from web.lists import PAGE_SIZE, page_count, page_number, searched
from web.plain_forms import loaded, typed
from web.refusals import Refusal, refusal
from web.registering import change_of_household, change_of_person, region_of, shown_numbers
from web.schemas.register import HouseholdCorrectionSchema, PersonCorrectionSchema
from web.search_words import in_address, is_readable, searched_text
from web.services import services
from web.staff_names import staff_names
from web.submissions import key_of_form
from web.terms import Terms
from web.unread_filters import tell_unread
from workflows.casework.privacy import PersonalFacts, Purpose
from workflows.casework.register.queries import CorrectionView, HistoryLine, PersonFilter
from workflows.casework.register.sight import may_ask
from workflows.casework.register.standing import facts_on
from workflows.organisation.rights import Right

blueprint = Blueprint("register", __name__)

FIELDS = ("changes", "reason", "evidence")


@blueprint.get("/register")
@permits(Right.WORK)
def person_list() -> str:
    """Show the persons of the register."""
    tell_unread(q=is_readable)
    return _person_list(searched_text(request.args.get("q")), page_number(request.args.get("page")))


@blueprint.post("/register/search")
@permits(Right.WORK)
def search() -> AnyResponse:
    """Show the persons a form asks for, whose words stand in no address."""
    text = searched_text(request.form.get("q"))
    return searched(url_for("register.person_list", q=in_address(text) or None), lambda: _person_list(text, 1))


def _person_list(text: str, page: int) -> str:
    wanted = PersonFilter(actor=current_actor(), text=text or None, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    found = services().register.persons(wanted)
    return render_template(
        "register.html",
        text=text,
        persons=found.persons,
        total=found.total,
        page=page,
        pages=page_count(found.total),
        page_url=lambda number: url_for("register.person_list", q=in_address(text) or None, page=number),
    )


@blueprint.get("/register/persons/<uuid:person_id>")
@permits(Right.WORK)
def person_page(person_id: UUID) -> str:
    """Show a person; with a day also what stood then."""
    return _person_page(person_id)


@blueprint.post("/register/persons/<uuid:person_id>/corrections")
@permits(Right.WORK)
def correct_person(person_id: UUID) -> AnyResponse | tuple[str, int]:
    """Ask for a change of a person."""
    try:
        asked = loaded(PersonCorrectionSchema(), {"changes": {}} | typed(request.form, only=FIELDS))
        kept = change_of_person(person_id, **asked, key=key_of_form())
    except EngineError as error:
        return _person_page(person_id, refusal(error)), 422
    flash(_("更正申请已登记，待另一位负责人审批。"), "success")
    return redirect(url_for("corrections.correction_page", correction_id=kept.id), 303)


@blueprint.get("/register/persons/<uuid:person_id>/numbers")
@permits(Right.WORK)
def reveal_page(person_id: UUID) -> str:
    """Ask for the purpose."""
    return _numbers_page(person_id, None)


@blueprint.post("/register/persons/<uuid:person_id>/numbers")
@permits(Right.WORK)
def reveal(person_id: UUID) -> str:
    """Show the numbers once; who looked and why stands in the history of the person."""
    purpose = next((one for one in Purpose if one.value == request.form.get("purpose")), None)
    if purpose is None:
        raise BadRequest(Words("没有选择用途", "purpose"))
    return _numbers_page(person_id, shown_numbers(person_id, purpose))


@blueprint.get("/register/households/<uuid:household_id>")
@permits(Right.WORK)
def household_page(household_id: UUID) -> str:
    """Show a household as of a day."""
    return _household_page(household_id)


@blueprint.post("/register/households/<uuid:household_id>/corrections")
@permits(Right.WORK)
def correct_household(household_id: UUID) -> AnyResponse | tuple[str, int]:
    """Ask for a change of a household."""
    try:
        asked = loaded(HouseholdCorrectionSchema(), _household_changes())
        kept = change_of_household(household_id, **asked, key=key_of_form())
    except EngineError as error:
        return _household_page(household_id, refusal(error)), 422
    flash(_("更正申请已登记，待另一位负责人审批。"), "success")
    return redirect(url_for("corrections.correction_page", correction_id=kept.id), 303)


def _person_page(person_id: UUID, refused: Refusal | None = None) -> str:
    actor, today = current_actor(), Terms().today
    view = services().register.person(person_id, actor)
    day = day_of(request.args.get("on"), today)
    return render_template(
        "register_person.html",
        view=view,
        day=day,
        today=today,
        then=facts_on(view, day) if day != today else None,
        names=_names(view.history, view.corrections),
        may_ask=may_ask(actor, region_of(view, actor)),
        submission_key=uuid4().hex,
        refused=refused,
        given=request.form,
    )


def _household_page(household_id: UUID, refused: Refusal | None = None) -> str:
    actor, today = current_actor(), Terms().today
    day = day_of(request.args.get("on"), today)
    view = services().register.household(household_id, day, actor)
    return render_template(
        "register_household.html",
        view=view,
        day=day,
        today=today,
        aid=aid_of(view.cases[0].number, actor) if view.cases else None,
        head=next((one.person.name for one in view.members if one.person.id == view.head_id), ""),
        names=_names(view.history, view.corrections),
        member_names={str(one.person.id): one.person.name for one in view.members},
        may_ask=may_ask(actor, view.region),
        submission_key=uuid4().hex,
        refused=refused,
        given=request.form,
    )


def _numbers_page(person_id: UUID, facts: PersonalFacts | None) -> str:
    view = services().register.person(person_id, current_actor())
    return render_template("register_numbers.html", person=view.person, facts=facts)


def _names(history: Iterable[HistoryLine], corrections: Iterable[CorrectionView]) -> Mapping[str, str]:
    return staff_names([one.actor for one in history], [one.requested_by for one in corrections])


def _household_changes() -> JsonObject:
    asked: JsonObject = {"changes": {}} | typed(request.form, only=FIELDS)
    left = request.form.getlist("left")
    if left and isinstance(asked["changes"], dict):
        asked["changes"]["left"] = [{"person_id": one, "on": request.form.get("left_on", "")} for one in left]
    return asked
