"""What operators are told when an instance, a batch or a migration cannot do what they ask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine.core.model import Obstacle
from engine.errors import EngineError


class InstanceSuspended(EngineError):
    """The process instance rests until somebody resumes it; nothing of it goes on."""

    code = "instance-suspended"
    text_zh = "流程 {instance} 已挂起，恢复之前不能办理、重试或继续。请主管恢复后再试。"
    text_en = "The process instance {instance} is suspended; nothing of it goes on. Ask a supervisor to resume it."

    def __init__(self, instance: object) -> None:
        super().__init__(instance=str(instance))


class InstanceEnded(EngineError):
    """The process instance is over; nothing of it can be changed any more."""

    code = "instance-ended"
    text_zh = (
        "流程 {instance} 已于 {when} 结束（{state}），不能再办理或更改。请查看其历史；需要继续办理的，请重新启动流程。"
    )
    text_en = (
        "The process instance {instance} ended at {when} ({state}); nothing of it can be changed any more. "
        "Read its history; if work has to go on, start a new one."
    )

    def __init__(self, instance: object, state: str, ended_at: datetime | None) -> None:
        super().__init__(instance=str(instance), state=state, when=ended_at or "-")


class IncidentResolved(EngineError):
    """The incident was resolved before; there is nothing left to try."""

    code = "incident-resolved"
    text_zh = "故障 {incident} 已于 {when} 解决，无需再试。"
    text_en = "The incident {incident} was resolved at {when}; there is nothing left to try."

    def __init__(self, incident: object, resolved_at: datetime) -> None:
        super().__init__(incident=str(incident), when=resolved_at)


class InstanceNotSuspended(EngineError):
    """Only what is suspended can be resumed."""

    code = "instance-not-suspended"
    text_zh = "流程 {instance} 没有挂起(状态：{state})，无需恢复。"
    text_en = "The process instance {instance} is not suspended (state: {state}); there is nothing to resume."

    def __init__(self, instance: object, state: str) -> None:
        super().__init__(instance=str(instance), state=state)


class ReasonMissing(EngineError):
    """What operators do to a case is kept with its reason."""

    code = "reason-missing"
    text_zh = "请写明理由（1–{limit} 个字，现为 {found} 个）：该操作连同理由永久留存。"
    text_en = "Give a reason of 1 to {limit} characters (found {found}): what is done here is kept together with it."

    def __init__(self, *, limit: int, found: int) -> None:
        super().__init__(limit=limit, found=found)


class IdempotencyConflict(EngineError):
    """The same submission key came with another request."""

    code = "idempotency-conflict"
    text_zh = "提交键“{key}”已用于另一份内容不同的提交，本次未保存任何内容。请为新的提交使用新的提交键。"
    text_en = (
        "The submission key {key!r} was used for a different request; nothing was kept of this one. "
        "Use a new key for a new request."
    )

    def __init__(self, key: str) -> None:
        super().__init__(key=key)


class _Refused(EngineError):
    """Base of what is refused for several reasons at once."""

    def __init__(self, reasons: Sequence[Obstacle]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(
            reasons_zh="；".join(one.zh for one in self.reasons), reasons_en="; ".join(str(one) for one in self.reasons)
        )


class ModificationRefused(_Refused):
    """The instance cannot be changed like this; nothing was changed."""

    code = "modification-refused"
    text_zh = "不能这样修改流程，未更改任何内容：{reasons_zh}。请按当前进行中的环节重新选择。"
    text_en = "The instance cannot be modified like this; nothing was changed: {reasons_en}. Read what is open again."


class MigrationRefused(_Refused):
    """The instance cannot go on by the other version; it stays as it is."""

    code = "migration-refused"
    text_zh = "不能迁移，流程保持原样：{reasons_zh}。请补充环节对应关系，或先把流程推进过这些环节。"
    text_en = "It cannot migrate and stays as it is: {reasons_en}. Map these elements, or let the case pass them first."


class RevertRefused(EngineError):
    """A migration can be undone only as long as nothing happened since."""

    code = "revert-refused"
    text_zh = "不能撤销流程 {instance} 的迁移：{reason_zh}。请改用修改或再次迁移。"
    text_en = "The migration of {instance} cannot be undone: {reason_en}. Modify it, or migrate it again."

    def __init__(self, instance: object, reason: Obstacle) -> None:
        super().__init__(instance=str(instance), reason_zh=reason.zh, reason_en=str(reason))


class RevertOutOfReach(EngineError):
    """Some of what a batch migrated lies in regions the actor does not administer; nothing of it is undone."""

    code = "revert-out-of-reach"
    text_zh = (
        "该批次迁移的 {total} 个流程中有 {outside} 个不在您管理的区域，未撤销任何一个。"
        "请由管理全部区域的管理员撤销，或逐个撤销您区域内的流程。"
    )
    text_en = (
        "{outside} of the {total} instances this batch migrated are outside the regions you administer; nothing was "
        "undone. Ask an administrator of all of them, or undo those of your regions one by one."
    )

    def __init__(self, *, outside: int, total: int) -> None:
        super().__init__(outside=outside, total=total)


class BatchStateWrong(EngineError):
    """The batch is not in a state in which this can be done."""

    code = "batch-state-wrong"
    text_zh = "批量操作 {batch} 现为“{state}”，不能{action_zh}。"
    text_en = "The batch {batch} is {state}; it cannot be {action_en}."

    def __init__(self, batch: object, *, state: str, action: Obstacle) -> None:
        super().__init__(batch=str(batch), state=state, action_zh=action.zh, action_en=str(action))


class NothingSelected(EngineError):
    """The filter finds nothing the actor may operate."""

    code = "nothing-selected"
    text_zh = "所选条件下没有您可以操作的对象。请放宽条件，或核对所在区域。"
    text_en = "The filter finds nothing that you may operate. Widen it, or check which region it is in."


class BatchExtentChanged(EngineError):
    """Since it was tried, the filter finds more or fewer; nothing is done that nobody has seen."""

    code = "batch-extent-changed"
    text_zh = "试算之后符合条件的由 {seen} 件变为 {found} 件，未执行。请核对新的试算结果，再确认。"
    text_en = (
        "Since the trial, what the filter finds changed from {seen} to {found}; nothing was done. "
        "Look at the new trial, then confirm again."
    )

    def __init__(self, *, seen: int, found: int) -> None:
        super().__init__(seen=seen, found=found)


class BatchNotNarrowed(EngineError):
    """No filter is given for what would be done to a whole region."""

    code = "batch-not-narrowed"
    text_zh = (
        "批量操作“{kind}”没有给出任何条件，将涉及您所辖的全部流程，未执行。"
        "请至少给出一个条件；确需全部，请写明 all: true（命令行为 --all）。"
    )
    text_en = (
        "A batch of kind {kind} without any criterion would be done to everything you operate; nothing was done. "
        "Give at least one criterion, or say all: true (on the command line --all) if you mean everything."
    )

    def __init__(self, kind: str) -> None:
        super().__init__(kind=kind)


class BatchTooLarge(EngineError):
    """The filter finds more than one batch may hold."""

    code = "batch-too-large"
    text_zh = "所选对象有 {found} 个，一次最多 {limit} 个。请缩小条件，分批进行。"
    text_en = "The filter finds {found}, one batch holds at most {limit}. Narrow it and go in several batches."

    def __init__(self, *, found: int, limit: int) -> None:
        super().__init__(found=found, limit=limit)


class SubstitutionOver(EngineError):
    """Somebody stood in for an absent person, and does no more."""

    code = "substitution-over"
    text_zh = "“{task}”是代{absent}办理的，代理已结束，未作更改。请刷新清单；任务由{absent}继续办理。"
    text_en = (
        "{task!r} was to be done in the name of {absent}, and that substitution is over; nothing was changed. "
        "Read the list again: the task is {absent}'s."
    )

    def __init__(self, task: str, absent: str) -> None:
        super().__init__(task=task, absent=absent)


class BatchParametersInvalid(EngineError):
    """The parameters do not say what this kind of batch is to do."""

    code = "batch-parameters-invalid"
    text_zh = "批量操作的参数有误，未建立任何内容：{place_zh}{reason_zh}。"
    text_en = "The parameters of the batch are not acceptable, nothing was made: {place_en}{reason_en}."

    def __init__(self, path: str, reason: Obstacle) -> None:
        self.path, self.reason = path, reason
        super().__init__(
            place_zh=f"“{path}”" if path else "",
            place_en=f"{path!r}: " if path else "",
            reason_zh=reason.zh,
            reason_en=str(reason),
        )


class RetentionInvalid(EngineError):
    """History is kept for a number of days within reach, or for ever."""

    code = "retention-invalid"
    text_zh = "历史保留天数须为 1–{most} 的整数（现为 {found}）。永久保留请明确选择“永久”，不要填 0。"
    text_en = "History is kept for 1 to {most} days (found {found}). To keep it for ever say so; 0 is not for ever."

    def __init__(self, *, found: int, most: int) -> None:
        super().__init__(found=found, most=most)


class InstanceTooLarge(EngineError):
    """A command brings variables for which a process instance has no room."""

    code = "instance-too-large"
    text_zh = "流程的变量将达 {found} 个字符，最多 {limit} 个，未保存任何内容。请少提交，或先把已有的大变量改小。"
    text_en = (
        "The variables of the process instance would be too long (characters: {found}, at most {limit}); nothing was "
        "saved. Bring less, or make a large variable it holds smaller first."
    )

    def __init__(self, *, found: int, limit: int) -> None:
        super().__init__(found=found, limit=limit)
