"""Questions outside a transaction's changes: compiled once, all answered from one committed state, in one turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Engine as Database
from sqlalchemy import Select

from storage.pipeline import Parameters, Pipeline, Row, Statement

PLAN_ANEW = Statement(b"SET LOCAL plan_cache_mode TO force_custom_plan", ())
"""Lets PostgreSQL look at the values: how many tasks a unit has, and which part of an index a region is."""


@dataclass(frozen=True, slots=True)
class Question:
    """A compiled statement with some of its values; the others are given when it is asked."""

    statement: Statement
    values: Parameters
    columns: tuple[str, ...]

    @classmethod
    def of(cls, statement: Select[Any]) -> Self:
        """Compile a statement of SQLAlchemy with the values that stand in it; every column needs a name."""
        compiled, values = Statement.compiled(statement)
        columns = tuple(column.name for column in statement.selected_columns)
        return cls(compiled, values, columns)

    def given(self, **values: Any) -> Self:
        """Return the question with more of its values."""
        return type(self)(self.statement, {**self.values, **values}, self.columns)

    def named(self, rows: list[Row]) -> list[Mapping[str, Any]]:
        """Return the rows of the answer by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in rows]


def ask(database: Database, *questions: Question, plan_anew: bool = False) -> list[list[Mapping[str, Any]]]:
    """Return the rows that answer each question; `plan_anew` where the best plan depends on the values."""
    before: list[tuple[Statement, Parameters]] = [(PLAN_ANEW, {})] if plan_anew else []
    with database.connect() as connection:
        pipeline = Pipeline(connection)
        try:
            answers = pipeline.ask(*before, *((one.statement, one.values) for one in questions))
        finally:
            pipeline.close()
    return [one.named(rows) for one, rows in zip(questions, answers[len(before) :], strict=True)]
