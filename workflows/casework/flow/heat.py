"""The heat map of a process: how often its elements were passed, how long that took, and where cases stand now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from engine.model import Actor, Definition
from workflows.casework.flow.drawing import DrawnElement

STEPS = 5


class HeatMeasure(StrEnum):
    """What the colours of a heat map stand for."""

    WAITING = "waiting"
    PASSED = "passed"
    MEDIAN = "median"
    NINETIETH = "ninetieth"
    OVER_SHARE = "over_share"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatFilter:
    """Which heat map: of a version of a process, in a period with both days in it, of a region the actor operates."""

    actor: Actor
    definition_id: UUID
    since: date
    until: date
    region: str = ""  # a town, or a prefix of one; empty: all the actor sees
    unit_kind: str = ""  # counts the user tasks of one kind of unit alone; empty: every element


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementFigures:
    """What happened at an element; times are working days from the day it began to the day it ended.

    `passed` were completed in the period, of these `over` later than the norm or, without one, than the due time of
    the user task; `limited` had either; of `untimed` the calendar does not tell the working days. `waiting` cases
    stand there now, `waiting_over` of them over norm or due time.
    """

    element_id: str
    passed: int
    untimed: int
    median: Decimal | None
    ninetieth: Decimal | None
    limited: int
    over: int
    waiting: int
    waiting_over: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementHeat:
    """A drawn element with its figures."""

    element_id: str
    name: str
    name_en: str
    tag: str
    norm: int | None
    passed: int
    median: Decimal | None
    ninetieth: Decimal | None
    limited: int
    over: int
    waiting: int
    waiting_over: int

    SHOWN = ("over_share",)

    @property
    def over_share(self) -> Decimal | None:
        """Return the share of what was passed late, as a percentage; None where nothing had a limit."""
        return None if not self.limited else round(Decimal(100 * self.over) / self.limited, 1)

    def value(self, measure: HeatMeasure) -> Decimal | None:
        """Return what a measure says of the element; None where there is nothing to say."""
        found = getattr(self, measure.value)
        return None if found is None else Decimal(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """The elements of a version of a process that were passed in the period or hold cases now, as they are drawn.

    `working_days_known` is false where times could not be told because the calendar of a year is not loaded.
    """

    definition_id: UUID
    process_id: str
    name: str
    name_en: str  # empty where its diagram says none
    version: int
    since: date
    until: date
    region: str
    unit_kind: str
    working_days_known: bool
    elements: Sequence[ElementHeat]


class HeatQueries(Protocol):
    """Questions about the heat of processes; every method reads one committed state."""

    def drawing(self, definition_id: UUID, /) -> tuple[Definition, bytes]:
        """Return a version of a process and its diagram.

        Raises:
            NotFound: no such version is deployed.
        """
        ...

    def figures(self, wanted: HeatFilter, norms: Mapping[str, int], /) -> Sequence[ElementFigures]:
        """Return the figures of each element that was passed or holds cases, by its id.

        Raises:
            HeatTakesTooLong: so much was to be counted that it took too long.
        """
        ...

    def processes(self) -> Sequence[Definition]:
        """Return every version of every process, by id, the newest first."""
        ...


def heated(drawn: Mapping[str, DrawnElement], figures: Sequence[ElementFigures]) -> list[ElementHeat]:
    """Return the figures of what is drawn, in the order it is drawn."""
    found = {one.element_id: one for one in figures}
    return [
        ElementHeat(
            element_id=node.id,
            name=node.name,
            name_en=node.name_en,
            tag=node.tag,
            norm=node.norm,
            passed=one.passed,
            median=one.median,
            ninetieth=one.ninetieth,
            limited=one.limited,
            over=one.over,
            waiting=one.waiting,
            waiting_over=one.waiting_over,
        )
        for node in drawn.values()
        if (one := found.get(node.id)) is not None
    ]


def percentile(counts: Mapping[int, int], percent: int) -> Decimal | None:
    """Return a percentile of values that are counted, between two neighbours in proportion; None where none are."""
    place = Decimal(percent * (sum(counts.values()) - 1)) / 100
    below, seen = None, 0
    for value in sorted(counts):
        first, last = seen, seen + counts[value] - 1
        if place <= last:
            if below is None or place >= first:
                return round(Decimal(value), 1)
            return round(below + (value - below) * (place - (first - 1)), 1)
        below, seen = Decimal(value), last + 1
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatScale:
    """Steps of colour between nothing and the highest value: step n reaches up to `bounds[n - 1]`."""

    bounds: tuple[Decimal, ...]

    @classmethod
    def of(cls, values: Sequence[Decimal]) -> HeatScale:
        """Return equal steps up to the highest value; none where all is cold."""
        highest = max(values, default=Decimal(0))
        return cls(bounds=tuple(highest * step / STEPS for step in range(1, STEPS + 1)) if highest > 0 else ())

    def step(self, value: Decimal | None) -> int:
        """Return the step of a value, from 1; 0 for what is cold."""
        if value is None or value <= 0:
            return 0
        return next((step for step, bound in enumerate(self.bounds, start=1) if value <= bound), 0)
