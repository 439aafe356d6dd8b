"""Filters people keep of their work list, and its columns: kept from the list, changed on a page of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.core.texts import Words
from engine.errors import EngineError
from engine.model import Actor
from web import i18n
from web.authentication import current_actor, permits
from web.errors import BadRequest
from web.services import services
from web.work_list import kept_arguments, list_url, sharing_units
from workflows.organisation.list_filters import ListColumn, ListFilter
from workflows.organisation.model import SUPERVISOR, Unit
from workflows.organisation.rights import Right
from workflows.organisation.work_lists import ChangeListFilter, ChooseListColumns, KeepListFilter, RemoveListFilter

LAST_PLACE = 99

blueprint = Blueprint("list_settings", __name__)


@blueprint.get("/tasks/settings")
@permits(Right.WORK)
def settings_page() -> str:
    """Show the filters the reader sees, and the columns."""
    actor = current_actor()
    settings = services().organisation.list_settings(actor)
    columns = tuple(ListColumn) if settings.columns is None else settings.columns
    units = {unit.id: unit for unit in services().organisation.units()}
    return render_template(
        "list_settings.html",
        actor=actor,
        filters=settings.filters,
        owners=services().organisation.names([one.owner for one in settings.filters]),
        changeable={one.id for one in settings.filters if _may_change(one, actor, units)},
        units_for=lambda one: _units_for(one, units),
        all_columns=sorted(ListColumn, key=lambda one: columns.index(one) if one in columns else LAST_PLACE),
        places={column: place for place, column in enumerate(columns, start=1)},
    )


@blueprint.post("/tasks/filters")
@permits(Right.WORK)
def keep_filter() -> AnyResponse:
    """Keep the list whose address is sent along under a name."""
    arguments = kept_arguments(request.args.to_dict())
    command = KeepListFilter(filter_id=uuid4(), name=_name(), unit_id=_unit_id(), arguments=arguments)
    _told(command, _("已保存筛选“%(name)s”。", name=_name()))
    return redirect(list_url(arguments), 303)


@blueprint.post("/tasks/filters/<uuid:filter_id>")
@permits(Right.WORK)
def change_filter(filter_id: UUID) -> AnyResponse:
    """Give a filter another name, or share it with others."""
    command = ChangeListFilter(filter_id=filter_id, name=_name(), unit_id=_unit_id(), version=_version())
    _told(command, _("已更改筛选“%(name)s”。", name=_name()))
    return redirect(url_for("list_settings.settings_page"), 303)


@blueprint.post("/tasks/filters/<uuid:filter_id>/removal")
@permits(Right.WORK)
def remove_filter(filter_id: UUID) -> AnyResponse:
    """Forget a filter."""
    _told(RemoveListFilter(filter_id=filter_id, version=_version()), _("已删除筛选。"))
    return redirect(url_for("list_settings.settings_page"), 303)


@blueprint.post("/tasks/columns")
@permits(Right.WORK)
def choose_columns() -> AnyResponse:
    """Choose the columns of the own lists by their places."""
    places = {column: place for column in ListColumn if (place := _place(column)) is not None}
    columns = tuple(sorted(places, key=lambda column: places[column]))
    _told(ChooseListColumns(columns=columns), _("已保存列设置。"))
    return redirect(url_for("list_settings.settings_page"), 303)


def _told(command: Any, told: str) -> None:  # any command on filters and columns
    try:
        services().engine.execute(command, actor=current_actor())
    except EngineError as refused:
        flash(i18n.refusal_text(refused), "danger")
    else:
        flash(told, "success")


def _may_change(kept: ListFilter, actor: Actor, units: Mapping[str, Unit]) -> bool:
    unit = units.get(kept.unit_id or "")
    return kept.owner == actor.id or (unit is not None and actor.has_role(SUPERVISOR, unit.region))


def _units_for(kept: ListFilter, units: Mapping[str, Unit]) -> Sequence[Unit]:
    """Return whom a filter may be shared with: the reader's units, and the one it is shared with now."""
    found = {unit.id: unit for unit in sharing_units()}
    shared = units.get(kept.unit_id or "")
    if shared is not None:
        found.setdefault(shared.id, shared)
    return list(found.values())


def _name() -> str:
    return request.form.get("name", "").strip()


def _unit_id() -> str | None:
    return request.form.get("unit_id") or None


def _version() -> int:
    version = request.form.get("version", "")
    if not version.isdecimal() or len(version) > 9:
        raise BadRequest(Words("筛选的版本号不是数字", "version"))
    return int(version)


def _place(column: ListColumn) -> int | None:
    given = request.form.get(column.value, "").strip()
    if not given:
        return None
    if not given.isascii() or not given.isdecimal() or not 1 <= int(given[:9]) <= LAST_PLACE:
        raise BadRequest(Words("列的位置须为 1–99 的整数", "a column's place is a whole number from 1 to 99"))
    return int(given)
