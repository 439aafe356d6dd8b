"""From facts to rows: the one place that decides what a run of the core writes, as a pure function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from engine.core import model as core
from engine.json_values import JsonObject, JsonValue
from engine.model import (
    ActivityInstance,
    Actor,
    DecisionEvaluation,
    EventSubscription,
    Incident,
    Job,
    ProcessInstance,
    TaskState,
    Timer,
    UserTask,
)


@dataclass(slots=True, kw_only=True)
class Changes:
    """Everything one run of the core changes outside its snapshot; storage writes it as it stands."""

    process_instance_id: UUID
    at: datetime
    actor: Actor
    entered: list[ActivityInstance] = field(default_factory=list)
    left: list[tuple[int, Literal["completed", "terminated"]]] = field(default_factory=list)
    flows: dict[tuple[UUID, str], int] = field(default_factory=dict)
    user_tasks_opened: dict[int, UserTask] = field(default_factory=dict)
    user_tasks_closed: dict[int, TaskState] = field(default_factory=dict)
    jobs_opened: dict[int, Job] = field(default_factory=dict)
    work_closed: list[int] = field(default_factory=list)
    timers_set: dict[int, Timer] = field(default_factory=dict)
    subscriptions_opened: dict[int, EventSubscription] = field(default_factory=dict)
    subscriptions_closed: list[int] = field(default_factory=list)
    variables: dict[tuple[int, str], JsonValue] = field(default_factory=dict)
    incidents_raised: dict[int, Incident] = field(default_factory=dict)
    incidents_resolved: list[int] = field(default_factory=list)
    decisions: list[DecisionEvaluation] = field(default_factory=list)
    moved: list[core.Moved] = field(default_factory=list)
    messages_sent: list[core.MessageSent] = field(default_factory=list)
    signals_sent: list[core.SignalSent] = field(default_factory=list)


class Projector:
    """Turns the facts of one run into changes."""

    def __init__(self, instance: ProcessInstance, *, at: datetime, actor: Actor) -> None:
        self._instance = instance
        self.changes = Changes(process_instance_id=instance.id, at=at, actor=actor)
        self._writers: dict[type[core.Fact], Callable[[Any], None]] = {
            core.Entered: self._entered,
            core.Left: self._left,
            core.Terminated: self._left,
            core.Moved: self.changes.moved.append,
            core.FlowTaken: self._flow_taken,
            core.UserTaskOpened: self._user_task_opened,
            core.JobOpened: self._job_opened,
            core.WorkClosed: self._work_closed,
            core.Subscribed: self._subscribed,
            core.Unsubscribed: self._unsubscribed,
            core.VariableSet: self._variable_set,
            core.IncidentRaised: self._incident_raised,
            core.IncidentResolved: self._incident_resolved,
            core.DecisionMade: self._decision_made,
            core.MessageSent: self.changes.messages_sent.append,
            core.SignalSent: self.changes.signals_sent.append,
            core.InstanceEnded: lambda _fact: None,  # told by the missing snapshot
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

    def _flow_taken(self, fact: core.FlowTaken) -> None:
        flow = (UUID(fact.definition), fact.element)
        self.changes.flows[flow] = self.changes.flows.get(flow, 0) + 1

    def _variable_set(self, fact: core.VariableSet) -> None:
        self.changes.variables[(fact.key, fact.name)] = fact.value

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
        )

    def _work_closed(self, fact: core.WorkClosed) -> None:
        state = TaskState.COMPLETED if fact.completed else TaskState.CANCELLED
        opened = self.changes.user_tasks_opened.get(fact.key)
        if opened is not None:
            self.changes.user_tasks_opened[fact.key] = replace(opened, state=state, completed_at=self.changes.at)
            return
        if self.changes.jobs_opened.pop(fact.key, None) is not None:
            return
        self.changes.user_tasks_closed[fact.key] = state
        self.changes.work_closed.append(fact.key)

    def _subscribed(self, fact: core.Subscribed) -> None:
        subscription = fact.subscription
        if subscription.kind == "timer" and subscription.due is not None:
            self.changes.timers_set[subscription.key] = Timer(
                process_instance_id=self._instance.id,
                subscription_key=subscription.key,
                element_id=subscription.element,
                due_at=subscription.due,
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
            )

    def _unsubscribed(self, fact: core.Unsubscribed) -> None:
        opened_now = self.changes.timers_set.pop(fact.subscription, None)
        waiting_now = self.changes.subscriptions_opened.pop(fact.subscription, None)
        if opened_now is None and waiting_now is None:
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


def english_name(fact: core.UserTaskOpened | core.Moved) -> str:
    """Return what a task is called in English: as its diagram says, else its name."""
    return fact.properties.get("name.en", fact.name)


def distinct_from(fact: core.UserTaskOpened | core.Moved) -> tuple[str, ...]:
    """Return the elements whose doer may not do this task."""
    return tuple(fact.properties.get("distinctFrom", "").replace(",", " ").split())
