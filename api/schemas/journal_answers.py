"""What the journal of a process instance answers: every run, what it did in order, by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.journal import JournalEntry, JournalLine
from engine.json_values import JsonObject
from engine.operation_queries import InstanceJournal
from web.schemas.base import answer_schema

PERSONAL = ("value", "variables", "reason", "correlation_key")
"""What a line may tell of persons: it is left out for whoever does not see the values of the region's cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLineAnswer:
    """One thing that happened: its kind, the element instance and element, and what more the kind tells."""

    kind: str
    key: int
    element_id: str
    definition_id: str
    more: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntryAnswer:
    """One run: after it the instance has this version."""

    version: int
    at: datetime
    actor: str
    lines: Sequence[JournalLineAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalAnswer:
    """All runs of an instance, oldest first."""

    values_shown: bool
    entries: Sequence[JournalEntryAnswer]

    @classmethod
    def of(cls, journal: InstanceJournal) -> JournalAnswer:
        """Make it of what was found, without what the reader may not see."""
        shown = journal.values_shown
        return cls(values_shown=shown, entries=[_entry(one, shown=shown) for one in journal.entries])


def _entry(entry: JournalEntry, *, shown: bool) -> JournalEntryAnswer:
    lines = [_line(one, shown=shown) for one in entry.lines]
    return JournalEntryAnswer(version=entry.version, at=entry.at, actor=entry.actor, lines=lines)


def _line(line: JournalLine, *, shown: bool) -> JournalLineAnswer:
    more = {name: value for name, value in line.more.items() if shown or name not in PERSONAL}
    return JournalLineAnswer(
        kind=line.kind, key=line.key, element_id=line.element, definition_id=line.definition, more=more
    )


JournalSchema = answer_schema(JournalAnswer)
