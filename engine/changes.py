"""From facts to rows: the one place that decides what a run of the core writes, as a pure function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from engine.core import model as core
from engine.core.listener_facts import TransitionBegun, TransitionDenied, TransitionEnded
from engine.core.listener_model import ASSIGNING, Person, TaskAttributes
from engine.ids import derived_id
from engine.json_values import JsonObject
from engine.model import (
    ActivityInstance,
    Actor,
    DecisionEvaluation,
    Denial,
    EventSubscription,
    HistoryAction,
    HistoryEntry,
    Incident,
    InstanceState,
    Job,
    Origin,
    ProcessInstance,
    TaskState,
    Timer,
    UserTask,
)


@dataclass(slots=True, kw_only=True)
class TaskStep:
    """What listeners did to one open user task: what it waits for now, how it is now, why it was denied."""

    transition: str | None = None
    task: TaskAttributes | None = None
    denial: Denial | None = None


@dataclass(slots=True, kw_only=True)
class Changes:
    """Everything one run of the core changes outside its snapshot; storage writes it as it stands."""

    process_instance_id: UUID
    version: int  # of the instance after the run
    at: datetime
    actor: Actor
    facts: Sequence[core.Fact]  # all of them, in order, for the journal
    entered: list[ActivityInstance] = field(default_factory=list)
    left: list[tuple[int, Literal["completed", "terminated"]]] = field(default_factory=list)
    user_tasks_opened: dict[int, UserTask] = field(default_factory=dict)
    user_tasks_closed: dict[int, TaskState] = field(default_factory=dict)
    jobs_opened: dict[int, Job] = field(default_factory=dict)
    jobs_closed: list[int] = field(default_factory=list)
    timers_set: dict[int, Timer] = field(default_factory=dict)
    subscriptions_opened: dict[int, EventSubscription] = field(default_factory=dict)
    timers_closed: list[int] = field(default_factory=list)
    subscriptions_closed: list[int] = field(default_factory=list)
    incidents_raised: dict[int, Incident] = field(default_factory=dict)
    incidents_resolved: list[int] = field(default_factory=list)
    decisions: list[DecisionEvaluation] = field(default_factory=list)
    task_steps: dict[int, TaskStep] = field(default_factory=dict)
    task_actions: list[TransitionEnded | TransitionDenied] = field(default_factory=list)
    completed_by: dict[int, Person] = field(default_factory=dict)
    moved: list[core.Moved] = field(default_factory=list)
    subscriptions_moved: list[core.SubscriptionMoved] = field(default_factory=list)
    messages_sent: list[core.MessageSent] = field(default_factory=list)
    signals_sent: list[core.SignalSent] = field(default_factory=list)

    def row_id(self, key: int) -> UUID:
        """Return the id of the row of an element instance."""
        return derived_id(self.process_instance_id, key)

    def user_task_after(self, task: UserTask) -> UserTask:
        """Return a task of this instance as the run leaves it."""
        state = self.user_tasks_closed.get(task.key)
        if state is None:
            return task
        by = self.actor if state is TaskState.COMPLETED else None
        return replace(
            task,
            state=state,
            version=task.version + 1,
            completed_at=self.at,
            completed_by=None if by is None else by.id,
            completed_by_name=None if by is None else by.name,
            completed_for=None if by is None else by.acts_for,
        )

    def makes_work_before(self, soon: datetime) -> bool:
        """Say whether a worker has something new to do by then."""
        return bool(self.jobs_opened) or any(timer.due_at <= soon for timer in self.timers_set.values())


def project(
    instance: ProcessInstance, facts: Sequence[core.Fact], *, at: datetime, actor: Actor, origin: Origin
) -> Changes:
    """Return what a run that told these facts changes; `instance` is as it was before, `origin` who asked where."""
    changes = Changes(process_instance_id=instance.id, version=instance.version + 1, at=at, actor=actor, facts=facts)
    projector = _Projector(instance, changes, origin)
    for fact in facts:
        projector.add(fact)
    return changes


class _Projector:
    """Turns the facts of one run into changes."""

    def __init__(self, instance: ProcessInstance, changes: Changes, origin: Origin) -> None:
        self._instance = instance
        self._origin = origin
        self.changes = changes
        self._writers: dict[type[core.Fact], Callable[[Any], None]] = {
            core.Entered: self._entered,
            core.Left: self._left,
            core.Terminated: self._left,
            core.Moved: self.changes.moved.append,
            core.FlowTaken: _only_told,
            core.UserTaskOpened: self._user_task_opened,
            core.JobOpened: self._job_opened,
            core.WorkClosed: self._work_closed,
            TransitionBegun: self._transition,
            TransitionEnded: self._transition,
            TransitionDenied: self._transition,
            core.Subscribed: self._subscribed,
            core.Unsubscribed: self._unsubscribed,
            core.SubscriptionMoved: self.changes.subscriptions_moved.append,
            core.VariableSet: _only_told,
            core.IncidentRaised: self._incident_raised,
            core.IncidentResolved: self._incident_resolved,
            core.DecisionMade: self._decision_made,
            core.MessageSent: self.changes.messages_sent.append,
            core.SignalSent: self.changes.signals_sent.append,
            core.InstanceEnded: _only_told,  # and by the missing snapshot
        }

    def add(self, fact: core.Fact) -> None:
        """Take in the next fact, in order."""
        write = self._writers.get(type(fact))
        if write is None:
            raise TypeError(f"unknown fact: {fact!r}")
        write(fact)

    def _entered(self, fact: core.Entered) -> None:
        self.changes.entered.append(
            ActivityInstance(
                process_instance_id=self._instance.id,
                key=fact.key,
                definition_id=UUID(fact.definition),
                element_id=fact.element,
                scope_key=fact.scope,
                tag=fact.tag,
                name=fact.name,
                entered_at=self.changes.at,
            )
        )

    def _left(self, fact: core.Left | core.Terminated) -> None:
        outcome: Literal["completed", "terminated"] = "completed" if isinstance(fact, core.Left) else "terminated"
        self.changes.left.append((fact.key, outcome))

    def _user_task_opened(self, fact: core.UserTaskOpened) -> None:
        self.changes.user_tasks_opened[fact.key] = UserTask(
            id=self._instance.row_id(fact.key),
            process_instance_id=self._instance.id,
            key=fact.key,
            definition_id=UUID(fact.definition),
            element_id=fact.element,
            name=fact.name,
            name_en=english_name(fact),
            form_id=fact.form_id,
            form_definition_id=None if fact.form_definition is None else UUID(fact.form_definition),
            business_key=self._instance.business_key,
            region=self._instance.region,
            candidate_groups=fact.candidate_groups,
            candidate_users=fact.candidate_users,
            assignee=fact.assignee,
            assignee_name=fact.assignee,
            due_at=fact.due,
            follow_up_at=fact.follow_up,
            priority=fact.priority,
            distinct_from=distinct_from(fact),
            properties=fact.properties,
            headers=fact.headers,
            variables=fact.variables,
            state=TaskState.OPEN,
            version=1,
            created_at=self.changes.at,
        )

    def _job_opened(self, fact: core.JobOpened) -> None:
        self.changes.jobs_opened[fact.key] = Job(
            id=self._instance.row_id(fact.key),
            process_instance_id=self._instance.id,
            key=fact.key,
            definition_id=UUID(fact.definition),
            element_id=fact.element,
            type=fact.type,
            region=self._instance.region,
            business_key=self._instance.business_key,
            headers=fact.headers,
            variables=fact.variables,
            retries=fact.retries,
            due_at=self.changes.at,
            created_at=self.changes.at,
            kind=fact.kind,
            event=fact.event,
            request_id=self._origin.request_id,
            trace_parent=self._origin.trace_parent,
            suspended=self._instance.state is InstanceState.SUSPENDED,
        )

    def _work_closed(self, fact: core.WorkClosed) -> None:
        state = TaskState.COMPLETED if fact.completed else TaskState.CANCELLED
        if fact.by is not None:
            self.changes.completed_by[fact.key] = fact.by
        opened = self.changes.user_tasks_opened.get(fact.key)
        if opened is not None:
            self.changes.user_tasks_opened[fact.key] = replace(opened, state=state, completed_at=self.changes.at)
            return
        if self.changes.jobs_opened.pop(fact.key, None) is not None:
            return
        if fact.kind == "job":
            self.changes.jobs_closed.append(fact.key)
        else:
            self.changes.user_tasks_closed[fact.key] = state

    def _transition(self, fact: TransitionBegun | TransitionEnded | TransitionDenied) -> None:
        step = self.changes.task_steps.setdefault(fact.key, TaskStep())
        step.transition = step.denial = None
        if isinstance(fact, TransitionBegun):
            step.transition = fact.event
            return
        self.changes.task_actions.append(fact)
        if isinstance(fact, TransitionEnded):
            step.task = fact.task
            return
        step.denial = Denial(
            user_task_id=self._instance.row_id(fact.key),
            process_instance_id=self._instance.id,
            event=fact.event,
            action=fact.action,
            reason=fact.reason,
            denied_at=self.changes.at,
        )

    def _subscribed(self, fact: core.Subscribed) -> None:
        subscription = fact.subscription
        if subscription.kind == "timer" and subscription.due is not None:
            self.changes.timers_set[subscription.key] = Timer(
                process_instance_id=self._instance.id,
                subscription_key=subscription.key,
                element_id=subscription.element,
                due_at=subscription.due,
                suspended=self._instance.state is InstanceState.SUSPENDED,
            )
        elif subscription.kind in ("message", "signal"):
            self.changes.subscriptions_opened[subscription.key] = EventSubscription(
                process_instance_id=self._instance.id,
                subscription_key=subscription.key,
                kind="message" if subscription.kind == "message" else "signal",
                element_id=subscription.element,
                name=subscription.name or "",
                correlation_key=subscription.correlation_key,
                opened_at=self.changes.at,
                definition_id=UUID(fact.definition),
            )

    def _unsubscribed(self, fact: core.Unsubscribed) -> None:
        if fact.kind == "timer":
            if self.changes.timers_set.pop(fact.subscription, None) is None:
                self.changes.timers_closed.append(fact.subscription)
        elif fact.kind in ("message", "signal") and (
            self.changes.subscriptions_opened.pop(fact.subscription, None) is None
        ):
            self.changes.subscriptions_closed.append(fact.subscription)

    def _incident_raised(self, fact: core.IncidentRaised) -> None:
        self.changes.incidents_raised[fact.key] = Incident(
            id=self._instance.row_id(fact.key),
            process_instance_id=self._instance.id,
            key=fact.key,
            definition_id=UUID(fact.definition),
            element_id=fact.element,
            kind=fact.kind,
            reason=fact.reason,
            raised_at=self.changes.at,
            last_failed_at=self.changes.at,
        )

    def _incident_resolved(self, fact: core.IncidentResolved) -> None:
        if self.changes.incidents_raised.pop(fact.key, None) is None:
            self.changes.incidents_resolved.append(fact.key)

    def _decision_made(self, fact: core.DecisionMade) -> None:
        record: JsonObject = dict(fact.record)
        self.changes.decisions.append(
            DecisionEvaluation(
                process_instance_id=self._instance.id,
                key=fact.key,
                element_id=fact.element,
                decision_id=fact.decision_id,
                definition_id=UUID(str(record.pop("definition_id"))),
                decided_at=self.changes.at,
                record=record,
            )
        )


def _only_told(_fact: core.Fact) -> None:
    """Write no row: the journal holds it."""


_ACTIONS = {
    "claim": HistoryAction.CLAIMED,
    "release": HistoryAction.RELEASED,
    "assign": HistoryAction.ASSIGNED,
    "update": HistoryAction.TASK_UPDATED,
    "complete": HistoryAction.COMPLETED,
}


def task_history(
    fact: TransitionEnded | TransitionDenied, instance: ProcessInstance, *, at: datetime, actor: Actor
) -> HistoryEntry:
    """Return the line that tells a step of a user task with listeners, in the name of who asked for it."""
    details: JsonObject = {"task": str(instance.row_id(fact.key))}
    if isinstance(fact, TransitionDenied):
        details |= {"action": fact.action, "event": fact.event}
        if fact.event == ASSIGNING:
            details |= {"to": fact.task.assignee}
    elif fact.event == ASSIGNING:
        details |= {"assignee": fact.task.assignee}
    if fact.given_reason:
        details |= {"reason": fact.given_reason}
    acted_for = actor.acts_for if fact.by is None else fact.by.acts_for
    if acted_for is not None:
        details |= {"for": acted_for}
    return HistoryEntry(
        process_instance_id=instance.id,
        at=at,
        actor=actor.id if fact.by is None else fact.by.id,
        action=_ACTIONS[fact.action] if isinstance(fact, TransitionEnded) else HistoryAction.TASK_DENIED,
        element_id=fact.element,
        details=details,
    )


def english_name(fact: core.UserTaskOpened | core.Moved) -> str:
    """Return what a task is called in English: as its diagram says, else its name."""
    return fact.properties.get("name.en", fact.name)


def distinct_from(fact: core.UserTaskOpened | core.Moved) -> tuple[str, ...]:
    """Return the elements whose doer may not do this task."""
    return tuple(fact.properties.get("distinctFrom", "").replace(",", " ").split())
