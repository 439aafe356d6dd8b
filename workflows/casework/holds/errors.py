"""What can go wrong when a task is put off until something happens."""

from __future__ import annotations

from workflows.casework.errors import CaseworkError


class HoldWithoutCase(CaseworkError):
    """The task belongs to no case in which something could happen."""

    code = "hold-without-case"
    text_zh = "该任务不属于某个案件，只能暂缓至某一天。请只选择日期。"
    text_en = "This task belongs to no case, so it can be put off to a day alone. Choose a day without an event."


class HoldForNothing(CaseworkError):
    """The task waits for an answer, but nobody was asked."""

    code = "hold-for-nothing"
    text_zh = "此任务没有待答复的征求意见，等不到答复。请先征求意见，或只选择日期。"
    text_en = "No question of this task waits for an answer. Ask for advice first, or choose a day alone."
