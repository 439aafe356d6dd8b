"""All values of one kind, cut at the values that the cells of a column name."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engine.dmn.regions import Piece, Region, Unbounded, point


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Named values in order; places count the stretch before the first, the first, the stretch behind it, and so on."""

    kind: str
    values: tuple[Any, ...]

    @classmethod
    def of(cls, regions: Sequence[Region]) -> Line | None:
        """The line of the values some regions name; None when they name none, or values of several kinds."""
        named = [piece for region in regions if not isinstance(region, Unbounded) for piece in region]
        kinds = {piece.kind for piece in named}
        if len(kinds) != 1:
            return None
        ends = {end for piece in named for end in (piece.low, piece.high) if end is not None}
        return cls(kind=kinds.pop(), values=tuple(sorted(ends)))

    @property
    def length(self) -> int:
        """How many places there are."""
        return 2 * len(self.values) + 1

    def pieces(self) -> list[Piece]:
        """What lies at each place."""
        found: list[Piece] = []
        before = None
        for value in self.values:
            found += [Piece(self.kind, before, False, value, False), point(value)]
            before = value
        return [*found, Piece(self.kind, before, False, None, False)]

    def place(self, value: Any) -> int:
        """Where a value of the line's kind lies."""
        number = bisect_left(self.values, value)
        is_named = number < len(self.values) and self.values[number] == value
        return 2 * number + is_named

    def places(self, region: Region) -> Iterator[int]:
        """The places inside a region whose ends are among the named values."""
        if isinstance(region, Unbounded):
            yield from range(self.length)
            return
        for one in region:
            first = 0 if one.low is None else self.place(one.low) + (not one.low_included)
            last = self.length - 1 if one.high is None else self.place(one.high) - (not one.high_included)
            yield from range(first, last + 1)

    def accepted(self, regions: Sequence[Region]) -> list[int]:
        """For every place the regions that reach there, as bits."""
        bits = [0] * self.length
        for number, region in enumerate(regions):
            for place in self.places(region):
                bits[place] |= 1 << number
        return bits
