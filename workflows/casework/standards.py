"""Figures of policy in force on a day, read by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from engine.json_values import JsonValue
from workflows.casework.errors import ParameterMissing, ParameterOutOfRange
from workflows.casework.ports import CaseworkUnitOfWork

MONTHS_OF_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Standards:
    """The parameters in force on one day."""

    day: date
    values: Mapping[str, JsonValue]

    def days(self, key: str) -> int:
        """Return a number of days.

        Raises:
            ParameterMissing: nothing is in force, or it is no whole number.
        """
        return self._whole_number(key)

    def minutes(self, key: str) -> timedelta:
        """Return a number of minutes as a duration.

        Raises:
            ParameterMissing: nothing is in force, or it is no whole number.
        """
        return timedelta(minutes=self._whole_number(key))

    def month(self, key: str) -> int:
        """Return a month of the year.

        Raises:
            ParameterMissing: nothing is in force, or it is no whole number.
            ParameterOutOfRange: no month has that number.
        """
        found = self._whole_number(key)
        if not 1 <= found <= MONTHS_OF_YEAR:
            raise ParameterOutOfRange(key=key, day=self.day, least=1, most=MONTHS_OF_YEAR, found=found)
        return found

    def _whole_number(self, key: str) -> int:
        value = self.values.get(key)
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != int(value):
            raise ParameterMissing(key=key, day=self.day)
        return int(value)


def standards_on(unit_of_work: CaseworkUnitOfWork, day: date) -> Standards:
    """Return the parameters in force on a day."""
    return Standards(day=day, values=unit_of_work.policy.parameters_on(day))
