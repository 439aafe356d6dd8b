"""A reason is something a reader can see."""

from __future__ import annotations

import pytest

from engine.operation_errors import ReasonMissing
from engine.permissions import MAX_REASON, checked_reason, given_reason


@pytest.mark.parametrize("reason", ["", "  ", "\u200b\u202e", "\u3000", "\x00", "因" * (MAX_REASON + 1)])
def test_what_nobody_can_see_or_is_too_long_is_no_reason(reason: str) -> None:
    with pytest.raises(ReasonMissing):
        checked_reason(reason)


def test_a_reason_stands_without_the_space_around_it() -> None:
    assert checked_reason(" 家庭搬迁 ") == "家庭搬迁"
    assert given_reason(" \n") == {}
