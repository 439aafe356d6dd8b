"""What can go wrong with decisions that were made; no text names a person."""

from __future__ import annotations

from datetime import date

from workflows.casework.errors import CaseworkError


class DecisionServed(CaseworkError):
    """The household was served already; its remedies run from that day and are not moved."""

    code = "decision-served"
    refuses_command = True
    text_zh = "决定“{number}”已于 {served_on} 送达，救济期限自该日起算，不得改动。确属登记错误的，请报上级另行更正。"
    text_en = (
        "The decision {number!r} was served on {served_on}; its remedies run from that day and are not moved. "
        "If that was entered wrongly, have it corrected by a decision of its own."
    )

    def __init__(self, *, number: str, served_on: date) -> None:
        super().__init__(number=number, served_on=served_on.isoformat())


class ServiceDayWrong(CaseworkError):
    """Nobody is served before the decision is made, or tomorrow."""

    code = "service-day-wrong"
    refuses_command = True
    text_zh = (
        "决定“{number}”的送达日期 {served_on} 不在 {decided_on}（作出决定之日）至 {today}（今天）之间。"
        "请按送达回证更正。"
    )
    text_en = (
        "The decision {number!r} cannot be served on {served_on}: it was made on {decided_on}, and today is {today}. "
        "Correct the day from the receipt."
    )

    def __init__(self, *, number: str, served_on: date, decided_on: date, today: date) -> None:
        super().__init__(
            number=number,
            served_on=served_on.isoformat(),
            decided_on=decided_on.isoformat(),
            today=today.isoformat(),
        )
