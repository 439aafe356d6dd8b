"""What fires by itself and failed: timer start events and deliveries, with why and how often."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Subquery, Text, Uuid, cast, func, literal, null, select, union_all

from engine.operation_queries import FailedFiring, FiringName
from storage.tables.messages import delivery as deliveries
from storage.tables.messages import message as messages
from storage.tables.messages import start_subscription as starts


def failed_firings(connection: Connection, *, offset: int, limit: int) -> Sequence[FailedFiring]:
    """Return what failed, longest due first."""
    failed = _failed()
    order = (failed.c.due_at, failed.c.delivery_id, failed.c.definition_id, failed.c.element_id)
    rows = connection.execute(select(failed).order_by(*order).offset(offset).limit(limit)).mappings()
    return [_firing(row) for row in rows]


def failed_by_kind(connection: Connection) -> dict[str, int]:
    """Count what failed, by kind."""
    failed = _failed()
    query = select(failed.c.kind, func.count().label("many")).group_by(failed.c.kind)
    return {row.kind: row.many for row in connection.execute(query)}


def _failed() -> Subquery:
    of_starts = select(
        null().label("delivery_id"),
        starts.c.definition_id,
        starts.c.element_id,
        literal("timer-start").label("kind"),
        starts.c.name,
        starts.c.process_id,
        cast(null(), Uuid).label("process_instance_id"),
        starts.c.due_at,
        starts.c.claimed_until.label("tried_again_at"),
        starts.c.failures,
        func.coalesce(starts.c.last_error, "").label("reason"),
    ).where(starts.c.failures > 0)
    of_deliveries = (
        select(
            deliveries.c.id,
            cast(null(), Uuid),
            cast(null(), Text),
            func.coalesce(messages.c.kind, "message"),
            messages.c.name,
            cast(null(), Text),
            deliveries.c.process_instance_id,
            deliveries.c.due_at,
            deliveries.c.claimed_until,
            deliveries.c.failures,
            func.coalesce(deliveries.c.last_error, ""),
        )
        .outerjoin(messages, messages.c.id == deliveries.c.message_id)
        .where(deliveries.c.failures > 0)
    )
    return union_all(of_starts, of_deliveries).subquery("failed")


def _firing(row: RowMapping) -> FailedFiring:
    values: dict[str, Any] = dict(row)
    name = FiringName(
        delivery_id=values.pop("delivery_id"),
        definition_id=values.pop("definition_id"),
        element_id=values["element_id"] or "",
    )
    return FailedFiring(id=name.id, **values)
