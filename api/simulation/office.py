"""A county at work through all sessions of a plan, by the commands that people use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from uuid import UUID

from api.demo.people import SyntheticHousehold
from api.demo.staff import NoAnswer, Occasion, answer
from api.scenario.county import ThrowAwayCounty
from api.scenario.course import LOCAL
from api.simulation.plan import Plan, Session, sessions_until_done
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask
from engine.errors import EngineError, FourEyesViolation
from engine.json_values import dump_json
from engine.model import SYSTEM, Actor, UserTask
from engine.queries import TaskTab, UserTaskFilter
from web.schemas.application import ApplicationSchema
from workflows.casework.commands import SubmitApplication
from workflows.organisation.model import actor_of

PAGE = 100


@dataclass(slots=True)
class Work:
    """What was done, and what nobody could do."""

    handed_in: int = 0
    done: Counter[str] = field(default_factory=Counter)
    undoable: Counter[str] = field(default_factory=Counter)  # by element and why


class SimulatedOffice:
    """Everybody of the county at their desks."""

    def __init__(self, county: ThrowAwayCounty, plan: Plan) -> None:
        services = county.house.services
        self._county = county
        self._engine = services.engine
        self._queries = services.queries
        self._people = [actor_of(account) for account in services.organisation.accounts()]
        self._random = Random(plan.seed + 1)  # noqa: S311  synthetic work, no secrets
        self._waits: dict[UUID, int] = {}  # sessions until somebody gets to a task
        self.work = Work()

    def live(self, session: Session) -> None:
        """Let a session pass: the window takes in who comes, and everybody does what they get to."""
        self._county.move_to(session.at)
        for household in session.arrivals:
            self._hand_in(household)
        self._county.settle(lambda: True)
        for task in self._open_tasks():
            waits = self._waits.setdefault(task.id, sessions_until_done(self._random))
            if waits <= 0:
                self._do(task, session.at)
            self._waits[task.id] = waits - 1
        self._county.settle(lambda: True)

    def _hand_in(self, household: SyntheticHousehold) -> None:
        for fact in household.facts:
            self._county.simulator.post("/simulator/facts", content=dump_json(fact)).raise_for_status()
        loaded = ApplicationSchema().load(household.application)
        loaded = replace(loaded, submission_key=household.application["submission_key"])
        self._engine.execute(SubmitApplication(application=loaded), actor=SYSTEM)
        self.work.handed_in += 1

    def _open_tasks(self) -> list[UserTask]:
        """Return all open tasks in an order that the seed alone decides."""
        found: list[UserTask] = []
        while True:
            wanted = UserTaskFilter(actor=SYSTEM, tab=TaskTab.UNIT, offset=len(found), limit=PAGE)
            page = self._queries.user_tasks(wanted)
            found += page.tasks
            if len(found) >= page.total or not page.tasks:
                return sorted(found, key=lambda one: (one.business_key, one.element_id, one.created_at))

    def _do(self, task: UserTask, now: datetime) -> None:
        """Let the first who may complete a task; what nobody can do is counted and stays open."""
        try:
            person = self._claimed_by(task)
            if person is None:
                self.work.undoable[f"{task.element_id}: nobody"] += 1
                return
            shown = self._queries.user_task(task.id, SYSTEM).variables
            occasion = Occasion(element_id=task.element_id, shown=shown, today=now.astimezone(LOCAL).date())
            self._engine.execute(CompleteUserTask(user_task_id=task.id, values=answer(occasion)), actor=person)
        except NoAnswer:
            self.work.undoable[f"{task.element_id}: no-answer"] += 1
        except EngineError as error:
            self.work.undoable[f"{task.element_id}: {error.code}"] += 1
        else:
            self.work.done[task.element_id] += 1

    def _claimed_by(self, task: UserTask) -> Actor | None:
        for person in self._candidates(task):
            try:
                self._engine.execute(ClaimUserTask(user_task_id=task.id), actor=person)
            except FourEyesViolation:
                continue
            return person
        return None

    def _candidates(self, task: UserTask) -> Iterator[Actor]:
        for person in self._people:
            if person.id == task.assignee or (task.assignee is None and task.is_offered_to(person)):
                yield person
