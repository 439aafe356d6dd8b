"""Drawing a sample: a pure function, so that the same seed over the same population gives the same sample for ever.

Each key of the population is given a lot, the SHA-256 of the seed and the key; who has the lowest lots is drawn.
Keys are keyed hashes, so that what is kept of a population names nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Way(StrEnum):
    """How a sample is drawn."""

    RANDOM = "random"  # everybody has the same chance
    RISK = "risk"  # the most points first; the lot decides between equals
    MIXED = "mixed"  # half of it by risk, the rest at random from what is left


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Lot:
    """One of a population: its key, and the points that risk rules give it."""

    key: str
    points: int = 0

    def __str__(self) -> str:
        return f"{self.key}:{self.points}"

    @classmethod
    def parsed(cls, text: str) -> Self:
        """Return the lot that is kept as a text."""
        key, _, points = text.rpartition(":")
        return cls(key=key, points=int(points))


def drawn(population: Iterable[Lot], *, seed: str, size: int, way: Way) -> Sequence[str]:
    """Return the keys of the sample, in the order in which they were drawn; all of a population that is smaller."""
    by_lot = sorted({one.key: one for one in population}.values(), key=lambda one: (_lot(seed, one.key), one.key))
    by_risk = sorted(by_lot, key=lambda one: -one.points)  # keeps the order of the lots between equals
    match way:
        case Way.RANDOM:
            first = by_lot[:size]
        case Way.RISK:
            first = by_risk[:size]
        case Way.MIXED:
            first = by_risk[: (size + 1) // 2]
            chosen = {one.key for one in first}
            first += [one for one in by_lot if one.key not in chosen][: size - len(first)]
    return [one.key for one in first]


def size_of_share(population: int, percent: int) -> int:
    """Return how many a share of a population is, rounded up: a share of anything is at least one."""
    return -(-population * percent // 100)


def _lot(seed: str, key: str) -> str:
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()
