"""The journal read back: what each run did, the flows that were taken, the variables as they are or were at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, select

from engine.core import codec
from engine.journal import JournalEntry, read_entry
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from storage.sealing import InstanceSeals, journal_place, variable_place
from storage.tables import engine as tables

FlowOfDefinition = tuple[UUID, str]


def journal_of(connection: Connection, seals: InstanceSeals, instance_id: UUID) -> Sequence[JournalEntry]:
    """Return the runs of an instance in order; none where its key was destroyed."""
    table = tables.journal
    query = select(table).where(table.c.process_instance_id == instance_id).order_by(table.c.version)
    entries = []
    for row in connection.execute(query):
        stored = seals.opened_bytes(instance_id, row.entry, journal_place(instance_id, row.version))
        if stored is not None:
            entry = JournalEntry(version=row.version, at=row.at, actor=row.actor, lines=read_entry(stored))
            entries.append(entry)
    return entries


def flows_taken(journal: Sequence[JournalEntry]) -> Counter[FlowOfDefinition]:
    """Return how often each sequence flow was taken."""
    return Counter(
        (UUID(line.definition), line.element) for entry in journal for line in entry.lines if line.kind == "flow-taken"
    )


def root_variables(
    connection: Connection, seals: InstanceSeals, instance: ProcessInstance, journal: Sequence[JournalEntry]
) -> JsonObject:
    """Return the variables of the process itself: as they are, or as they were when it ended."""
    if instance.snapshot is not None:
        return dict(codec.decode(instance.snapshot).instances[0].variables)
    ended = [line for entry in journal for line in entry.lines if line.kind == "ended"]
    if ended:
        return dict(ended[-1].more["variables"])
    return _variables_of_earlier_releases(connection, seals, instance.id)


def _variables_of_earlier_releases(connection: Connection, seals: InstanceSeals, instance_id: UUID) -> JsonObject:
    table = tables.variable
    query = select(table).where(table.c.process_instance_id == instance_id, table.c.scope_key == 1)
    return {
        row.name: seals.opened(instance_id, row.value, variable_place(instance_id, 1, row.name))
        for row in connection.execute(query)
    }
