"""One play on the core: a clock that is moved, what is lent to read by, and what every step led to.

Nothing is ever written: the core is a pure function, service tasks of every kind wait for an answer of the player, and
messages that a play sends reach nobody but itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from engine import feel, forms
from engine.core import model
from engine.core.interpreter import run
from engine.core.listener_model import InTransition, Person, ResultRefused, TaskAttributes
from engine.errors import CannotStart, FourEyesViolation, JobResultRefused, NotFound, TaskInTransition
from engine.expressions import DecisionSource, FeelEvaluator
from engine.json_values import JsonObject, JsonValue
from workflows.playing.deeds import Deed, EventDeed, JobDeed, PlayStep, RetryDeed, SetDeed, TaskDeed
from workflows.playing.errors import NotOpenInPlay, PlayTooLong, RoleNotOffered, StepTooEarly
from workflows.playing.model import PlaySetting
from workflows.playing.open_work import OpenWork

MOST_FIRINGS = 300  # of timers in one step
MOST_RELAYED = 100  # messages that a play sends itself in one step
LONGEST = timedelta(days=366 * 30)


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


class Stage:
    """A process on its way in a play."""

    def __init__(self, lent: Lent, setting: PlaySetting) -> None:
        self._lent = lent
        self._setting = setting
        self.now = setting.starts_at
        self.snapshot: model.Snapshot | None = None
        self.work = OpenWork()
        self.facts: list[model.Fact] = []
        self._completed_by: dict[str, str] = {}

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
        """
        setting = self._setting
        variables = self._lent.checked(setting.variables)
        event = None if setting.start_event is None else variables
        command = model.Start(
            definition=definition, variables=variables, start_event=setting.start_event, event=event or None
        )
        self._run(command)

    def take(self, step: PlayStep) -> None:
        """Let time pass until a step's moment, then do its deeds.

        Raises:
            EngineError: one of them cannot be done; the stage is then of no more use.
        """
        self._move_to(step.at)
        for deed in step.deeds:
            self._do(deed, step.by or "")

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
        self._completed_by[task.element] = by

    def _require_role(self, task: model.UserTaskOpened, by: str) -> None:
        """Let a role pass that the task is offered to, as somebody who did nothing it must be distinct from."""
        role = by.partition(":")[0]
        if task.candidate_groups and role not in task.candidate_groups:
            raise RoleNotOffered(task.name or task.element, role, task.candidate_groups)
        for other in task.properties.get("distinctFrom", "").replace(",", " ").split():
            if by and self._completed_by.get(other) == by:
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
        facts = self._run_once(command)
        relayed = 0
        while facts:
            sent = [one for one in facts if isinstance(one, model.MessageSent)]
            facts = []
            for message in sent:
                relayed += 1
                if relayed > MOST_RELAYED:
                    raise PlayTooLong(model.Obstacle("messages to itself", "发给自己的消息"), MOST_RELAYED)
                facts += self._relayed(message)

    def _relayed(self, message: model.MessageSent) -> list[model.Fact]:
        """Give a message that the play sent to itself, if it waits for it."""
        for wait in self.work.waits.values():
            one = wait.subscription
            if (one.kind, one.name, one.correlation_key) == ("message", message.name, message.correlation_key):
                return self._run_once(model.Trigger(subscription=one.key, variables=message.variables))
        return []

    def _run_once(self, command: model.Command) -> list[model.Fact]:
        try:
            outcome = run(self.snapshot, command, self._environment())
        except model.NotOpen as gone:
            raise NotFound("open element", gone.key) from gone
        except InTransition as waiting:
            raise TaskInTransition(waiting.event) from waiting
        except ResultRefused as refused:
            raise JobResultRefused(refused.code, refused.found) from refused
        except model.CannotStart as refused:
            raise CannotStart(self._setting.process_id, refused.reason) from refused
        self.snapshot = outcome.snapshot
        facts = list(outcome.facts)
        self.facts += facts
        self.work.add(facts)
        return facts

    def _environment(self) -> model.Environment:
        settings = self.expression_settings()
        roots = self._lent.objects(self._setting.case, self.now)
        evaluator = FeelEvaluator(settings=settings, roots=roots, decisions=self._lent.decisions)
        return model.Environment(
            now=settings.now, definitions=self._lent.definitions, evaluator=evaluator, handlers=_NoHandlers()
        )

    def _nth(self, opened: Mapping[int, Any], element: str, nth: int) -> Any:  # a task or a job, as they were opened
        found = [fact for _, fact in sorted(opened.items()) if fact.element == element]
        if not 1 <= nth <= len(found):
            raise self._not_open(element if nth == 1 else f"{element} {nth}")
        return found[nth - 1]

    def _stuck(self, element: str) -> int:
        for key, fact in self.work.incidents.items():
            if fact.element == element:
                return key
        raise self._not_open(f"!{element}")

    def _root(self, what: str) -> model.ElementInstance:
        if self.snapshot is None:
            raise self._not_open(what)
        return self.snapshot.instances[0]

    def _not_open(self, what: str) -> NotOpenInPlay:
        messages = {wait.subscription.name or "" for wait in self.work.waits.values()} - {""}
        return NotOpenInPlay(what, [*sorted(set(self.work.places())), *sorted(messages)])


class _NoHandlers:
    """Nothing runs inside: what a handler would write is for the player to say."""

    def runs_inside(self, _job_type: str) -> bool:
        return False

    def call(self, call: model.HandlerCall) -> JsonObject:
        raise model.HandlerFailed(f"nothing runs in a play: {call.type}")
