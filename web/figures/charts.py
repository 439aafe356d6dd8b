"""Bar charts drawn on the server: lengths and words, so that a template only places them.

Every bar has its name above it and its figure beside it, so that colour says nothing alone and print needs no ink.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from web.figures.sections import days_of
from web.figures.tables import Share, written
from web.labels import in_language, unit_kind
from workflows.casework.figures.model import SupervisorFigures

WIDTH, BAR_LENGTH, ROW, TOP = 560, 400, 44, 6
WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: its name, its figure in words, its place from above, and its length; none where nothing counts."""

    name: str
    figure: str
    top: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """Bars under each other; `description` says all of it to who does not see it."""

    key: str
    title: str
    description: str
    bars: Sequence[Bar]
    has_limit: bool  # the frame of a bar is the whole: 100 %
    width: int = WIDTH
    bar_length: int = BAR_LENGTH

    @property
    def height(self) -> int:
        """How high the drawing is."""
        return TOP + ROW * len(self.bars)


def ages_chart(figures: SupervisorFigures) -> BarChart | None:
    """Return the ages of accepted cases, the longest bar for most; None where there are none."""
    most = max((one.cases for one in figures.ages), default=0)
    if not most:
        return None
    bars = [(days_of(one), f"{one.cases:,}", Decimal(one.cases) / most) for one in figures.ages]
    return _chart("ages-chart", _("在办案件已用工作日（件）"), bars, has_limit=False)


def on_time_chart(figures: SupervisorFigures) -> BarChart | None:
    """Return the shares of results in time by kinds of units; None where none was due."""
    if not figures.on_time_of_units:
        return None
    bars = [
        (
            unit_kind(one.unit_kind),
            written(Share(part=one.kept, whole=one.counted, rate=one.rate)),
            one.rate or Decimal(0),
        )
        for one in figures.on_time_of_units
    ]
    return _chart("on-time-chart", _("各单位反馈按时率（框为全部届满件）"), bars, has_limit=True)


def _chart(key: str, title: str, bars: Sequence[tuple[str, str, Decimal]], *, has_limit: bool) -> BarChart:
    said = in_language("；", "; ").join(f"{name} {figure}" for name, figure, _length in bars)
    return BarChart(
        key=key,
        title=title,
        description=said,
        bars=[
            Bar(name=name, figure=figure, top=TOP + ROW * number, length=int(min(length, WHOLE) * BAR_LENGTH))
            for number, (name, figure, length) in enumerate(bars)
        ],
        has_limit=has_limit,
    )
