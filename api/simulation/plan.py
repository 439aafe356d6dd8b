"""What happens in a simulation by its seed alone: who comes when, and how long work lies on a desk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from api.demo.people import Households, SyntheticHousehold
from api.scenario.course import LOCAL
from workflows.rules.calendar import WorkingCalendar

SESSIONS = (time(9, 0), time(14, 0))
"""When desks are worked at: what became ready is done in the morning, or after noon."""
DAYS_A_MONTH = 30
HOURS_A_TASK = 10.0  # mean working time until somebody gets to a task
HOURS_A_SESSION = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long, from when, how many households, by which seed."""

    start: date
    months: int
    households: int
    seed: int

    @property
    def end(self) -> date:
        """Return the first day that is no longer simulated."""
        return self.start + timedelta(days=DAYS_A_MONTH * self.months)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A morning or an afternoon of work, with the households that come to the window in it."""

    at: datetime
    arrivals: tuple[SyntheticHousehold, ...]


def sessions(plan: Plan, calendar: WorkingCalendar) -> Iterator[Session]:
    """Yield every session of the working days with its arrivals: the same ones for the same seed.

    Raises:
        YearNotLoaded: a day lies in a year whose calendar is not known.
    """
    moments = tuple(_moments(plan, calendar))
    random = Random(plan.seed)  # noqa: S311  synthetic households, no secrets
    coming = sorted(random.randrange(len(moments)) for _ in range(plan.households)) if moments else []
    households = Households(seed=plan.seed, today=plan.start)
    for index, moment in enumerate(moments):
        count = coming.count(index)
        arrivals = tuple(households.next(received_on=moment.date()) for _ in range(count))
        yield Session(at=moment, arrivals=arrivals)


def session_count(plan: Plan, calendar: WorkingCalendar) -> int:
    """Return how many sessions there are."""
    return sum(1 for _ in _moments(plan, calendar))


def sessions_until_done(random: Random) -> int:
    """Return after how many sessions somebody gets to a task."""
    return int(random.expovariate(1 / HOURS_A_TASK) / HOURS_A_SESSION)


def _moments(plan: Plan, calendar: WorkingCalendar) -> Iterator[datetime]:
    for day in _days(plan):
        if calendar.is_workday(day):
            yield from (datetime.combine(day, moment, LOCAL) for moment in SESSIONS)


def _days(plan: Plan) -> Sequence[date]:
    return [plan.start + timedelta(days=count) for count in range((plan.end - plan.start).days)]
