"""What is said where a state does not allow a step, in the words of each language."""

from __future__ import annotations

import pytest

from workflows.casework.errors import ReferralStateWrong
from workflows.casework.orders.errors import OrderStateWrong


def test_a_referral_says_in_each_language_what_its_state_does_not_allow() -> None:
    wrong = ReferralStateWrong(number="Z-1", state="returned", action="终止救助")
    assert "当前为“已退回”，不能终止救助。" in wrong.text("zh")
    assert "is 'returned', so you cannot end the aid." in wrong.text("en")


@pytest.mark.parametrize(
    ("state", "zh", "en"),
    [
        ("answered", "待审核", "to be reviewed"),
        ("closed", "已办结", "closed"),
        ("not_started", "未开始", "not begun"),
        ("withdrawn", "已撤回", "withdrawn"),
    ],
)
def test_a_state_is_named_in_each_language(state: str, zh: str, en: str) -> None:
    wrong = OrderStateWrong(number="D-1", state=state)
    assert (f"“{zh}”" in wrong.text("zh"), f"{en!r}" in wrong.text("en")) == (True, True)
