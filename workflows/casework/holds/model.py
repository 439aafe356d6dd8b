"""What a task that is put off may wait for beside its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class HoldEvent(StrEnum):
    """What brings a task back before its day."""

    EVIDENCE = "evidence"  # evidence is added to the case
    ADVICE = "advice"  # another unit answers or returns a question of the task


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A task that waits for an event, at the longest until a day."""

    task_id: UUID
    case_id: UUID
    event: HoldEvent
    until: datetime
