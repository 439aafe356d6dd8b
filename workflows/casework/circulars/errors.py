"""What can go wrong with circulars."""

from __future__ import annotations

from workflows.casework.errors import CaseworkError


class CircularMonthWrong(CaseworkError):
    """A circular is asked for a month that has not begun, or that nobody can mean."""

    code = "circular-month-wrong"
    text_zh = "通报月份“{month}”无法识别或尚未开始。请选择本月或以前的月份，例如 2026-06。"
    text_en = "The month {month!r} is none, or has not begun. Choose this month or an earlier one, like 2026-06."

    def __init__(self, *, month: str) -> None:
        super().__init__(month=month)


class CircularStale(CaseworkError):
    """Somebody else saved the words of a circular meanwhile."""

    code = "circular-stale"
    text_zh = "{month}的通报已被他人改为第 {found} 版，您依据的是第 {given} 版，没有保存。请对照最新内容后再保存。"
    text_en = (
        "Somebody changed the circular of {month} to version {found}, yours was {given}; nothing was saved. "
        "Compare with the newest words, then save again."
    )

    def __init__(self, *, month: str, given: int, found: int) -> None:
        super().__init__(month=month, given=given, found=found)


class CircularTextWrong(CaseworkError):
    """The words of a circular are too long."""

    code = "circular-text-wrong"
    text_zh = "通报文字最长 {limit} 字，现有 {found} 字。请删减。"
    text_en = "The words of a circular have at most {limit} characters, found {found}. Shorten them."

    def __init__(self, *, limit: int, found: int) -> None:
        super().__init__(limit=limit, found=found)
