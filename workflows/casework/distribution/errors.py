"""What can go wrong with the rules of a unit."""

from __future__ import annotations

from workflows.casework.errors import CaseworkError


class RuleFiguresWrong(CaseworkError):
    """The cap or the days of a rule are none it can have."""

    code = "distribution-figures-wrong"
    text_zh = "每人在办上限应为 1 至 {most_open}，自动退回应为 1 至 {longest} 个工作日，不需要的留空。"
    text_en = (
        "At most so many open tasks a person: 1 to {most_open}; back to the unit after working days: 1 to {longest}. "
        "Leave empty what is not wanted."
    )

    def __init__(self, *, most_open: int, longest: int) -> None:
        super().__init__(most_open=most_open, longest=longest)


class RulePlaceUnknown(CaseworkError):
    """The rule is for a unit, process or step that is not there."""

    code = "distribution-place-unknown"
    text_zh = "没有“{place}”这一单位、流程或环节。请重新选择。"
    text_en = "There is no unit, process or step {place!r}. Choose again."

    def __init__(self, place: str) -> None:
        super().__init__(place=place)


class RuleNotFound(CaseworkError):
    """The unit has no such rule of its own."""

    code = "distribution-rule-not-found"
    text_zh = "没有这条分配规则，可能已被他人删除。请刷新页面。"
    text_en = "There is no such rule; somebody may have removed it. Reload the page."


class GivingDenied(Exception):
    """A listener denied at once that a task is given to this person: somebody else is asked; nobody is told of it."""

    def __init__(self, login: str) -> None:
        super().__init__(login)
        self.login = login
