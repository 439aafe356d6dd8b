"""What can go wrong in the register; every kind has a stable code and says what to do, without personal data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from workflows.casework.errors import ApplicationInvalid, CaseworkError
from workflows.casework.programmes.errors import RowError


class PersonNotRegistered(CaseworkError):
    """There is no such person or household in the register, or the actor may not know of it."""

    code = "not-in-register"
    text_zh = "登记簿中没有“{key}”，或不在您单位的办理范围内。申请受理后才会登记；请核对后重试。"
    text_en = (
        "There is no {key!r} in the register, or it is none of your unit's. "
        "Persons are entered when an application is accepted; check and try again."
    )

    def __init__(self, key: object) -> None:
        super().__init__(key=str(key))


class CorrectionInvalid(ApplicationInvalid):
    """A change request breaks rules of the domain; `errors` names each place."""

    code = "correction-invalid"
    text_zh = "更正申请有 {count} 处不符合要求，尚未登记。请逐项改正后重新提交。"
    text_en = "The change request was not kept (faults: {count}). Correct each and send it again."


class CorrectionDecided(CaseworkError):
    """A change request has been decided."""

    code = "correction-decided"
    text_zh = "该更正申请已经审批，不能再次审批。请刷新查看结果。"
    text_en = "This change request has been decided already. Reload to see what came out."


class CorrectionOutdated(CaseworkError):
    """What a change request is about has changed since."""

    code = "correction-outdated"
    text_zh = "申请更正后，登记内容又有变动，不能按原申请更正。请核对现有内容，重新提出更正申请。"
    text_en = "The entry has changed since this change was asked for. Look at it as it is now and ask anew."


class IdentityKnown(CaseworkError):
    """An identity number is to be given to a person while another one has it."""

    code = "identity-known"
    text_zh = "登记簿中已有另一人使用该身份号码。请在疑似重复中认定为同一人并合并。"
    text_en = "Another person of the register has this identity number. Decide them to be one, and merge."


class DuplicateNotFound(CaseworkError):
    """There is no such finding, or the actor may not know of it."""

    code = "duplicate-not-found"
    text_zh = "没有找到该疑似重复记录，或不在您单位的办理范围内。请刷新列表。"
    text_en = "There is no such suspected duplicate, or it is none of your unit's. Reload the list."


class DuplicateDecided(CaseworkError):
    """A finding has been decided."""

    code = "duplicate-decided"
    text_zh = "该疑似重复已有认定结论，不能再次认定。请刷新查看结果。"
    text_en = "This suspected duplicate has been decided already. Reload to see what came out."


class DuplicateNotMergeable(CaseworkError):
    """Two entries cannot be made one: they are not both in the register, are one already, or it is about cases."""

    code = "duplicate-not-mergeable"
    text_zh = "这两条记录不能合并：双方须都已受理登记，且是不同的登记。请改为认定“同一”或“不同”。"
    text_en = (
        "These two cannot be merged: both must stand in the register, as two entries. "
        "Decide that they are the same or different instead."
    )


class EntryNotFound(CaseworkError):
    """There is no such entry on line, or the actor may not know of it."""

    code = "online-entry-not-found"
    text_zh = "没有找到网上申请“{number}”，或不在您单位的办理范围内。请核对编号。"
    text_en = "There is no entry on line {number!r} here. Check its number."

    def __init__(self, number: str) -> None:
        super().__init__(number=number)


class EntryDecided(CaseworkError):
    """An entry on line has been confirmed or refused."""

    code = "online-entry-decided"
    text_zh = "网上申请“{number}”已经处理，不能重复处理。请刷新列表。"
    text_en = "The entry on line {number!r} has been dealt with already. Reload the list."

    def __init__(self, number: str) -> None:
        super().__init__(number=number)


class TooManyTries(CaseworkError):
    """Too many tries on a public page; it opens again by itself."""

    code = "too-many-tries"
    text_zh = "尝试次数过多。请约 {minutes} 分钟后再试，或直接联系办理窗口。"
    text_en = "Too many tries. Wait (minutes: about {minutes}), or call the window."

    def __init__(self, wait: timedelta) -> None:
        self.seconds = int(wait.total_seconds())
        super().__init__(minutes=max(1, -(-self.seconds // 60)))


class StatusUnknown(CaseworkError):
    """Number and code do not belong together, or there is no such number; which of the two is not told."""

    code = "status-unknown"
    text_zh = "编号或查询码不正确。请对照受理回执重新输入；回执遗失的，可到窗口补打。"
    text_en = (
        "The number or the code is wrong. Type both again from your slip; the window prints a new one if it is lost."
    )


class ImportInvalid(CaseworkError):
    """Rows of a spreadsheet break rules, and all or nothing was asked for; `errors` names each cell."""

    code = "import-invalid"
    text_zh = "表格有 {count} 处错误，全部未导入。请逐项改正后重新导入，或选择只导入无误的申请。"
    text_en = (
        "Nothing of the spreadsheet was taken in (errors: {count}). Correct each, or choose to take in the good ones."
    )

    def __init__(self, errors: Sequence[RowError]) -> None:
        self.errors = tuple(errors)
        super().__init__(count=len(self.errors))
