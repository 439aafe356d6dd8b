"""What operators are answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.batches import BatchKind, BatchState, DryRun, Forecast, ItemState
from engine.commands.incidents import Resolution, ResolutionOutcome
from engine.commands.migrations import MappingLine
from engine.json_values import JsonObject
from engine.model import (
    ActivityInstance,
    Attempt,
    EventSubscription,
    HistoryEntry,
    Incident,
    InstanceState,
    Job,
    Timer,
    UserTask,
)
from engine.open_elements import Effect, LostTask, OpenElement
from engine.operation_queries import (
    BatchItemLine,
    BatchLine,
    IncidentReport,
    InstanceLine,
    InstancePage,
    OperatedInstance,
    ScopedVariable,
    StandingLine,
)
from engine.waiting_tokens import WaitingTokens
from web.schemas.base import answer_schema


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """A user task that waits in an instance; what it is about is for those who do it."""

    id: UUID
    key: int
    element_id: str
    name: str
    name_en: str
    assignee: str | None
    assignee_name: str | None
    candidate_groups: Sequence[str]
    due_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenJob:
    """A job that waits for a worker or is being done."""

    id: UUID
    key: int
    element_id: str
    type: str
    retries: int
    failures: int
    due_at: datetime
    locked_by: str | None
    locked_until: datetime | None
    last_error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceAnswer:
    """One instance: where it stands, what waits, what is stuck, what was done, and its variables."""

    instance: InstanceLine
    version: int  # counts the changes of the instance
    elements: Sequence[ActivityInstance]
    waiting: Sequence[WaitingTokens]  # tokens at joins, where no element lives
    tasks: Sequence[OpenTask]
    jobs: Sequence[OpenJob]
    timers: Sequence[Timer]
    subscriptions: Sequence[EventSubscription]
    incidents: Sequence[Incident]
    history: Sequence[HistoryEntry]
    variables: Sequence[ScopedVariable]

    @classmethod
    def of(cls, found: OperatedInstance) -> InstanceAnswer:
        """Make it of what was found."""
        view = found.view
        return cls(
            instance=found.line,
            version=view.instance.version,
            elements=[one for one in view.activities if one.left_at is None],
            waiting=view.waiting,
            tasks=[_task(one) for one in view.tasks if one.state == "open"],
            jobs=[_job(one) for one in view.jobs],
            timers=view.timers,
            subscriptions=view.subscriptions,
            incidents=[one for one in view.incidents if one.resolved_at is None],
            history=view.history,
            variables=found.variables,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectAnswer:
    """What was, or would be, done to an instance."""

    process_instance_id: UUID
    state: InstanceState
    version: int
    before: Sequence[OpenElement]
    after: Sequence[OpenElement]
    ended: Sequence[OpenElement]
    begun: Sequence[OpenElement]
    lost_tasks: Sequence[LostTask]
    incidents: Sequence[OpenElement]
    text_zh: str
    text_en: str

    @classmethod
    def of(cls, effect: Effect) -> EffectAnswer:
        """Make it of what was seen."""
        return cls(
            process_instance_id=effect.instance.id,
            state=effect.instance.state,
            version=effect.instance.version,
            before=effect.before,
            after=effect.after,
            ended=effect.ended,
            begun=effect.begun,
            lost_tasks=effect.lost_tasks,
            incidents=effect.incidents,
            text_zh=effect.text_zh,
            text_en=effect.text_en,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionAnswer:
    """The instance after a retry, and what came of it."""

    id: UUID
    definition_id: UUID
    process_id: str
    region: str
    business_key: str
    state: InstanceState
    version: int
    started_at: datetime
    ended_at: datetime | None
    incident_id: UUID
    outcome: ResolutionOutcome
    reason: str | None

    @classmethod
    def of(cls, resolution: Resolution) -> ResolutionAnswer:
        """Make it of what happened."""
        instance = resolution.instance
        return cls(
            id=instance.id,
            definition_id=instance.definition_id,
            process_id=instance.process_id,
            region=instance.region,
            business_key=instance.business_key,
            state=instance.state,
            version=instance.version,
            started_at=instance.started_at,
            ended_at=instance.ended_at,
            incident_id=resolution.incident_id,
            outcome=resolution.outcome,
            reason=resolution.reason,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchAnswer:
    """A batch and how far it is."""

    id: UUID
    kind: BatchKind
    state: BatchState
    filter: JsonObject
    parameters: JsonObject
    reason: str
    created_by: str
    created_by_name: str
    created_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    ended_by_name: str | None
    ended_reason: str
    total: int
    counts: Mapping[str, int]

    @classmethod
    def of(cls, line: BatchLine) -> BatchAnswer:
        """Make it of what was found."""
        batch = line.batch
        return cls(
            id=batch.id,
            kind=batch.kind,
            state=batch.state,
            filter=batch.filter,
            parameters=batch.parameters,
            reason=batch.reason,
            created_by=batch.created_by,
            created_by_name=batch.created_by_name,
            created_at=batch.created_at,
            ended_at=batch.ended_at,
            ended_by=batch.ended_by,
            ended_by_name=batch.ended_by_name,
            ended_reason=batch.ended_reason,
            total=line.total,
            counts=line.counts,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchList:
    """Batches, newest first."""

    batches: Sequence[BatchAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItemAnswer:
    """What became of one item."""

    number: int
    process_instance_id: UUID
    business_key: str
    subject_id: UUID | None
    state: ItemState
    message_zh: str
    message_en: str
    tries: int
    done_at: datetime | None

    @classmethod
    def of(cls, line: BatchItemLine) -> BatchItemAnswer:
        """Make it of what was found."""
        item = line.item
        return cls(
            number=item.number,
            process_instance_id=item.process_instance_id,
            business_key=line.business_key,
            subject_id=item.subject_id,
            state=item.state,
            message_zh=item.message_zh,
            message_en=item.message_en,
            tries=item.tries,
            done_at=item.done_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItemList:
    """Items of a batch, in order."""

    items: Sequence[BatchItemAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastAnswer:
    """What would become of one item."""

    process_instance_id: UUID
    business_key: str
    subject_id: UUID | None
    stands_at: Sequence[str]
    state: ItemState
    message_zh: str
    message_en: str

    @classmethod
    def of(cls, forecast: Forecast) -> ForecastAnswer:
        """Make it of what was tried."""
        told = forecast.told
        return cls(
            process_instance_id=forecast.process_instance_id,
            business_key=forecast.business_key,
            subject_id=forecast.subject_id,
            stands_at=forecast.stands_at,
            state=told.state,
            message_zh=told.zh,
            message_en=told.en,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastGroup:
    """Items whose tokens stand at the same elements and that would fare alike, with every reason once."""

    stands_at: Sequence[str]
    state: ItemState
    number: int
    messages_zh: Sequence[str]
    messages_en: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRunAnswer:
    """What a batch would do: `total` items, of which `tried` were tried."""

    total: int
    tried: int
    counts: Mapping[str, int]
    groups: Sequence[ForecastGroup]
    items: Sequence[ForecastAnswer]

    @classmethod
    def of(cls, found: DryRun) -> DryRunAnswer:
        """Make it of what was tried."""
        groups = [
            ForecastGroup(
                stands_at=stands_at,
                state=state,
                number=len(alike),
                messages_zh=list(dict.fromkeys(one.told.zh for one in alike)),
                messages_en=list(dict.fromkeys(one.told.en for one in alike)),
            )
            for (stands_at, state), alike in found.groups.items()
        ]
        items = [ForecastAnswer.of(one) for one in found.forecasts]
        return cls(total=found.total, tried=len(items), counts=found.counts, groups=groups, items=items)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchMade:
    """The batch that was made, or what a dry run found: one of the two."""

    batch: BatchAnswer | None
    dry_run: DryRunAnswer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionAnswer:
    """A version of a process and how many instances run by it."""

    definition_id: UUID
    process_id: str
    name: str
    version: int
    running: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionList:
    """Versions of a process, or of every process by its id, newest first."""

    versions: Sequence[VersionAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingList:
    """Where something stands in a version of a process, and what was finished there; the process itself holds all."""

    elements: Sequence[StandingLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingSuggestion:
    """Where each element would go; `mapping` holds those that get another id."""

    lines: Sequence[MappingLine]
    mapping: Mapping[str, str]


InstancePageSchema = answer_schema(InstancePage)
InstanceAnswerSchema = answer_schema(InstanceAnswer)
EffectSchema = answer_schema(EffectAnswer)
ResolutionSchema = answer_schema(ResolutionAnswer)
IncidentReportSchema = answer_schema(IncidentReport)
AttemptSchema = answer_schema(Attempt)
JobSchema = answer_schema(OpenJob)
BatchSchema = answer_schema(BatchAnswer)
BatchListSchema = answer_schema(BatchList)
BatchItemListSchema = answer_schema(BatchItemList)
BatchMadeSchema = answer_schema(BatchMade)
VersionListSchema = answer_schema(VersionList)
StandingListSchema = answer_schema(StandingList)
MappingSuggestionSchema = answer_schema(MappingSuggestion)


def _task(task: UserTask) -> OpenTask:
    return OpenTask(
        id=task.id,
        key=task.key,
        element_id=task.element_id,
        name=task.name,
        name_en=task.name_en,
        assignee=task.assignee,
        assignee_name=task.assignee_name,
        candidate_groups=task.candidate_groups,
        due_at=task.due_at,
        version=task.version,
    )


def _job(job: Job) -> OpenJob:
    return OpenJob(
        id=job.id,
        key=job.key,
        element_id=job.element_id,
        type=job.type,
        retries=job.retries,
        failures=job.failures,
        due_at=job.due_at,
        locked_by=job.locked_by,
        locked_until=job.locked_until,
        last_error=job.last_error,
    )
