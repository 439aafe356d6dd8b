"""Plays, scenarios and examples of decisions in PostgreSQL, in a transaction and as pages ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, cast, delete, exists, func, insert, or_, select, update
from sqlalchemy import Engine as Database
from sqlalchemy.dialects.postgresql import JSONPATH, distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.json_values import JsonObject
from storage.database import for_reading
from storage.rows import Row
from storage.tables.base import Json
from storage.tables.playing import decision_examples, play, process_scenario
from workflows.playing.deeds import PlayStep
from workflows.playing.model import (
    DecisionExamples,
    Example,
    Play,
    PlayLine,
    PlaySetting,
    PlaySource,
    ProcessScenario,
    ScenarioLine,
)

_LOCK_SPACE = 320484  # of advisory locks on those whose plays or scenarios are counted


class SqlPlays:
    """Plays and scenarios, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, added: Play) -> None:
        """Keep a new play."""
        self._connection.execute(insert(play).values(_play_row(added)))

    def get(self, play_id: UUID) -> Play | None:
        """Read a play."""
        return self._play(select(play).where(play.c.id == play_id))

    def lock(self, play_id: UUID) -> Play | None:
        """Read a play for a change."""
        return self._play(select(play).where(play.c.id == play_id).with_for_update())

    def save(self, saved: Play) -> None:
        """Write a play that is there."""
        self._connection.execute(update(play).where(play.c.id == saved.id).values(_play_row(saved)))

    def remove(self, play_id: UUID) -> None:
        """Forget a play."""
        self._connection.execute(delete(play).where(play.c.id == play_id))

    def forget(self, *, created_by: str, besides: int, touched_before: datetime) -> None:
        """Forget a person's plays but the newest ones, and everybody's that nobody touched since."""
        newest = select(play.c.id).where(play.c.created_by == created_by)
        kept = newest.order_by(play.c.touched_at.desc(), play.c.id).limit(besides)
        is_old = (play.c.created_by == created_by) & play.c.id.not_in(kept)
        self._delete(or_(play.c.touched_at < touched_before, is_old))

    def forget_old(self, *, touched_before: datetime) -> int:
        """Forget everybody's plays that nobody touched since, and say how many they were."""
        return self._delete(play.c.touched_at < touched_before)

    def one_at_a_time(self, whose: str) -> None:
        """Let others who count the plays of a person, or the scenarios of a process, wait for the end of this."""
        self._connection.execute(select(func.pg_advisory_xact_lock(_LOCK_SPACE, func.hashtext(whose))))

    def add_scenario(self, scenario: ProcessScenario) -> bool:
        """Keep a new scenario, unless its process has one of this name."""
        statement = upsert(process_scenario).values(_scenario_row(scenario))
        free = statement.on_conflict_do_nothing(index_elements=["process_id", "name"])
        return self._connection.execute(free.returning(process_scenario.c.id)).first() is not None

    def scenario(self, scenario_id: UUID) -> ProcessScenario | None:
        """Read a scenario."""
        return self._scenario(select(process_scenario).where(process_scenario.c.id == scenario_id))

    def lock_scenario(self, scenario_id: UUID) -> ProcessScenario | None:
        """Read a scenario for a change."""
        return self._scenario(select(process_scenario).where(process_scenario.c.id == scenario_id).with_for_update())

    def save_scenario(self, scenario: ProcessScenario) -> bool:
        """Write a scenario that is there, unless its process has another of this name."""
        other = process_scenario.alias()
        taken = exists().where(
            other.c.process_id == scenario.process_id, other.c.name == scenario.name, other.c.id != scenario.id
        )
        statement = update(process_scenario).where(process_scenario.c.id == scenario.id, ~taken)
        written = statement.values(_scenario_row(scenario)).returning(process_scenario.c.id)
        return self._connection.execute(written).first() is not None

    def remove_scenario(self, scenario_id: UUID) -> None:
        """Forget a scenario."""
        self._connection.execute(delete(process_scenario).where(process_scenario.c.id == scenario_id))

    def scenarios(self, process_ids: Sequence[str]) -> Sequence[ProcessScenario]:
        """Return the scenarios of processes, by name."""
        columns = process_scenario.c
        statement = select(process_scenario).where(columns.process_id.in_(process_ids))
        rows = self._connection.execute(statement.order_by(columns.process_id, columns.name)).mappings()
        return [_scenario(row) for row in rows]

    def scenario_lines(self, process_ids: Sequence[str]) -> Sequence[ScenarioLine]:
        """Return what the scenarios of processes are called, by name."""
        columns = process_scenario.c
        statement = select(columns.id, columns.process_id, columns.name, columns.name_en, columns.version)
        here = statement.where(columns.process_id.in_(process_ids)).order_by(columns.process_id, columns.name)
        return [ScenarioLine(**row) for row in self._connection.execute(here).mappings()]

    def last_answers(self, process_id: str, names: Sequence[str]) -> dict[str, JsonObject]:
        """Return the variables that scenarios of a process answered jobs with, of each name those kept last."""
        columns = process_scenario.c
        jobs = func.jsonb_path_query(columns.steps, cast("$[*].jobs[*]", JSONPATH), type_=Json).column_valued(
            "job", joins_implicitly=True
        )
        name, variables = jobs["job"].astext, jobs["variables"]
        statement = (
            select(name, variables)
            .select_from(process_scenario)
            .where(columns.process_id == process_id, name.in_(names), variables.is_not(None))
        )
        newest = statement.ext(distinct_on(name)).order_by(name, columns.saved_at.desc(), columns.id)
        return {row[0]: row[1] for row in self._connection.execute(newest)}

    def examples(self, decision_id: str) -> DecisionExamples | None:
        """Return the examples that are kept of a decision."""
        statement = select(decision_examples).where(decision_examples.c.decision_id == decision_id)
        row = self._connection.execute(statement).mappings().first()
        if row is None:
            return None
        return DecisionExamples(
            decision_id=row["decision_id"],
            rows=tuple(Example.from_json(one) for one in row["rows"]),
            version=row["version"],
            saved_at=row["saved_at"],
            saved_by=row["saved_by"],
        )

    def keep_examples(self, kept: DecisionExamples, *, over: int) -> bool:
        """Write the examples of a decision, unless others than this version are kept."""
        row = {
            "decision_id": kept.decision_id,
            "rows": [one.to_json() for one in kept.rows],
            "version": kept.version,
            "saved_at": kept.saved_at,
            "saved_by": kept.saved_by,
        }
        columns = decision_examples.c
        first = upsert(decision_examples).values(row).on_conflict_do_nothing().returning(columns.decision_id)
        is_it = (columns.decision_id == kept.decision_id) & (columns.version == over)
        later = update(decision_examples).where(is_it).values(row).returning(columns.decision_id)
        return self._connection.execute(later if over else first).first() is not None

    def _delete(self, condition: ColumnElement[bool]) -> int:
        """Forget plays, in one order for everybody, but those that are being changed."""
        found = select(play.c.id).where(condition).order_by(play.c.id).with_for_update(skip_locked=True)
        ids = self._connection.execute(found).scalars().all()
        self._connection.execute(delete(play).where(play.c.id.in_(ids)))
        return len(ids)

    def _scenario(self, statement: Select[Any]) -> ProcessScenario | None:
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else _scenario(row)

    def _play(self, statement: Select[Any]) -> Play | None:
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else _play(row)


class SqlPlayQueries:
    """Questions about plays and scenarios."""

    def __init__(self, database: Database) -> None:
        self._database = for_reading(database)

    def plays_of(self, login: str, /) -> Sequence[PlayLine]:
        """Return the plays of a person."""
        columns = play.c
        statement = select(
            columns.id,
            columns.setting["process"].astext.label("process_id"),
            columns.draft_id,
            columns.definition_id,
            func.jsonb_array_length(columns.steps).label("steps"),
            columns.created_at,
            columns.touched_at,
        ).where(columns.created_by == login)
        with self._database.connect() as connection:
            rows = connection.execute(statement.order_by(columns.touched_at.desc(), columns.id)).mappings()
            return [PlayLine(**row) for row in rows]

    def scenario_counts(self) -> dict[str, int]:
        """Return how many scenarios each process has."""
        columns = process_scenario.c
        statement = select(columns.process_id, func.count()).group_by(columns.process_id)
        with self._database.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(statement)}


def _play_row(one: Play) -> dict[str, Any]:
    return {
        "id": one.id,
        "draft_id": one.source.draft_id,
        "definition_id": one.source.definition_id,
        "setting": one.setting.to_json(),
        "steps": [step.to_json() for step in one.steps],
        "created_at": one.created_at,
        "created_by": one.created_by,
        "touched_at": one.touched_at,
    }


def _play(row: Row) -> Play:
    return Play(
        id=row["id"],
        source=PlaySource(draft_id=row["draft_id"], definition_id=row["definition_id"]),
        setting=PlaySetting.from_json(row["setting"]),
        steps=tuple(PlayStep.from_json(one) for one in row["steps"]),
        created_at=row["created_at"],
        created_by=row["created_by"],
        touched_at=row["touched_at"],
    )


def _scenario_row(one: ProcessScenario) -> dict[str, Any]:
    return {
        "id": one.id,
        "process_id": one.process_id,
        "name": one.name,
        "name_en": one.name_en,
        "setting": one.setting.to_json(),
        "steps": [step.to_json() for step in one.steps],
        "expected": one.expected,
        "version": one.version,
        "saved_at": one.saved_at,
        "saved_by": one.saved_by,
    }


def _scenario(row: Row) -> ProcessScenario:
    return ProcessScenario(
        id=row["id"],
        process_id=row["process_id"],
        name=row["name"],
        name_en=row["name_en"],
        setting=PlaySetting.from_json(row["setting"]),
        steps=tuple(PlayStep.from_json(one) for one in row["steps"]),
        expected=row["expected"],
        version=row["version"],
        saved_at=row["saved_at"],
        saved_by=row["saved_by"],
    )
