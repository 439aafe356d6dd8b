"""Incidents: raised by runs, once an element, and what is said of one that fails again."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, case, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.model import Incident
from storage.pipeline import Statement
from storage.rows import to_value
from storage.statements import written_columns
from storage.tables.engine import incident as incidents

_ONE: ColumnElement[int] = literal_column("1")
_BY_A_WORKER: ColumnElement[bool] = literal_column("incident.kind IN ('job', 'error-not-caught')")


class SqlIncidents:
    """Incidents in PostgreSQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, incident_id: UUID) -> Incident | None:
        """Read one incident."""
        row = self._connection.execute(select(incidents).where(incidents.c.id == incident_id)).mappings().first()
        return None if row is None else to_value(Incident, row)

    def close(self, incident_id: UUID, *, at: datetime) -> None:
        """Write that an incident is over."""
        self._connection.execute(update(incidents).where(*_still_open(incident_id)).values(resolved_at=at))

    def failed_again(self, incident_id: UUID, *, at: datetime) -> None:
        """Write that a retry failed whose cause lies outside the core."""
        again = {"last_failed_at": at, "failures": incidents.c.failures + _ONE}
        self._connection.execute(update(incidents).where(*_still_open(incident_id)).values(again))


def raise_incident_into(table: Table) -> Statement:
    """Return the statement that raises an incident, or says of the one that stands there that it failed again.

    It failed again when it is of the same kind and nothing went well in between: it is open, was closed by the run that
    raises it, or was handed to a worker anew, whose work has not been done since.
    """
    names = written_columns(table)
    opened = upsert(table).inline().values({name: bindparam(name) for name in names})
    new = opened.excluded
    in_between = or_(
        table.c.resolved_at.is_(None),
        table.c.resolved_at == new.raised_at,
        _BY_A_WORKER,
    )
    is_same = and_(table.c.kind == new.kind, in_between)
    others: dict[str, Any] = {name: new[name] for name in names if name != "id"}
    others["raised_at"] = case((is_same, table.c.raised_at), else_=new.raised_at)
    others["failures"] = case((is_same, table.c.failures + _ONE), else_=new.failures)
    return Statement.of(opened.on_conflict_do_update(index_elements=["id"], set_=others))


def _still_open(incident_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return incidents.c.id == incident_id, incidents.c.resolved_at.is_(None)
