"""What can go wrong with temporary relief; every kind has a stable code and says what to do, without personal data."""

from __future__ import annotations

from decimal import Decimal

from workflows.casework.errors import CaseworkError


class ReliefCapExceeded(CaseworkError):
    """A household would be paid more in a year than the cap leaves; another case of theirs paid meanwhile."""

    code = "relief-cap-exceeded"
    text_zh = "该户本年度临时救助额度只剩 {left} 元，本次金额为 {amount} 元。请按剩余额度重新测算，超出部分走一事一议。"
    text_en = (
        "Only {left} yuan of the household's temporary relief are left this year; {amount} yuan were to be paid. "
        "Compute the sum again; what is above goes to collective decision."
    )

    def __init__(self, *, amount: Decimal, left: Decimal) -> None:
        super().__init__(amount=f"{amount:,.2f}", left=f"{left:,.2f}")
