"""Numbers that name rows lead back to them, and to nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ids import new_id
from engine.number_names import LARGEST_KEY, MOST_DIGITS, ids_of, inner_number, inner_of, is_number, number_of

GROWN = st.builds(
    lambda moment, high, low: UUID(int=moment << 80 | 7 << 76 | high << 64 | 0b10 << 62 | low),
    st.integers(0, (1 << 42) - 1),
    st.integers(0, (1 << 12) - 1),
    st.integers(0, (1 << 62) - 1),
)
OLDER = st.uuids(version=4)
KEYS = st.integers(0, LARGEST_KEY)


@given(GROWN | OLDER)
def test_the_number_of_a_row_leads_to_ids_that_hold_it(row_id: UUID) -> None:
    number = number_of(row_id)
    ids = ids_of(number)

    assert is_number(number)
    assert len(number) <= MOST_DIGITS
    assert ids is not None
    assert ids.first <= row_id <= ids.last


@given(GROWN | OLDER, KEYS)
def test_the_number_of_what_lies_in_a_row_leads_to_the_row_and_its_key(owner: UUID, key: int) -> None:
    number = inner_number(owner, key)
    inner = inner_of(number)

    assert len(number) <= MOST_DIGITS
    assert inner is not None
    assert inner.owner.first <= owner <= inner.owner.last
    assert inner.key == key


def test_rows_of_one_moment_have_numbers_of_their_own() -> None:
    now = datetime(2026, 11, 27, 9, tzinfo=UTC)
    rows = [new_id(now) for _ in range(2_000)]

    assert len({number_of(one) for one in rows}) == len(rows)


def test_numbers_of_rows_grow_with_time() -> None:
    earlier, later = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC)

    assert int(number_of(new_id(earlier))) < int(number_of(new_id(later)))


@pytest.mark.parametrize("text", ["", "-", "relief:1", "12e3", " 1", "1" * 26, "-" + "1" * 25, "１２", str(uuid4())])
def test_what_is_no_number_leads_nowhere(text: str) -> None:
    assert not is_number(text)
    assert ids_of(text) is None
    assert inner_of(text) is None


def test_a_number_beyond_all_ids_leads_nowhere() -> None:
    assert ids_of("9" * MOST_DIGITS) is None
    assert inner_of("9" * MOST_DIGITS) is None


def test_a_key_that_is_too_large_has_no_number() -> None:
    with pytest.raises(ValueError, match="above"):
        inner_number(uuid4(), LARGEST_KEY + 1)
