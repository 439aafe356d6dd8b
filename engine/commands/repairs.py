"""One repair of one running instance, made on what the operator saw of it, with a preview in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from engine.commands.incidents import Resolution, ResolutionOutcome, ResolveIncident
from engine.commands.operations import ModifyProcessInstance, ResumeProcessInstance, SuspendProcessInstance
from engine.commands.process_instances import CancelProcessInstance
from engine.core.texts import Words, said
from engine.errors import NotFound, StaleVersion
from engine.execution import operated_instance
from engine.host import Context, Work
from engine.open_elements import Effect, observed, without_keeping
from engine.permissions import checked_reason

RepairStep = (
    ModifyProcessInstance | ResolveIncident | SuspendProcessInstance | ResumeProcessInstance | CancelProcessInstance
)


class RepairKind(StrEnum):
    """What a repair does."""

    MODIFY = "modify"
    RETRY = "retry"
    SUSPEND = "suspend"
    RESUME = "resume"
    CANCEL = "cancel"


_RESTS = Words(
    "流程挂起：任务不能签收和完成，定时器、作业和消息都等到恢复之后",
    "the process instance rests: no task is claimed or completed, and timers, jobs and messages wait until it goes on",
)
_GOES_ON = Words(
    "流程恢复，挂起期间到期的事项现在处理", "the process instance goes on; what fell due meanwhile happens now"
)
_IS_CANCELLED = Words("流程终止，不能恢复", "the process instance is cancelled for good")
_OUTCOMES = {
    ResolutionOutcome.FIXED: Words("重试成功，故障消除", "the retry works and the incident is over"),
    ResolutionOutcome.STARTED: Words(
        "作业重新排队，结果待其完成后可见", "the job is handed out again; whether it works will show"
    ),
    ResolutionOutcome.NOT_TRIED: Words(
        "尚未尝试：定时器已重新设定，触发后可见结果", "not tried yet: the timer is set again and fires next"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What a repair did, or would do: to the open elements, and in a sentence before them."""

    effect: Effect
    summary: Words | None = None

    @property
    def text_zh(self) -> str:
        """Say it in Chinese."""
        return "；".join(([self.summary.zh] if self.summary else []) + self._told_of_elements(self.effect.text_zh))

    @property
    def text_en(self) -> str:
        """Say it in English."""
        return "; ".join(([self.summary.en] if self.summary else []) + self._told_of_elements(self.effect.text_en))

    def _told_of_elements(self, text: str) -> list[str]:
        effect = self.effect
        is_told = self.summary is None or effect.ended or effect.begun or effect.lost_tasks or effect.incidents
        return [text] if is_told else []


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairProcessInstance:
    """Do one step to an instance, unless it changed since the operator looked: a second click finds it changed.

    Raises:
        NotFound: there is no such instance, or the incident is another one's.
        InstanceEnded: it is over.
        StaleVersion: the instance changed since it was looked at.
        ReasonMissing: no reason is given.
        NotPermitted: the actor does not operate the region.
        What the step itself raises.
    """

    process_instance_id: UUID
    expected_version: int
    step: RepairStep

    def execute(self, context: Context[Work]) -> Repair:
        """Do it."""
        checked_reason(self.step.reason or "")
        instance = operated_instance(context, self.process_instance_id, action="处置流程")
        if instance.version != self.expected_version:
            raise StaleVersion("process instance", self.expected_version, instance.version)
        match self.step:
            case ModifyProcessInstance():
                return Repair(effect=self.step.execute(context), summary=_told_of_variables(self.step))
            case ResolveIncident():
                return self._retried(context, self.step)
            case SuspendProcessInstance():
                summary = _RESTS
            case ResumeProcessInstance():
                summary = _GOES_ON
            case CancelProcessInstance():
                summary = _IS_CANCELLED
        step = self.step
        return Repair(effect=observed(context, instance, lambda: step.execute(context)), summary=summary)

    def _retried(self, context: Context[Work], step: ResolveIncident) -> Repair:
        incident = context.unit_of_work.incidents.get(step.incident_id)
        if incident is None or incident.process_instance_id != self.process_instance_id:
            raise NotFound("open incident", step.incident_id)
        instance = operated_instance(context, self.process_instance_id, action="重试")
        outcomes: list[Resolution] = []

        def retry() -> Resolution:
            outcomes.append(step.execute(context))
            return outcomes[-1]

        effect = observed(context, instance, lambda: retry().instance)
        return Repair(effect=effect, summary=_told(outcomes[-1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRepair:
    """What a repair would do: it is done like any other, and nothing of it is kept."""

    repair: RepairProcessInstance

    def execute(self, context: Context[Work]) -> Repair:
        """Try it."""
        return without_keeping(context, lambda: self.repair.execute(context))


def step_on_the_whole(kind: RepairKind, *, process_instance_id: UUID, reason: str) -> RepairStep:
    """Return the step that suspends, resumes or cancels a whole instance."""
    match kind:
        case RepairKind.SUSPEND:
            return SuspendProcessInstance(process_instance_id=process_instance_id, reason=reason)
        case RepairKind.RESUME:
            return ResumeProcessInstance(process_instance_id=process_instance_id, reason=reason)
        case RepairKind.CANCEL:
            return CancelProcessInstance(process_instance_id=process_instance_id, reason=reason)
        case _:
            raise ValueError(f"{kind} is no step on the whole instance")


def _told_of_variables(step: ModifyProcessInstance) -> Words | None:
    names = sorted({name for one in step.variables for name in one.variables})
    return Words(f"设置变量：{'、'.join(names)}", f"sets {', '.join(names)}") if names else None


def _told(resolution: Resolution) -> Words:
    if resolution.outcome is not ResolutionOutcome.FAILED:
        return _OUTCOMES[resolution.outcome]
    reason = resolution.reason or ""
    return Words(f"重试仍然失败：{said(reason, 'zh')}", f"the retry fails again: {said(reason, 'en')}")
