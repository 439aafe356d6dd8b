"""What happens in a simulation by its seed alone: who comes when, who is away, and how long work lies on a desk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from api.scenario.course import LOCAL
from api.synthetic.households import HouseholdMaker, SyntheticHousehold
from api.synthetic.running import standard_on
from api.synthetic.shares import ARRIVALS_A_MONTH, FULL_SIZE, Kind
from workflows.casework.days import months_later
from workflows.rules.calendar import WorkingCalendar

SESSIONS = (time(9, 0), time(14, 0))
"""When desks are worked at: what became ready is done in the morning, or after noon."""
HOURS_A_SESSION = 4.0
HOURS_A_TASK = 10.0  # mean working time until somebody gets to a task
LONG_SHARE, LONG_FACTOR = 0.03, 6.0  # some work lies on a desk for weeks
URGENT_FACTOR = 0.15
LEAVE_A_WEEK, SICK_A_DAY = 0.05, 0.02
KNOWN_HOUSEHOLDS = (Kind.BILL,)
"""What households that draw something already come back for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long, from when, how large a county, by which seed."""

    start: date
    months: int
    seed: int
    households: int = FULL_SIZE

    @property
    def end(self) -> date:
        """Return the first day that is no longer simulated."""
        first = months_later(self.start, self.months)
        return first + timedelta(days=min(self.start.day, 28) - 1)

    @property
    def scale(self) -> float:
        """Return the share of a county of full size."""
        return self.households / FULL_SIZE


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Somebody at the window; who is known comes back with a new need."""

    kind: Kind
    household: SyntheticHousehold | None  # None: one of those that draw something already
    draw: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A morning or an afternoon of work, with who comes to the window in it."""

    at: datetime
    begins_month: bool
    arrivals: tuple[Arrival, ...]


def sessions(plan: Plan, calendar: WorkingCalendar) -> Iterator[Session]:
    """Yield every session of the working days with its arrivals: the same ones for the same seed.

    Raises:
        YearNotLoaded: a day lies in a year whose calendar is not known.
    """
    moments = tuple(_moments(plan, calendar))
    random = Random(plan.seed)  # noqa: S311  synthetic households, no secrets
    coming = _coming(plan, random, len(moments))
    maker = HouseholdMaker(seed=plan.seed + 1, standard=standard_on(plan.start))
    month = None
    for index, moment in enumerate(moments):
        arrivals = tuple(_arrival(kind, maker, moment.date(), random) for kind in coming.get(index, ()))
        yield Session(at=moment, begins_month=moment.month != month, arrivals=arrivals)
        month = moment.month


def session_count(plan: Plan, calendar: WorkingCalendar) -> int:
    """Return how many sessions there are."""
    return sum(1 for _ in _moments(plan, calendar))


def sessions_until_done(random: Random, *, urgent: bool) -> int:
    """Return after how many sessions somebody gets to a task."""
    hours = random.expovariate(1 / HOURS_A_TASK)
    if urgent:
        hours *= URGENT_FACTOR
    elif random.random() < LONG_SHARE:
        hours *= LONG_FACTOR
    return int(hours / HOURS_A_SESSION)


@dataclass(slots=True)
class Absences:
    """Who is away: on leave for a week, or sick for a day."""

    seed: int
    _known: dict[tuple[str, date], bool] = field(default_factory=dict)

    def is_away(self, login: str, day: date) -> bool:
        """Say whether somebody is not at their desk on a day."""
        if (login, day) not in self._known:
            year, week, _ = day.isocalendar()
            leave = Random(f"{self.seed}:{login}:{year}:{week}").random() < LEAVE_A_WEEK  # noqa: S311  no secrets
            sick = Random(f"{self.seed}:{login}:{day}").random() < SICK_A_DAY  # noqa: S311  no secrets
            self._known[login, day] = leave or sick
        return self._known[login, day]


def _coming(plan: Plan, random: Random, moments: int) -> dict[int, list[Kind]]:
    """Return who comes in which session; a part of an arrival is one by chance."""
    found: dict[int, list[Kind]] = {}
    for kind, a_month in ARRIVALS_A_MONTH.items():
        expected = a_month * plan.scale * plan.months
        count = int(expected) + (random.random() < expected % 1)
        for _ in range(count if moments else 0):
            found.setdefault(random.randrange(moments), []).append(kind)
    return found


def _arrival(kind: Kind, maker: HouseholdMaker, day: date, random: Random) -> Arrival:
    household = None if kind in KNOWN_HOUSEHOLDS else maker.applicant(kind, day)
    return Arrival(kind=kind, household=household, draw=random.randrange(1 << 30))


def _moments(plan: Plan, calendar: WorkingCalendar) -> Iterator[datetime]:
    for day in _days(plan):
        if calendar.is_workday(day):
            yield from (datetime.combine(day, moment, LOCAL) for moment in SESSIONS)


def _days(plan: Plan) -> Sequence[date]:
    return [plan.start + timedelta(days=count) for count in range((plan.end - plan.start).days)]
