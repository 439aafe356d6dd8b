"""What may be asked without changing anything: filters in, plain rows out.

Visibility is one rule for lists, counts and single reads: a user task is seen by those who are candidates for it by
group and region, by its assignee, and by a supervisor of its region.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from engine.json_values import JsonObject
from engine.model import (
    ActivityInstance,
    Actor,
    DecisionEvaluation,
    Definition,
    Denial,
    Draft,
    EventSubscription,
    HistoryEntry,
    Incident,
    Job,
    ProcessInstance,
    Timer,
    UserTask,
)
from engine.waiting_tokens import WaitingTokens


class TaskTab(StrEnum):
    """The tabs of a work list."""

    MINE = "mine"  # assigned to me, open
    TO_CLAIM = "to-claim"  # open, nobody holds it, I am a candidate
    UNIT = "unit"  # open, of my units, whoever holds it
    DONE = "done"  # completed by me


class TaskOrder(StrEnum):
    """How a work list is sorted."""

    DUE = "due"
    PRIORITY = "priority"
    CREATED = "created"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A region, without the regions inside it that others answer for."""

    region: str  # its own code and all that begin with it; empty: everywhere
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTaskFilter:
    """Which user tasks the actor wants to see."""

    actor: Actor
    tab: TaskTab
    business_key: str | None = None
    process_instance_id: UUID | None = None
    element_id: str | None = None
    text: str | None = None  # part of the task's name or business key, or what names its business key in the office
    holder: str | None = None  # only tasks this person holds
    is_unheld: bool = False  # only tasks that nobody holds
    unit_kind: str | None = None  # the first group it is offered to is of this kind of unit; empty: of none
    area: Area | None = None  # only tasks of its regions
    overdue_at: datetime | None = None  # only tasks due before this time
    due_from: datetime | None = None  # only tasks due at this time or later
    due_before: datetime | None = None  # only tasks due before this time
    unheld_since: datetime | None = None  # only tasks that came before this time and that nobody holds
    paused_at: datetime | None = None  # only tasks that rest at this time: their clock is paused, or they are put off
    put_off_at: datetime | None = None  # only tasks that somebody put off to after this time
    awake_at: datetime | None = None  # only tasks that nobody put off to after this time
    order: TaskOrder = TaskOrder.DUE
    descending: bool = False
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a list and the size of the whole. A list's tasks come without what they know: no variables."""

    tasks: Sequence[UserTask]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskVersion:
    """A task of a list and its version, without anything else of it."""

    id: UUID
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagramState:
    """One process of an instance (the root or a called one) as it stands, for drawing it."""

    definition: Definition
    xml: bytes
    active: Mapping[str, int]  # element id -> tokens, at a join those that wait there
    completed: Mapping[str, int]  # element id -> passages
    flows: Mapping[str, int]  # sequence flow id -> times taken
    incidents: Mapping[str, str]  # element id -> reason


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceView:
    """Everything the case page and an operator need to know of one process instance."""

    instance: ProcessInstance
    diagrams: Sequence[DiagramState]
    activities: Sequence[ActivityInstance]
    waiting: Sequence[WaitingTokens]
    tasks: Sequence[UserTask]
    jobs: Sequence[Job]
    timers: Sequence[Timer]
    subscriptions: Sequence[EventSubscription]
    incidents: Sequence[Incident]
    decisions: Sequence[DecisionEvaluation]
    history: Sequence[HistoryEntry]
    variables: JsonObject  # of the root scope


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskMoments:
    """The times by which open tasks are told apart; those that nobody can tell for want of a calendar are None."""

    now: datetime
    due_before: datetime | None  # what is due from now on and before it is due soon
    unheld_since: datetime | None  # what came before it and is held by nobody waits too long


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCounts:
    """How many open user tasks of a kind of unit in one region an actor sees, and how they stand."""

    unit_kind: str  # of the first group they are offered to; empty: of none
    region: str
    open: int
    overdue: int
    due_soon: int
    paused: int
    unheld: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderCounts:
    """How many open user tasks of a kind of unit in one region somebody holds, and how many that person completed."""

    unit_kind: str
    region: str
    holder: str | None  # None: nobody holds them
    open: int = 0
    overdue: int = 0
    due_soon: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFilter:
    """Which incidents the actor wants to see; only those of regions it is responsible for."""

    actor: Actor
    open_only: bool = True
    kind: str | None = None
    process_id: str | None = None  # of the whole instance, whichever process it called is stuck
    area: Area | None = None
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentLine:
    """One line of a list of incidents: what is stuck, in which case, and what the element is called."""

    incident: Incident
    business_key: str
    element_name: str


class Queries(Protocol):
    """The read side of the engine; every method reads one committed state."""

    def user_tasks(self, wanted: UserTaskFilter, /) -> Page:
        """Return a page of tasks the actor may see."""
        ...

    def user_task_versions(self, wanted: UserTaskFilter, /) -> Sequence[TaskVersion]:
        """Return of which tasks a page consists, in order, and in which version: it changes when the page does."""
        ...

    def tasks_at_rest(self, task_ids: Sequence[UUID], at: datetime, /) -> frozenset[UUID]:
        """Return which of these open tasks stand under a paused clock, or were put off, at a moment."""
        ...

    def user_task_counts(self, actor: Actor, /) -> Mapping[TaskTab, int]:
        """Return how many tasks each tab holds; the same rule as the lists."""
        ...

    def counts_of_places(self, actor: Actor, moments: TaskMoments, /) -> Sequence[PlaceCounts]:
        """Return how the tasks of the unit's tab stand, by kind of unit and region; the same rules as the lists."""
        ...

    def counts_of_holders(self, actor: Actor, moments: TaskMoments, /) -> Sequence[HolderCounts]:
        """Return who holds how many tasks of the unit's tab, by kind of unit and region; by the lists' rules."""
        ...

    def counts_of_doers(self, actor: Actor, people: Sequence[str], since: datetime, /) -> Sequence[HolderCounts]:
        """Return how many tasks in sight these people completed since a time, by kind of unit and region."""
        ...

    def user_task(self, task_id: UUID, actor: Actor, /) -> UserTask:
        """Return one task.

        Raises:
            NotFound: unknown, or not for this actor's eyes.
        """
        ...

    def draft(self, task_id: UUID, actor: Actor, /) -> Draft | None:
        """Return the draft of a task the actor may see."""
        ...

    def denial(self, task_id: UUID, actor: Actor, /) -> Denial | None:
        """Return why a listener denied the last thing asked of a task the actor may see."""
        ...

    def next_task(self, actor: Actor, /, *, after: UserTask) -> UserTask | None:
        """Return the task to open when `after` is complete: of the same case first, else the actor's most urgent.

        It comes as in a list, without its variables.
        """
        ...

    def instance(self, process_instance_id: UUID, /) -> InstanceView:
        """Return the whole view of one instance; whether the actor may see the case is the office's rule."""
        ...

    def incidents(self, wanted: IncidentFilter, /) -> Sequence[IncidentLine]:
        """Return incidents, newest first."""
        ...

    def incident_counts(self, wanted: IncidentFilter, /) -> Mapping[str, int]:
        """Return how many incidents the whole list has, by region."""
        ...

    def definitions(self) -> Sequence[Definition]:
        """Return the newest version of every process, decision and form."""
        ...

    def form(self, form_id: str, /, *, definition_id: UUID | None = None) -> bytes | None:
        """Return the newest version of a form document, or the version a task is bound to."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTasks:
    """How many user tasks of one step are open for the same groups in one region, and how many are past their due."""

    element_id: str
    groups: tuple[str, ...]
    region: str
    open: int
    over_limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is open, waiting and late in the whole house."""

    tasks: Sequence[OpenTasks]
    incidents: Mapping[str, int]  # by kind
    jobs: Mapping[tuple[str, str], int]  # by type and state: in_hand, due, later, overdue
    timers_overdue: int
    firings_failed: Mapping[str, int]  # timer start events and deliveries that failed and are tried again, by kind
    instances: Mapping[tuple[str, str], int]  # that have not ended, by process and state
