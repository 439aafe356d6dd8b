"""The statutory clock of one programme: a limit in working days with a ledger of pauses; the due day is computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from workflows.rules.calendar import WorkingCalendar
from workflows.rules.errors import RuleError


class PauseEndsBeforeStart(RuleError):
    """A pause cannot end before it begins."""

    code = "pause-ends-before-start"
    text_zh = "要求登记暂停至 {end}，早于其开始日 {start}；请更正日期。"
    text_en = "A pause was asked to end on {end}, before its start on {start}; correct the dates."

    def __init__(self, *, start: date, end: date) -> None:
        super().__init__(start=start.isoformat(), end=end.isoformat())


class ClockAlreadyPaused(RuleError):
    """A clock takes one pause at a time."""

    code = "clock-already-paused"
    text_zh = "要求于 {day} 暂停计时，但计时已处于暂停状态；请先恢复。"
    text_en = "The clock was asked to pause on {day}, but it is paused already; resume it first."

    def __init__(self, day: date) -> None:
        super().__init__(day=day.isoformat())


class ClockNotPaused(RuleError):
    """Only a paused clock can be resumed."""

    code = "clock-not-paused"
    text_zh = "要求于 {day} 恢复计时，但没有未结束的暂停；无需恢复。"
    text_en = "The clock was asked to resume on {day}, but no pause is open; nothing is to be done."

    def __init__(self, day: date) -> None:
        super().__init__(day=day.isoformat())


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A time in which the clock stands still: after `start`, up to and including `end` (None: still paused).

    The day the pause is ordered still counts as used, as the day of an event is day 0.
    """

    start: date
    end: date | None
    reason: str

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise PauseEndsBeforeStart(start=self.start, end=self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatutoryClock:
    """A limit that runs from a start day (day 0) in working days and moves by every pause.

    Give it the day it is asked on: an open pause moves the due day further with every working day it lasts.
    """

    start: date
    limit: int
    pauses: tuple[Pause, ...] = ()

    def due(self, calendar: WorkingCalendar, today: date) -> date:
        """Return the last day of the limit, as known on `today`.

        Raises:
            YearNotLoaded: the answer depends on a year without calendar data.
        """
        due = calendar.add_working_days(self.start, self.limit)
        for start, end in self._stands_still(today):
            if start > due:  # the limit had already run out: nothing is left to pause
                break
            due = calendar.add_working_days(due, calendar.working_days_between(start, end))
        return due

    def working_days_left(self, calendar: WorkingCalendar, today: date) -> int:
        """Count the working days after `today` up to the due day; negative when it is past."""
        return calendar.working_days_between(today, self.due(calendar, today))

    def is_overdue(self, calendar: WorkingCalendar, today: date) -> bool:
        """Tell whether the due day has passed."""
        return self.due(calendar, today) < today

    @property
    def is_paused(self) -> bool:
        """Tell whether a pause is open."""
        return any(pause.end is None for pause in self.pauses)

    def paused(self, day: date, *, reason: str) -> StatutoryClock:
        """Return the clock with a pause opened on this day.

        Raises:
            ClockAlreadyPaused: a pause is open.
        """
        if self.is_paused:
            raise ClockAlreadyPaused(day)
        return replace(self, pauses=(*self.pauses, Pause(start=day, end=None, reason=reason)))

    def resumed(self, day: date) -> StatutoryClock:
        """Return the clock with its open pause closed on this day.

        Raises:
            ClockNotPaused: no pause is open.
            PauseEndsBeforeStart: it was opened after this day.
        """
        if not self.is_paused:
            raise ClockNotPaused(day)
        closed = (replace(pause, end=day) if pause.end is None else pause for pause in self.pauses)
        return replace(self, pauses=tuple(closed))

    def with_limit(self, limit: int) -> StatutoryClock:
        """Return the clock with another limit counted from the same start, as an approved extension gives it."""
        return replace(self, limit=limit)

    def _stands_still(self, today: date) -> Iterator[tuple[date, date]]:
        """Yield the pauses up to today in order, each from the later of its start and the end of the ones before."""
        counted_to = self.start
        for pause in sorted(self.pauses, key=lambda entry: entry.start):
            start = max(pause.start, counted_to)
            end = today if pause.end is None else min(pause.end, today)
            if end > start:
                yield start, end
                counted_to = end
