"""The questions about absences answered on PostgreSQL; who sees one is one rule for lists and choices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy import Engine as Database

from engine.model import Actor, Membership
from storage.absences import is_running, to_absence
from storage.database import for_reading
from storage.encryption import KeyRing
from storage.organisation import accounts_of
from storage.rows import Row
from storage.tables.organisation import absence, account, post, unit
from workflows.casework.absences.ports import AbsenceFilter, AbsenceLine, AbsencePage, Choices
from workflows.casework.days import local_day
from workflows.casework.sight import sees_whole_region
from workflows.organisation.model import SUPERVISOR

_COLUMNS = absence.c
_PERSON, _SUBSTITUTE = account.alias("person"), account.alias("substitute_account")


class SqlAbsenceQueries:
    """Questions, each over a connection of its own."""

    def __init__(self, database: Database, keys: KeyRing, now: Callable[[], datetime]) -> None:
        self._database = for_reading(database)
        self._keys = keys
        self._now = now

    def absences(self, wanted: AbsenceFilter, /) -> AbsencePage:
        """Return a page of the absences in sight."""
        actor, today = wanted.actor, local_day(self._now())
        goes_on = and_(_COLUMNS.ended_at.is_(None), _COLUMNS.last_on >= today)
        concerned = or_(
            _COLUMNS.login == actor.id, _COLUMNS.substitute == actor.id, is_supervised(_COLUMNS.login, actor)
        )
        conditions = [concerned, goes_on] if wanted.current_only else [concerned]
        in_order = (
            goes_on.desc(),
            _COLUMNS.first_on.asc() if wanted.current_only else _COLUMNS.first_on.desc(),
            _COLUMNS.id,
        )
        statement = _lines(actor, today).where(*conditions).order_by(*in_order)
        count = select(func.count()).select_from(absence).where(*conditions)
        with self._database.connect() as connection:
            rows = connection.execute(statement.offset(wanted.offset).limit(wanted.limit)).mappings()
            lines = [self._line(row, actor, today) for row in rows]
            return AbsencePage(absences=lines, total=int(connection.execute(count).scalar_one()))

    def choices(self, actor: Actor, /) -> Choices:
        """Return who can be chosen when an absence is entered."""
        own_units = select(post.c.unit_id).where(post.c.login == actor.id)
        colleagues = select(post.c.login).where(post.c.unit_id.in_(own_units))
        supervised = is_supervised(account.c.login, actor)
        absent = select(account).where(or_(account.c.login == actor.id, supervised))
        fit = or_(account.c.login.in_(colleagues), supervised)
        with self._database.connect() as connection:
            found = accounts_of(connection, absent.order_by((account.c.login != actor.id), account.c.name))
            return Choices(
                absent=found, substitutes=accounts_of(connection, select(account).where(fit).order_by(account.c.name))
            )

    def _line(self, row: Row, actor: Actor, today: date) -> AbsenceLine:
        found = to_absence(self._keys, row)
        is_over = found.is_over(today)
        may_end = found.login == actor.id or bool(row["is_supervised"])
        return AbsenceLine(
            absence=found if may_end else replace(found, reason=""),
            name=row["name"],
            substitute_name=row["substitute_name"],
            is_running=bool(row["is_running"]),
            is_over=is_over,
            may_end=may_end and not is_over,
        )


def is_supervised(login: ColumnElement[str], actor: Actor) -> ColumnElement[bool]:
    """Return the condition that somebody has a post in a unit which an actor supervises.

    As `workflows.casework.orders.model.supervising_post` says it of one post.
    """
    if actor.system:
        return true()
    units = or_(false(), *(_of_units(one) for one in actor.memberships if one.role == SUPERVISOR))
    held = select(post.c.login).join(unit, unit.c.id == post.c.unit_id)
    return exists(held.where(post.c.login == login, units).correlate_except(post, unit))


def _of_units(supervising: Membership) -> ColumnElement[bool]:
    below = unit.c.region.startswith(supervising.region, autoescape=True)
    return below if sees_whole_region(supervising) else and_(below, unit.c.kind == supervising.unit_kind)


def _lines(actor: Actor, today: date) -> Select[Any]:
    return (
        select(
            absence,
            _PERSON.c.name,
            _SUBSTITUTE.c.name.label("substitute_name"),
            is_running(today).label("is_running"),
            is_supervised(_COLUMNS.login, actor).label("is_supervised"),
        )
        .join(_PERSON, _PERSON.c.login == _COLUMNS.login)
        .join(_SUBSTITUTE, _SUBSTITUTE.c.login == _COLUMNS.substitute)
    )
