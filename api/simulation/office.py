"""A county at work through all sessions of a plan, by the commands that people use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from random import Random
from uuid import UUID

from api.demo.staff import NoAnswer
from api.scenario.county import ThrowAwayCounty
from api.scenario.course import LOCAL
from api.schemas.transfer import RunningBenefitSchema
from api.simulation.happenings import Happenings
from api.simulation.plan import Absences, Arrival, Plan, Session, sessions_until_done
from api.simulation.staff import URGENT_TASKS, SimulatedStaff
from api.simulation.treasury import Treasury
from api.synthetic.households import HouseholdMaker, SyntheticHousehold
from api.synthetic.running import recipients, standard_on
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask
from engine.errors import EngineError, FourEyesViolation, NotPermitted, TaskNotOpen
from engine.json_values import JsonObject
from engine.model import SYSTEM, Actor, UserTask
from engine.queries import TaskTab, UserTaskFilter
from web.schemas.application import ApplicationSchema
from workflows.casework.benefits.transfer import TakeOverBenefit
from workflows.casework.commands import SubmitApplication
from workflows.casework.model import Application
from workflows.organisation.model import actor_of

PAGE = 1_000
TASKS_A_SESSION = 14  # that one person gets done


@dataclass(slots=True)
class Work:
    """What was done, and what nobody could do."""

    taken_over: int = 0
    handed_in: int = 0
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)  # tries the house refused, by element and why
    happened: Counter[str] = field(default_factory=Counter)
    days_to_hear_of_a_death: list[int] = field(default_factory=list)


class SimulatedOffice:
    """Everybody of the county at their desks."""

    def __init__(self, county: ThrowAwayCounty, plan: Plan) -> None:
        services = county.house.services
        self._county = county
        self._plan = plan
        self._engine = services.engine
        self._queries = services.queries
        self._people = tuple(actor_of(account) for account in services.organisation.accounts())
        self._candidates: dict[tuple[tuple[str, ...], str], Sequence[Actor]] = {}
        self._absences = Absences(plan.seed)
        self._staff = SimulatedStaff(plan.seed)
        self._maker = HouseholdMaker(seed=plan.seed + 2, standard=standard_on(plan.start))
        self._waits: dict[UUID, int] = {}  # sessions until somebody gets to a task
        self._seen: Counter[tuple[str, str]] = Counter()
        self._stuck: dict[UUID, str] = {}  # why the last try at a task that is still open was refused
        self._known: list[SyntheticHousehold] = []
        self.tasks_open = 0
        self.work = Work()
        self._happenings = Happenings(services, self._staff, self.work.happened, self.work.days_to_hear_of_a_death)
        self._treasury = Treasury(services, self._staff, self.work.happened)

    @property
    def undoable(self) -> Counter[str]:
        """Return what nobody could do to the end and still waits, by element and why."""
        return Counter(self._stuck.values())

    def take_over(self) -> Iterator[int]:
        """Take over the households that draw something; yields how many are in."""
        made = recipients(households=self._plan.households, seed=self._plan.seed, day=self._plan.start)
        for household, line in made:
            self._register(household)
            running = RunningBenefitSchema().load(line)
            self._engine.execute(TakeOverBenefit(running=running), actor=SYSTEM)
            self._known.append(household)
            self.work.taken_over += 1
            yield self.work.taken_over

    def live(self, session: Session) -> None:
        """Let a session pass: the window takes in who comes, and everybody does what they get to."""
        self._county.move_by_hours(session.at)
        today = session.at.astimezone(LOCAL).date()
        if session.begins_month:
            self._happenings.plan_month(today)
            self._treasury.begin_month(today)
        self._happenings.happen(today)
        self._treasury.go_on(session.at)
        for arrival in session.arrivals:
            self._hand_in(arrival, today)
        self._county.do_what_is_due()
        busy: Counter[str] = Counter()
        open_tasks = self._open_tasks()
        self.tasks_open = len(open_tasks)
        still_open = {task.id for task in open_tasks}
        self._stuck = {task_id: why for task_id, why in self._stuck.items() if task_id in still_open}
        for task in open_tasks:
            if self._waits.setdefault(task.id, self._sessions_until_done(task, today)) <= 0:
                self._do(task, session.at, busy)
            self._waits[task.id] -= 1
        self._county.do_what_is_due()

    def _sessions_until_done(self, task: UserTask, today: date) -> int:
        key = (task.business_key, task.element_id)
        self._seen[key] += 1
        random = self._staff.luck("wait", *key, self._seen[key])
        self._happenings.notice(task, random)
        self._treasury.notice(task, today)
        return sessions_until_done(random, urgent=task.element_id in URGENT_TASKS)

    def _hand_in(self, arrival: Arrival, today: date) -> None:
        household = arrival.household
        if household is None and not self._known:
            return
        if household is None:
            known = self._known[arrival.draw % len(self._known)]
            household = self._maker.again(known, arrival.kind, today)
        self._register(household)
        self._engine.execute(SubmitApplication(application=_loaded(household.application)), actor=SYSTEM)
        self.work.handed_in += 1

    def _register(self, household: SyntheticHousehold) -> None:
        for fact in household.facts:
            self._county.outside.county.register(fact)

    def _open_tasks(self) -> list[UserTask]:
        """Return all open tasks in an order that the seed alone decides."""
        found: list[UserTask] = []
        while True:
            wanted = UserTaskFilter(actor=SYSTEM, tab=TaskTab.UNIT, offset=len(found), limit=PAGE)
            page = self._queries.user_tasks(wanted)
            found += page.tasks
            if len(found) >= page.total or not page.tasks:
                return sorted(found, key=lambda one: (one.created_at, one.business_key, one.element_id))

    def _do(self, task: UserTask, now: datetime, busy: Counter[str]) -> None:
        """Let the first who may complete a task; what nobody can do is kept with its cause and tried again."""
        try:
            person = self._claimed_by(task, now.astimezone(LOCAL).date(), busy)
            if person is None:
                return
            shown = self._queries.user_task(task.id, SYSTEM).variables
            values = self._staff.answer(task, shown, now.astimezone(LOCAL).date())
            self._engine.execute(CompleteUserTask(user_task_id=task.id, values=values), actor=person)
        except NoAnswer:
            self._refused(task, "no-answer")
        except TaskNotOpen:
            self._stuck.pop(task.id, None)  # what was done since the list was read made it needless
        except EngineError as error:
            self._refused(task, error.code, str(error))
        else:
            busy[person.id] += 1
            self._stuck.pop(task.id, None)
            self.work.done[task.element_id] += 1

    def _refused(self, task: UserTask, code: str, told: str = "") -> None:
        cause = f"{task.element_id}: {code}"
        self._stuck[task.id] = f"{cause} {task.business_key} {told}".strip()
        self.work.refused[cause] += 1

    def _claimed_by(self, task: UserTask, today: date, busy: Counter[str]) -> Actor | None:
        candidates = self._candidates_of(task)
        all_were_asked = True
        for person in self._in_turn(candidates, task):
            if self._absences.is_away(person.id, today) or busy[person.id] >= TASKS_A_SESSION:
                all_were_asked = False
                continue
            if person.id == task.assignee:
                return person
            try:
                self._engine.execute(ClaimUserTask(user_task_id=task.id), actor=person)
            except (FourEyesViolation, NotPermitted):
                continue
            return person
        if all_were_asked:
            self._refused(task, "nobody-may")
        return None

    def _candidates_of(self, task: UserTask) -> Sequence[Actor]:
        if task.assignee is not None or task.candidate_users:
            return [one for one in self._people if one.id == task.assignee or task.is_offered_to(one)]
        key = (task.candidate_groups, task.region)
        if key not in self._candidates:
            self._candidates[key] = tuple(one for one in self._people if task.is_offered_to(one))
        return self._candidates[key]

    def _in_turn(self, candidates: Sequence[Actor], task: UserTask) -> list[Actor]:
        mine = sorted(candidates, key=lambda one: one.id != task.assignee)
        if task.assignee is None:
            Random(f"{self._plan.seed}:{task.business_key}:{task.element_id}").shuffle(mine)  # noqa: S311  no secrets
        return mine


def _loaded(application: JsonObject) -> Application:
    loaded: Application = ApplicationSchema().load(application)
    return replace(loaded, submission_key=application["submission_key"])
