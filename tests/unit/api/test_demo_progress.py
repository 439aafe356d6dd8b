"""The demo says at each tenth how far its cases are, where no bar is drawn."""

from __future__ import annotations

import pytest

from api.demo.show import is_tenth


@pytest.mark.parametrize(("wanted", "told"), [(240, [24, 48, 72]), (5, [1, 2, 3]), (12, [2, 3, 4])])
def test_progress_is_told_at_each_tenth_up_to_the_last(wanted: int, told: list[int]) -> None:
    found = [made for made in range(1, wanted + 1) if is_tenth(made, wanted)]
    assert found[:3] == told
    assert found[-1] == wanted
    assert len(found) == min(10, wanted)
