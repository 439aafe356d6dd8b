"""What can go wrong when a figure of policy is to be changed."""

from __future__ import annotations

from datetime import date

from engine.core.texts import Words
from workflows.casework.errors import CaseworkError


class ParameterUnknown(CaseworkError):
    """There is no figure of this key; new ones come with a release, which knows what reads them."""

    code = "parameter-unknown"
    text_zh = "没有政策参数“{key}”。请在参数列表中查找；新的参数随版本提供，不能自行增加。"
    text_en = "There is no figure of policy {key!r}. Look for it in the list; new ones come with a release."

    def __init__(self, key: str) -> None:
        super().__init__(key=key[:80])


class ParameterValueWrong(CaseworkError):
    """The value is of another kind than the figure's."""

    code = "parameter-value-wrong"
    text_zh = "政策参数“{key}”的取值应为{expected_zh}，未提交。"
    text_en = "The figure {key!r} must be {expected}; nothing was asked for."

    def __init__(self, *, key: str, expected: Words) -> None:
        super().__init__(key=key, expected=expected.en, expected_zh=expected.zh)


class ParameterDayWrong(CaseworkError):
    """The day lies before the first value of the figure, or further ahead than anybody decides."""

    code = "parameter-day-wrong"
    text_zh = "生效日期应在 {first} 至 {last} 之间，实际为 {found}，未提交。"
    text_en = "The effective day must lie between {first} and {last}, and is {found}; nothing was asked for."

    def __init__(self, *, first: date, last: date, found: date) -> None:
        super().__init__(first=first.isoformat(), last=last.isoformat(), found=found.isoformat())


class ParameterUnchanged(CaseworkError):
    """The figure has this value on that day already."""

    code = "parameter-unchanged"
    text_zh = "政策参数“{key}”在 {day} 已是这一取值，无需变更。"
    text_en = "The figure {key!r} has this value on {day} already; there is nothing to change."

    def __init__(self, *, key: str, day: date) -> None:
        super().__init__(key=key, day=day.isoformat())


class ParameterByStandardChange(CaseworkError):
    """Benefits are computed anew by the figure: only the process of a new standard changes it."""

    code = "parameter-by-standard-change"
    text_zh = (
        "政策参数“{key}”变更后须逐户重算待遇并书面通知，未提交。"
        "请由民政局经办人员办理“标准调整”流程（POST /api/v1/standard-changes）。"
    )
    text_en = (
        "Benefits are computed anew and households written to when {key!r} changes; nothing was asked for. Civil "
        "affairs changes it by the process of a new standard (POST /api/v1/standard-changes)."
    )

    def __init__(self, key: str) -> None:
        super().__init__(key=key)


class ParameterChangeWaiting(CaseworkError):
    """One change of a figure is decided before another is asked for."""

    code = "parameter-change-waiting"
    text_zh = "政策参数“{key}”已有一项变更待审批。请先办结该项，再提交新的变更。"
    text_en = "A change of the figure {key!r} waits to be decided. Have it decided or withdrawn first."

    def __init__(self, key: str) -> None:
        super().__init__(key=key)


class ParameterChangeNotFound(CaseworkError):
    """There is no such change."""

    code = "parameter-change-not-found"
    text_zh = "没有这项参数变更。请刷新页面。"
    text_en = "There is no such change of a figure. Reload the page."


class ParameterChangeOver(CaseworkError):
    """Somebody decided it, or it was withdrawn."""

    code = "parameter-change-over"
    text_zh = "该项参数变更已由他人办结或撤回。请刷新页面查看结果。"
    text_en = "This change was decided or withdrawn meanwhile. Reload the page to see how."


class ParameterChangeOutdated(CaseworkError):
    """What counts on the day is another value than when the change was asked for."""

    code = "parameter-change-outdated"
    text_zh = "提交后该参数在生效日的取值已变，不能按原申请同意。请不同意或由申请人撤回，核对后重新提交。"
    text_en = (
        "What counts on that day has changed since this was asked for, so it cannot be approved. Refuse it, or have it "
        "withdrawn; look again, and ask anew."
    )


class ParameterChangeNotYours(CaseworkError):
    """Only who asked for a change withdraws it."""

    code = "parameter-change-not-yours"
    text_zh = "该项参数变更由他人提交，只能由提交人撤回。"
    text_en = "Somebody else asked for this change; only they withdraw it."
