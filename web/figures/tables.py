"""Tables of figures: what stands in their cells, and how a cell reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from web.formats import NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share with what it is of; the rate is None where there is nothing to share."""

    part: int
    whole: int
    rate: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A sum of money in yuan."""

    yuan: Decimal | None


Cell = str | int | Decimal | Share | Amount | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A table of figures: its first `names` columns say what a row is about, the others count.

    `nothing` says in words what it means that there are no rows.
    """

    key: str
    title: str
    note: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    nothing: str
    names: int = 1

    def has_shares(self, column: int) -> bool:
        """Say whether a column holds shares, which a file spreads over three columns."""
        return any(isinstance(row[column], Share) for row in self.rows)


def written(cell: Cell) -> str:
    """Return a cell as a page shows it; a share with its numerator and denominator."""
    if isinstance(cell, Share):
        return f"{percent(cell.rate)} ({cell.part:,}/{cell.whole:,})"
    if isinstance(cell, Amount):
        return NOTHING if cell.yuan is None else f"{cell.yuan:,.2f}"
    if cell is None:
        return NOTHING
    return cell if isinstance(cell, str) else f"{cell:,}"


def percent(rate: Decimal | None) -> str:
    """Return a rate in percent; a dash where there is none."""
    return NOTHING if rate is None else f"{rate:.2%}"
