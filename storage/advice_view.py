"""What may be asked of questions to other units, over connections of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, ScalarSelect, Select, and_, false, func, or_, select
from sqlalchemy import Engine as Database

from engine.model import Actor
from storage.advice import to_advice
from storage.case_visibility import in_whole_region, is_visible, reader_of
from storage.database import for_reading
from storage.encryption import KeyRing
from storage.tables.advice import advice, advice_evidence, task_hold
from storage.tables.casework import case_file
from storage.tables.engine import user_task
from storage.tables.organisation import account
from storage.work_lists import IS_OPEN
from workflows.casework.advice.errors import AdviceNotFound
from workflows.casework.advice.queries import AdviceLine
from workflows.casework.holds.model import HoldEvent


class SqlAdviceQueries:
    """Questions about questions."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = for_reading(database)
        self._keys = keys

    def of_case(self, case_id: UUID, actor: Actor, /) -> Sequence[AdviceLine]:
        """Return the questions about a case in sight."""
        return self._lines(actor, advice.c.case_id == case_id)

    def of_task(self, task_id: UUID, actor: Actor, /) -> Sequence[AdviceLine]:
        """Return the questions of a task in sight."""
        return self._lines(actor, advice.c.task_id == task_id)

    def awaited(self, task_id: UUID, /) -> HoldEvent | None:
        """Return what a task on hold waits for beside its day."""
        still = and_(user_task.c.id == task_hold.c.task_id, user_task.c.follow_up_at == task_hold.c.until)
        statement = select(task_hold.c.event).join(user_task, still).where(task_hold.c.task_id == task_id)
        with self._database.connect() as connection:
            found = connection.execute(statement).scalar()
        return None if found is None else HoldEvent(found)

    def one(self, advice_id: UUID, actor: Actor, /) -> AdviceLine:
        """Return a question in sight."""
        found = self._lines(actor, advice.c.id == advice_id)
        if not found:
            raise AdviceNotFound
        return found[0]

    def _lines(self, actor: Actor, is_meant: ColumnElement[bool]) -> list[AdviceLine]:
        of_case = case_file.c.id.in_(select(advice.c.case_id).where(is_meant))
        newest = (advice.c.asked_at.desc(), advice.c.id)
        with self._database.connect() as connection:
            reader = reader_of(connection, of_case, actor)
            rows = connection.execute(_seen(actor, reader).where(is_meant).order_by(*newest)).mappings().all()
        return [
            AdviceLine(
                advice=to_advice(row, self._keys.seal(row["wrapped_key"])),
                asked_by_name=row["asked_by_name"],
                closed_by_name=row["closed_by_name"],
                open_task=row["open_task"],
                shown=row["shown"],
            )
            for row in rows
        ]


def _seen(actor: Actor, reader: Actor) -> Select[Any]:
    waits = select(user_task.c.id).where(user_task.c.process_instance_id == advice.c.process_instance_id, IS_OPEN)
    shown = select(func.count()).select_from(advice_evidence).where(advice_evidence.c.advice_id == advice.c.id)
    return (
        select(
            *advice.c,
            case_file.c.wrapped_key,
            func.coalesce(_name_of(advice.c.asked_by), advice.c.asked_by).label("asked_by_name"),
            func.coalesce(_name_of(advice.c.closed_by), advice.c.closed_by).label("closed_by_name"),
            waits.limit(1).scalar_subquery().label("open_task"),
            shown.scalar_subquery().label("shown"),
        )
        .join(case_file, case_file.c.id == advice.c.case_id)
        .where(case_file.c.wrapped_key.is_not(None), is_visible(actor), _is_for(reader))
    )


def _is_for(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a question is for this actor: of a case seen whole, or asked by or of the own unit."""
    own = (
        and_(
            or_(advice.c.unit_kind == post.unit_kind, advice.c.asking_unit == post.unit_kind),
            advice.c.region.startswith(post.region, autoescape=True),
        )
        for post in actor.memberships
    )
    return or_(in_whole_region(case_file.c.region, actor), false(), *own)


def _name_of(login: Column[Any]) -> ScalarSelect[Any]:
    return select(account.c.name).where(account.c.login == login).scalar_subquery()
