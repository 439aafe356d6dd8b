"""What a household tells of its circumstances beyond means and dwelling; every fact may be left out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlySpending:
    """What the household paid itself in the last twelve months, after insurance and other cover, in yuan."""

    medical: Decimal = ZERO
    education: Decimal = ZERO
    rehabilitation: Decimal = ZERO  # of disabled members


NO_SPENDING = YearlySpending()
