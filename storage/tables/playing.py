"""Tables of playing: plays that are going on, scenarios that are kept of them, and examples of decisions."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from storage.tables.base import Id, Instant, Json, metadata

play = Table(
    "play",
    metadata,
    Column("id", Id, primary_key=True),
    Column("draft_id", Id, ForeignKey("definition_draft.id")),
    Column("definition_id", Id, ForeignKey("definition.id")),
    Column("setting", Json, nullable=False),
    Column("steps", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", Text, nullable=False, index=True),
    Column("touched_at", Instant, nullable=False, index=True),
)

process_scenario = Table(
    "process_scenario",
    metadata,
    Column("id", Id, primary_key=True),
    Column("process_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("setting", Json, nullable=False),
    Column("steps", Json, nullable=False),
    Column("expected", Json, nullable=False),
    Column("version", Integer, nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("saved_by", Text, nullable=False),
)
decision_examples = Table(
    "decision_examples",
    metadata,
    Column("decision_id", Text, primary_key=True),
    Column("rows", Json, nullable=False),
    Column("version", Integer, nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("saved_by", Text, nullable=False),
)
Index("uq_process_scenario_name", process_scenario.c.process_id, process_scenario.c.name, unique=True)
