"""Absences: one's own and those of people one supervises, entered and ended on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.core.texts import Words
from engine.errors import EngineError
from engine.model import Actor, Definition
from engine.permissions import MAX_REASON
from web import i18n
from web.authentication import current_actor, permits
from web.errors import BadRequest
from web.labels import definition_name
from web.lists import PAGE_SIZE, page_count, page_number
from web.schemas.base import EARLIEST_DAY, LATEST_DAY, MAX_LIST
from web.services import services
from web.terms import Terms
from workflows.casework.absences.commands import EndAbsence, EnterAbsence
from workflows.casework.absences.ports import AbsenceFilter
from workflows.organisation.model import Account
from workflows.organisation.rights import Right

LONGEST_LOGIN = 64

blueprint = Blueprint("absences", __name__)


@blueprint.get("/absences")
@permits(Right.WORK)
def absence_list() -> str:
    """Show the absences in sight, and the form to enter one."""
    return _page({}, "")


@blueprint.post("/absences")
@permits(Right.WORK)
def enter() -> AnyResponse | tuple[str, int]:
    """Enter an absence; what is refused is shown again as it was typed."""
    try:
        services().engine.execute(_entered(), actor=current_actor())
    except EngineError as refused:
        return _page(request.form, i18n.refusal_text(refused)), 422
    flash(_("已登记请假。"), "success")
    return redirect(url_for("absences.absence_list"), 303)


@blueprint.post("/absences/<uuid:absence_id>/end")
@permits(Right.WORK)
def end(absence_id: UUID) -> AnyResponse:
    """End an absence."""
    try:
        services().engine.execute(EndAbsence(absence_id=absence_id), actor=current_actor())
    except EngineError as refused:
        flash(i18n.refusal_text(refused), "danger")
    else:
        flash(_("请假已结束，代理随即停止。"), "success")
    return redirect(url_for("absences.absence_list"), 303)


def _page(given: Mapping[str, Any], refused: str) -> str:
    actor, page = current_actor(), page_number(request.args.get("page"))
    everything = request.args.get("all") == "1"
    found = services().absences.absences(
        AbsenceFilter(actor=actor, current_only=not everything, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    )
    processes, choices = _processes(), services().absences.choices(actor)
    return render_template(
        "absences.html",
        lines=found.absences,
        total=found.total,
        everything=everything,
        page=page,
        pages=page_count(found.total),
        page_url=lambda number: url_for("absences.absence_list", all="1" if everything else None, page=number),
        absent=_by_unit(choices.absent, actor),
        substitutes=_by_unit(choices.substitutes, actor),
        processes=processes,
        process_names={one.key: definition_name(one) for one in processes},
        chosen=set(request.form.getlist("process")) if refused else set(),
        given=given,
        refused=refused,
        absence_id=uuid4(),
        actor=actor,
        today=Terms().today,
        most=MAX_REASON,
    )


def _by_unit(people: Sequence[Account], actor: Actor) -> Sequence[Account]:
    """Return people by the unit of their first post, the reader first."""

    def place(one: Account) -> tuple[object, ...]:
        unit = one.posts[0].unit if one.posts else None
        return (one.login != actor.id, unit.region if unit else "", unit.kind if unit else "", one.name)

    return sorted(people, key=place)


def _processes() -> Sequence[Definition]:
    found = [one for one in services().queries.definitions() if one.kind == "process"]
    return sorted(found, key=definition_name)


def _entered() -> EnterAbsence:
    form = request.form
    return EnterAbsence(
        absence_id=_id(form.get("absence_id", "")),
        login=form.get("login", "")[:LONGEST_LOGIN],
        substitute=form.get("substitute", "")[:LONGEST_LOGIN],
        first_on=_day(form.get("first_on", "")),
        last_on=_day(form.get("last_on", "")),
        reason=form.get("reason", ""),
        process_ids=tuple(form.getlist("process")[:MAX_LIST]),
    )


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as odd:
        raise BadRequest(Words("登记编号不正确，请刷新页面", "absence_id is no id; open the page again")) from odd


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as odd:
        raise BadRequest(Words("请假的起止日期须填写为日期", "the first and the last day must be days")) from odd
    if not EARLIEST_DAY <= day <= LATEST_DAY:
        raise BadRequest(Words("请假日期超出可用范围", "the days lie outside of what can be meant"))
    return day
