"""Setting and removing the rules of a unit, from the page of loads."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.core.texts import Words
from engine.errors import EngineError
from web import i18n
from web.authentication import current_actor, permits
from web.errors import BadRequest
from web.pages.load import shown_load
from web.services import services
from workflows.casework.distribution.commands import RemoveDistributionRule, SetDistributionRule
from workflows.casework.distribution.model import Method, RulePlace
from workflows.casework.supervision import OfficeKey
from workflows.organisation.rights import Right

blueprint = Blueprint("distribution", __name__)

LONGEST_PLACE = 500
MOST_DIGITS = 4  # of a number that somebody may mean


@blueprint.post("/load")
@permits(Right.SUPERVISE)
def set_rule() -> AnyResponse | tuple[str, int]:
    """Set a rule; what is refused is shown again as it was typed."""
    place = _place()
    method = next((one for one in Method if one.value == request.form.get("method")), Method.NONE)
    try:
        command = SetDistributionRule(
            place=place, method=method, most_open=_number("most_open"), release_after=_number("release_after")
        )
        services().engine.execute(command, actor=current_actor())
    except EngineError as refused:
        return shown_load(str(place.unit), refused=i18n.refusal_text(refused)), 422
    flash(_("分配规则已保存，新到和无人办理的任务即按此分派。"), "success")
    return _back(place)


@blueprint.post("/load/rules/removal")
@permits(Right.SUPERVISE)
def remove_rule() -> AnyResponse:
    """Remove a rule."""
    place = _place()
    try:
        services().engine.execute(RemoveDistributionRule(place=place), actor=current_actor())
        flash(_("分配规则已删除。"), "success")
    except EngineError as refused:
        flash(i18n.refusal_text(refused), "danger")
    return _back(place)


def _place() -> RulePlace:
    """Return for what a rule is: the unit, and `process/element` or a process alone where one was chosen."""
    unit = OfficeKey.parsed(request.form.get("unit", "")[:60])
    if unit is None:
        raise BadRequest(Words("没有指明单位，请刷新页面", "unit names no unit; reload"))
    process_id, _slash, element_id = request.form.get("place", "")[:LONGEST_PLACE].partition("/")
    return RulePlace(unit=unit, process_id=process_id, element_id=element_id)


def _number(name: str) -> int | None:
    """Return a number that was typed; 0, which no rule takes, for what is none."""
    text = request.form.get(name, "").strip()
    if not text:
        return None
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else 0


def _back(place: RulePlace) -> AnyResponse:
    return redirect(url_for("load.load_page", unit=str(place.unit), _anchor="rules"), 303)
