"""Which stored row belongs to a submitted one: read-only cells must not wander when rows are added or removed."""

from __future__ import annotations

from collections.abc import Mapping

from engine.forms.model import Condition, DynamicList, fields_of
from engine.forms.values import ABSENT, Absent, identity_of, is_empty
from engine.json_values import JsonValue

Row = Mapping[str, JsonValue]


def stored_rows_for(component: DynamicList, rows: list[JsonValue], stored: list[JsonValue]) -> list[Row | None]:
    """Return the stored row of each submitted row; None for a row that is new or not known again.

    Fixed rows keep their order. Where rows can be added and removed, a row is known again by its read-only cells; when
    it brings none, by its position, while as many rows are submitted as are stored, and otherwise by the cells a
    condition may lock.
    """
    known = [row if isinstance(row, Mapping) else {} for row in stored]
    if component.rows_are_fixed:
        return [known[index] if index < len(known) else None for index in range(len(rows))]
    fields = list(fields_of(component.components))
    locked = [path for path, field in fields if field.readonly is True or field.disabled]
    lockable = [path for path, field in fields if isinstance(field.readonly, Condition)]
    unused = list(known)
    matched: list[Row | None] = []
    for index, row in enumerate(rows):
        cells = _cells(row, locked)
        if not cells and len(rows) == len(known):
            matched.append(known[index])
            continue
        cells = cells or _cells(row, lockable)
        matched.append(_take(unused, cells) if cells else None)
    return matched


Cells = list[tuple[tuple[str, ...], JsonValue]]


def _cells(row: JsonValue, locked: list[tuple[str, ...]]) -> Cells:
    if not isinstance(row, Mapping):
        return []
    found = ((path, _at(row, path)) for path in locked)
    return [(path, value) for path, value in found if not isinstance(value, Absent)]


def _take(unused: list[Row], cells: Cells) -> Row | None:
    for position, row in enumerate(unused):
        if all(_same(_at(row, path), value) for path, value in cells):
            return unused.pop(position)
    return None


def _same(stored: JsonValue | Absent, submitted: JsonValue) -> bool:
    if isinstance(stored, Absent) or is_empty(stored):
        return is_empty(submitted)
    return identity_of(stored) == identity_of(submitted)


def _at(row: Row, path: tuple[str, ...]) -> JsonValue | Absent:
    value: JsonValue | Absent = row
    for name in path:
        if not isinstance(value, Mapping) or name not in value:
            return ABSENT
        value = value[name]
    return value
