"""The page of the supervisors' figures: a period, a town, a kind of unit; and the same figures as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from engine.core.texts import Words
from web.authentication import current_actor, permits
from web.errors import BadRequest
from web.figures.charts import ages_chart, on_time_chart
from web.figures.export import books_of, exported
from web.figures.sections import sections
from web.figures.tables import written
from web.labels import in_language, unit_kind
from web.lists import chosen
from web.schemas.base import EARLIEST_DAY, LATEST_DAY
from web.services import services
from web.terms import Terms
from workflows.casework.county import TOWN_BY_REGION, TOWNS, UNIT_KIND_NAMES
from workflows.casework.figures.periods import MONTHS_OF_A_QUARTER, Period
from workflows.casework.figures.ports import FigureFilter
from workflows.casework.verification.model import FileFormat
from workflows.organisation.model import SUPERVISOR
from workflows.organisation.rights import Right

blueprint = Blueprint("figures", __name__)

YEARS_OFFERED = 6
MONTHS, QUARTERS = range(1, 13), range(1, 5)


class PeriodKind(StrEnum):
    """How a period is chosen."""

    MONTH = "month"
    QUARTER = "quarter"
    SPAN = "span"


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresState:
    """What the page shows, as its address says; the days of a span as they were typed."""

    kind: PeriodKind
    year: int
    number: int  # of the month or the quarter
    since: str
    until: str
    region: str
    unit_kind: str

    @classmethod
    def from_arguments(cls, arguments: MultiDict[str, str], today: date) -> FiguresState:
        """Read an address; what it does not know falls back to the month of today."""
        kind = chosen(PeriodKind, arguments.get("period"), PeriodKind.MONTH)
        usual, known = (today.month, MONTHS) if kind is not PeriodKind.QUARTER else (_quarter(today), QUARTERS)
        month = Period.of_month(today.year, today.month)
        region, unit = arguments.get("region", ""), arguments.get("unit", "")
        return cls(
            kind=kind,
            year=_one_of(arguments.get("year"), range(EARLIEST_DAY.year, LATEST_DAY.year + 1), today.year),
            number=_one_of(arguments.get("number"), known, usual),
            since=arguments.get("since", month.since.isoformat())[:10],
            until=arguments.get("until", month.until.isoformat())[:10],
            region=region if region in TOWN_BY_REGION else "",
            unit_kind=unit if unit in UNIT_KIND_NAMES else "",
        )

    @property
    def period(self) -> Period | None:
        """Return the days meant; None where nobody can mean what was typed."""
        if self.kind is PeriodKind.MONTH:
            return Period.of_month(self.year, self.number)
        if self.kind is PeriodKind.QUARTER:
            return Period.of_quarter(self.year, self.number)
        return _span(self.since, self.until)

    @property
    def years(self) -> Sequence[int]:
        """Return the years to choose from, the newest first."""
        this_year = Terms().today.year
        return sorted({self.year, *range(this_year - YEARS_OFFERED + 1, this_year + 1)}, reverse=True)

    @property
    def numbers(self) -> range:
        """Return the months or quarters to choose from."""
        return QUARTERS if self.kind is PeriodKind.QUARTER else MONTHS

    def kind_url(self, kind: PeriodKind) -> str:
        """Return the address of the current month, quarter or span in its place."""
        period = self.period
        days = {"since": period.since, "until": period.until} if period and kind is PeriodKind.SPAN else {}
        return _address(period=kind.value, region=self.region, unit=self.unit_kind, **days)

    def step_url(self, step: int) -> str | None:
        """Return the address of the month or quarter before or after; None where the calendar of figures ends."""
        year, index = divmod(self.year * len(self.numbers) + self.number - 1 + step, len(self.numbers))
        if not EARLIEST_DAY.year <= year <= LATEST_DAY.year:
            return None
        moved = replace(self, year=year, number=index + 1)
        return _address(
            period=moved.kind.value, year=year, number=moved.number, region=self.region, unit=self.unit_kind
        )


@blueprint.get("/figures")
@permits(Right.SUPERVISE)
def figures_page() -> tuple[str, int]:
    """Show the figures of a period; where the days typed make no sense, say so."""
    state = FiguresState.from_arguments(request.args, Terms().today)
    period = state.period
    shown = {"state": state, "kinds": _kinds(), "towns": _towns(), "units": _units(), "period": period}
    if period is None:
        return render_template("figures.html", figures=None, **shown), 422
    wanted = FigureFilter(
        actor=current_actor(),
        since=period.since,
        until=period.until,
        region=state.region,
        unit_kind=state.unit_kind,
    )
    figures = services().figures.figures(wanted)
    page = render_template(
        "figures.html",
        figures=figures,
        sections=sections(figures, books_of(wanted)),
        charts={"ages": ages_chart(figures), "on-time-of-units": on_time_chart(figures)},
        written=written,
        formats=FileFormat,
        **shown,
    )
    return page, 200


@blueprint.post("/figures/exports")
@permits(Right.SUPERVISE)
def export_figures() -> Response:
    """Give the figures as a file; who took them stands in the record of access."""
    given = request.form
    period = _span(given.get("since", ""), given.get("until", ""))
    kind = next((one for one in FileFormat if one.value == given.get("format")), None)
    region, unit = given.get("region", ""), given.get("unit", "")
    known = region in {"", *TOWN_BY_REGION} and unit in {"", *UNIT_KIND_NAMES}
    if period is None or kind is None or not known:
        raise BadRequest(Words("期间、地区、单位或文件格式无法识别", "period, region, unit or format"))
    wanted = FigureFilter(actor=current_actor(), since=period.since, until=period.until, region=region, unit_kind=unit)
    file = exported(wanted, kind)
    answer = Response(file.content, content_type=file.media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return answer


def _span(since: str, until: str) -> Period | None:
    try:
        period = Period(since=date.fromisoformat(since), until=date.fromisoformat(until))
    except ValueError:
        return None
    return period if period.since >= EARLIEST_DAY and period.until <= LATEST_DAY and period.makes_sense else None


def _quarter(day: date) -> int:
    return (day.month - 1) // MONTHS_OF_A_QUARTER + 1


def _one_of(text: str | None, known: range, otherwise: int) -> int:
    number = int(text) if text and text.isascii() and text.isdecimal() and len(text) <= len(str(known[-1])) else 0
    return number if number in known else otherwise


def _address(**arguments: Any) -> str:
    return url_for("figures.figures_page", **{name: value for name, value in arguments.items() if value})


def _kinds() -> list[tuple[PeriodKind, str]]:
    return [(PeriodKind.MONTH, _("按月")), (PeriodKind.QUARTER, _("按季度")), (PeriodKind.SPAN, _("自选起止日期"))]


def _towns() -> list[tuple[str, str]]:
    actor = current_actor()
    seen = [one for one in TOWNS if actor.has_role(SUPERVISOR, one.region)]
    return [("", _("全部可见地区")), *((one.region, in_language(one.name, one.name_en)) for one in seen)]


def _units() -> list[tuple[str, str]]:
    return [("", _("全部单位")), *((kind, unit_kind(kind)) for kind in UNIT_KIND_NAMES)]
