"""Ids that grow with time, and ids derived from them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4, uuid5

from engine.ids import derived_id, new_id

NOW = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)


def test_later_ids_sort_behind_earlier_ones() -> None:
    ids = [new_id(NOW + timedelta(milliseconds=step)) for step in range(100)]

    assert ids == sorted(ids)
    assert {one.version for one in ids} == {7}
    assert {one.variant for one in ids} == {uuid4().variant}


def test_ids_of_one_moment_differ() -> None:
    assert len({new_id(NOW) for _ in range(1000)}) == 1000


def test_a_derived_id_is_the_same_at_every_time_and_differs_by_key_and_owner() -> None:
    owner, other = new_id(NOW), new_id(NOW)
    derived = {derived_id(owner, key) for key in range(1000)} | {derived_id(other, key) for key in range(1000)}

    assert len(derived) == 2000
    assert derived_id(owner, 7) == derived_id(UUID(str(owner)), 7)


def test_a_derived_id_lies_beside_its_owner() -> None:
    earlier, later = new_id(NOW), new_id(NOW + timedelta(seconds=1))

    assert derived_id(earlier, 2**31 - 1) < derived_id(later, 1)


def test_owners_of_earlier_releases_keep_the_ids_their_rows_have() -> None:
    owner = uuid4()

    assert derived_id(owner, 3) == uuid5(owner, "3")
