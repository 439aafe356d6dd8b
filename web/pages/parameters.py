"""The dated figures of policy: what is in force on a day, what was before, and changing them by two persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.core.texts import Words
from engine.errors import EngineError
from engine.json_values import JsonValue, dump_json
from web.authentication import current_actor, permits
from web.days import day_named, day_of
from web.errors import BadJson, BadRequest
from web.labels import in_language
from web.lists import PAGE_SIZE, page_count, page_number, search_text
from web.refusals import Refusal, refusal
from web.requests import json_text
from web.services import services
from web.staff_names import staff_names
from web.submissions import key_of_form, submission_id
from web.terms import Terms
from workflows.casework.errors import CaseworkError, SubmissionKeyTaken
from workflows.casework.parameter_changes.commands import (
    AskParameterChange,
    DecideParameterChange,
    PreviewParameterChange,
    WithdrawParameterChange,
)
from workflows.casework.parameter_changes.errors import ParameterChangeNotFound, ParameterUnknown
from workflows.casework.parameter_changes.model import (
    ParameterChange,
    ParameterChangeState,
    ParameterPreview,
    as_told,
    may_ask,
    may_decide,
)
from workflows.casework.parameter_changes.shapes import ValueKind, kind_of
from workflows.casework.parameters import ParameterTitle, parameter_titles
from workflows.casework.payments.standards import RECOMPUTED
from workflows.casework.records import Parameter
from workflows.organisation.rights import Right

blueprint = Blueprint("parameters", __name__)

DECISIONS = {"approve": True, "refuse": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownParameter:
    """A figure: what counts on the day (None: nothing yet), and every value, the newest first."""

    key: str
    title: str
    unit: str
    current: Parameter | None
    values: Sequence[Parameter]


@blueprint.get("/parameters")
@permits(Right.SIGNED_IN)
def parameter_list() -> str:
    """Show the figures of policy as of a day."""
    today = Terms().today
    day, text = day_of(request.args.get("on"), today), search_text(request.args.get("q"))
    found = [one for one in _shown(services().casework.parameters(), day) if _matches(one, text)]
    page = page_number(request.args.get("page"))
    kept: dict[str, Any] = {"on": day.isoformat()} | ({"q": text} if text else {})
    return render_template(
        "parameters.html",
        parameters=found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        total=len(found),
        page=page,
        pages=page_count(len(found)),
        page_url=lambda number: url_for("parameters.parameter_list", page=number, **kept),
        day=day,
        today=today,
        text=text,
        written=written,
        waiting=as_told(services().casework.parameter_changes(None), current_actor(), services().region),
        titles=parameter_titles(),
        may_ask=may_ask(current_actor(), services().region),
    )


@blueprint.get("/parameters/<key>")
@permits(Right.SIGNED_IN)
def parameter_page(key: str) -> str:
    """Show a figure with all its values, its changes, and the form to ask for another one."""
    return _page(key)


@blueprint.post("/parameters/<key>/changes")
@permits(Right.ADMINISTER)
def ask(key: str) -> AnyResponse | str | tuple[str, int]:
    """Show what another value would do, or ask for it."""
    given = request.form
    try:
        value = typed_value(_kind(key), given.get("value", ""))
        day = day_named(given.get("effective_from"))
        if given.get("action") == "preview":
            command = PreviewParameterChange(key=key, effective_from=day, value=value)
            return _page(key, preview=services().engine.execute(command, actor=current_actor()))
        change = AskParameterChange(
            change_id=submission_id("parameter change", key_of_form()),
            key=key,
            effective_from=day,
            value=value,
            source=given.get("source", ""),
            reason=given.get("reason", ""),
            region=services().region,
        )
        asked: ParameterChange = services().engine.execute(change, actor=current_actor())
    except SubmissionKeyTaken as error:
        return _page(key, refused=refusal(error), submission_key=uuid4().hex), 422
    except EngineError as error:
        return _page(key, refused=refusal(error)), 422
    if asked.state is ParameterChangeState.ASKED:
        flash(_("变更已提交，待另一位负责人审批。"), "success")
    else:
        flash(_("此表单此前已提交过，该项变更已办结或撤回，见变更记录。需要变更请重新填写。"), "warning")
    return redirect(url_for("parameters.parameter_page", key=key), 303)


@blueprint.post("/parameters/<key>/changes/<uuid:change_id>/decision")
@permits(Right.OPERATE)
def decide(key: str, change_id: UUID) -> AnyResponse | tuple[str, int]:
    """Approve a change, or refuse it with the reason."""
    _refuse_other(key, change_id)
    decision = request.form.get("decision")
    if decision not in DECISIONS:
        raise BadRequest(Words("没有选择同意或不同意", "decision"))
    note = request.form.get("note", "")
    command = DecideParameterChange(
        change_id=change_id, approve=DECISIONS[decision], note=note, region=services().region
    )
    try:
        services().engine.execute(command, actor=current_actor())
    except EngineError as error:
        return _page(key, refused=refusal(error)), 422
    flash(_("已同意，新的取值按生效日期执行。") if DECISIONS[decision] else _("已登记为不同意变更。"), "success")
    return redirect(url_for("parameters.parameter_page", key=key), 303)


@blueprint.post("/parameters/<key>/changes/<uuid:change_id>/withdrawal")
@permits(Right.ADMINISTER)
def withdraw(key: str, change_id: UUID) -> AnyResponse | tuple[str, int]:
    """Take back a change that one asked for."""
    _refuse_other(key, change_id)
    try:
        services().engine.execute(WithdrawParameterChange(change_id=change_id), actor=current_actor())
    except EngineError as error:
        return _page(key, refused=refusal(error)), 422
    flash(_("变更已撤回。"), "success")
    return redirect(url_for("parameters.parameter_page", key=key), 303)


def _refuse_other(key: str, change_id: UUID) -> None:
    if services().casework.parameter_change(change_id).key != key:
        raise ParameterChangeNotFound


def typed_value(kind: ValueKind, text: str) -> JsonValue:
    """Return the value a text stands for; one that stands for none is checked, and refused, as text."""
    text = text.strip()
    if kind is ValueKind.YES_NO:
        return {"yes": True, "no": False}.get(text, text)
    if kind is ValueKind.TEXTS:
        return [line.strip() for line in text.splitlines() if line.strip()]
    if kind is ValueKind.TEXT:
        return text
    try:
        value: JsonValue = json_text(text)
    except BadJson:
        return text
    return value


def shown_value(kind: ValueKind, value: JsonValue) -> str:
    """Return a value as it is typed."""
    if kind is ValueKind.YES_NO:
        return "yes" if value else "no"
    if kind is ValueKind.TEXTS and isinstance(value, list):
        return "\n".join(str(one) for one in value)
    return value if isinstance(value, str) else dump_json(value)


def _kind(key: str) -> ValueKind:
    return kind_of([one.value for one in _values(key)])


def _values(key: str) -> Sequence[Parameter]:
    found = [one for one in services().casework.parameters() if one.key == key]
    if not found:
        raise ParameterUnknown(key)
    return found


def _page(
    key: str,
    *,
    preview: ParameterPreview | None = None,
    refused: Refusal | None = None,
    submission_key: str | None = None,
) -> str:
    actor, today, values = current_actor(), Terms().today, _values(key)
    changes = as_told(services().casework.parameter_changes(key), actor, services().region)
    waiting = next((one for one in changes if one.state is ParameterChangeState.ASKED), None)
    kind = kind_of([one.value for one in values])
    named = parameter_titles().get(key)
    shown = _of_key(key, list(reversed(values)), named, today)
    return render_template(
        "parameter.html",
        shown=shown,
        unit=named.unit if named else "",
        today=today,
        kind=kind,
        current=shown_value(kind, shown.current.value) if shown.current else "",
        changes=changes,
        waiting=waiting,
        seen=_seen(waiting),
        preview=preview,
        uses=services().casework.uses_of_parameter(key),
        names=staff_names([one.asked_by for one in changes], [one.decided_by for one in changes]),
        may_ask=may_ask(actor, services().region),
        may_decide=waiting is not None and may_decide(actor, services().region),
        is_own=waiting is not None and waiting.asked_by == actor.id,
        submission_key=submission_key or key_of_form() or uuid4().hex,
        is_recomputed=key in RECOMPUTED,
        refused=refused,
        given=request.form,
        written=written,
    )


def _seen(waiting: ParameterChange | None) -> ParameterPreview | None:
    """Return what a waiting change would do as things stand; None where it could not be asked for any more."""
    if waiting is None:
        return None
    command = PreviewParameterChange(key=waiting.key, effective_from=waiting.effective_from, value=waiting.value)
    try:
        preview: ParameterPreview = services().engine.execute(command, actor=current_actor())
    except CaseworkError:
        return None
    return preview


def written(value: JsonValue) -> str:
    """Return a value as a line of text."""
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    return value if isinstance(value, str) else dump_json(value)


def _shown(parameters: Sequence[Parameter], day: date) -> list[ShownParameter]:
    by_key: dict[str, list[Parameter]] = {}
    for one in sorted(parameters, key=lambda each: each.effective_from, reverse=True):
        by_key.setdefault(one.key, []).append(one)
    titles: Mapping[str, ParameterTitle] = parameter_titles()
    return [_of_key(key, values, titles.get(key), day) for key, values in sorted(by_key.items())]


def _of_key(key: str, values: Sequence[Parameter], named: ParameterTitle | None, day: date) -> ShownParameter:
    return ShownParameter(
        key=key,
        title=in_language(named.title, named.title_en) if named else "",
        unit=in_language(named.unit, named.unit_en) if named else "",
        current=next((one for one in values if one.effective_from <= day), None),
        values=values,
    )


def _matches(one: ShownParameter, text: str) -> bool:
    named = parameter_titles().get(one.key)
    words = f"{named.title} {named.title_en}" if named else ""
    return text.lower() in f"{one.key} {words}".lower()
