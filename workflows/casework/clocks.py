"""The clocks of referrals: which parameter limits which programme's answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from workflows.casework.days import end_of_day
from workflows.casework.model import Case
from workflows.casework.standards import Standards
from workflows.rules.calendar import WorkingCalendar

ACKNOWLEDGE_DAYS = "referral_acknowledge_days"
RESULT_DAYS = {
    "medical_aid": "medical_status_days",
    "education_aid": "education_result_days",
    "housing_aid": "housing_result_days",
    "employment_aid": "employment_result_days",
}
WITHOUT_ACKNOWLEDGEMENT = frozenset({"dibao"})  # the window itself goes on with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Dues:
    """When a referral must be acknowledged and answered; None: no limit of this kind."""

    acknowledge_at: datetime | None
    result_at: datetime | None


def referral_dues(
    case: Case, programme: str, *, sent_on: date, standards: Standards, calendar: WorkingCalendar
) -> Dues:
    """Return both dues of a referral sent on a day; a programme without a limit of its own has the case's."""
    acknowledge_at = None
    if programme not in WITHOUT_ACKNOWLEDGEMENT:
        acknowledge_at = end_of_day(calendar.add_working_days(sent_on, standards.days(ACKNOWLEDGE_DAYS)))
    if programme in RESULT_DAYS:
        result_on = calendar.add_working_days(sent_on, standards.days(RESULT_DAYS[programme]))
        return Dues(acknowledge_at=acknowledge_at, result_at=end_of_day(result_on))
    return Dues(acknowledge_at=acknowledge_at, result_at=end_of_day(case.due_on) if case.due_on else None)
