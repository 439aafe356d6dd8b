"""One play on the core: a clock that is moved, what is lent to read by, and what every step led to.

Nothing is ever written: the core is a pure function, service tasks of every kind wait for an answer of the player, and
messages that a play sends reach nobody but itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from engine import feel, forms
from engine.core import model
from engine.core.interpreter import run
from engine.core.listener_model import InTransition, Person, ResultRefused, TaskAttributes
from engine.errors import CannotStart, FourEyesViolation, JobResultRefused, NotFound, TaskInTransition
from engine.expressions import DecisionSource, FeelEvaluator
from engine.json_values import JsonObject, JsonValue
from engine.waiting_tokens import tokens_at_joins
from workflows.playing.budget import Budget, BudgetedEvaluator
from workflows.playing.deeds import Deed, EventDeed, JobDeed, PlayStep, RetryDeed, SetDeed, TaskDeed
from workflows.playing.errors import NotOpenInPlay, NotPlayable, PlayTooLong, RoleNotOffered, StepTooEarly
from workflows.playing.hands import Hands
from workflows.playing.model import PlaySetting
from workflows.playing.open_work import OpenWork, Place
from workflows.playing.sent_messages import SentMessages, is_for

MOST_FIRINGS = 300  # of timers in one step
MOST_RELAYED = 100  # messages that a play sends itself in one step
LONGEST = timedelta(days=366 * 30)

Opened = TypeVar("Opened", model.UserTaskOpened, model.JobOpened)


class Lent(Protocol):
    """What a play may read of the county."""

    @property
    def definitions(self) -> model.Definitions:
        """Return the compiled processes."""
        ...

    @property
    def decisions(self) -> DecisionSource:
        """Return where decisions are found."""
        ...

    @property
    def functions(self) -> Mapping[str, Any]:
        """Return the functions that expressions may call."""
        ...

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone of the office's clocks."""
        ...

    def objects(self, case: JsonValue, now: datetime) -> Mapping[str, JsonValue]:
        """Return what every expression sees beside the variables at a moment."""
        ...

    def form(self, task: model.UserTaskOpened) -> forms.Form | None:
        """Return the form a task shows.

        Raises:
            NotFound: it is not deployed.
        """
        ...

    def checked(self, variables: JsonObject) -> JsonObject:
        """Return variables as the engine would keep them.

        Raises:
            InvalidVariables: it would not.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a stage stood at a moment."""

    now: datetime
    snapshot: model.Snapshot | None
    work: OpenWork
    facts: int
    hands: Hands
    sent: SentMessages


class Stage:
    """A process on its way in a play."""

    def __init__(self, lent: Lent, setting: PlaySetting, budget: Budget | None = None) -> None:
        self._lent = lent
        self._setting = setting
        self._budget = budget or Budget()
        self.now = setting.starts_at
        self.snapshot: model.Snapshot | None = None
        self.work = OpenWork()
        self.facts: list[model.Fact] = []
        self._hands = Hands()
        self._sent = SentMessages()

    @property
    def process_id(self) -> str:
        """Return the process that is played."""
        return self._setting.process_id

    @property
    def is_over(self) -> bool:
        """Say whether the process has ended."""
        return self.snapshot is None

    @property
    def variables(self) -> JsonObject:
        """Return the variables of the process, at its end those it ended with."""
        if self.snapshot is not None:
            return dict(self.snapshot.instances[0].variables)
        ended = [fact for fact in self.facts if isinstance(fact, model.InstanceEnded)]
        return dict(ended[-1].variables) if ended else {}

    def begin(self, definition: str) -> None:
        """Start the process.

        Raises:
            CannotStart: it has no start event that fits.
            InvalidVariables: the variables cannot be kept.
            NotPlayable: no token can stand where the setting has one.
        """
        setting = self._setting
        variables = self._lent.checked(setting.variables)
        if setting.standing:
            self._begin_within(definition, variables)
            return
        event = None if setting.start_event is None else variables
        command = model.Start(
            definition=definition, variables=variables, start_event=setting.start_event, event=event or None
        )
        self._run(command)

    def _begin_within(self, definition: str, variables: JsonObject) -> None:
        """Let the tokens stand where the setting says, as a repair by hand would: what is there is entered anew."""
        setting = self._setting
        process = self._lent.definitions.get(definition)
        waiting = {
            join: dict(flows)
            for join, flows in setting.waiting.items()
            if join in process.nodes and set(flows) <= {flow.id for flow in process.nodes[join].incoming}
        }
        root = model.ElementInstance(
            key=1,
            definition=definition,
            element=process.id,
            scope=0,
            variables=variables,
            tokens=waiting,
            stage=model.Stage.ENTERING,
        )
        self.snapshot = model.Snapshot(next_key=2, instances=(root,))
        self._run(
            model.Modify(
                activate=tuple(
                    model.Activation(scope=1, element=one.element, variables=self._lent.checked(one.variables))
                    for one in setting.standing
                )
            )
        )

    def take(self, step: PlayStep) -> None:
        """Let time pass until a step's moment, then do its deeds.

        Raises:
            EngineError: one of them cannot be done; the stage is then of no more use.
        """
        self._move_to(step.at)
        for deed in step.deeds:
            self._do(deed, step.by or "")

    def standing(self) -> Standing:
        """Return how it stands, for a later return to it."""
        return Standing(
            now=self.now,
            snapshot=self.snapshot,
            work=self.work.copy(),
            facts=len(self.facts),
            hands=self._hands.copy(),
            sent=self._sent,
        )

    def return_to(self, standing: Standing) -> None:
        """Let everything since a moment not have been."""
        self.now, self.snapshot, self.work = standing.now, standing.snapshot, standing.work
        self._hands, self._sent = standing.hands, standing.sent
        del self.facts[standing.facts :]

    def name_of(self, place: Place) -> str:
        """Return how steps and expectations name an element: by its id, in a called process with that before."""
        definition, element = place
        process_id = self._lent.definitions.get(definition).id
        return element if process_id == self._setting.process_id else f"{process_id}/{element}"

    def open(self) -> list[str]:
        """Return the elements that wait, one time for each token, in order: those stuck with a `!` before."""
        stuck = [(one.definition, one.element) for one in self.work.incidents.values()]
        joins = [place for place, number in self.joins().items() if place not in stuck for _ in range(number)]
        waits = [self.name_of(place) for place in (*self.work.places(), *joins)]
        return sorted([*waits, *(f"!{self.name_of(place)}" for place in stuck)])

    def joins(self) -> Mapping[Place, int]:
        """Return how many tokens wait at joins, where no element lives."""
        found: dict[Place, int] = {}
        for _, definition, join, flows in tokens_at_joins(self.snapshot) if self.snapshot else ():
            found[definition, join] = found.get((definition, join), 0) + sum(flows.values())
        return found

    def passed(self) -> frozenset[str]:
        """Return the elements that a token went on from."""
        return frozenset(self.name_of(place) for place in self.work.passage.left)

    def expression_settings(self) -> feel.Settings:
        """Return the clock, in the office's zone, and the functions that expressions may use."""
        return feel.Settings(now=self.now.astimezone(self._lent.zone), functions=self._lent.functions)

    def _do(self, deed: Deed, by: str) -> None:
        match deed:
            case TaskDeed():
                self._complete(deed, by)
            case JobDeed():
                self._answer(deed)
            case EventDeed():
                self._trigger(deed)
            case SetDeed():
                root = self._root("set")
                self._run(model.SetVariables(scope=root.key, variables=self._lent.checked(deed.variables)))
            case RetryDeed():
                self._run(model.Retry(key=self._stuck(deed.element)))

    def _complete(self, deed: TaskDeed, by: str) -> None:
        task = self._nth(self.work.tasks, deed.task, deed.nth)
        self._require_role(task, by)
        settings = self.expression_settings()
        form = self._lent.form(task)
        values = deed.answers
        if form is not None:
            submission = forms.validate(form, values, data=dict(task.variables), settings=settings)
            if submission.errors:
                raise forms.FormInvalid(submission.errors)
            values = submission.values
        attributes = TaskAttributes(
            assignee=by,
            assignee_name=by,
            candidate_groups=task.candidate_groups,
            candidate_users=task.candidate_users,
            due=task.due,
            follow_up=task.follow_up,
            priority=task.priority,
        )
        variables = self._lent.checked(values)
        person = Person(id=by, name=by)
        self._run(model.CompleteWork(key=task.key, variables=variables, task=attributes, by=person))
        self._hands.completed(task, by)

    def _require_role(self, task: model.UserTaskOpened, by: str) -> None:
        """Let a role pass that the task is offered to, as somebody who did nothing it must be distinct from."""
        role = by.partition(":")[0]
        offered = (*task.candidate_groups, *task.candidate_users)
        if offered and role not in offered:
            raise RoleNotOffered(task.name or task.element, role, offered)
        for other in task.properties.get("distinctFrom", "").replace(",", " ").split():
            if by and self._hands.did(other, by):
                raise FourEyesViolation(task.name or task.element, other)

    def _answer(self, deed: JobDeed) -> None:
        job = self._nth(self.work.jobs, deed.job, deed.nth)
        variables = self._lent.checked(deed.variables)
        if deed.error is not None:
            self._run(model.ThrowError(key=job.key, code=deed.error, variables=variables))
        elif deed.fail is not None:
            self._run(model.FailWork(key=job.key, reason=deed.fail))
        else:
            self._run(model.CompleteWork(key=job.key, variables=variables))

    def _trigger(self, deed: EventDeed) -> None:
        found = [
            wait.subscription
            for wait in self.work.waits.values()
            if (wait.subscription.kind, wait.subscription.name) == (deed.kind, deed.name)
        ]
        if len(found) < deed.nth:
            raise self._not_open(deed.name)
        variables = self._lent.checked(deed.variables)
        chosen = found if deed.kind == "signal" else [found[deed.nth - 1]]
        for one in chosen:
            if one.key in self.work.waits:
                self._run(model.Trigger(subscription=one.key, variables=variables))

    def _move_to(self, moment: datetime) -> None:
        if moment < self.now:
            raise StepTooEarly(moment.isoformat(), self.now.isoformat())
        if moment - self._setting.starts_at > LONGEST:
            raise PlayTooLong(model.Obstacle("days since its start", "自开始起的天数"), LONGEST.days)
        firings = 0
        while (first := self.next_timer()) is not None and first[0] <= moment:
            firings += 1
            if firings > MOST_FIRINGS:
                raise PlayTooLong(model.Obstacle("timers that fire in one step", "一步之内触发的定时器"), MOST_FIRINGS)
            self.now = max(self.now, first[0])
            self._run(model.Trigger(subscription=first[1]))
        self.now = moment

    def next_timer(self) -> tuple[datetime, int] | None:
        """Return when the next timer is due and its key."""
        waits = (wait.subscription for wait in self.work.waits.values())
        return min(((one.due, one.key) for one in waits if one.due is not None), default=None)

    def _run(self, command: model.Command) -> None:
        facts = deque(self._run_once(command))
        relayed = 0
        while facts:
            fact = facts.popleft()
            followed = self._followed_by(fact)
            relayed += followed is not None
            if relayed > MOST_RELAYED:
                raise PlayTooLong(model.Obstacle("messages to itself", "发给自己的消息"), MOST_RELAYED)
            facts += followed or ()

    def _followed_by(self, fact: model.Fact) -> Sequence[model.Fact] | None:
        """Return what a message led to that the play sent itself, or that it begins to wait for; None: nothing."""
        if isinstance(fact, model.MessageSent):
            return self._relayed(fact)
        if isinstance(fact, model.Subscribed) and fact.subscription.key in self.work.waits:
            message = self._sent.first_for(fact.subscription, self.now)
            if message is not None:
                self._sent = self._sent.reached(message)
                return self._run_once(model.Trigger(subscription=fact.subscription.key, variables=message.variables))
        return None

    def _relayed(self, message: model.MessageSent) -> Sequence[model.Fact] | None:
        """Give a message that the play sent to itself to what waits for it, and keep it as long as it lives."""
        if self._sent.holds_equal(message, self.now):
            return None
        waits = [one for each in self.work.waits.values() if is_for(message, one := each.subscription)]
        self._sent = self._sent.with_one(message, self.now, has_reached=bool(waits))
        if not waits:
            return None
        return self._run_once(model.Trigger(subscription=waits[0].key, variables=message.variables))

    def _run_once(self, command: model.Command) -> list[model.Fact]:
        self._budget.require_time()
        try:
            outcome = run(self.snapshot, command, self._environment())
        except model.NotOpen as gone:
            raise NotFound("open element", gone.key) from gone
        except InTransition as waiting:
            raise TaskInTransition(waiting.event) from waiting
        except ResultRefused as refused:
            raise JobResultRefused(refused.code, refused.found) from refused
        except model.CannotModify as refused:
            raise NotPlayable(self._setting.process_id, refused.reasons[0]) from refused
        except model.CannotStart as refused:
            raise CannotStart(self._setting.process_id, refused.reason) from refused
        self.snapshot = outcome.snapshot
        facts = list(outcome.facts)
        self._budget.spend(len(facts))
        self.facts += facts
        self.work.add(facts)
        self._hands.add(facts)
        return facts

    def _environment(self) -> model.Environment:
        settings = self.expression_settings()
        roots = self._lent.objects(self._setting.case, self.now)
        feel_evaluator = FeelEvaluator(settings=settings, roots=roots, decisions=self._lent.decisions)
        evaluator = BudgetedEvaluator(feel_evaluator, self._budget)
        return model.Environment(
            now=settings.now, definitions=self._lent.definitions, evaluator=evaluator, handlers=_NoHandlers()
        )

    def _nth(self, opened: Mapping[int, Opened], name: str, nth: int) -> Opened:
        found = [fact for _, fact in sorted(opened.items()) if self.name_of((fact.definition, fact.element)) == name]
        if not 1 <= nth <= len(found):
            raise self._not_open(name if nth == 1 else f"{name} {nth}")
        return found[nth - 1]

    def _stuck(self, name: str) -> int:
        for key, fact in self.work.incidents.items():
            if self.name_of((fact.definition, fact.element)) == name:
                return key
        raise self._not_open(f"!{name}")

    def _root(self, what: str) -> model.ElementInstance:
        if self.snapshot is None:
            raise self._not_open(what)
        return self.snapshot.instances[0]

    def _not_open(self, what: str) -> NotOpenInPlay:
        messages = {wait.subscription.name or "" for wait in self.work.waits.values()} - {""}
        return NotOpenInPlay(what, [*sorted(set(self.open())), *sorted(messages)])


class _NoHandlers:
    """Nothing runs inside: what a handler would write is for the player to say."""

    def runs_inside(self, _job_type: str) -> bool:
        return False

    def call(self, call: model.HandlerCall) -> JsonObject:
        raise model.HandlerFailed(f"nothing runs in a play: {call.type}")
