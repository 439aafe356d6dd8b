"""The clock in the hand of whoever runs a scenario."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

TICK = timedelta(milliseconds=1)


class VirtualClock:
    """Stands still but for a tick at every look, so that what happens one after the other has times in order."""

    def __init__(self, moment: datetime) -> None:
        self.time = moment.astimezone(UTC)

    def __call__(self) -> datetime:
        """Return the time, a moment later than the last one asked for."""
        self.time += TICK
        return self.time

    def set(self, moment: datetime) -> None:
        """Move on to a moment; it never goes back."""
        self.time = max(self.time, moment.astimezone(UTC))
