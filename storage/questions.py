"""Questions outside a transaction's changes: compiled once, all answered from one committed state, in one turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from sqlalchemy import Engine as Database
from sqlalchemy import Select

from storage.pipeline import Parameters, Pipeline, Row, Statement

PLAN_AS_USUAL = Statement(b"SET LOCAL plan_cache_mode TO DEFAULT", ())
PLAN_ANEW = Statement(b"SET LOCAL plan_cache_mode TO force_custom_plan", ())
"""Lets PostgreSQL look at the values: how many tasks somebody holds or has done, how large a region is."""
PLAN_ONCE = Statement(
    b"SELECT set_config('plan_cache_mode', 'force_generic_plan', true),"
    b" set_config('max_parallel_workers_per_gather', '0', true), set_config('work_mem', '256MB', true)",
    (),
)
"""Spares planning where one plan serves all values: it can take longer than the answer.

Such a plan does not know how few rows there will be. So it may neither start helpers for them, nor give up a table in
memory because there could be too many; it takes the memory it needs, not what it may.
"""


@dataclass(frozen=True, slots=True)
class Question:
    """A compiled statement with some of its values; the others are given when it is asked."""

    statement: Statement
    values: Parameters
    columns: tuple[str, ...]
    planning: Statement = PLAN_AS_USUAL

    @classmethod
    def of(cls, statement: Select[Any], *, planning: Statement = PLAN_AS_USUAL) -> Self:
        """Compile a statement of SQLAlchemy with the values that stand in it; every column needs a name."""
        compiled, values = Statement.compiled(statement)
        columns = tuple(column.name for column in statement.selected_columns)
        return cls(compiled, values, columns, planning)

    def given(self, **values: Any) -> Self:
        """Return the question with more of its values."""
        return replace(self, values={**self.values, **values})

    def named(self, rows: list[Row]) -> list[Mapping[str, Any]]:
        """Return the rows of the answer by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in rows]


def ask(database: Database, *questions: Question) -> list[list[Mapping[str, Any]]]:
    """Return the rows that answer each question."""
    asked = list(_in_their_planning(questions))
    with database.connect() as connection:
        pipeline = Pipeline(connection)
        try:
            answers = pipeline.ask(*((statement, values) for statement, values, _ in asked))
        finally:
            pipeline.close()
    return [one.named(rows) for (_, _, one), rows in zip(asked, answers, strict=True) if one is not None]


def _in_their_planning(questions: Sequence[Question]) -> Iterator[tuple[Statement, Parameters, Question | None]]:
    """Go through what is sent: each question, after the way it is planned where that changes."""
    planning = PLAN_AS_USUAL
    for one in questions:
        if one.planning is not planning:
            planning = one.planning
            yield planning, {}, None
        yield one.statement, one.values, one
