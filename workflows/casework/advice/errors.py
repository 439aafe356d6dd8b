"""What can go wrong with questions to other units; texts name units and days, never persons."""

from __future__ import annotations

from workflows.casework.errors import CaseworkError


class AdviceNotFound(CaseworkError):
    """There is no such question, or the actor may not know that it exists."""

    code = "advice-not-found"
    text_zh = "没有找到该征求意见，或不在您单位的办理范围内。请从任务或案件页面中打开。"
    text_en = "There is no such question here, or it is none of your unit's. Open it from the task or the case."


class AdviceWithoutCase(CaseworkError):
    """The task belongs to no case that could be asked about."""

    code = "advice-without-case"
    text_zh = "该任务不属于某个案件，不能就此征求其他单位意见。请改用其他方式联系。"
    text_en = "This task belongs to no case, so no other unit can be asked about it. Reach the unit in another way."


class AdviceUnitWrong(CaseworkError):
    """The units to be asked are none, too many, unknown, or the actor's own."""

    code = "advice-unit-wrong"
    text_zh = "请选择 1 至 {most} 个本单位以外的单位征求意见（所选：{found}）。"
    text_en = "Choose 1 to {most} units other than your own to be asked; found: {found}."

    def __init__(self, *, most: int, found: str) -> None:
        super().__init__(most=most, found=found or "-")


class AdviceTermWrong(CaseworkError):
    """The term of a question is no number of working days a question can have."""

    code = "advice-term-wrong"
    text_zh = "征求意见的期限应为 1 至 {most} 个工作日，填写的是 {found}。请更正期限。"
    text_en = "The term of a question is 1 to {most} working days, found {found}. Correct the term."

    def __init__(self, *, most: int, found: int) -> None:
        super().__init__(most=most, found=found)


class AdviceOpenAlready(CaseworkError):
    """A unit that is to be asked has not yet answered an earlier question from the same task."""

    code = "advice-open-already"
    text_zh = "“{unit}”尚未答复此任务先前的征求意见，请等待答复，或先撤回先前的一项。"
    text_en = "{unit_en!r} has not answered an earlier question of this task. Wait for it, or take that one back first."

    def __init__(self, *, unit: str, unit_en: str) -> None:
        super().__init__(unit=unit, unit_en=unit_en)


class AdviceKeyTaken(CaseworkError):
    """The key of a submission belongs to another question."""

    code = "advice-key-taken"
    text_zh = "同一提交标识已用于另一项征求意见。请重新打开页面后再提交。"
    text_en = "This Idempotency-Key belongs to another question. Send the changed one under a new key."


class AdviceOver(CaseworkError):
    """The question was answered, returned or taken back already."""

    code = "advice-over"
    text_zh = "该征求意见已结束，不能再变更。请刷新查看结果。"
    text_en = "This question is over and cannot be changed any more. Reload to see what came of it."
