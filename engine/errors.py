"""What can go wrong in the engine: each kind has a stable code, says what was asked, what was found and what to do.

`message` is for developers and logs (English); `fields` fill the catalogue texts that the edge shows in the user's
language. No HTTP words here: the edge maps codes to statuses.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from engine.core.refusals import Obstacle
from engine.error_words import ACTIONS_IN_ENGLISH, KINDS_IN_CHINESE, STATES, at_minute

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from engine.core.refusals import Obstacle
    from engine.findings import Finding


LISTS = ("needed", "members")  # fields that may hold several values


class EngineError(Exception):
    """Base of every error the engine raises on purpose."""

    code: ClassVar[str] = "engine-error"
    text_zh: ClassVar[str] = "操作未完成。"
    text_en: ClassVar[str] = "The request could not be carried out."
    refuses_command: ClassVar[bool] = False
    """Raised in a handler while a person's command runs, it refuses that command; else it leaves an incident."""

    def __init__(self, **fields: str | int | datetime | None) -> None:
        self.fields = {name: "" if value is None else str(value) for name, value in fields.items()}
        self.moments = {name: value for name, value in fields.items() if isinstance(value, datetime)}
        super().__init__(self.text("en"))

    def text(self, language: str, zone: tzinfo = UTC) -> str:
        """Return the message in 'zh' or 'en' with its fields filled in, moments as the clocks of a zone show them."""
        fields = self.fields | {name: at_minute(moment, zone) for name, moment in self.moments.items()}
        state = self.fields.get("state", "")
        state_zh, state_en = STATES.get(state, (state, state))
        if not language.startswith("zh"):
            action = self.fields.get("action", "")
            listed = {name: value.replace("、", ", ") for name, value in self.fields.items() if name in LISTS}
            said = fields | listed | {"action": ACTIONS_IN_ENGLISH.get(action, action), "state": state_en}
            return self.text_en.format_map(said)
        kind = self.fields.get("kind", "")
        said = fields | {"kind": KINDS_IN_CHINESE.get(kind, kind), "state": state_zh}
        return self.text_zh.format_map(said)


class NotFound(EngineError):
    """The thing asked for does not exist, or the actor may not know that it does."""

    code = "not-found"
    text_zh = "没有找到{kind}“{key}”。请核对编号，或返回列表重新选择。"
    text_en = "There is no {kind} {key!r} here. Check the number, or choose again from the list."

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(kind=kind, key=str(key))


class NotPermitted(EngineError):
    """The actor's units and roles do not allow this."""

    code = "not-permitted"
    text_zh = "您没有权限{action}。需要的岗位：{needed}。请联系本单位管理员或主管。"
    text_en = "You may not {action}. It needs one of: {needed}. Ask your administrator or supervisor."

    def __init__(self, action: str, needed: str) -> None:
        super().__init__(action=action, needed=needed)


class TaskNotOpen(EngineError):
    """The user task is over; the error says since when and how, and who completed it."""

    code = "task-not-open"
    text_zh = "任务“{name}”已不在办理中（状态：{state}，时间：{when}，办理人：{holder}）。请返回工作清单。"
    text_en = (
        "The task {name!r} is no longer open (state: {state}, since {when}, completed by: {holder}). "
        "Go back to the work list."
    )

    def __init__(self, name: str, state: str, ended_at: datetime | None, holder: str | None) -> None:
        super().__init__(name=name, state=state, when=ended_at or "-", holder=holder or "-")


class DraftStale(EngineError):
    """The draft was saved elsewhere since the page that saves it was opened; the last one does not win unseen."""

    code = "draft-stale"
    text_zh = "任务“{name}”的草稿已在别处保存过，为免覆盖，本次没有保存。请载入别处的草稿，或者确认以本页的内容为准。"
    text_en = (
        "The draft of the task {name!r} was saved elsewhere meanwhile, so this one was not saved over it. "
        "Load the other one, or decide for what this page holds."
    )

    def __init__(self, name: str) -> None:
        super().__init__(name=name)


class AlreadyClaimed(EngineError):
    """Somebody else holds the task; the error names the holder."""

    code = "already-claimed"
    text_zh = "任务“{name}”由{holder}办理中。请选择其他任务，或请对方、主管释放。"
    text_en = "The task {name!r} is held by {holder}. Take another one, or ask them or a supervisor to release it."

    def __init__(self, name: str, holder: str) -> None:
        super().__init__(name=name, holder=holder)


class NotAssignee(EngineError):
    """Only the assignee may complete or release the task."""

    code = "not-assignee"
    text_zh = "任务“{name}”不在您名下（当前办理人：{holder}）。请先签收。"
    text_en = "The task {name!r} is not yours (assignee: {holder}). Claim it first."

    def __init__(self, name: str, holder: str | None) -> None:
        super().__init__(name=name, holder=holder or "-")


class NotBulkable(EngineError):
    """The diagram does not let the task be completed together with others."""

    code = "not-bulkable"
    text_zh = "流程图未允许批量办理“{name}”。请逐件打开办理。"
    text_en = "The diagram does not allow {name!r} to be completed in bulk. Open the task and complete it by itself."

    def __init__(self, name: str) -> None:
        super().__init__(name=name)


class TaskHasDraft(EngineError):
    """Of several tasks that are completed together, one has a draft: somebody is still at work on it."""

    code = "task-has-draft"
    text_zh = "任务“{name}”有未提交的草稿，不能批量办理。请打开该任务，核对草稿后提交。"
    text_en = (
        "The task {name!r} has a draft and is not completed in bulk. Open it, look through the draft and submit it."
    )

    def __init__(self, name: str) -> None:
        super().__init__(name=name)


class PutOffWrong(EngineError):
    """A task is put off to a later time, and not for ever."""

    code = "put-off-wrong"
    text_zh = "暂缓的日期须晚于今天，且不超过 {days} 天。请重新选择。"
    text_en = "A task is put off to a later day, at most {days} days away. Choose another day."

    def __init__(self, days: int) -> None:
        super().__init__(days=days)


class FourEyesViolation(EngineError):
    """The actor completed an activity this task must be distinct from."""

    code = "four-eyes"
    text_zh = "您已办理过本案的“{other}”，不能再办理“{name}”(经办与复核须为不同人员)。"
    text_en = "You completed {other!r} of this case, so somebody else must do {name!r} (four eyes)."

    def __init__(self, name: str, other: str) -> None:
        super().__init__(name=name, other=other)


class StaleVersion(EngineError):
    """The caller saw an older version of what it wants to change."""

    code = "stale-version"
    text_zh = "您打开的{kind}已被更改（您看到第 {asked} 版，现为第 {found} 版）。请刷新后再提交{draft_zh}。"
    text_en = "The {kind} changed since you opened it (you saw version {asked}, now {found}). Reload it{draft}."

    def __init__(self, kind: str, asked: int, found: int) -> None:
        has_draft = kind == "user task"
        super().__init__(
            kind=kind,
            asked=asked,
            found=found,
            draft="; your draft is kept" if has_draft else "",
            draft_zh="，草稿已保留" if has_draft else "",
        )


class ConcurrentChange(EngineError):
    """Somebody else changed the same process instance first; the caller may try again."""

    code = "concurrent-change"
    text_zh = "同一案件刚被他人更改，本次未保存任何内容。请重试。"
    text_en = "Somebody changed the same case at this moment; nothing of yours was saved. Try again."


class DeploymentRefused(EngineError):
    """At least one resource has errors; nothing was deployed."""

    code = "deployment-refused"
    text_zh = "部署被拒绝：{count} 个错误，全部资源均未部署。请按清单逐项修改。"
    text_en = "Deployment refused (errors: {count}); nothing was deployed. Correct what the findings name."

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(count=sum(1 for finding in findings if finding.severity == "error"))


class NotCorrelated(EngineError):
    """No process instance waits for this message; of those that rest the error says so, `suspended` counts them."""

    code = "not-correlated"
    text_zh = "没有流程在等待消息“{name}”(关联键：{correlation_key}){hint_zh}。"
    text_en = "No process instance waits for the message {name!r} with correlation key {correlation_key!r}{hint}."

    def __init__(self, name: str, correlation_key: str | None, *, suspended: int = 0) -> None:
        super().__init__(
            name=name,
            correlation_key=correlation_key,
            hint=f"; suspended ones that would: {suspended}, resume them first" if suspended else "",
            hint_zh=f"；有 {suspended} 个等待它的流程已挂起，请先恢复" if suspended else "",
        )


class DuplicateMessage(EngineError):
    """A message of the same name, correlation key and message id is kept already."""

    code = "duplicate-message"
    text_zh = "消息“{name}”(关联键：{correlation_key},消息编号：{message_id})已发送，仍在等待处理，本次未重复发送。"
    text_en = (
        "The message {name!r} (correlation key {correlation_key!r}, message id {message_id!r}) was published already "
        "and still waits; nothing was published twice. Use another message id for another message."
    )

    def __init__(self, name: str, correlation_key: str | None, message_id: str | None) -> None:
        super().__init__(name=name, correlation_key=correlation_key, message_id=message_id)


class InvalidMessage(EngineError):
    """A part of a message or signal is missing, too long or out of reach."""

    code = "invalid-message"
    text_zh = "消息的“{field}”不符合要求，允许范围：{allowed}。请修改后重新发送。"
    text_en = "The {field!r} of the message is out of reach; allowed: {allowed}. Change it and send it again."

    def __init__(self, field: str, allowed: str) -> None:
        super().__init__(field=field, allowed=allowed)


class CannotStart(EngineError):
    """The process has no start event that can be started this way."""

    code = "cannot-start"
    text_zh = "流程“{process}”不能这样启动：{reason_zh}。请指明可用的开始事件，或部署带有空开始事件的流程。"
    text_en = (
        "The process {process!r} cannot be started like this: {reason_en}. "
        "Name a start event it has, or deploy it with one without a trigger."
    )

    def __init__(self, process: str, reason: Obstacle) -> None:
        super().__init__(process=process, reason_zh=reason.zh, reason_en=str(reason))


class RegionUnknown(EngineError):
    """Nobody would see a process instance of this region."""

    code = "region-unknown"
    text_zh = (
        "没有单位负责区划“{region}”，该处的流程无人可见，本次未保存任何内容。"
        "请填写本系统区划（{whole}）或其下属乡镇、街道的区划代码。"
    )
    text_en = (
        "No unit is responsible for the region {region!r}: nobody would see what runs there, so nothing was kept. "
        "Give the region of the installation ({whole}) or of a town in it."
    )

    def __init__(self, region: str, whole: str) -> None:
        super().__init__(region=region, whole=whole or "-")


class RunawayRelay(EngineError):
    """Process instances send messages or signals to each other without end; the last one is held back.

    It is why a delivery failed, and stands among the failed firings.
    """

    code = "runaway-relay"
    text_zh = "流程之间接连互发消息超过 {limit} 次，已暂缓送达。请检查消息与信号是否成环；修正流程后可在此重试。"
    text_en = (
        "Process instances sent each other more than {limit} messages, one because of the other; this one is held back."
        " Look for a circle of messages; try again here once the processes are mended."
    )

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)


class JobLost(EngineError):
    """The job is no longer this worker's: done, cancelled, or locked by another after the lock ran out."""

    code = "job-lost"
    text_zh = "作业 {job} 已不由该执行者持有。"
    text_en = "The job {job} is not held by this worker any more."

    def __init__(self, job: object) -> None:
        super().__init__(job=str(job))


class InvalidVariables(EngineError):
    """Variables must be a JSON object of reasonable size, with names that expressions read and nobody else gives."""

    code = "invalid-variables"
    text_zh = "变量无效，未保存任何内容：{reasons_zh}。"
    text_en = "The variables are not acceptable, nothing was saved: {reasons_en}."

    def __init__(self, *reasons: Obstacle) -> None:
        super().__init__(
            reasons_zh="；".join(one.zh for one in reasons), reasons_en="; ".join(str(one) for one in reasons)
        )


EVENTS_IN_CHINESE = {
    "creating": "创建",
    "assigning": "分派",
    "updating": "修改",
    "completing": "完成",
    "canceling": "取消",
}
"""What the events of task listeners are called in Chinese texts."""


class TaskInTransition(EngineError):
    """The user task waits for its task listeners; nothing else can be asked of it meanwhile."""

    code = "task-in-transition"
    text_zh = "任务正在等待“{event_zh}”监听器处理，暂不能操作。请稍后刷新；长时间无结果请联系主管查看故障。"
    text_en = (
        "The task waits for its {event} listeners and takes nothing else meanwhile. "
        "Reload it in a moment; if it stays so, ask a supervisor to look at the incidents."
    )

    def __init__(self, event: str) -> None:
        super().__init__(event=event, event_zh=EVENTS_IN_CHINESE.get(event, event))


class NobodyCouldDoTask(EngineError):
    """Without assignee, groups and users a user task would stand in nobody's list."""

    code = "nobody-could-do-task"
    text_zh = "这样修改后，任务“{task}”没有办理人，也没有候选组和候选人，谁的清单里都看不到它，未修改。请至少保留一项。"
    text_en = (
        "Changed like this the task {task!r} would have no assignee, no candidate group and no candidate user, "
        "and stand in nobody's list; nothing was changed. Leave it at least one of them."
    )

    def __init__(self, task: str) -> None:
        super().__init__(task=task)


class TaskActionDenied(EngineError):
    """A task listener denied what was asked; the task is as it was."""

    code = "task-action-denied"
    text_zh = "任务“{name}”的操作未获准（{event_zh}）：{reason}。任务保持原样，请按原因处理后重试。"
    text_en = "What was asked of the task {name!r} was denied ({event}): {reason}. The task is as it was."

    def __init__(self, name: str, event: str, reason: str) -> None:
        super().__init__(name=name, event=event, event_zh=EVENTS_IN_CHINESE.get(event, event), reason=reason or "-")


class ListenerCannotThrow(EngineError):
    """The job of a listener cannot end in a BPMN error."""

    code = "listener-cannot-throw"
    text_zh = "监听器作业 {job} 不能抛出 BPMN 错误“{error}”。请让作业失败，或由监听器所在的活动抛出错误。"
    text_en = (
        "The listener job {job} cannot throw the BPMN error {error!r}. Fail it, or let the activity throw the error."
    )

    def __init__(self, job: object, error: str) -> None:
        super().__init__(job=str(job), error=error)


_RESULT_RULES = {
    "unknown": ("没有字段“{found}”", "there is no field {found!r}"),
    "value": ("“{found}”的值类型不对", "the value of {found!r} is not of its kind"),
    "no-such-element": ("此处不能启动“{found}”", "{found} cannot be begun there"),
    "begin-and-fulfil": ("已办完的临时子流程不能再启动（{found}）", "what is over begins nothing more (found {found})"),
    "attribute": ("不能更正“{found}”", "{found!r} cannot be corrected"),
    "execution": ("执行监听器不给出结果", "an execution listener gives no result"),
    "service": ("服务任务不给出结果，只给出变量", "a service task gives variables and no result"),
    "kind": ("这不是此类作业（{found}）的结果", "this is no result of such a job ({found})"),
    "variables": ("任务监听器不能设置变量（{found}）", "a task listener sets no variables (found {found})"),
    "deny": ("“{found}”不能被拒绝", "{found!r} cannot be denied"),
    "deny-and-correct": ("拒绝时不能同时更正（{found}）", "a denial cannot correct anything (found {found})"),
    "drawn-assignee": ("流程图已指定办理人", "the diagram names an assignee already"),
}


class JobResultRefused(EngineError):
    """A job was completed with a result that its listener or ad-hoc sub-process does not allow; it is still open."""

    code = "job-result-refused"
    text_zh = "作业的结果不被接受：{reason_zh}。作业仍待完成，请按“监听器”和“BPMN 支持”说明改正结果。"
    text_en = "The result of the job is refused: {reason}. It is still open; see the pages on listeners and BPMN."

    def __init__(self, rule: str, found: str) -> None:
        reason_zh, reason_en = _RESULT_RULES[rule]
        super().__init__(reason_zh=reason_zh.format(found=found), reason=reason_en.format(found=found))


class InvalidTaskChange(EngineError):
    """An attribute of a user task cannot be changed like this."""

    code = "invalid-task-change"
    text_zh = (
        "不能这样修改任务的“{found}”。可修改：dueDate、followUpDate(ISO 8601)、"
        "candidateGroups、candidateUsers(文本列表)、"
        "priority(0–100 整数)。"
    )
    text_en = (
        "{found!r} of the task cannot be changed like this. Change dueDate or followUpDate (ISO 8601), "
        "candidateGroups or candidateUsers (lists of texts), priority (a whole number from 0 to 100)."
    )

    def __init__(self, found: str) -> None:
        super().__init__(found=found)


class OutcomeUnknown(ConnectionError):
    """The line to the database broke while a transaction was being committed: all of it is kept, or nothing."""


class StorageFull(ConnectionError):
    """The database has no room left to write; nothing of the transaction is kept."""
