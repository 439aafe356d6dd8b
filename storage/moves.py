"""The rows of what goes on by another version of its diagram: elements, tasks, jobs, incidents and the instance itself.

What a person or a worker has in hand stays as it is: holder, groups, dates, priority, type, headers and retries. The
element, its name, the form and the properties are those of the new diagram. Timers and subscriptions keep their keys,
by which signals and messages on their way find them, their due dates and their places in the queue.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, and_, bindparam, func, select, update

from engine.changes import Changes, distinct_from, english_name
from engine.core.deadlocks import KIND as DEADLOCK
from engine.core.model import Moved, SubscriptionMoved
from engine.json_values import JsonObject
from engine.model import TaskState
from storage.tables import engine as tables


def write_moves(connection: Connection, changes: Changes) -> None:
    """Let the rows of everything that moved follow."""
    if not changes.moved:
        return
    owner = changes.process_instance_id
    if changes.subscriptions_moved:
        _follow_events(connection, owner, changes.subscriptions_moved)
    rows = [_place(owner, moved) for moved in changes.moved]
    _follow(connection, tables.activity_instance, rows, "name")
    of_listeners = [
        {**row, "of_key": moved.job} for row, moved in zip(rows, changes.moved, strict=True) if moved.job is not None
    ]
    _follow(connection, tables.job, rows + of_listeners)
    of_element = and_(tables.incident.c.resolved_at.is_(None), tables.incident.c.kind != DEADLOCK)
    _follow(connection, tables.incident, rows, only=of_element)
    _follow_tasks(connection, owner, changes.moved)
    for moved in changes.moved:
        if moved.scope == 0:
            _follow_root(connection, owner, UUID(moved.definition))


def _place(owner: UUID, moved: Moved) -> dict[str, Any]:
    return {
        "of_instance": owner,
        "of_key": moved.key,
        "definition_id": UUID(moved.definition),
        "element_id": moved.element,
        "name": moved.name,
    }


def _follow(connection: Connection, table: Any, rows: list[dict[str, Any]], *also: str, only: Any = None) -> None:
    columns = ("definition_id", "element_id", *also)
    statement = update(table).where(
        table.c.process_instance_id == bindparam("of_instance"), table.c.key == bindparam("of_key")
    )
    if only is not None:
        statement = statement.where(only)
    values = [{name: row[name] for name in ("of_instance", "of_key", *columns)} for row in rows]
    connection.execute(statement.values({name: bindparam(name) for name in columns}), values)


def _follow_events(connection: Connection, owner: UUID, moves: list[SubscriptionMoved]) -> None:
    """Write at which event each subscription waits now, and an incident of a timer that could not fire there."""
    rows = [
        {
            "of_instance": owner,
            "of_key": moved.subscription.key,
            "element": moved.subscription.element,
            "definition": UUID(moved.definition),
        }
        for moved in moves
    ]
    waiting, timer, incident = tables.event_subscription, tables.timer, tables.incident
    there: dict[str, Any] = {"element_id": bindparam("element"), "definition_id": bindparam("definition")}
    _follow_by(connection, waiting.c.subscription_key, rows, there)
    _follow_by(connection, timer.c.subscription_key, rows, {"element_id": bindparam("element")})
    _follow_by(connection, incident.c.key, rows, there, incident.c.resolved_at.is_(None))


def _follow_by(
    connection: Connection,
    key: Column[Any],
    rows: list[dict[str, Any]],
    there: dict[str, Any],
    *only: ColumnElement[bool],
) -> None:
    of_instance = key.table.c.process_instance_id == bindparam("of_instance")
    connection.execute(update(key.table).where(of_instance, key == bindparam("of_key"), *only).values(there), rows)


def _follow_tasks(connection: Connection, owner: UUID, moves: list[Moved]) -> None:
    """Write the tasks; their next version tells whoever has one open that its form may be another."""
    table = tables.user_task
    for moved in moves:
        connection.execute(
            update(table)
            .where(
                table.c.process_instance_id == owner,
                table.c.key == moved.key,
                table.c.state == TaskState.OPEN,
            )
            .values(
                definition_id=UUID(moved.definition),
                element_id=moved.element,
                name=moved.name,
                name_en=english_name(moved),
                form_id=moved.form_id,
                form_definition_id=None if moved.form_definition is None else UUID(moved.form_definition),
                properties=dict(moved.properties),
                headers=dict(moved.headers),
                distinct_from=list(distinct_from(moved)),
                version=table.c.version + 1,
            )
        )


def count_as(
    connection: Connection, owner: UUID, *, source: UUID, target: UUID, mapping: Mapping[str, str]
) -> JsonObject:
    """Let finished tasks of the source count as elements of the target, for four eyes; return how they counted before.

    What they were stays in their row and in the history.
    """
    table = tables.user_task
    counts_in = func.coalesce(table.c.counts_in, table.c.definition_id)
    finished = (table.c.process_instance_id == owner, table.c.state == TaskState.COMPLETED, counts_in == source)
    rows = connection.execute(
        select(table.c.key, table.c.element_id, table.c.counts_as, table.c.counts_in).where(*finished)
    )
    before: JsonObject = {}
    for row in rows.all():
        before[str(row.key)] = None if row.counts_in is None else {"in": str(row.counts_in), "as": row.counts_as}
        was = row.element_id if row.counts_as is None else row.counts_as
        _count(connection, owner, row.key, counts_as=mapping.get(was, was), counts_in=target)
    return before


def count_again(connection: Connection, owner: UUID, before: JsonObject) -> None:
    """Let finished tasks count as they did before a migration."""
    for key, counted in before.items():
        if isinstance(counted, dict):
            _count(connection, owner, int(key), counts_as=str(counted["as"]), counts_in=UUID(str(counted["in"])))
        else:
            _count(connection, owner, int(key), counts_as=None, counts_in=None)


def _count(connection: Connection, owner: UUID, key: int, *, counts_as: str | None, counts_in: UUID | None) -> None:
    table = tables.user_task
    this = (table.c.process_instance_id == owner, table.c.key == key)
    connection.execute(update(table).where(*this).values(counts_as=counts_as, counts_in=counts_in))


def _follow_root(connection: Connection, owner: UUID, definition_id: UUID) -> None:
    table, known = tables.process_instance, tables.definition
    process_id = select(known.c.key).where(known.c.id == definition_id).scalar_subquery()
    connection.execute(
        update(table).where(table.c.id == owner).values(definition_id=definition_id, process_id=process_id)
    )
