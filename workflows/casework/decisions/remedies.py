"""What a household can do against a decision, and until when.

Review within 60 days at the county government (行政复议法第二十条、第二十四条), suit within six months at the court;
both run from the day the decision was served, and move to the first working day after when they end on a day off.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from workflows.casework.county import COUNTY_NAME
from workflows.casework.days import months_later
from workflows.casework.decisions.model import Remedy, RemedyKind
from workflows.casework.standards import Standards
from workflows.rules.calendar import WorkingCalendar, YearNotLoaded

REVIEW_DAYS = "review_days"
SUIT_MONTHS = "suit_months"
GOVERNMENT = f"{COUNTY_NAME}人民政府"
COURT = f"{COUNTY_NAME}人民法院"


def remedies_from(served_on: date, standards: Standards, calendar: WorkingCalendar) -> tuple[Remedy, ...]:
    """Return the remedies of a decision served on a day, with their last days as parameters of policy set them.

    Where the calendar lacks the year of a last day, the remedy names that year instead of guessing a day.

    Raises:
        ParameterMissing: a limit has no value in force.
    """
    after_months = _same_day(months_later(served_on, standards.days(SUIT_MONTHS)), served_on.day)
    return (
        _remedy(RemedyKind.REVIEW, GOVERNMENT, served_on, standards.days(REVIEW_DAYS), calendar),
        _remedy(RemedyKind.SUIT, COURT, served_on, (after_months - served_on).days, calendar),
    )


def _remedy(kind: RemedyKind, authority: str, served_on: date, days: int, calendar: WorkingCalendar) -> Remedy:
    try:
        until = calendar.end_of_calendar_period(served_on, days)
    except YearNotLoaded as missing:
        return Remedy(kind=kind, authority=authority, until=None, year_not_loaded=missing.year)
    return Remedy(kind=kind, authority=authority, until=until)


def _same_day(month: date, day: int) -> date:
    """Return that day of a month, or its last day where the month is shorter."""
    return month.replace(day=min(day, monthrange(month.year, month.month)[1]))
