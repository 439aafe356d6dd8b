"""What operators may ask: instances, what is stuck and what was tried, batches; only of regions they operate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from engine.batches import BatchItem, BatchOperation, InstanceFilter, ItemState
from engine.journal import JournalEntry
from engine.json_values import JsonValue
from engine.model import Actor, Attempt, Definition, Incident, InstanceState
from engine.queries import InstanceView

LONGEST_NUMBER = 18  # digits that surely fit a bigint


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceLine:
    """One line of a list of process instances."""

    id: UUID
    process_id: str
    process_name: str
    process_name_en: str  # empty where its diagram says none
    version: int  # of its process definition
    definition_id: UUID
    business_key: str
    region: str
    state: InstanceState
    started_at: datetime
    ended_at: datetime | None
    incidents: int  # that are open
    stands_at: Sequence[str]  # ids of the elements where its tokens stand


@dataclass(frozen=True, slots=True, kw_only=True)
class InstancePage:
    """One page of a list and the size of the whole."""

    instances: Sequence[InstanceLine]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """A version of a process and how many instances run by it, themselves or in a process they called."""

    definition: Definition
    running: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingLine:
    """An element of a version where something stands, or of which tasks are finished in instances that run by it.

    `instances` stand there, with `tasks` open ones of it; `finished` ones count as it, for four eyes.
    """

    element_id: str
    instances: int
    tasks: int
    finished: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopedVariable:
    """A variable of a living scope. The value is told to those alone who see everything of the region's cases."""

    name: str
    scope_key: int
    scope_element_id: str
    value_shown: bool
    value: JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatedInstance:
    """Everything of one instance that an operator may see."""

    view: InstanceView
    line: InstanceLine
    variables: Sequence[ScopedVariable]


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceJournal:
    """What each run of an instance did, oldest first: everything entered and left, every variable set, by whom.

    Values may be told only when `values_shown`.
    """

    entries: Sequence[JournalEntry]
    values_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReport:
    """What is stuck, where, since when, with which variables in sight, and what was tried, oldest first."""

    incident: Incident
    business_key: str
    region: str
    instance_state: InstanceState
    process_id: str
    process_name: str
    element_name: str
    variables: Sequence[ScopedVariable]
    attempts: Sequence[Attempt]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedFiring:
    """A timer start event or a delivery that failed when it fired by itself; workers try it again, ever more seldom.

    `name` is that of the message or signal. `process_id` and `element_id` are of the start event,
    `process_instance_id` is who is to get a signal.
    """

    id: str
    kind: str  # timer-start, message, signal
    name: str | None
    process_id: str | None
    element_id: str | None
    process_instance_id: UUID | None
    due_at: datetime
    tried_again_at: datetime | None
    failures: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FiringName:
    """What the id of a firing names: a delivery, or a start event of a definition."""

    delivery_id: int | None = None
    definition_id: UUID | None = None
    element_id: str = ""

    @property
    def id(self) -> str:
        """Return it as one text: 'delivery:7', 'start:<definition>:<element>'."""
        if self.delivery_id is not None:
            return f"delivery:{self.delivery_id}"
        return f"start:{self.definition_id}:{self.element_id}"


def firing_of(firing_id: str) -> FiringName | None:
    """Return what an id names; None when it is none."""
    kind, _, rest = firing_id.partition(":")
    if kind == "delivery" and rest.isascii() and rest.isdigit() and len(rest) <= LONGEST_NUMBER:
        return FiringName(delivery_id=int(rest))
    definition_id, _, element_id = rest.partition(":")
    try:
        return FiringName(definition_id=UUID(definition_id), element_id=element_id) if kind == "start" else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLine:
    """A batch and how far it is: how many items are in which state."""

    batch: BatchOperation
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """Return how many items it has."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItemLine:
    """An item of a batch with the number of its case."""

    item: BatchItem
    business_key: str


class OperationQueries(Protocol):
    """The read side of operating; every method reads one committed state."""

    def instances(self, wanted: InstanceFilter, actor: Actor, /, *, offset: int, limit: int) -> InstancePage:
        """Return process instances, newest first."""
        ...

    def instance(self, process_instance_id: UUID, actor: Actor, /) -> OperatedInstance:
        """Return one instance.

        Raises:
            NotFound: unknown, or of a region the actor does not operate.
        """
        ...

    def journal(self, process_instance_id: UUID, actor: Actor, /) -> InstanceJournal:
        """Return what each run of an instance did.

        Raises:
            NotFound: unknown, or of a region the actor does not operate.
        """
        ...

    def versions(self, process_id: str | None, actor: Actor, /) -> Sequence[VersionLine]:
        """Return the versions of a process, newest first, each with how many running instances the actor operates.

        Without a process, those of every process, by its id.
        """
        ...

    def movable_versions(self, process_id: str | None, actor: Actor, /) -> Sequence[VersionLine]:
        """Return the same with how many running instances the actor may migrate."""
        ...

    def standing(self, definition_id: UUID, actor: Actor, /) -> Sequence[StandingLine]:
        """Return where something stands in a version of a process, of what the actor may migrate; the process itself
        is the element that all of it stands in.

        Raises:
            NotFound: no such version is deployed.
        """
        ...

    def incident(self, incident_id: UUID, actor: Actor, /) -> IncidentReport:
        """Return what is known of an incident.

        Raises:
            NotFound: unknown, or of a region the actor does not operate.
        """
        ...

    def failed_firings(self, actor: Actor, /, *, offset: int, limit: int) -> Sequence[FailedFiring]:
        """Return what failed when it fired by itself, longest due first; nothing to who does not administer all."""
        ...

    def batches(self, actor: Actor, /, *, offset: int, limit: int) -> Sequence[BatchLine]:
        """Return the actor's own batches, to operators of everything all of them, newest first."""
        ...

    def batch_count(self, actor: Actor, /) -> int:
        """Return how many batches the actor sees."""
        ...

    def batch(self, batch_id: UUID, actor: Actor, /) -> BatchLine:
        """Return one batch.

        Raises:
            NotFound: unknown, or not the actor's to see.
        """
        ...

    def batch_items(
        self, batch_id: UUID, actor: Actor, /, *, state: ItemState | None, offset: int, limit: int
    ) -> Sequence[BatchItemLine]:
        """Return items of a batch in order.

        Raises:
            NotFound: unknown, or not the actor's to see.
        """
        ...
