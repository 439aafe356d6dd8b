"""What the engine needs from whoever keeps its data."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from types import TracebackType
from typing import Protocol, Self
from uuid import UUID

from engine.batches import Batches, InstanceSnapshots
from engine.changes import Changes
from engine.json_values import JsonObject
from engine.leases import WantedJobs
from engine.model import (
    Attempt,
    Definition,
    Denial,
    Deployment,
    Draft,
    EventSubscription,
    HistoryEntry,
    Incident,
    Job,
    Membership,
    ProcessInstance,
    Resource,
    ResourceKind,
    Timer,
    UserTask,
    Waiting,
)
from engine.publications import Deliveries, Messages, StartSubscriptions
from engine.retention import HistoryRetention
from engine.submissions import Submissions


class Definitions(Protocol):
    """Deployed processes, decisions and forms with their versions."""

    def add(self, deployment: Deployment, resources: Sequence[Resource]) -> None:
        """Keep a deployment and its resources."""
        ...

    def deployment(self, deployment_id: UUID) -> Deployment | None:
        """Return what was deployed together."""
        ...

    def latest(self, kind: ResourceKind, key: str) -> Definition | None:
        """Return the newest version of a key."""
        ...

    def get(self, definition_id: UUID) -> Definition | None:
        """Return one version."""
        ...

    def numbered(self, kind: ResourceKind, key: str, version: int) -> Definition | None:
        """Return the version of this number."""
        ...

    def tagged(self, kind: ResourceKind, key: str, version_tag: str) -> Definition | None:
        """Return the newest version that carries a version tag."""
        ...

    def describe(self, definition_id: UUID, version_tag: str | None) -> bool:
        """Add the tag of a version deployed before tags were read; say whether it was such a one."""
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

    def region_for(self, instance_id: UUID, login: str) -> str | None:
        """Return in which region an instance lies; it never moves.

        None: it is unknown, or a register bars this person from everything about it.
        """
        ...

    def lock(self, instance_id: UUID) -> ProcessInstance | None:
        """Read for a change: other commands on this instance wait."""
        ...

    def try_lock(self, instance_id: UUID) -> ProcessInstance | None:
        """Read for a change without waiting; None while somebody else changes it."""
        ...

    def is_active(self, process_id: str, correlation_key: str) -> bool:
        """Say whether an instance started by a message of this key is active, in any version of the process."""
        ...

    def is_running(self, process_id: str, business_key: str) -> bool:
        """Say whether an instance of this business key has not ended, in any version of the process."""
        ...

    def save(self, instance: ProcessInstance) -> None:
        """Write state, snapshot and the next version of an instance that this transaction has locked or added."""
        ...

    def apply(self, changes: Changes) -> None:
        """Write what a run changed: history, tasks, jobs, timers, subscriptions, variables, incidents, decisions."""
        ...


class UserTasks(Protocol):
    """Open and finished user tasks with their drafts."""

    def get(self, task_id: UUID) -> UserTask | None:
        """Read one task."""
        ...

    def lock(self, task_id: UUID) -> tuple[ProcessInstance, UserTask] | None:
        """Read one task and its instance for a change: other commands on the instance wait."""
        ...

    def save(self, task: UserTask) -> None:
        """Write assignee, completion and the next version."""
        ...

    def completed_by(self, process_instance_id: UUID, actor_id: str, *, elements: Sequence[str]) -> UserTask | None:
        """Return a task of the instance that this person completed and that counts as one of these elements.

        What a substitute completed in this person's name counts too.
        It counts as what it was, or as what migrations of its instance made of that; not where the step was done again
        later.
        """
        ...

    def count_as(
        self, process_instance_id: UUID, *, source: UUID, target: UUID, mapping: Mapping[str, str]
    ) -> JsonObject:
        """Let finished tasks of one version count as elements of another; returns how they counted before."""
        ...

    def count_again(self, process_instance_id: UUID, before: JsonObject) -> None:
        """Let finished tasks count as they did before they were counted otherwise."""
        ...

    def save_attributes(self, task: UserTask, *, before: UserTask) -> None:
        """Write due date, candidates, priority and the next version, and the follow-up date where it is another."""
        ...

    def denial(self, task_id: UUID) -> Denial | None:
        """Return why the last thing asked of an open task was denied by a listener."""
        ...

    def open_of(self, process_instance_id: UUID) -> Sequence[UserTask]:
        """Return the open tasks of an instance."""
        ...

    def drafted(self, process_instance_id: UUID) -> frozenset[UUID]:
        """Return which tasks of an instance have a draft."""
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

    def lock(self, job_id: UUID) -> tuple[ProcessInstance, Job] | None:
        """Read one job and its instance for a change: other commands on the instance wait."""
        ...

    def acquire(self, wanted: WantedJobs, *, now: datetime) -> list[Job]:
        """Give free jobs that are due to a worker under new leases; what others are locking is skipped."""
        ...

    def expired(self, *, now: datetime, limit: int) -> list[Job]:
        """Return jobs whose lease is over, the longest over first."""
        ...

    def save(self, job: Job) -> None:
        """Write retries, due time, lease and last error."""
        ...


class Timers(Protocol):
    """Due times of waiting process instances."""

    def claim(self, *, now: datetime, lease: timedelta, limit: int) -> list[Timer]:
        """Return due timers, oldest first; until the lease is over no other worker gets them."""
        ...

    def get(self, process_instance_id: UUID, subscription_key: int) -> Timer | None:
        """Return a timer that still waits."""
        ...

    def lock(self, process_instance_id: UUID, subscription_key: int) -> tuple[ProcessInstance, Timer] | None:
        """Lock the instance of a timer, then read the timer; None where one of them is not there any more."""
        ...

    def postpone(self, timer: Timer, *, until: datetime, failures: int) -> None:
        """Let a timer that could not fire wait, so that it does not stand before the others."""
        ...

    def raise_incident(self, timer: Timer, *, kind: str, reason: str, at: datetime) -> None:
        """Tell supervisors that a timer cannot fire; once told it is not told again."""
        ...

    def next_due(self, *, job_types: Sequence[str]) -> datetime | None:
        """Return the earliest due time of everything that fires by itself and of jobs of these types."""
        ...


class Subscriptions(Protocol):
    """Messages and signals that instances wait for."""

    def for_message(self, name: str, correlation_key: str | None, *, besides: Collection[UUID]) -> list[Waiting]:
        """Return of each process the one that has waited longest for a message, without some instances."""
        ...

    def for_signal(self, name: str, *, besides: UUID | None, limit: int) -> list[Waiting]:
        """Return who waits for a signal, in the order of instances, without one instance."""
        ...

    def resting(self, name: str, correlation_key: str | None) -> list[str]:
        """Return the region of each suspended instance that waits for a message."""
        ...

    def messages_of(self, process_instance_id: UUID) -> list[EventSubscription]:
        """Return the messages one instance waits for."""
        ...

    def is_open(self, process_instance_id: UUID, subscription_key: int) -> bool:
        """Say whether a subscription still waits."""
        ...


class Incidents(Protocol):
    """Where instances are stuck."""

    def get(self, incident_id: UUID) -> Incident | None:
        """Read one incident."""
        ...

    def close(self, incident_id: UUID, *, at: datetime) -> None:
        """Write that an incident is over whose cause lies outside the core."""
        ...

    def failed_again(self, incident_id: UUID, *, at: datetime) -> None:
        """Write that a retry failed whose cause lies outside the core."""
        ...


class Posts(Protocol):
    """What people may do now."""

    def held_by(self, actor_id: str) -> tuple[Membership, ...] | None:
        """Return the posts somebody holds now; None: it is nobody the office knows."""
        ...

    def stands_in(self, actor_id: str, *, absent: str, task: UserTask, now: datetime) -> bool:
        """Say whether somebody stands in for an absent person at this time, in tasks of this kind."""
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
    def start_subscriptions(self) -> StartSubscriptions: ...
    @property
    def messages(self) -> Messages: ...
    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def incidents(self) -> Incidents: ...
    @property
    def history(self) -> History: ...
    @property
    def attempts(self) -> Attempts: ...
    @property
    def posts(self) -> Posts: ...
    @property
    def batches(self) -> Batches: ...
    @property
    def instance_snapshots(self) -> InstanceSnapshots: ...
    @property
    def history_retention(self) -> HistoryRetention: ...
    @property
    def submissions(self) -> Submissions: ...

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

    def leads(self) -> bool:
        """Say whether this worker is the one of all on the database that does the duties of the office."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...
