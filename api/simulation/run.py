"""A whole simulation: the county set up, its households taken over, every session lived through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from time import monotonic

from api.scenario.county import CountyMaker, ThrowAwayCounty
from api.scenario.course import LOCAL
from api.simulation.agencies import AgencyTemper
from api.simulation.calendar import calendar_of, load_provisional
from api.simulation.figures import results
from api.simulation.office import SimulatedOffice
from api.simulation.plan import Plan, session_count, sessions
from engine.json_values import JsonObject
from workflows.rules.calendar import WorkingCalendar

OPENS = time(8, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthDone:
    """What a month of a simulation came to, and how long it took."""

    month: date
    handed_in: int
    tasks_done: int
    tasks_open: int  # when it was last looked
    undoable: int
    seconds: float


def _unheard(_done: MonthDone) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """A simulation to be run; its length is known before, for whoever shows how far it is."""

    plan: Plan
    calendar: WorkingCalendar

    @classmethod
    def of(cls, plan: Plan) -> Simulation:
        """Return the simulation of a plan.

        Raises:
            YearNotLoaded: nobody knows the holidays of a year in its span.
        """
        return cls(plan, calendar_of(plan.start, plan.end))

    @property
    def sessions(self) -> int:
        """Return how many half-days are lived through."""
        return session_count(self.plan, self.calendar)

    def run(
        self,
        maker: CountyMaker,
        *,
        households: Callable[[Iterator[int]], None],
        half_days: Callable[[Iterator[int]], None],
        months: Callable[[MonthDone], None] = _unheard,
    ) -> JsonObject:
        """Run it and return the results; the callers are given what to go through, and told of each month lived."""
        with maker.county(datetime.combine(self.plan.start, OPENS, LOCAL)) as county:
            office = self._office(county)
            households(office.take_over())
            half_days(self._live(office, months))
            county.move_by_hours(datetime.combine(self.plan.end, time(), LOCAL))
            return results(county, self.plan, office)

    def _office(self, county: ThrowAwayCounty) -> SimulatedOffice:
        load_provisional(county.house.services.engine, self.plan.start, self.plan.end)
        county.outside.county.temper = AgencyTemper(seed=self.plan.seed)
        return SimulatedOffice(county, self.plan)

    def _live(self, office: SimulatedOffice, told: Callable[[MonthDone], None]) -> Iterator[int]:
        month, before, began = self.plan.start, (0, 0), monotonic()
        for number, session in enumerate(sessions(self.plan, self.calendar), start=1):
            if session.begins_month and number > 1:
                told(_done(month, office, before, monotonic() - began))
                month, before, began = session.at.date(), _counts(office), monotonic()
            office.live(session)
            yield number
        told(_done(month, office, before, monotonic() - began))


def _counts(office: SimulatedOffice) -> tuple[int, int]:
    return office.work.handed_in, office.work.done.total()


def _done(month: date, office: SimulatedOffice, before: tuple[int, int], seconds: float) -> MonthDone:
    handed_in, tasks_done = _counts(office)
    return MonthDone(
        month=month.replace(day=1),
        handed_in=handed_in - before[0],
        tasks_done=tasks_done - before[1],
        tasks_open=office.tasks_open,
        undoable=office.undoable.total(),
        seconds=seconds,
    )
