"""Repairing one instance: a form, a preview in plain words, and then the deed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.commands.repairs import PreviewRepair, Repair
from engine.core.texts import Words
from engine.errors import EngineError
from engine.json_values import dump_json
from engine.model import ActivityInstance
from engine.operation_queries import ScopedVariable
from engine.queries import InstanceView
from web import i18n
from web.authentication import current_actor, permits
from web.element_names import ElementNames
from web.errors import BadRequest
from web.labels import in_language
from web.lists import chosen
from web.pages.process_instances import days_standing
from web.repair_form import RepairAction, RepairForm
from web.services import services
from web.xray import Examined, examined
from workflows.casework.flow.drawing import CONTAINERS, DrawnElement, drawn_elements
from workflows.organisation.rights import Right

blueprint = Blueprint("repairs", __name__)

LONGEST_TOLD = 300  # characters
Option = tuple[str, str]


@blueprint.get("/process-instances/<uuid:instance_id>/repair")
@permits(Right.OPERATE)
def repair_page(instance_id: UUID) -> str:
    """Show the form of a repair."""
    seen = examined(instance_id, current_actor())
    action = chosen(RepairAction, request.args.get("action"), RepairAction.MOVE)
    form = RepairForm.of(action, {**request.args.to_dict(), "version": str(seen.xray.version)})
    return _page(seen, RepairForm.of(action, {**form.typed, "value": form["value"] or _value_now(seen, form)}))


@blueprint.post("/process-instances/<uuid:instance_id>/repair")
@permits(Right.OPERATE)
def repair_now(instance_id: UUID) -> AnyResponse | tuple[str, int] | str:
    """Go back to the form, show what would happen, or do what was shown."""
    seen = examined(instance_id, current_actor())
    form = RepairForm.of(_action(), request.form.to_dict())
    asked = request.form.get("do")
    if asked == "edit":
        return _page(seen, form)
    errors = form.objections()
    if errors:
        return _page(seen, form, errors=errors), 422
    command = form.repair(instance_id)
    try:
        if asked != "apply":
            preview = services().engine.execute(PreviewRepair(repair=command), actor=current_actor())
            return _page(seen, form, preview=preview)
        done = services().engine.execute(command, actor=current_actor())
    except EngineError as refused:
        return _page(seen, form, errors={"": i18n.refusal_text(refused)}), 422
    told = in_language(done.text_zh, done.text_en)
    flash(_("已处置：%(what)s", what=shorten(told, LONGEST_TOLD)), "success")
    return redirect(url_for("process_instances.instance_page", instance_id=instance_id), 303)


def shorten(text: str, most: int) -> str:
    """Return a text cut where it would outgrow the cookie that carries it to the next page."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _action() -> RepairAction:
    found = next((one for one in RepairAction if one.value == request.form.get("action")), None)
    if found is None:
        raise BadRequest(Words("处置方式无法识别", "the kind of repair"))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What can be chosen: tokens to end, elements to begin by the scope they are drawn in, scopes, incidents."""

    tokens: list[Option]
    targets: list[tuple[str, list[Option]]]
    scopes: list[Option]
    incidents: list[Option]


def _page(
    seen: Examined, form: RepairForm, *, errors: Mapping[str, str] | None = None, preview: Repair | None = None
) -> str:
    named = [one for one in seen.found.variables if _is_meant(one, form)]
    return render_template(
        "repair.html",
        line=seen.found.line,
        form=form,
        actions=RepairAction,
        errors=errors or {},
        preview=preview,
        preview_text=in_language(preview.text_zh, preview.text_en) if preview else "",
        choices=_choices(seen),
        value_now=dump_json(named[0].value) if named and named[0].value_shown else None,
        has_changed=form["version"] != str(seen.xray.version),
        has_ended=seen.found.view.instance.ended_at is not None,
        is_suspended=seen.found.line.state.value == "suspended",
    )


def _choices(seen: Examined) -> Choices:
    view, names = seen.found.view, ElementNames.of(seen.found.view)
    living = [one for one in view.activities if one.left_at is None]
    days = {token.key: days_standing(token) for token in seen.xray.tokens}
    incidents = [one for one in view.incidents if one.resolved_at is None]
    return Choices(
        tokens=[
            (str(one.key), " · ".join(filter(None, (_called(one, names), f"#{one.key}", days.get(one.key, "")))))
            for one in living
            if one.tag not in ("process", "startEvent", "boundaryEvent")
        ],
        targets=list(_targets(view, living, names)),
        scopes=[(str(one.key), f"{_called(one, names)} · #{one.key}") for one in living if one.tag in CONTAINERS],
        incidents=[
            (str(one.id), f"{names.name(one.definition_id, one.element_id)} · {i18n.in_reader_language(one.reason)}")
            for one in incidents
        ],
    )


def _targets(
    view: InstanceView, living: list[ActivityInstance], names: ElementNames
) -> Iterator[tuple[str, list[Option]]]:
    """Yield what can begin in each living scope."""
    drawings = {state.definition.id: drawn_elements(state.xml) for state in view.diagrams}
    for scope in living:
        drawn = drawings.get(scope.definition_id, {})
        options = [(f"{scope.key}:{one.id}", path) for one, path in _begun_within(scope.element_id, drawn)]
        if scope.tag in CONTAINERS and options:
            yield f"{_called(scope, names)} · #{scope.key}", options


def _begun_within(scope_id: str, drawn: Mapping[str, DrawnElement]) -> Iterator[tuple[DrawnElement, str]]:
    """Yield what can begin in a scope, also in the sub-processes drawn in it, which are begun anew around it."""
    for one in drawn.values():
        if one.scope == scope_id and one.is_begun_by_hand:
            yield one, (name := in_language(one.name, one.name_en))
            if one.is_begun_around:
                yield from ((inner, f"{name} › {path}") for inner, path in _begun_within(one.id, drawn))


def _called(one: ActivityInstance, names: ElementNames) -> str:
    return names.by_place.get((one.definition_id, one.element_id)) or one.name or one.element_id


def _value_now(seen: Examined, form: RepairForm) -> str:
    """Return the value of the variable to be changed, to begin with; not one of which numbers were masked."""
    for one in seen.found.variables:
        if _is_meant(one, form) and one.value_shown and (one.scope_key, one.name) not in seen.masked:
            return dump_json(one.value)
    return ""


def _is_meant(one: ScopedVariable, form: RepairForm) -> bool:
    return str(one.scope_key) == form["scope"] and one.name == form["name"]
