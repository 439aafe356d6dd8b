"""The dated figures of policy: what is in force on a day, and what was before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from engine.json_values import JsonValue, dump_json
from web.authentication import permits
from web.days import day_of
from web.labels import in_language
from web.pages.lists import PAGE_SIZE, page_count, page_number, search_text
from web.services import services
from web.terms import Terms
from workflows.casework.parameters import ParameterTitle, parameter_titles
from workflows.casework.records import Parameter
from workflows.organisation.rights import Right

blueprint = Blueprint("parameters", __name__)


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
    )


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
        title=in_language(named.title, "") if named else "",
        unit=in_language(named.unit, "") if named else "",
        current=next((one for one in values if one.effective_from <= day), None),
        values=values,
    )


def _matches(one: ShownParameter, text: str) -> bool:
    return text.lower() in f"{one.key} {one.title}".lower()
