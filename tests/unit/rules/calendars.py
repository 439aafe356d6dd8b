"""Calendars the tests of the rules share; they are immutable."""

from __future__ import annotations

from datetime import date

from workflows.rules.calendar import WorkingCalendar, seed_days

COUNTY = WorkingCalendar(days=seed_days(2024, 2026))


def day(text: str) -> date:
    """Return a day of 2026 given as `MM-DD`, or any day given whole."""
    return date.fromisoformat(text if len(text) == 10 else f"2026-{text}")
