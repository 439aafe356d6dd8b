"""What can go wrong in a play: each says what was asked, what was found and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from engine.core.model import Obstacle
from engine.errors import EngineError


class NotPlayable(EngineError):
    """What is to be played has errors, or holds no process of that id."""

    code = "not-playable"
    text_zh = "“{file}”现在不能试走：{reason_zh}。请先在编辑页改正。"
    text_en = "{file!r} cannot be played now: {reason}. Put it right in the editor first."

    def __init__(self, file: str, reason: Obstacle) -> None:
        super().__init__(file=file, reason=str(reason), reason_zh=reason.zh)


class PlayedDraftOver(EngineError):
    """A draft that was deployed or discarded is to be begun or run: what it held is not what people work on."""

    code = "played-draft-over"
    text_zh = "“{file}”的草稿已经结束（部署或放弃），不能再从它开始试走或重跑场景。请选择在用的版本或新的草稿。"
    text_en = (
        "The draft of {file!r} is over (deployed or discarded); nothing is begun or run on it any more. "
        "Choose the active version or a new draft."
    )

    def __init__(self, file: str) -> None:
        super().__init__(file=file)


class NotOpenInPlay(EngineError):
    """A step names a task, job, message, signal or incident that is not open at that point."""

    code = "not-open-in-play"
    text_zh = "此时没有待办的“{what}”。现在等待的是：{open}。请从中选择，或退回几步。"
    text_en = "{what!r} is not open at this point. What waits: {open}. Choose one of these, or go back some steps."

    def __init__(self, what: str, found: Sequence[str]) -> None:
        super().__init__(what=what[:200], open=", ".join(found) or "—")


class RoleNotOffered(EngineError):
    """A task is completed in a role it is not offered to."""

    code = "role-not-offered"
    text_zh = "任务“{name}”不由“{role}”办理，可办理的岗位：{groups}。"
    text_en = "The task {name!r} is not offered to {role!r}; it is offered to: {groups}."

    def __init__(self, name: str, role: str, groups: Sequence[str]) -> None:
        super().__init__(name=name, role=role, groups=", ".join(groups))


class StepTooEarly(EngineError):
    """A step lies before the one before it: time goes on only."""

    code = "step-too-early"
    text_zh = "时间只能向前：本步写的是 {at}，此时已是 {now}。请改用不早于此的时间，或退回几步。"
    text_en = "Time goes on only: this step is at {at}, and it is {now} already. Use a later time, or go back."

    def __init__(self, at: str, now: str) -> None:
        super().__init__(at=at, now=now)


class PlayTooLong(EngineError):
    """A play has, or would have, more than it may: steps, timers that fire in one step, years."""

    code = "play-too-long"
    text_zh = "试走超出限度：{what_zh}，最多 {limit}。请退回，或从头另试一条路。"
    text_en = "The play is beyond its limit: {what}, at most {limit}. Go back, or try another way from the start."

    def __init__(self, what: Obstacle, limit: int) -> None:
        super().__init__(what=str(what), what_zh=what.zh, limit=limit)


class ScenarioNotRun(EngineError):
    """The time for all scenarios was over before this one's turn."""

    code = "scenario-not-run"
    text_zh = "全部场景的计算时间已用完，场景“{name}”没有运行。请单独打开它，或精简前面的场景。"
    text_en = (
        "The time for all scenarios was over before {name!r} could be run. Open it by itself, or shorten those before."
    )

    def __init__(self, name: str) -> None:
        super().__init__(name=name)


class PlayTooLarge(EngineError):
    """A play or scenario as it is written is larger than one may be."""

    code = "play-too-large"
    text_zh = "试走的内容共 {size} 个字符，最多 {limit} 个。请减少案件、变量、答复或预期中的内容。"
    text_en = (
        "The play has {size} characters as it is written, at most {limit} are allowed. "
        "Put less into its case, variables, answers and expectations."
    )

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(size=size, limit=limit)


class PlayStale(EngineError):
    """Somebody, or another page, took a step in this play since it was shown."""

    code = "play-stale"
    text_zh = "这次试走已在别处走到第 {steps} 步，本次操作没有执行。请刷新后再继续。"
    text_en = "This play went on elsewhere, to step {steps}; nothing was done. Load it again, then go on."

    def __init__(self, steps: int) -> None:
        super().__init__(steps=steps)


class ScenarioNameTaken(EngineError):
    """The process has a scenario of this name already."""

    code = "scenario-name-taken"
    text_zh = "该流程已有名为“{name}”的场景。请换一个名称，或更新那一个。"
    text_en = "The process has a scenario called {name!r} already. Choose another name, or replace that one."

    def __init__(self, name: str) -> None:
        super().__init__(name=name)


class ScenariosFull(EngineError):
    """A process has as many scenarios as are run together."""

    code = "scenarios-full"
    text_zh = "该流程已有 {count} 个场景，已达上限。请先删除不再需要的。"
    text_en = "The process has as many scenarios as it may ({count}). Remove those no longer needed first."

    def __init__(self, count: int) -> None:
        super().__init__(count=count)


class ExamplesStale(EngineError):
    """Somebody kept other examples of the decision since they were shown."""

    code = "examples-stale"
    text_zh = "决策“{decision}”的示例已被他人改过，本次没有保存。请刷新，看过之后再改。"
    text_en = "Somebody changed the examples of {decision!r} meanwhile; nothing was saved. Load them again first."

    def __init__(self, decision: str) -> None:
        super().__init__(decision=decision)


class ScenarioStale(EngineError):
    """Somebody changed the scenario since it was shown."""

    code = "scenario-stale"
    text_zh = "场景“{name}”已被他人改过，本次修改没有保存。请刷新，看过之后再改。"
    text_en = "Somebody changed the scenario {name!r} meanwhile; nothing was saved. Load it again, then change it."

    def __init__(self, name: str) -> None:
        super().__init__(name=name)


class OtherProcess(EngineError):
    """A scenario of one process is to be what was played of another."""

    code = "scenario-of-other-process"
    text_zh = "场景“{name}”属于流程“{process}”，不能用流程“{played}”的试走来更新。请另存为新场景。"
    text_en = (
        "The scenario {name!r} is one of the process {process!r}; a play of {played!r} cannot replace it. "
        "Keep it under a name of its own."
    )

    def __init__(self, name: str, process: str, played: str) -> None:
        super().__init__(name=name, process=process, played=played)
