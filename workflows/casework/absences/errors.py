"""What can go wrong with absences and substitutes."""

from __future__ import annotations

from datetime import date

from workflows.casework.errors import CaseworkError


class AbsenceDaysWrong(CaseworkError):
    """The days of an absence are none it can have."""

    code = "absence-days-wrong"
    text_zh = "请假日期为 {first} 至 {last}。止日不得早于起日和今天（{today}），最长 {most} 天。请更正日期。"
    text_en = (
        "The absence is from {first} to {last}. Its last day may be neither before its first day nor before today "
        "({today}), and it lasts {most} days at most. Correct the days."
    )

    def __init__(self, *, first: date, last: date, today: date, most: int) -> None:
        super().__init__(first=first.isoformat(), last=last.isoformat(), today=today.isoformat(), most=most)


class AbsenceOverlaps(CaseworkError):
    """Two absences of one person may not name two substitutes for the same tasks on one day."""

    code = "absence-overlaps"
    text_zh = "{name}在 {first} 至 {last} 已登记请假，并已指定同类任务的代理人。请先结束原登记，或另选日期、流程。"
    text_en = (
        "{name} is entered as absent from {first} to {last} already, with a substitute for the same tasks. "
        "End that one first, or choose other days or processes."
    )

    def __init__(self, name: str, *, first: date, last: date) -> None:
        super().__init__(name=name, first=first.isoformat(), last=last.isoformat())


class AbsenceIsOver(CaseworkError):
    """An absence whose last day is past cannot be ended any more."""

    code = "absence-is-over"
    text_zh = "该请假已于 {last} 到期，无须结束。"
    text_en = "This absence was over on {last}; there is nothing to end."

    def __init__(self, last: date) -> None:
        super().__init__(last=last.isoformat())


class AbsenceTaken(CaseworkError):
    """The key of an absence came with another one."""

    code = "absence-taken"
    text_zh = "此页面已登记过另一项请假，本次未保存。请刷新页面后重新登记。"
    text_en = "Another absence was entered with this key; nothing was kept. Open the page again and enter it anew."


class SubstituteUnfit(CaseworkError):
    """This person cannot be the substitute."""

    code = "substitute-unfit"
    text_zh = "{name}不能作代理人：{reason_zh}。请另选代理人。"
    text_en = "{name} cannot be the substitute: {reason_en}. Choose somebody else."

    def __init__(self, name: str, *, reason_zh: str, reason_en: str) -> None:
        super().__init__(name=name, reason_zh=reason_zh, reason_en=reason_en)
