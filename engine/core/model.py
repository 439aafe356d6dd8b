"""What crosses the wall between the interpreter and its host: snapshots, commands, facts, and what the host lends it.

The rules that let the core be exchanged without moving data:

1. A stored definition is the XML as drawn; the compiled graph is a cache.
2. A stored state is a `Snapshot` in this format, never a memory image.
3. Keys are integers of one instance, handed out by the core in one sequence over elements and subscriptions.
4. Rows outside are written from facts and from nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from engine.core.environment import BpmnError as BpmnError
from engine.core.environment import CallFailed as CallFailed
from engine.core.environment import Decided as Decided
from engine.core.environment import Definitions as Definitions
from engine.core.environment import Environment as Environment
from engine.core.environment import Evaluator as Evaluator
from engine.core.environment import ExpressionFailed as ExpressionFailed
from engine.core.environment import HandlerCall as HandlerCall
from engine.core.environment import HandlerFailed as HandlerFailed
from engine.core.environment import Handlers as Handlers
from engine.core.listener_model import SERVICE, ChangeTask, Ending, ListenerResult, Listening, Person, TaskAttributes
from engine.core.refusals import CannotModify as CannotModify
from engine.core.refusals import CannotStart as CannotStart
from engine.core.refusals import NotOpen as NotOpen
from engine.core.refusals import Obstacle as Obstacle
from engine.core.repairs import ActivateAdHoc as ActivateAdHoc
from engine.core.repairs import Activation as Activation
from engine.core.repairs import AdHocActivity as AdHocActivity
from engine.core.repairs import AdHocResult as AdHocResult
from engine.core.repairs import Migrate as Migrate
from engine.core.repairs import Modify as Modify
from engine.core.repairs import Restore as Restore
from engine.core.repairs import Resume as Resume
from engine.json_values import JsonObject, JsonValue


class Stage(StrEnum):
    """Where a retry resumes."""

    ENTERING = "entering"
    ACTIVE = "active"
    LEAVING = "leaving"
    TERMINATING = "terminating"  # ends when its canceling listeners, or those within it, are done


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A timer cycle: how many firings are left (None: without end) and what lies between them.

    `interval` is an ISO 8601 duration, in months with what they count from before it (2026-01-31T09:00:00Z/P1M), or
    the cron expression itself.
    """

    left: int | None
    interval: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Something an element instance waits for beside its own work."""

    key: int
    kind: str  # message, signal, timer, conditional, error, escalation
    element: str  # the catching event or receive task as drawn
    name: str | None = None
    correlation_key: str | None = None
    due: datetime | None = None
    repeat: Repeat | None = None
    at_once: int = 0  # how many timers in a row, with this one, were due within a second


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiInstance:
    """The body of a multi-instance activity while it runs."""

    items: tuple[JsonValue, ...]
    next_index: int
    finished: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Compensable:
    """A completed activity that a compensation event may still undo, with what completed within it."""

    activity: str
    handler: str | None  # None: only what is within it can be undone
    variables: JsonObject  # of scopes that are gone, as the handler sees them
    inner: tuple[Compensable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementInstance:
    """One living element. A scope (process, sub-process, called process, multi-instance body) has children."""

    key: int
    definition: str  # the host's id of the process definition the element is drawn in
    element: str  # id as drawn; the process's own id for a process
    scope: int  # key of the enclosing element instance, 0 for the root
    variables: JsonObject = field(default_factory=dict)
    loop_counter: int | None = None  # 1.. in a multi-instance child
    body: MultiInstance | None = None
    tokens: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # join -> flow id -> waiting tokens
    event: JsonObject | None = None  # brought by what begins it at the start event that `tokens` names, without a flow
    compensable: tuple[Compensable, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    incident: str | None = None
    stage: Stage = Stage.ACTIVE
    given: JsonObject | None = None  # entering again: its locals before its input mappings, where those write over them
    has_handed_over: bool = False  # leaving: its output mappings are applied
    is_activation: bool = False  # what an element begun in an ad-hoc sub-process lives under; `element` is the latter's
    is_fulfilled: bool = False  # an ad-hoc sub-process whose condition was fulfilled and that waits for the rest
    job: int | None = None  # key of the open job that decides what is next in an ad-hoc sub-process
    listening: Listening | None = None
    ending: Ending | None = None
    task: TaskAttributes | None = None  # of an open user task that has listeners drawn
    unseen: tuple[int, ...] = ()  # conditions to be looked at when the instance rests no longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that is open in one process instance; nothing of what is over."""

    next_key: int
    instances: tuple[ElementInstance, ...]  # parents before children


# ---- commands: what the host may ask of the core --------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Begin a new instance at the none start event, or at the named start event.

    `event` are the variables of the message, signal or timer that fired the named start event: they reach the process
    through its output mappings. None: the start event is only where to begin.
    """

    definition: str
    variables: JsonObject
    start_event: str | None = None
    event: JsonObject | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteWork:
    """A user task, job or other waiting activity is done; `variables` are its result.

    `task` and `by` are the user task as its row says and who completes it; `result` is the answer of a task listener,
    or what the worker of an ad-hoc sub-process decided.
    """

    key: int
    variables: JsonObject
    task: TaskAttributes | None = None
    by: Person | None = None
    result: ListenerResult | AdHocResult | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThrowError:
    """A job or user task ends in a BPMN error; the nearest event that catches the code takes over, else an incident."""

    key: int
    code: str
    message: str = ""
    variables: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A subscription fires: its message came, its time is reached, its signal was sent."""

    subscription: int
    variables: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailWork:
    """A job has no retries left: raise an incident at its element."""

    key: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Resolve the incident of an element instance by doing again what failed."""

    key: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVariables:
    """Set variables from outside: at the named scope when `local`, else where each name is first found upwards."""

    scope: int
    variables: JsonObject
    local: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """End the whole instance now."""


WorkCommand = CompleteWork | ChangeTask | ThrowError | FailWork
Repair = Migrate | Restore | Resume
Command = Start | WorkCommand | Trigger | Retry | SetVariables | Cancel | Modify | ActivateAdHoc | Repair


# ---- facts: everything that happened, in order ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What every fact carries: which element instance, as drawn where."""

    key: int
    definition: str
    element: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered(Fact):
    """An element instance began to live."""

    scope: int
    tag: str  # BPMN local name: userTask, endEvent, process ...; multiInstanceBody around the rounds of a loop,
    # adHocActivation around what was begun in an ad-hoc sub-process
    name: str
    loop_counter: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Left(Fact):
    """An element instance completed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminated(Fact):
    """An element instance was ended from outside before it completed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Fact):
    """An element instance lives on by another version: `definition` and `element` are the new ones.

    Name, form and properties are those drawn there; who holds a task, its groups and its dates stay as they were.
    """

    scope: int
    name: str
    form_id: str | None
    form_definition: str | None  # the version it is bound to there; None: the newest when it is completed
    properties: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)
    job: int | None = None  # the open job with a key of its own, which moves along


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTaken(Fact):
    """A token went along a sequence flow; `key` is the scope's, `element` the flow's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTaskOpened(Fact):
    """A person has something to do. All expressions are evaluated already."""

    name: str
    form_id: str | None
    assignee: str | None
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    due: datetime | None
    follow_up: datetime | None
    priority: int  # 0..100, 50 when not drawn
    properties: Mapping[str, str]  # zeebe:property, e.g. distinctFrom, legalBasis, name.en; externalFormReference
    variables: JsonObject  # the local variables made by its input mappings
    headers: Mapping[str, str] = field(default_factory=dict)  # zeebe:taskHeaders, for whoever shows the task
    form_definition: str | None = None  # the version it is bound to; None: the newest when it is completed


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOpened(Fact):
    """A piece of work for a worker outside the transaction."""

    type: str
    retries: int
    headers: Mapping[str, str]
    variables: JsonObject  # the local variables made by its input mappings; all visible ones when it has none
    kind: str = SERVICE  # service; those of executionListener, taskListener, adHocSubProcess have keys of their own
    event: str | None = None  # of a listener


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkClosed(Fact):
    """The user task or job of this key is no longer open."""

    kind: Literal["user-task", "job"]
    completed: bool  # False: cancelled, or failed with an incident
    by: Person | None = None  # who completed it, when that is not who asked for this run


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed(Fact):
    """`key` is the element instance that waits."""

    subscription: Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribed(Fact):
    """The subscription is over, fired or not; `kind` is the subscription's."""

    subscription: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionMoved(Fact):
    """A subscription waits on under its key, at an event of another version: `definition` is where that is drawn."""

    subscription: Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableSet(Fact):
    """`key` is the scope that holds the variable."""

    name: str
    value: JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(Fact):
    """A throw event or send task without job type published a message."""

    name: str
    correlation_key: str | None
    variables: JsonObject
    message_id: str | None = None
    time_to_live: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalSent(Fact):
    """A signal for every subscriber, also in other instances (this instance's own were served already)."""

    name: str
    variables: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRaised(Fact):
    """The element instance is stuck until somebody resolves it."""

    kind: str  # expression, condition, decision, job, handler, error-not-caught, step-limit, call, form ...
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentResolved(Fact):
    """The incident of this element instance is over (retried, or the element ended)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMade(Fact):
    """A business rule task asked a decision; `record` is the evaluator's explanation, kept for the decision letter."""

    decision_id: str
    record: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceEnded(Fact):
    """The root is over. `cancelled` when it was ended from outside."""

    cancelled: bool
    variables: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run gives back; `snapshot` is None when the instance ended."""

    snapshot: Snapshot | None
    facts: Sequence[Fact]
