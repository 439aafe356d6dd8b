"""The clocks of referrals: figures of policy say when each programme must be acknowledged and answered.

Per programme `acknowledge_days_<programme>`, else `referral_acknowledge_days`; `result_hours_<key>` (hours that run
through holidays) or `result_days_<key>` (working days), where the key is the need or else the programme; a programme
without either has the limit of the whole case, or, where the need was found later, as many days of its own. The text
"none" stands for no limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from workflows.casework.days import end_of_day, local_day
from workflows.casework.model import Case
from workflows.casework.procedure.clock import TOTAL_DAYS
from workflows.casework.standards import Standards
from workflows.rules.calendar import WorkingCalendar

ACKNOWLEDGE_DAYS = "referral_acknowledge_days"
NO_LIMIT = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dues:
    """When a referral must be acknowledged and answered; None: no limit of this kind."""

    acknowledge_at: datetime | None
    result_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralClocks:
    """The limits in force on the day a referral is sent."""

    standards: Standards
    calendar: WorkingCalendar

    def dues(self, case: Case, *, need: str, programme: str, sent_at: datetime, found_on: date | None = None) -> Dues:
        """Return both dues of a referral sent at a moment; one of a need found later does not hang on the case's limit.

        Raises:
            ParameterMissing: there is no limit for acknowledgements at all, or one is no number.
            YearNotLoaded: a due day lies in a year without calendar data.
        """
        return Dues(
            acknowledge_at=self._acknowledge_at(programme, local_day(sent_at)),
            result_at=self._result_at(case if found_on is None else None, (need, programme), sent_at),
        )

    def _acknowledge_at(self, programme: str, sent_on: date) -> datetime | None:
        own = f"acknowledge_days_{programme}"
        return self._end_of(own if own in self.standards.values else ACKNOWLEDGE_DAYS, sent_on)

    def _result_at(self, case: Case | None, keys: tuple[str, ...], sent_at: datetime) -> datetime | None:
        for key in keys:
            if f"result_hours_{key}" in self.standards.values:
                return sent_at + timedelta(hours=self.standards.days(f"result_hours_{key}"))
            if f"result_days_{key}" in self.standards.values:
                return self._end_of(f"result_days_{key}", local_day(sent_at))
        if case is None:
            return self._end_of(TOTAL_DAYS, local_day(sent_at))
        return end_of_day(case.due_on) if case.due_on else None

    def _end_of(self, key: str, sent_on: date) -> datetime | None:
        if self.standards.values.get(key) == NO_LIMIT:
            return None
        return end_of_day(self.calendar.add_working_days(sent_on, self.standards.days(key)))
