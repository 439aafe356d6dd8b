"""The periods figures are asked of: whole days, a month, a quarter, or any span that somebody can mean."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

LONGEST_PERIOD = 3_660  # days
MONTHS_OF_A_QUARTER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A period with both days in it."""

    since: date
    until: date

    @classmethod
    def of_month(cls, year: int, month: int) -> Period:
        """Return a month."""
        return cls(since=date(year, month, 1), until=_last_day(year, month))

    @classmethod
    def of_quarter(cls, year: int, quarter: int) -> Period:
        """Return a quarter, from 1 to 4."""
        last = quarter * MONTHS_OF_A_QUARTER
        return cls(since=date(year, last - MONTHS_OF_A_QUARTER + 1, 1), until=_last_day(year, last))

    @property
    def makes_sense(self) -> bool:
        """Say whether it ends after it begins, and is not endless."""
        return 0 <= (self.until - self.since).days <= LONGEST_PERIOD


def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
