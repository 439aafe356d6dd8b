"""What the API answers with: the nouns of the house as they stand, and a few frames around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from marshmallow import Schema, fields

from engine.model import ActivityInstance, Definition, HistoryEntry, ProcessInstance, UserTask
from engine.queries import TaskVersion
from web.schemas.base import answer_schema
from web.task_batch import TaskOutcome
from web.task_detail import SavedDraft
from workflows.casework.privacy import PersonalFacts
from workflows.casework.queries import CaseSummary, CaseView
from workflows.casework.records import Parameter
from workflows.rules.calendar import CalendarDay

NOT_SHOWN = ("key", "variables", "properties")  # what a form shows of the variables stands in its values


@dataclass(frozen=True, slots=True, kw_only=True)
class PostAnswer:
    """A role in a unit."""

    unit_id: str
    unit_kind: str
    unit_name: str
    unit_name_en: str
    region: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstitutionAnswer:
    """The other person of a substitution that runs, and its last day."""

    absence_id: UUID
    login: str
    name: str
    last_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionAnswer:
    """Who is signed in; the token belongs into the header X-CSRF-Token of every change made with the cookie."""

    login: str
    name: str
    language: str
    must_change_password: bool
    posts: Sequence[PostAnswer]
    stands_in_for: Sequence[SubstitutionAnswer]
    is_absent: Sequence[SubstitutionAnswer]
    csrf_token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCreated:
    """What an application became."""

    id: UUID
    number: str
    status: str
    received_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseList:
    """A page of cases."""

    cases: Sequence[CaseSummary]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagramAnswer:
    """One process of a case as it stands: how often each element is active or was passed."""

    process_id: str
    name: str
    name_en: str  # empty where its diagram says none
    version: int
    definition_id: UUID
    active: Mapping[str, int]
    completed: Mapping[str, int]
    flows: Mapping[str, int]
    incidents: Mapping[str, str]
    xml: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseProgress:
    """Where a case stands in its diagrams."""

    state: str
    diagrams: Sequence[DiagramAnswer]
    activities: Sequence[ActivityInstance]
    history: Sequence[HistoryEntry]


TaskSchema = answer_schema(UserTask, without=NOT_SHOWN)
CaseViewSchema = answer_schema(CaseView)
CaseListSchema = answer_schema(CaseList)
PersonalFactsSchema = answer_schema(PersonalFacts)
CaseCreatedSchema = answer_schema(CaseCreated)
CaseProgressSchema = answer_schema(CaseProgress)
SessionSchema = answer_schema(SessionAnswer)
ProcessInstanceSchema = answer_schema(ProcessInstance, without=("snapshot", "waiting_at"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskBatchAnswer:
    """What became of each task of a batch."""

    items: Sequence[TaskOutcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftAnswer:
    """When a draft was kept, and as which version."""

    saved_at: datetime
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentAnswer:
    """A place where a case is stuck, with the number of the case and the name of the element."""

    id: UUID
    process_instance_id: UUID
    business_key: str
    definition_id: UUID
    element_id: str
    element_name: str
    kind: str
    reason: str
    raised_at: datetime
    resolved_at: datetime | None
    last_failed_at: datetime | None
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedAnswer:
    """Whom a message reached at once, while it lives it may reach others; or what conditions started."""

    process_instance_ids: Sequence[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastAnswer:
    """How many a signal goes to."""

    receivers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentList:
    """A part of the incidents, newest first, and how many there are in all."""

    incidents: Sequence[IncidentAnswer]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionList:
    """The newest version of everything deployed."""

    definitions: Sequence[Definition]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterList:
    """Figures of policy, every effective day of each."""

    parameters: Sequence[Parameter]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarAnswer:
    """A year of the working calendar; no days when it is not loaded."""

    year: int
    days: Sequence[CalendarDay]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceHealth:
    """Whether the service can work."""

    status: str
    time: datetime


PublishedAnswerSchema = answer_schema(PublishedAnswer)
BroadcastAnswerSchema = answer_schema(BroadcastAnswer)
IncidentListSchema = answer_schema(IncidentList)
DefinitionListSchema = answer_schema(DefinitionList)
ParameterListSchema = answer_schema(ParameterList)
CalendarAnswerSchema = answer_schema(CalendarAnswer)
HealthSchema = answer_schema(ServiceHealth)
DraftSchema = answer_schema(DraftAnswer)
TaskBatchAnswerSchema = answer_schema(TaskBatchAnswer)
TaskDetailSchema = Schema.from_dict(
    {
        "task": fields.Nested(TaskSchema),
        "form": fields.Raw(allow_none=True),
        "values": fields.Dict(keys=fields.String()),
        "draft": fields.Nested(answer_schema(SavedDraft), allow_none=True),
        "denied": fields.String(allow_none=True),
    },
    name="TaskDetailSchema",
)
TaskVersionsSchema = Schema.from_dict(
    {"tasks": fields.List(fields.Nested(answer_schema(TaskVersion)))}, name="TaskVersionsSchema"
)
TaskListAnswerSchema = Schema.from_dict(
    {
        "tasks": fields.List(fields.Nested(TaskSchema)),
        "total": fields.Integer(),
        "counts": fields.Dict(keys=fields.String(), values=fields.Integer()),
        "matches": fields.Dict(keys=fields.String(), values=fields.String()),  # by what the text names a case
        "unopened": fields.List(fields.UUID()),  # those the reader has not opened, or not since holding them
        "at_rest": fields.List(fields.UUID()),  # those whose clock is paused, or that were put off
    },
    name="TaskListSchema",
)
CompletedSchema = Schema.from_dict(
    {"task": fields.Nested(TaskSchema), "next_task": fields.Nested(TaskSchema, allow_none=True)},
    name="CompletedSchema",
)
