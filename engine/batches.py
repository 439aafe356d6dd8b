"""Operations on many instances at once; one item is one instance, one incident, or one migration to undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from engine.json_values import JsonObject
from engine.model import Actor, InstanceState, Membership

MAX_ITEMS = 100_000
OPERATORS = ("supervisor", "administrator")  # of a region: who may repair, suspend and cancel what runs there


class BatchKind(StrEnum):
    """What a batch does to each of its items."""

    RETRY_INCIDENTS = "retry-incidents"
    CANCEL = "cancel"
    SUSPEND = "suspend"
    RESUME = "resume"
    MODIFY = "modify"
    SET_RETRIES = "set-retries"
    MIGRATE = "migrate"
    REVERT_MIGRATION = "revert-migration"


NEEDS_EXTENT = (BatchKind.CANCEL, BatchKind.SUSPEND, BatchKind.MODIFY, BatchKind.MIGRATE)
"""What is done to a whole region only when that is asked for in so many words."""


class BatchState(StrEnum):
    """The life of a batch."""

    CREATED = "created"
    RUNNING = "running"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    COMPLETED = "completed"


class ItemState(StrEnum):
    """What became of one item."""

    WAITING = "waiting"
    DONE = "done"
    NOT_TRIED = "not-tried"  # there was nothing to do, or it may not be done: the message says why
    FAILED = "failed"  # it was tried, and did not work; it may be tried again
    CANCELLED = "cancelled"  # the batch was cancelled first


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceFilter:
    """Which process instances are meant; everything given must hold. Over ones are found only when asked for.

    `source` is a definition by which the instance, or a process it called, runs now; `element_id` is where a token
    stands now, in that definition where both are given.
    """

    ids: tuple[UUID, ...] | None = None  # none at all are found by an empty one
    process_id: str | None = None
    version: int | None = None
    source: UUID | None = None
    state: InstanceState | None = None
    has_incident: bool | None = None
    incident_kind: str | None = None
    element_id: str | None = None
    business_key: str | None = None
    region: str | None = None
    started_before: datetime | None = None
    started_after: datetime | None = None

    @property
    def narrows(self) -> bool:
        """Say whether anything is given."""
        return any(getattr(self, one.name) is not None for one in fields(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOperation:
    """A batch: `parameters` and the reasons are sealed at rest.

    `memberships` are the posts its maker had when it was last set going; it is done with those held when an item is
    done, as far as the office knows them.
    """

    id: UUID
    kind: BatchKind
    filter: JsonObject
    parameters: JsonObject
    reason: str
    created_by: str
    created_by_name: str
    memberships: tuple[Membership, ...]
    created_at: datetime
    state: BatchState = BatchState.CREATED
    ended_at: datetime | None = None
    ended_by: str | None = None  # who cancelled it
    ended_by_name: str | None = None
    ended_reason: str = ""  # sealed at rest; empty: none was given

    @property
    def actor(self) -> Actor:
        """Return in whose name it is done, with the posts of then."""
        is_system = self.created_by == "system" and not self.memberships
        return Actor(id=self.created_by, name=self.created_by_name, memberships=self.memberships, system=is_system)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItem:
    """One thing a batch does: to an instance, or to one incident of it (`subject_id`)."""

    batch_id: UUID
    number: int
    process_instance_id: UUID
    subject_id: UUID | None = None
    state: ItemState = ItemState.WAITING
    message_zh: str = ""
    message_en: str = ""
    tries: int = 0
    done_at: datetime | None = None
    unanswered: int = 0  # times a worker took it since it was last heard what became of that


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of an item, or would become of it, in words."""

    state: ItemState
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a batch would do to one of its items."""

    process_instance_id: UUID
    business_key: str
    subject_id: UUID | None
    stands_at: tuple[str, ...]  # ids of the elements where its tokens stand
    told: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What a batch would do: how many items there are, and what was found by trying the first of them."""

    total: int
    forecasts: Sequence[Forecast] = field(default_factory=tuple)

    @property
    def counts(self) -> Mapping[str, int]:
        """Return how many of those tried end in which state."""
        states = [one.told.state.value for one in self.forecasts]
        return {state: states.count(state) for state in dict.fromkeys(states)}

    @property
    def groups(self) -> Mapping[tuple[tuple[str, ...], ItemState], list[Forecast]]:
        """Return the forecasts by where the tokens stand and what would become of them."""
        found: dict[tuple[tuple[str, ...], ItemState], list[Forecast]] = {}
        for one in self.forecasts:
            found.setdefault((one.stands_at, one.told.state), []).append(one)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceSnapshot:
    """An instance as it stood before it was migrated; `version` is the one it had right after."""

    id: UUID
    process_instance_id: UUID
    taken_at: datetime
    taken_by: str
    batch_id: UUID | None
    source: UUID
    target: UUID
    version: int
    snapshot: bytes  # sealed at rest
    counted: JsonObject | None = None  # what its finished tasks counted as; None: nothing changed that


class Batches(Protocol):
    """Batches and their items."""

    def select(self, kind: BatchKind, wanted: InstanceFilter, actor: Actor, *, limit: int) -> list[BatchItem]:
        """Return the items a batch would have, oldest instance first, only of the regions the actor operates."""
        ...

    def count(self, kind: BatchKind, wanted: InstanceFilter, actor: Actor) -> int:
        """Return how many items a batch would have."""
        ...

    def select_done(self, batch_id: UUID, actor: Actor) -> list[BatchItem]:
        """Return items to undo what a batch of migrations did, only of the regions the actor administers."""
        ...

    def count_done(self, batch_id: UUID) -> int:
        """Return how many items a batch of migrations did, in all regions."""
        ...

    def add(self, batch: BatchOperation, items: Sequence[BatchItem]) -> None:
        """Keep a new batch."""
        ...

    def get(self, batch_id: UUID) -> BatchOperation | None:
        """Read a batch."""
        ...

    def set_state(self, batch_id: UUID, state: BatchState, *, only_from: Sequence[BatchState]) -> bool:
        """Write how far a batch is, if it is in one of these states; says whether it was."""
        ...

    def cancel(self, batch: BatchOperation, *, only_from: Sequence[BatchState]) -> bool:
        """Write that a batch is cancelled, by whom and why, if it is in one of these states; says whether it was."""
        ...

    def set_items(self, batch_id: UUID, state: ItemState, *, to: ItemState) -> int:
        """Move all items of one state to another; returns how many."""
        ...

    def set_memberships(self, batch_id: UUID, memberships: Sequence[Membership]) -> None:
        """Write the posts its maker has now."""
        ...

    def take(self, batch_id: UUID | None = None) -> BatchItem | None:
        """Lock the next waiting item of a batch at work, skipping those that other workers are doing.

        Batches take turns: the one that was served longest ago, or not yet, is next; or only the one that is named.
        """
        ...

    def claim(self, *, now: datetime, lease: timedelta, limit: int) -> list[BatchItem]:
        """Take waiting items of the batches at work, to each its share; until the lease is over no other worker does.

        One that was taken twice without an answer is taken alone, when there is no other.
        """
        ...

    def hold(self, item: BatchItem) -> BatchItem | None:
        """Lock one that was taken; None when it waits no more, somebody else does it, or its batch is not at work."""
        ...

    def release(self, item: BatchItem, *, until: datetime) -> None:
        """Let one that was taken wait until then; it was answered for."""
        ...

    def save_item(self, item: BatchItem) -> None:
        """Write what became of an item."""
        ...

    def finish(self, *, at: datetime) -> int:
        """Complete the batches at work that have nothing waiting any more; returns how many."""
        ...


class InstanceSnapshots(Protocol):
    """How instances stood before they were migrated."""

    def add(self, snapshot: InstanceSnapshot) -> None:
        """Keep one."""
        ...

    def latest(self, process_instance_id: UUID) -> InstanceSnapshot | None:
        """Return the newest of an instance."""
        ...

    def remove(self, snapshot_id: UUID) -> None:
        """Forget one that was used."""
        ...


def roles_for(kind: BatchKind) -> tuple[str, ...]:
    """Return the roles that may do this kind of batch: whoever operates, for another version only administrators."""
    return ("administrator",) if kind in (BatchKind.MIGRATE, BatchKind.REVERT_MIGRATION) else OPERATORS
