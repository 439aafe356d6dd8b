"""The supervisors' board: how the open tasks and the technical faults of each unit in sight stand, and what is latest.

A task is counted for the unit of its first candidate group's kind that answers for its region; where several of a kind
do, for the nearest. A technical fault holds up a whole case: it is counted for the window that leads the cases of its
region, or for civil affairs where no window does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from engine.queries import Area, PlaceCounts, TaskMoments
from workflows.casework.county import UNIT_KIND_NAMES
from workflows.casework.days import COUNTY_TIME, local_day
from workflows.casework.orders.queries import OrderCounts, OrderDays
from workflows.casework.sight import WHOLE_REGION_KINDS
from workflows.organisation.model import Unit
from workflows.rules.calendar import WorkingCalendar, YearNotLoaded

SOON_WORKING_DAYS = 3
MOST_LATE = 20
OFFICE_KEY = re.compile(r"([a-z0-9_]{0,40}):(\d{0,12})")
NO_UNIT = ("未对应单位", "no unit")


class Situation(StrEnum):
    """How an open task may stand, beside being over its limit."""

    SOON = "soon"  # due within three working days
    PAUSED = "paused"  # its clock is paused, or it is put off to a later day
    PUT_OFF = "put-off"  # somebody put it off to a later day
    UNHELD = "unheld"  # it came more than a working day ago, and nobody holds it


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class OfficeKey:
    """Names the units of a kind that answer for a region; without a region what no unit of the kind answers for."""

    kind: str
    region: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.region}"

    @classmethod
    def parsed(cls, text: str) -> Self | None:
        """Return the key an address names; None where it names none."""
        found = OFFICE_KEY.fullmatch(text)
        return cls(kind=found[1], region=found[2]) if found else None


NOWHERE = OfficeKey(kind="", region="")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """How the work of a unit stands. None: nobody can tell without the calendar, or faults are counted elsewhere."""

    unit: str | None  # its key, for the lists behind the numbers; None: of the total
    name: str
    name_en: str
    open: int
    overdue: int
    due_soon: int | None
    paused: int
    unheld: int | None
    incidents: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LateCase:
    """A case, or a process without one, far over a limit, with the task that is most over it."""

    case: str  # its number, or the business key of the process
    applicant: str | None  # masked; None where there is no case, or none in sight
    task_id: UUID
    step: str
    step_en: str
    unit: str
    unit_en: str
    due_at: datetime | None
    working_days_over: int | None  # None: the calendar of a year in between is not loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The board at one moment: a row a unit that has anything, their total, and the cases most over their limit."""

    counted_at: datetime
    rows: Sequence[BoardRow]
    total: BoardRow
    latest: Sequence[LateCase]
    orders: OrderCounts


class Offices:
    """The units, found by what they answer for."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units: dict[OfficeKey, list[Unit]] = {}
        for unit in units:
            self._units.setdefault(OfficeKey(kind=unit.kind, region=unit.region), []).append(unit)
        leading = (key for key in sorted(self._units) if key.kind in WHOLE_REGION_KINDS)
        self._leading = {key.region: key for key in leading}  # of two in one region the window, not the bureau

    def has(self, key: OfficeKey) -> bool:
        """Say whether there is such a unit."""
        return key in self._units

    def of_task(self, kind: str, region: str) -> OfficeKey:
        """Return whom a task is counted for, by the kind of unit of its first group."""
        of_kind = {key.region: key for key in self._units if key.kind == kind}
        return _nearest(of_kind, region) or OfficeKey(kind=kind, region="")

    def of_incident(self, region: str) -> OfficeKey:
        """Return whom an incident is counted for."""
        return _nearest(self._leading, region) or NOWHERE

    def area_of_tasks(self, key: OfficeKey) -> Area:
        """Return where the tasks of its kind are counted for a unit."""
        return _without_nearer(key.region, (one.region for one in self._units if one.kind == key.kind))

    def area_of_incidents(self, key: OfficeKey) -> Area:
        """Return where incidents are counted for a unit: nowhere where another leads the cases."""
        if key != NOWHERE and self._leading.get(key.region) != key:
            return Area(region=key.region, without=("",))
        return _without_nearer(key.region, self._leading)

    def counts_incidents_for(self, key: OfficeKey) -> bool:
        """Say whether incidents are counted for a unit at all."""
        return key == NOWHERE or self._leading.get(key.region) == key

    def name(self, key: OfficeKey) -> tuple[str, str]:
        """Return what a unit is called in both languages."""
        units = self._units.get(key)
        if units:
            return "、".join(one.name for one in units), ", ".join(one.name_en for one in units)
        of_kind = UNIT_KIND_NAMES.get(key.kind, (key.kind, key.kind))
        return (f"{of_kind[0]}（{NO_UNIT[0]}）", f"{of_kind[1]} ({NO_UNIT[1]})") if key.kind else NO_UNIT


def soon_ends(now: datetime, calendar: WorkingCalendar) -> datetime:
    """Return the moment before which a task is due within three working days: up to the fourth one.

    Raises:
        YearNotLoaded: that day lies in a year without calendar data.
    """
    fourth = calendar.add_working_days(local_day(now), SOON_WORKING_DAYS + 1)
    return datetime.combine(fourth, time(), COUNTY_TIME)


def unheld_since(now: datetime, calendar: WorkingCalendar) -> datetime:
    """Return the moment that lies a whole working day back: at this time on the working day before.

    On a day off nothing has gone on since the last working day ended.

    Raises:
        YearNotLoaded: that day lies in a year without calendar data.
    """
    today = local_day(now)
    before = calendar.add_working_days(today, -1)
    at = now.astimezone(COUNTY_TIME).time() if calendar.is_workday(today) else time()
    return datetime.combine(before, at, COUNTY_TIME)


def moments_at(now: datetime, calendar: WorkingCalendar) -> TaskMoments:
    """Return the times by which the board counts, as far as the calendar reaches."""
    due_before = since = None
    with suppress(YearNotLoaded):
        due_before = soon_ends(now, calendar)
    with suppress(YearNotLoaded):
        since = unheld_since(now, calendar)
    return TaskMoments(now=now, due_before=due_before, unheld_since=since)


def order_days(now: datetime, calendar: WorkingCalendar) -> OrderDays:
    """Return the days by which orders are counted: soon is within three working days, as for tasks."""
    today, soon = local_day(now), None
    with suppress(YearNotLoaded):
        soon = calendar.add_working_days(today, SOON_WORKING_DAYS)
    return OrderDays(today=today, soon_until=soon)


def years_around(now: datetime) -> Sequence[int]:
    """Return the years whose calendar the board needs: no holidays are longer than two weeks."""
    day = local_day(now)
    return sorted({(day - timedelta(weeks=2)).year, day.year, (day + timedelta(weeks=3)).year})


def board_rows(
    places: Iterable[PlaceCounts], incidents: Mapping[str, int], offices: Offices, moments: TaskMoments
) -> tuple[Sequence[BoardRow], BoardRow]:
    """Return a row for each unit that has anything, the most over the limit first, and their total."""
    counts: dict[OfficeKey, Counter[str]] = {}
    for place in places:
        of_office = counts.setdefault(offices.of_task(place.unit_kind, place.region), Counter())
        names = ("open", "overdue", "due_soon", "paused", "unheld")
        of_office.update({name: getattr(place, name) for name in names})
    for region, number in incidents.items():
        counts.setdefault(offices.of_incident(region), Counter())["incidents"] += number
    total = sum(counts.values(), Counter())
    in_order = sorted(counts, key=lambda key: (-counts[key]["overdue"], -counts[key]["open"], key))
    rows = [
        _row(str(key), offices.name(key), counts[key], moments, counts_incidents=offices.counts_incidents_for(key))
        for key in in_order
    ]
    return rows, _row(None, ("合计", "Total"), total, moments, counts_incidents=True)


def _row(
    unit: str | None, name: tuple[str, str], counts: Counter[str], moments: TaskMoments, *, counts_incidents: bool
) -> BoardRow:
    return BoardRow(
        unit=unit,
        name=name[0],
        name_en=name[1],
        open=counts["open"],
        overdue=counts["overdue"],
        due_soon=counts["due_soon"] if moments.due_before else None,
        paused=counts["paused"],
        unheld=counts["unheld"] if moments.unheld_since else None,
        incidents=counts["incidents"] if counts_incidents else None,
    )


def _nearest(of_regions: Mapping[str, OfficeKey], region: str) -> OfficeKey | None:
    around = [one for one in of_regions if region.startswith(one)]
    return of_regions[max(around, key=len)] if around else None


def _without_nearer(region: str, others: Iterable[str]) -> Area:
    inside = sorted({one for one in others if one != region and one.startswith(region)})
    return Area(region=region, without=tuple(inside))
