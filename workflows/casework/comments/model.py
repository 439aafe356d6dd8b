"""A comment on a case: who wrote it where, whom it mentions, and which kinds of units read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

MOST_SIGNS = 2_000
MOST_MENTIONS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment, without its text: that is kept apart, each version sealed under the key of the case.

    Whoever sees the case whole reads all of its comments. A unit that sees it for a purpose reads those of
    `unit_kinds`: the kinds of units of who wrote it, of the task it was written on, and of those it mentions.
    """

    id: UUID
    case_id: UUID
    task_id: UUID | None
    step: str  # the name of the task; empty where it is about the whole case
    step_en: str
    author: str
    unit_kind: str
    unit_region: str
    unit_kinds: tuple[str, ...]
    mentions: tuple[str, ...]
    written_at: datetime
    correctable_until: datetime
    version: int = 1
    corrected_at: datetime | None = None
    withdrawn_at: datetime | None = None
