"""What the engine needs from whoever keeps its data."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from types import TracebackType
from typing import Protocol, Self
from uuid import UUID

from engine.batches import Batches, InstanceSnapshots
from engine.changes import Changes
from engine.model import (
    Attempt,
    Definition,
    Deployment,
    Draft,
    EventSubscription,
    HistoryEntry,
    Incident,
    Job,
    ProcessInstance,
    Resource,
    ResourceKind,
    Timer,
    UserTask,
)


class Definitions(Protocol):
    """Deployed processes, decisions and forms with their versions."""

    def add(self, deployment: Deployment, resources: Sequence[Resource]) -> None:
        """Keep a deployment and its resources."""
        ...

    def latest(self, kind: ResourceKind, key: str) -> Definition | None:
        """Return the newest version of a key."""
        ...

    def get(self, definition_id: UUID) -> Definition | None:
        """Return one version."""
        ...

    def content(self, definition_id: UUID) -> bytes:
        """Return the resource as deployed."""
        ...

    def beside(self, definition_id: UUID, kind: ResourceKind, key: str) -> Definition | None:
        """Return what was deployed together with a definition in its newest deployment."""
        ...

    def lock(self) -> None:
        """Let no other deployment run until this transaction ends, so that versions have no gaps or doubles."""
        ...


class ProcessInstances(Protocol):
    """Rows of process instances; loading for a change locks the row until the transaction ends."""

    def add(self, instance: ProcessInstance) -> None:
        """Keep a new instance."""
        ...

    def get(self, instance_id: UUID) -> ProcessInstance | None:
        """Read without a lock."""
        ...

    def lock(self, instance_id: UUID) -> ProcessInstance | None:
        """Read for a change: other commands on this instance wait."""
        ...

    def save(self, instance: ProcessInstance) -> None:
        """Write state, snapshot and the next version.

        Raises:
            ConcurrentChange: the stored version is not the one that was read.
        """
        ...

    def apply(self, changes: Changes) -> None:
        """Write what a run changed: history, tasks, jobs, timers, subscriptions, variables, incidents, decisions."""
        ...


class UserTasks(Protocol):
    """Open and finished user tasks with their drafts."""

    def get(self, task_id: UUID) -> UserTask | None:
        """Read one task."""
        ...

    def lock(self, task_id: UUID) -> UserTask | None:
        """Read one task for a change."""
        ...

    def save(self, task: UserTask) -> None:
        """Write assignee, completion and the next version."""
        ...

    def completed_by(self, process_instance_id: UUID, actor_id: str) -> Sequence[UserTask]:
        """Return the tasks of the instance this person completed."""
        ...

    def draft(self, task_id: UUID) -> Draft | None:
        """Return the draft of a task."""
        ...

    def save_draft(self, draft: Draft) -> None:
        """Keep or replace the draft of a task."""
        ...


class Jobs(Protocol):
    """Work for outside the transaction."""

    def get(self, job_id: UUID) -> Job | None:
        """Read one job."""
        ...

    def lock(self, job_id: UUID) -> Job | None:
        """Read one job for a change."""
        ...

    def acquire(self, *, worker: str, types: Sequence[str], now: datetime, lease: timedelta, limit: int) -> list[Job]:
        """Lock up to `limit` due jobs for this worker, skipping those others are locking."""
        ...

    def save(self, job: Job) -> None:
        """Write retries, due time, lock and last error."""
        ...


class Timers(Protocol):
    """Due times of waiting process instances."""

    def due(self, *, now: datetime, limit: int) -> list[Timer]:
        """Return due timers, oldest first, without locking them."""
        ...

    def get(self, process_instance_id: UUID, subscription_key: int) -> Timer | None:
        """Return a timer that still waits."""
        ...

    def postpone(self, process_instance_id: UUID, subscription_key: int, *, until: datetime) -> None:
        """Let a timer that could not fire wait, so that it does not stand before the others."""
        ...

    def next_due(self, *, job_types: Sequence[str]) -> datetime | None:
        """Return the earliest due time of all timers and of jobs of these types."""
        ...


class Subscriptions(Protocol):
    """Messages and signals that instances wait for."""

    def for_message(self, name: str, correlation_key: str | None) -> list[EventSubscription]:
        """Return the instances waiting for a message, oldest first."""
        ...

    def for_signal(self, name: str) -> list[EventSubscription]:
        """Return every instance waiting for a signal."""
        ...

    def of_instance(self, process_instance_id: UUID) -> list[EventSubscription]:
        """Return everything one instance waits for."""
        ...


class Incidents(Protocol):
    """Where instances are stuck."""

    def get(self, incident_id: UUID) -> Incident | None:
        """Read one incident."""
        ...


class History(Protocol):
    """Who did what, append only."""

    def add(self, entry: HistoryEntry) -> None:
        """Append an entry."""
        ...


class Attempts(Protocol):
    """What was tried and failed, append only."""

    def add(self, attempt: Attempt) -> None:
        """Append a failed attempt."""
        ...


class UnitOfWork(Protocol):
    """One transaction: leaving the block commits, an exception rolls back."""

    @property
    def definitions(self) -> Definitions: ...
    @property
    def process_instances(self) -> ProcessInstances: ...
    @property
    def user_tasks(self) -> UserTasks: ...
    @property
    def jobs(self) -> Jobs: ...
    @property
    def timers(self) -> Timers: ...
    @property
    def subscriptions(self) -> Subscriptions: ...
    @property
    def incidents(self) -> Incidents: ...
    @property
    def history(self) -> History: ...
    @property
    def attempts(self) -> Attempts: ...
    @property
    def batches(self) -> Batches: ...
    @property
    def instance_snapshots(self) -> InstanceSnapshots: ...

    def savepoint(self) -> AbstractContextManager[None]:
        """Open a block whose writes alone are undone when it raises."""
        ...

    def wake_workers(self) -> None:
        """Tell waiting job executors, once this transaction is committed, that there is work."""
        ...

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


class WorkSignal(Protocol):
    """How a job executor hears of new work without polling."""

    def wait(self, timeout: timedelta) -> bool:
        """Block until woken or the time is over; say whether it was woken."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...
