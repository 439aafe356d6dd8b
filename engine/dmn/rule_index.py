"""Find the rules a value passes without testing them one by one.

A column whose cells name values of one kind (`"urban"`, `[0..800)`, `> 3`) is cut at those values once, when the table
is read; a value of that kind then finds its rules by one search. Cells that are cleverer, and values of another kind,
null among them, are tested cell by cell, which also says why a test is null.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.dmn.lines import Line
from engine.dmn.regions import Region, Unbounded, region_of

if TYPE_CHECKING:
    from engine.dmn.logic import Cell
    from engine.feel import FeelValue

_CLASSES: dict[str, type] = {"number": Decimal, "string": str, "boolean": bool, "date": date}
"""Kinds whose Python order is FEEL's; values of other kinds are tested cell by cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnIndex:
    """One column: `clever` are the rules, as bits, whose cells must be tested whatever the value."""

    line: Line | None
    accepted: tuple[int, ...]
    anything: int
    clever: int

    @classmethod
    def of(cls, cells: Sequence[Cell]) -> ColumnIndex:
        """The index of the cells of a column, a rule each."""
        regions = [region_of(cell) for cell in cells]
        line = Line.of(regions)
        if line is not None and line.kind not in _CLASSES:
            line = None
        anything = _bits(region is Unbounded.ANYTHING for region in regions)
        clever = _bits(region is Unbounded.UNTOLD for region in regions)
        if line is None:
            return cls(line=None, accepted=(), anything=anything, clever=((1 << len(cells)) - 1) & ~anything)
        told: list[Region] = [() if region is Unbounded.UNTOLD else region for region in regions]
        return cls(line=line, accepted=tuple(line.accepted(told)), anything=anything, clever=clever)

    def told(self, value: FeelValue) -> int | None:
        """The rules whose cells certainly accept the value, as bits; None when each must be tested."""
        if self.line is None:
            return self.anything
        if type(value) is not _CLASSES[self.line.kind]:
            return None
        return self.accepted[self.line.place(value)]


def _bits(flags: Iterable[bool]) -> int:
    return sum(1 << number for number, flag in enumerate(flags) if flag)
