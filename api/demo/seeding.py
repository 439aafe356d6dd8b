"""Bringing synthetic cases to every stage, by the engine itself and the same commands that people use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import httpx

from api.bootstrap import House
from api.clock import FileClock
from api.demo.people import Households, SyntheticHousehold
from api.demo.staff import Occasion, answer
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask
from engine.errors import FourEyesViolation
from engine.job_executor import JobExecutor, WorkerSettings
from engine.json_values import JsonObject, dump_json
from engine.model import SYSTEM, Actor, UserTask
from engine.queries import TaskTab, UserTaskFilter
from web.schemas.application import ApplicationSchema
from workflows.casework.commands import SubmitApplication
from workflows.casework.model import Case
from workflows.organisation.model import actor_of

LOCAL = ZoneInfo("Asia/Shanghai")
MOST_TASKS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How a case goes: how long ago it came, how long a task waits, and after how many it stands still."""

    share: float
    days_ago: tuple[float, float]
    hours_a_task: float
    tasks: tuple[int, int]


PACES = (
    Pace(share=0.40, days_ago=(30, 75), hours_a_task=7, tasks=(MOST_TASKS, MOST_TASKS)),  # done long ago
    Pace(share=0.52, days_ago=(0.1, 16), hours_a_task=22, tasks=(MOST_TASKS, MOST_TASKS)),  # in good hands
    Pace(share=0.08, days_ago=(10, 45), hours_a_task=14, tasks=(1, 10)),  # stuck: somebody must look
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeding:
    """How many cases, from which seed, seen from which day; where agencies are asked, and how they are reached."""

    cases: int
    seed: int
    today: datetime
    simulator_url: str
    transport: httpx.BaseTransport | None = None


class Seeder:
    """Moves the clock of its house along each case's own time."""

    def __init__(self, house: House, clock: FileClock, plan: Seeding) -> None:
        self._engine = house.services.engine
        self._queries = house.services.queries
        self._clock = clock
        self._plan = plan
        self._random = Random(plan.seed)  # noqa: S311  synthetic cases, no secrets
        self._worker = JobExecutor(self._engine, signal=_never, settings=WorkerSettings(name="seeding", threads=1))
        self._people = [actor_of(account) for account in house.services.organisation.accounts()]

    def run(self) -> Iterator[str]:
        """Make the cases one after the other; yields each case's number."""
        households = Households(seed=self._plan.seed, today=self._plan.today.date())
        with httpx.Client(base_url=self._plan.simulator_url, transport=self._plan.transport) as simulator:
            for _ in range(self._plan.cases):
                pace = self._random.choices(PACES, [one.share for one in PACES])[0]
                received = self._plan.today - timedelta(days=self._random.uniform(*pace.days_ago))
                household = households.next(received_on=received.astimezone(LOCAL).date())
                for fact in household.facts:
                    simulator.post("/simulator/facts", content=dump_json(fact)).raise_for_status()
                yield self._case(household, received, pace)

    def _case(self, household: SyntheticHousehold, received: datetime, pace: Pace) -> str:
        now = min(_office_hours(received), self._plan.today)
        self._clock.set(now)
        case = self._submit(household.application)
        for _ in range(self._random.randint(*pace.tasks)):
            now = _office_hours(now + timedelta(hours=self._random.expovariate(1 / pace.hours_a_task)))
            if now > self._plan.today:
                break
            self._clock.set(now)
            self._worker.run_until_idle()
            if not self._one_task(case, now):
                break
        self._worker.run_until_idle()
        return case.number

    def _submit(self, application: JsonObject) -> Case:
        loaded = ApplicationSchema().load(application)
        loaded = replace(loaded, submission_key=application["submission_key"])
        return self._engine.execute(SubmitApplication(application=loaded), actor=SYSTEM)

    def _one_task(self, case: Case, now: datetime) -> bool:
        """Let somebody finish one open task of the case; say whether there was one."""
        if case.process_instance_id is None:
            return False
        wanted = UserTaskFilter(actor=SYSTEM, tab=TaskTab.UNIT, process_instance_id=case.process_instance_id)
        open_tasks = self._queries.user_tasks(wanted).tasks
        if not open_tasks:
            return False
        task = self._random.choice(open_tasks)
        person = self._claim(task)
        shown = self._queries.user_task(task.id, SYSTEM).variables
        occasion = Occasion(element_id=task.element_id, shown=shown, today=now.astimezone(LOCAL).date())
        self._engine.execute(CompleteUserTask(user_task_id=task.id, values=answer(occasion)), actor=person)
        return True

    def _claim(self, task: UserTask) -> Actor:
        """Make the first who may the assignee."""
        for person in self._people:
            if not person.is_candidate(task.candidate_groups, task.region):
                continue
            try:
                self._engine.execute(ClaimUserTask(user_task_id=task.id), actor=person)
            except FourEyesViolation:
                continue
            return person
        raise LookupError(f"nobody of {task.candidate_groups} may do {task.element_id}")


def _office_hours(moment: datetime) -> datetime:
    """Return the moment, or the next one at which offices are open; weekends pass."""
    local = moment.astimezone(LOCAL)
    if local.hour >= 17:
        local = datetime.combine(local.date() + timedelta(days=1), time(9, local.minute), LOCAL)
    elif local.hour < 9:
        local = datetime.combine(local.date(), time(9, local.minute), LOCAL)
    while local.weekday() >= 5:
        local += timedelta(days=1)
    return local


def _never() -> NoSignal:
    return NoSignal()


class NoSignal:
    """The seeder runs its worker by hand and waits for nobody."""

    def wait(self, timeout: timedelta) -> bool:
        """Return at once."""
        return not timeout

    def leads(self) -> bool:
        """Be the only worker."""
        return True

    def close(self) -> None:
        """Hold nothing."""
