"""Rows by numbers of at most 25 digits, for programs that know no other names; no number is kept anywhere.

A number holds the beginning of an id: of one that grows with time (see `engine.ids`) its moment and some of its chance,
of an older one (uuid4) its first bits, written with a minus. So a number leads to a short range of ids, and an index
over ids to the row. What lies in another row (an element of an instance) is named by that row and its own key.

Several rows can share a number only where two of one table were made in the same millisecond, with a chance below one
in a million; whoever looks one up sees both and must choose neither.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

MOST_DIGITS = 25
_NUMBER = re.compile(r"-?[0-9]{1,24}|[0-9]{25}")
_MOMENT = 42  # bits of milliseconds: until the year 2109
_HIGH_CHANCE = 12
_LOW_CHANCE = 62
_OWN_CHANCE = 29  # of the lower bits of chance, in the number of a row
_OWNERS_CHANCE = 9  # the same, where a key follows
_OWN_FIRST, _OWNERS_FIRST = 79, 59  # bits of an older id
KEY_BITS = 20
LARGEST_KEY = (1 << KEY_BITS) - 1
_VERSION_7, _VARIANT = 7 << 76, 0b10 << 62


@dataclass(frozen=True, slots=True)
class IdRange:
    """All ids from the first to the last, as an index orders them."""

    first: UUID
    last: UUID


@dataclass(frozen=True, slots=True)
class Inner:
    """Something in a row: the ids its owner may have, and its key there."""

    owner: IdRange
    key: int


def number_of(row_id: UUID) -> str:
    """Return the number of a row."""
    if row_id.version == 7:
        return str(_grown(row_id, _OWN_CHANCE))
    return f"-{row_id.int >> (128 - _OWN_FIRST)}"


def inner_number(owner: UUID, key: int) -> str:
    """Return the number of what lies in a row under a key.

    Raises:
        ValueError: the key is larger than a number can hold.
    """
    if not 0 <= key <= LARGEST_KEY:
        raise ValueError(f"the key {key} is above {LARGEST_KEY}")
    if owner.version == 7:
        return str(_grown(owner, _OWNERS_CHANCE) << KEY_BITS | key)
    return f"-{owner.int >> (128 - _OWNERS_FIRST) << KEY_BITS | key}"


def ids_of(number: str) -> IdRange | None:
    """Return the ids a row of this number may have; None: there can be no such row."""
    found = _read(number)
    if found is None:
        return None
    value, is_grown = found
    return _grown_range(value, _OWN_CHANCE) if is_grown else _first_bits(value, _OWN_FIRST)


def inner_of(number: str) -> Inner | None:
    """Return what lies in another row under this number; None: there can be no such thing."""
    found = _read(number)
    if found is None:
        return None
    (value, is_grown), key = found, found[0] & LARGEST_KEY
    rest = value >> KEY_BITS
    owner = _grown_range(rest, _OWNERS_CHANCE) if is_grown else _first_bits(rest, _OWNERS_FIRST)
    return None if owner is None else Inner(owner=owner, key=key)


def is_number(text: str) -> bool:
    """Say whether a text has the form of a number."""
    return _NUMBER.fullmatch(text) is not None


def _read(number: str) -> tuple[int, bool] | None:
    if not is_number(number):
        return None
    return int(number.removeprefix("-")), not number.startswith("-")


def _grown(row_id: UUID, low_chance: int) -> int:
    moment = row_id.int >> 80
    high = row_id.int >> 64 & ((1 << _HIGH_CHANCE) - 1)
    low = row_id.int >> (_LOW_CHANCE - low_chance) & ((1 << low_chance) - 1)
    return (moment << _HIGH_CHANCE | high) << low_chance | low


def _grown_range(value: int, low_chance: int) -> IdRange | None:
    if value >> (_MOMENT + _HIGH_CHANCE + low_chance):
        return None
    low, rest = value & ((1 << low_chance) - 1), value >> low_chance
    high, moment = rest & ((1 << _HIGH_CHANCE) - 1), rest >> _HIGH_CHANCE
    open_bits = _LOW_CHANCE - low_chance
    first = moment << 80 | _VERSION_7 | high << 64 | _VARIANT | low << open_bits
    return IdRange(UUID(int=first), UUID(int=first | (1 << open_bits) - 1))


def _first_bits(value: int, bits: int) -> IdRange | None:
    if value >> bits:
        return None
    first = value << (128 - bits)
    return IdRange(UUID(int=first), UUID(int=first | (1 << (128 - bits)) - 1))
