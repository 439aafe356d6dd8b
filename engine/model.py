"""The nouns of the engine as the outside sees them: plain values, one dataclass a noun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from engine.findings import Finding
from engine.ids import derived_id
from engine.incident_model import Attempt as Attempt
from engine.incident_model import Incident as Incident
from engine.json_values import JsonObject

if TYPE_CHECKING:
    from engine.stand_ins import StandIn

ResourceKind = Literal["process", "decision", "form"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A role in a unit: `unit_kind` and `role` as a diagram names them, `region` the unit is responsible for.

    Regions are division codes; a unit of region 320481 is responsible for every region that begins with it.
    """

    unit_kind: str
    role: str
    region: str

    @property
    def group(self) -> str:
        """Return the candidate group this membership belongs to, e.g. 'township/clerk'."""
        return f"{self.unit_kind}/{self.role}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks. `system` is the engine itself (workers, timers, set-up)."""

    id: str
    name: str
    memberships: tuple[Membership, ...] = ()
    system: bool = False
    stands_in_for: tuple[StandIn, ...] = ()  # who is absent now and named this person as substitute
    acts_for: str | None = None  # in whose name the actor does what is being done: set by `engine.permissions` alone

    def is_candidate(self, groups: tuple[str, ...], region: str) -> bool:
        """Say whether one of the actor's memberships makes it a candidate for work of these groups and region."""
        return any(
            membership.group in groups and region.startswith(membership.region) for membership in self.memberships
        )

    def has_role(self, role: str, region: str) -> bool:
        """Say whether the actor has a role (supervisor, administrator) for a region."""
        return any(membership.role == role and region.startswith(membership.region) for membership in self.memberships)


ROOT_SCOPE = 1
"""The key of every process instance's own scope: keys are handed out from one."""

SYSTEM = Actor(id="system", name="系统", system=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A file of a deployment as drawn."""

    name: str
    kind: ResourceKind
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One version of a process, decision requirements graph or form."""

    id: UUID
    kind: ResourceKind
    key: str  # process id, DMN definitions id, form id
    name: str
    version: int
    deployment_id: UUID
    resource_name: str
    checksum: str
    version_tag: str | None = None
    name_en: str = ""  # property name.en of a process; empty where its diagram says none


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What was deployed together, by whom and when; `warnings` is what the checks doubt in it, kept nowhere."""

    id: UUID
    deployed_at: datetime
    deployed_by: str
    definitions: tuple[Definition, ...]
    warnings: tuple[Finding, ...] = ()

    @property
    def made(self) -> tuple[Definition, ...]:
        """Return the new versions in it; the others were deployed before and have not changed."""
        return tuple(one for one in self.definitions if one.deployment_id == self.id)


class InstanceState(StrEnum):
    """The life of a process instance."""

    ACTIVE = "active"
    SUSPENDED = "suspended"  # rests until an operator resumes it
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessInstance:
    """One run of a process, with all processes it calls."""

    id: UUID
    definition_id: UUID
    process_id: str
    region: str
    business_key: str
    state: InstanceState
    snapshot: bytes | None
    version: int
    started_at: datetime
    ended_at: datetime | None = None
    correlation_key: str | None = None  # of the message that started it; one active instance a process and key
    history_removed_at: datetime | None = None  # its time of retention was over: only this line and a few more are left
    waiting_at: tuple[str, ...] = ()  # joins at which its tokens wait: see `waiting_tokens.places_waited_at`

    def row_id(self, key: int) -> UUID:
        """Return the id of the row that stands for an element instance: the same at every replay."""
        return derived_id(self.id, key)


class TaskState(StrEnum):
    """The life of a user task."""

    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


BULKABLE = "bulkable"  # the property of a user task, "true" where several may be completed together


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTask:
    """Something a person has to do."""

    id: UUID
    process_instance_id: UUID
    key: int
    definition_id: UUID
    element_id: str
    name: str
    name_en: str
    form_id: str | None
    business_key: str
    region: str
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    assignee: str | None
    assignee_name: str | None
    due_at: datetime | None
    follow_up_at: datetime | None
    priority: int
    distinct_from: tuple[str, ...]
    properties: Mapping[str, str]
    variables: JsonObject
    state: TaskState
    version: int
    created_at: datetime
    completed_at: datetime | None = None
    completed_by: str | None = None
    completed_by_name: str | None = None  # of both, where it was done in the name of somebody absent
    completed_for: str | None = None  # in whose name a substitute completed it
    transition: str | None = None  # the task listeners it waits for: assigning, updating, completing, canceling
    form_definition_id: UUID | None = None  # the version it is bound to; None: the newest when it is completed
    headers: Mapping[str, str] = field(default_factory=dict)  # as drawn, for whoever shows or serves the task

    def is_offered_to(self, person: Actor) -> bool:
        """Say whether the person is a candidate: by name, or by group and region."""
        return person.id in self.candidate_users or person.is_candidate(self.candidate_groups, self.region)

    @property
    def is_bulkable(self) -> bool:
        """Say whether the diagram lets the task be completed together with others."""
        return self.properties.get(BULKABLE) == "true"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A half-filled form, kept without checks over release and hand-over."""

    user_task_id: UUID
    values: JsonObject
    saved_at: datetime
    saved_by: str

    @property
    def version(self) -> str:
        """Return by what a page tells whether it shows this draft or an earlier one."""
        return f"{self.saved_at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """Why a task listener denied the last thing that was asked of an open task; gone with the next that is asked."""

    user_task_id: UUID
    process_instance_id: UUID
    event: str
    action: str
    reason: str
    denied_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where something was asked: the request's id in the logs, and the W3C `traceparent` of the trace it belongs to."""

    request_id: str | None = None
    trace_parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work outside the transaction; the id is its idempotency key at the outside."""

    id: UUID
    process_instance_id: UUID
    key: int
    definition_id: UUID
    element_id: str
    type: str
    region: str
    business_key: str
    headers: Mapping[str, str]
    variables: JsonObject
    retries: int
    due_at: datetime
    locked_by: str | None = None
    locked_until: datetime | None = None
    lease_id: UUID | None = None  # of who has it in hand; another one each time it is taken
    last_error: str | None = None
    failures: int = 0
    created_at: datetime | None = None
    kind: str = "service"  # service, executionListener, taskListener
    event: str | None = None  # of a listener
    request_id: str | None = None  # of the command that opened it; see Origin
    trace_parent: str | None = None
    suspended: bool = False  # with its instance
    left_undone: int = 0  # leases that ran out without a word of what became of it
    fault: str | None = None  # why its variables do not open, which are empty then; never stored

    @property
    def lease(self) -> Lease:
        """Return under which lease it is in hand, to be shown with whatever is said of it."""
        return Lease(job_id=self.id, worker=self.locked_by or "", id=self.lease_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Who has a job in hand: each time it is taken it is another lease, also of the same worker."""

    job_id: UUID
    worker: str
    id: UUID | None  # None: taken before leases had ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A subscription with a due time."""

    process_instance_id: UUID
    subscription_key: int
    element_id: str
    due_at: datetime
    failures: int = 0
    suspended: bool = False  # with its instance
    unanswered: int = 0  # times a worker took it since it was last heard what became of that


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSubscription:
    """A message or signal that a process instance waits for."""

    process_instance_id: UUID
    subscription_key: int
    kind: Literal["message", "signal"]
    element_id: str
    name: str
    correlation_key: str | None
    opened_at: datetime
    definition_id: UUID | None = None  # the process it is drawn in; None: opened before this was kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A subscription and the process it is drawn in: a message goes to each process once."""

    subscription: EventSubscription
    process_id: str


StartKind = Literal["message", "signal", "timer", "conditional"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StartSubscription:
    """A start event of the newest version of a process that waits for a message, a signal, its time or a condition."""

    definition_id: UUID
    element_id: str
    process_id: str
    kind: StartKind
    name: str | None
    opened_at: datetime
    due_at: datetime | None = None
    repeat_left: int | None = None
    repeat_interval: str | None = None
    failures: int = 0
    unanswered: int = 0  # times a worker took it since it was last heard what became of that


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A message or signal on its way; region and business key are those of an instance it starts."""

    kind: Literal["message", "signal"]
    name: str
    variables: JsonObject
    region: str
    business_key: str
    published_at: datetime
    expires_at: datetime
    correlation_key: str | None = None
    message_id: str | None = None
    relays: int = 0  # sendings that led to it at once: 0 where a person, a program or a timer was the cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A publication that is kept."""

    id: int
    publication: Publication


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A kept message that somebody waits for, or a signal one subscription has not got yet: work for a worker."""

    id: int
    message_id: int
    process_instance_id: UUID | None
    subscription_key: int | None
    due_at: datetime
    failures: int = 0
    unanswered: int = 0  # times a worker took it since it was last heard what became of that


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityInstance:
    """One passage of an element, for the history and the diagram."""

    process_instance_id: UUID
    key: int
    definition_id: UUID
    element_id: str
    scope_key: int
    tag: str
    name: str
    entered_at: datetime
    left_at: datetime | None = None
    outcome: Literal["completed", "terminated"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionEvaluation:
    """How a decision came about: facts, version, rules that fired; enough to explain and to recompute it."""

    process_instance_id: UUID
    key: int
    element_id: str
    decision_id: str
    definition_id: UUID
    decided_at: datetime
    record: JsonObject


class HistoryAction(StrEnum):
    """What the engine writes into the history; an office may write codes of its own beside them."""

    STARTED = "started"
    CANCELLED = "cancelled"
    CLAIMED = "claimed"
    RELEASED = "released"
    ASSIGNED = "assigned"
    HANDED_OVER = "handed-over"
    COMPLETED = "completed"
    JOB_COMPLETED = "job-completed"
    JOB_FAILED = "job-failed"
    JOB_ERROR = "job-error"
    TIMER = "timer"
    MESSAGE = "message"
    NOT_CAUGHT = "not-caught"
    RETRIED = "retried"
    VARIABLES_SET = "variables-set"
    TASK_UPDATED = "task-updated"
    TASK_DENIED = "task-denied"
    MODIFIED = "modified"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    MIGRATED = "migrated"
    MIGRATION_REVERTED = "migration-reverted"
    RETRIES_SET = "retries-set"
    AD_HOC_ACTIVATED = "ad-hoc-activated"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """Who did what to a process instance, in one line; `details` holds ids and codes, never personal data."""

    process_instance_id: UUID
    at: datetime
    actor: str
    action: str  # a HistoryAction, or a code of the office
    element_id: str | None = None
    details: JsonObject = field(default_factory=dict)
