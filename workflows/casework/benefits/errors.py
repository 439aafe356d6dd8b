"""What can go wrong with a benefit; every kind has a stable code and says what to do, without personal data."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from workflows.casework.errors import CaseworkError


class BenefitStateWrong(CaseworkError):
    """A benefit cannot be changed so from that month on: it has not begun, rests, or has ended by then."""

    code = "benefit-state-wrong"
    text_zh = "待遇“{benefit}”在 {month} 的状态为“{state}”，不能{action_zh}。请核对待遇的起止月份后重新办理。"
    text_en = "The benefit {benefit!r} is {state!r} in {month}, so this cannot be done: {action}. Check its months."

    def __init__(self, *, benefit: UUID, month: date, state: str, action: str, action_zh: str) -> None:
        super().__init__(benefit=str(benefit), month=f"{month:%Y-%m}", state=state, action=action, action_zh=action_zh)


class BenefitsOverlap(CaseworkError):
    """A person would draw two benefits in one month that exclude each other."""

    code = "benefits-overlap"
    text_zh = "{month} 起已有成员在享受与“{programme}”不能同时享受的“{other}”(案件 {case})。请先办理停发或变更。"
    text_en = (
        "From {month} on a member draws {other!r} (case {case}), which excludes {programme!r}. End or change it first."
    )

    def __init__(self, *, programme: str, other: str, case: str, month: date) -> None:
        super().__init__(programme=programme, other=other, case=case, month=f"{month:%Y-%m}")


class BenefitNotChosen(CaseworkError):
    """A case has no running benefit, or several and none was named."""

    code = "benefit-not-chosen"
    text_zh = "案件“{number}”现有 {count} 项发放中的待遇，无法确定要办理哪一项。请核对案件，有多项的请写明待遇编号。"
    text_en = "Not exactly one benefit of the case {number!r} is running ({count}). Name the one that is meant."

    def __init__(self, *, number: str, count: int) -> None:
        super().__init__(number=number, count=count)


class NobodyWaits(CaseworkError):
    """A benefit is being re-checked already, or no re-check was planned for it."""

    code = "recheck-running"
    text_zh = "待遇“{benefit}”没有等待中的复核：可能正在复核，或者没有排定复核。请查看案件的待办任务。"
    text_en = "No re-check of the benefit {benefit!r} waits: it runs already or none was planned. Look at its tasks."

    def __init__(self, *, benefit: UUID) -> None:
        super().__init__(benefit=str(benefit))
