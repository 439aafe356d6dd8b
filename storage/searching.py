"""Searches of the engine's lists on PostgreSQL: conditions become SQL over the fields of a subject."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Select, and_, false, func, literal, not_, or_, select, true, tuple_
from sqlalchemy import Engine as Database

from engine.searching import (
    MOST_FOUND,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Found,
    Not,
    Order,
    Scalar,
    Search,
    Within,
)
from storage.database import for_reading
from storage.definitions import SqlDefinitions
from storage.search_subjects import SUBJECTS, Columns, SearchedRows

_LAST = {
    datetime: literal(datetime(9999, 1, 1, tzinfo=UTC)),
    str: literal(""),
    int: literal(-1),
    bool: literal(False),
}
"""Where rows without a value stand in an order: what has not ended, or is not due, is last."""


class SqlSearchQueries:
    """The searches. `region` is what the whole installation is responsible for."""

    def __init__(self, database: Database, *, region: str) -> None:
        self._database = for_reading(database)
        self._region = region

    def search(self, wanted: Search, /) -> Found:
        """Return a page of what is wanted.

        Raises:
            ValueError: a field is none of the subject's, or a place is not of this order.
        """
        subject = SUBJECTS[wanted.subject]
        condition = and_(subject.sight(wanted.actor, self._region), _sql(wanted.where, subject))
        order = _whole_order(wanted.order, subject)
        sorting = [_sortable(_field(subject.fields, one.field)) for one in order]
        columns = [column.label(name) for name, column in subject.fields.items()]
        places = [column.label(f"place_{number}") for number, column in enumerate(sorting)]
        query = _page(select(*columns, *places).select_from(subject.rows).where(condition), wanted, order, sorting)
        counted = select(literal(1)).select_from(subject.rows).where(condition).limit(MOST_FOUND + 1)
        counting = select(func.count()).select_from(counted.subquery())
        values = dict(subject.values(wanted.actor))
        with self._database.connect() as connection:
            rows = connection.execute(query.params(**values)).mappings().all()
            total = connection.execute(counting.params(**values)).scalar_one() if wanted.counted else len(rows)
        found = list(reversed(rows)) if wanted.backwards else list(rows)
        return Found(
            rows=[{name: row[name] for name in subject.fields} for row in found],
            places=[tuple(row[one.name] for one in places) for row in found],
            total=total,
        )

    def resource(self, definition_id: UUID, /) -> bytes:
        """Return the file a definition was deployed in."""
        with self._database.connect() as connection:
            return SqlDefinitions(connection).content(definition_id)


def _field(fields: Columns, name: str) -> ColumnElement[Any]:
    if name not in fields:
        raise ValueError(f"there is no field {name!r}")
    return fields[name]


def _sql(condition: Condition, subject: SearchedRows) -> ColumnElement[bool]:
    if isinstance(condition, AllOf):
        return and_(true(), *(_sql(one, subject) for one in condition.conditions))
    if isinstance(condition, AnyOf):
        return or_(false(), *(_sql(one, subject) for one in condition.conditions))
    if isinstance(condition, Not):
        return not_(func.coalesce(_sql(condition.condition, subject), false()))
    if isinstance(condition, Within):
        return _field(subject.fields, condition.field).between(condition.ids.first, condition.ids.last)
    if condition.comparison == "equals" and condition.field in subject.by_index:
        return subject.by_index[condition.field](condition.value)
    return _compared(_field(subject.fields, condition.field), condition)


def _compared(column: ColumnElement[Any], wanted: Compare) -> ColumnElement[bool]:
    value = wanted.value
    if wanted.comparison == "is-given" and _is_list(column):
        return func.cardinality(column) > 0 if value else func.cardinality(column) == 0
    if wanted.comparison == "is-given":
        return column.is_not(None) if value else column.is_(None)
    if wanted.comparison == "like":
        return column.like(_pattern(str(value)), escape="\\")
    if _is_list(column):
        return column.contains([value])
    if isinstance(value, bool):  # by itself: PostgreSQL reads `EXISTS (…) = true` row by row
        return column if value else not_(column)
    compare = {
        "equals": column.__eq__,
        "above": column.__gt__,
        "from": column.__ge__,
        "below": column.__lt__,
        "until": column.__le__,
    }
    return compare[wanted.comparison](value)


def _is_list(column: ColumnElement[Any]) -> bool:
    return column.type.python_type is list


def _pattern(text: str) -> str:
    """Write * and ? as LIKE does; what is escaped stands for itself, as does every other sign."""
    signs, pattern = iter(text), []
    for sign in signs:
        if sign == "\\":
            pattern.append(_itself(next(signs, "\\")))
        else:
            pattern.append({"*": "%", "?": "_"}.get(sign) or _itself(sign))
    return "".join(pattern)


def _itself(sign: str) -> str:
    return f"\\{sign}" if sign in "%_\\" else sign


def _whole_order(order: Sequence[Order], subject: SearchedRows) -> list[Order]:
    """Add what tells rows apart, so that a page begins where the one before it ended."""
    named = {one.field for one in order}
    last = order[-1].descending if order else False
    return [*order, *(Order(name, last) for name in subject.identity if name not in named)]


def _sortable(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return what a list is sorted by: a column that always has a value by itself, as indexes hold it."""
    if isinstance(column, Column) and not column.nullable:
        return column
    last = _LAST.get(column.type.python_type)
    return column if last is None else func.coalesce(column, last)


def _page(
    query: Select[Any], wanted: Search, order: Sequence[Order], sorting: Sequence[ColumnElement[Any]]
) -> Select[Any]:
    turned = [one.descending != wanted.backwards for one in order]
    if wanted.beyond is not None:
        kinds = [column.type.python_type for column in sorting]
        if [type(value) for value in wanted.beyond] != kinds:
            raise ValueError("the place is of another order")
        query = query.where(_beyond(sorting, turned, wanted.beyond))
    ordered = (column.desc() if down else column.asc() for column, down in zip(sorting, turned, strict=True))
    return query.order_by(*ordered).offset(wanted.offset).limit(wanted.limit)


def _beyond(
    sorting: Sequence[ColumnElement[Any]], turned: Sequence[bool], place: Sequence[Scalar]
) -> ColumnElement[bool]:
    """Return the condition that a row comes after a place: the first value that differs decides.

    Where all values go one way they are compared as one, which an index over them begins at.
    """
    values = [literal(value, column.type) for column, value in zip(sorting, place, strict=True)]
    if len(set(turned)) == 1:
        row, place_of_row = tuple_(*sorting), tuple_(*values)
        return row < place_of_row if turned[0] else row > place_of_row
    cases = []
    for number, (column, down) in enumerate(zip(sorting, turned, strict=True)):
        same = [before == value for before, value in zip(sorting[:number], values[:number], strict=True)]
        cases.append(and_(*same, column < values[number] if down else column > values[number]))
    return or_(*cases)
