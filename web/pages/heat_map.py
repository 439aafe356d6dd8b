"""The heat map of a process, drawn over its diagram and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from engine.batches import OPERATORS
from engine.json_values import JsonObject
from engine.model import Definition
from web.authentication import current_actor, permits
from web.diagrams import xml_to_draw
from web.heat import heat_map
from web.labels import definition_name, in_language, unit_kind
from web.lists import chosen
from web.pages.process_instances import uuid_of
from web.schemas.base import EARLIEST_DAY, LATEST_DAY
from web.services import services
from web.terms import Terms
from workflows.casework.county import TOWN_BY_REGION, TOWNS, UNIT_KIND_NAMES
from workflows.casework.figures.periods import Period
from workflows.casework.flow.heat import ElementHeat, HeatFilter, HeatMap, HeatMeasure, HeatScale
from workflows.organisation.rights import Right

blueprint = Blueprint("heat_map", __name__)

USUAL_PROCESS = "relief_case"
USUAL_DAYS = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatState:
    """What the page shows, as its address says; the days as they were typed."""

    definition: UUID | None
    since: str
    until: str
    region: str
    unit_kind: str
    measure: HeatMeasure

    @classmethod
    def from_arguments(cls, arguments: MultiDict[str, str], processes: Sequence[Definition]) -> HeatState:
        """Read an address; what it does not know falls back to the usual process and the last three months."""
        today = Terms().today
        known = {one.id for one in processes}
        usual = next((one.id for one in processes if one.key == USUAL_PROCESS), processes[0].id if processes else None)
        asked = uuid_of(arguments.get("definition"))
        region, unit = arguments.get("region", ""), arguments.get("unit", "")
        return cls(
            definition=asked if asked in known else usual,
            since=arguments.get("since", (today - USUAL_DAYS).isoformat())[:10],
            until=arguments.get("until", today.isoformat())[:10],
            region=region if region in TOWN_BY_REGION else "",
            unit_kind=unit if unit in UNIT_KIND_NAMES else "",
            measure=chosen(HeatMeasure, arguments.get("measure"), HeatMeasure.WAITING),
        )

    @property
    def period(self) -> Period | None:
        """Return the days meant; None where nobody can mean what was typed."""
        try:
            period = Period(since=date.fromisoformat(self.since), until=date.fromisoformat(self.until))
        except ValueError:
            return None
        return period if period.since >= EARLIEST_DAY and period.until <= LATEST_DAY and period.makes_sense else None

    def measure_url(self, measure: HeatMeasure) -> str:
        """Return the address of the same map in the colours of another measure."""
        given: dict[str, Any] = {
            "definition": self.definition,
            "since": self.since,
            "until": self.until,
            "region": self.region,
            "unit": self.unit_kind,
            "measure": measure.value,
        }
        return url_for("heat_map.heat_page", **{name: value for name, value in given.items() if value})


@blueprint.get("/heat-map")
@permits(Right.OPERATE)
def heat_page() -> tuple[str, int]:
    """Show the heat of a process; where the days typed make no sense, say so."""
    processes = services().heat.processes()
    state = HeatState.from_arguments(request.args, processes)
    period = state.period
    shown = {
        "state": state,
        "processes": [(one.id, _titled(one)) for one in processes],
        "measures": [(measure, measure_name(measure)) for measure in HeatMeasure],
        "towns": _towns(),
        "units": [("", _("全部单位")), *((kind, unit_kind(kind)) for kind in UNIT_KIND_NAMES)],
    }
    if period is None:
        return render_template("heat_map.html", heat=None, **shown), 422
    if state.definition is None:
        return render_template("heat_map.html", heat=None, **shown), 200
    wanted = HeatFilter(
        actor=current_actor(),
        definition_id=state.definition,
        since=period.since,
        until=period.until,
        region=state.region,
        unit_kind=state.unit_kind,
    )
    heat = heat_map(wanted)
    scale = HeatScale.of([value for one in heat.elements if (value := one.value(state.measure)) is not None])
    page = render_template(
        "heat_map.html",
        heat=heat,
        step=lambda one: scale.step(one.value(state.measure)),
        legend=legend_of(scale),
        drawing=_drawing(heat, state, scale),
        standing_url=lambda one: _standing_url(heat, one),
        **shown,
    )
    return page, 200


def measure_name(measure: HeatMeasure) -> str:
    """Return what a measure is called, in the reader's language."""
    names = {
        HeatMeasure.WAITING: _("现停留案件数"),
        HeatMeasure.PASSED: _("期间完成次数"),
        HeatMeasure.MEDIAN: _("用时中位数（工作日）"),
        HeatMeasure.NINETIETH: _("用时九成以内（工作日）"),
        HeatMeasure.OVER_SHARE: _("超常规或超期比例（百分数）"),
    }
    return str(names[measure])


def legend_of(scale: HeatScale) -> list[tuple[int, str]]:
    """Return the steps of colour with the values they reach up to."""
    rounded = [bound.quantize(Decimal("0.1")).normalize() for bound in scale.bounds]
    return [(step, f"≤ {bound:f}") for step, bound in enumerate(rounded, start=1)]


def _titled(definition: Definition) -> str:
    return str(_("%(name)s(第 %(version)s 版)", name=definition_name(definition), version=definition.version))


def _towns() -> list[tuple[str, str]]:
    actor = current_actor()
    seen = [one for one in TOWNS if any(actor.has_role(role, one.region) for role in OPERATORS)]
    return [("", _("全部可见地区")), *((one.region, in_language(one.name, one.name_en)) for one in seen)]


def _drawing(heat: HeatMap, state: HeatState, scale: HeatScale) -> JsonObject:
    """Return what the page's drawing tool takes: the diagram, and of each element its colour, figure and list."""
    _definition, xml = services().heat.drawing(heat.definition_id)
    elements: dict[str, JsonObject] = {}
    for one in heat.elements:
        value = one.value(state.measure)
        elements[one.element_id] = {
            "step": scale.step(value),
            "text": "" if not value else f"{value.normalize():f}",
            "note": _note(one),
            "url": _standing_url(heat, one) if one.waiting else None,
        }
    legend = [{"step": step, "text": text} for step, text in legend_of(scale)]
    return {
        "xml": xml_to_draw(xml),
        "title": in_language(heat.name, heat.name_en or heat.name),
        "heat": {"measure": measure_name(state.measure), "elements": elements, "legend": legend},
    }


def _note(one: ElementHeat) -> str:
    parts = [
        _("现停留 %(cases)s 件", cases=one.waiting),
        _("完成 %(times)s 次", times=one.passed),
    ]
    if one.median is not None:
        parts.append(_("中位数 %(median)s、九成以内 %(most)s 个工作日", median=one.median, most=one.ninetieth))
    if one.over_share is not None:
        parts.append(_("超常规或超期 %(over)s/%(limited)s", over=one.over, limited=one.limited))
    return " · ".join(str(part) for part in parts)


def _standing_url(heat: HeatMap, one: ElementHeat) -> str:
    """Return the address of the list of the cases that stand at an element."""
    return url_for(
        "process_instances.instance_list",
        definition=heat.definition_id,
        element=one.element_id,
        region=heat.region or None,
    )
