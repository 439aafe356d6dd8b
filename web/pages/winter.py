"""Winter and spring relief: the seasons, the register of one, households entered and taken out."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import EngineError
from engine.json_values import JsonObject
from web.authentication import current_actor, permits
from web.labels import choices, town
from web.lists import PAGE_SIZE, page_count, page_number
from web.plain_forms import loaded, typed
from web.refusals import Refusal, refusal
from web.schemas.winter import WinterNeedSchema, WinterSeasonSchema
from web.services import services
from web.submissions import key_of_form, submission_id
from web.terms import Terms
from workflows.casework.payments.commands import STAFF
from workflows.casework.winter.commands import (
    EnterWinterNeed,
    OpenWinterRegister,
    RemoveWinterNeed,
    fills,
)
from workflows.casework.winter.model import EMERGENCY, TownState
from workflows.casework.winter.queries import ReadWinterRegister, ReadWinterRegisters, WinterView
from workflows.organisation.rights import Right

blueprint = Blueprint("winter", __name__)
FIELDS = ("case_number", "village", "amount", "goods")


@blueprint.get("/winter-relief")
@permits(Right.WORK)
def season_list() -> str:
    """Show the seasons."""
    return _seasons()


@blueprint.post("/winter-relief")
@permits(Right.WORK)
def open_season() -> AnyResponse | tuple[str, int]:
    """Open the register of a season."""
    try:
        asked = loaded(WinterSeasonSchema(), {"season": _whole(request.form.get("season", ""))})
        register = services().engine.execute(OpenWinterRegister(**asked), actor=current_actor())
    except EngineError as error:
        return _seasons(refusal(error)), 422
    flash(_("已部署到各街道（镇），登记册 %(day)s 截止。", day=register.freezes_on), "success")
    return redirect(url_for("winter.register_page", season=register.season), 303)


@blueprint.get("/winter-relief/<int:season>")
@permits(Right.WORK)
def register_page(season: int) -> str:
    """Show the register of a season."""
    return _page(season)


@blueprint.post("/winter-relief/<int:season>/needs")
@permits(Right.WORK)
def enter(season: int) -> AnyResponse | tuple[str, int]:
    """Enter a household."""
    values: JsonObject = {
        **typed(request.form, only=FIELDS),
        "persons": _whole(request.form.get("persons", "")),
        "kinds": request.form.getlist("kinds"),
    }
    try:
        asked = loaded(WinterNeedSchema(), values)
        need_id = submission_id("winter-need", key_of_form())
        command = EnterWinterNeed(season=season, need_id=need_id, **asked)
        need = services().engine.execute(command, actor=current_actor())
    except EngineError as error:
        return _page(season, refusal(error)), 422
    flash(_("案件 %(number)s 的家庭已登记。", number=need.case_number), "success")
    return redirect(url_for("winter.register_page", season=season), 303)


@blueprint.post("/winter-relief/<int:season>/needs/<uuid:need_id>/removal")
@permits(Right.WORK)
def remove(season: int, need_id: UUID) -> AnyResponse | tuple[str, int]:
    """Take a household out."""
    try:
        need = services().engine.execute(RemoveWinterNeed(season=season, need_id=need_id), actor=current_actor())
    except EngineError as error:
        return _page(season, refusal(error)), 422
    flash(_("案件 %(number)s 的家庭已从登记册删除。", number=need.case_number), "success")
    return redirect(url_for("winter.register_page", season=season), 303)


def _seasons(refused: Refusal | None = None) -> str:
    actor, today = current_actor(), Terms().today
    registers = services().engine.execute(ReadWinterRegisters(), actor=actor)
    known = {one.season for one in registers}
    opens = any(one.unit_kind == EMERGENCY and one.role in STAFF for one in actor.memberships)
    return render_template(
        "winter_seasons.html",
        registers=registers,
        may_open=opens and today.year not in known,
        season=request.form.get("season", today.year),
        refused=refused,
    )


def _page(season: int, refused: Refusal | None = None) -> str:
    actor, today = current_actor(), Terms().today
    view: WinterView = services().engine.execute(ReadWinterRegister(season=season), actor=actor)
    page = page_number(request.args.get("page"))
    shown = view.needs[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    open_towns = [one.town.region for one in view.towns if one.town.state is TownState.SURVEY]
    corrected = [one.town.region for one in view.towns if one.town.state in (TownState.SURVEY, TownState.REPORTED)]
    is_open = today <= view.register.freezes_on
    may_enter = is_open and any(fills(actor, one) for one in open_towns)
    return render_template(
        "winter_register.html",
        view=view,
        register=view.register,
        needs=shown,
        page=page,
        pages=page_count(len(view.needs)),
        page_url=lambda number: url_for("winter.register_page", season=season, page=number),
        seen=services().casework.summaries([one.need.case_number for one in shown], actor),
        may_enter=may_enter,
        may_remove=[one for one in corrected if fills(actor, one)],
        days_left=(view.register.freezes_on - today).days if is_open else None,
        is_near=today >= view.register.warns_on,
        town=town,
        kinds=choices("winter_need"),
        chosen=request.form.getlist("kinds"),
        submission_key=uuid4().hex,
        given=request.form,
        refused=refused,
    )


def _whole(typed_number: str) -> Any:
    """Return a whole number as a program would send it; what is none is left for the schema to refuse."""
    return int(typed_number) if typed_number.strip().isascii() and typed_number.strip().isdigit() else typed_number
