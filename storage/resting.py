"""Which open user tasks rest: their clock is paused, or somebody put them off to a later day."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    and_,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
)

from storage.tables.casework import case_file, referral
from storage.tables.engine import activity_instance, definition, user_task
from storage.tables.procedure import clock_pause
from workflows.casework.county import TOWNSHIP
from workflows.casework.elements import CLOCK, OWN_CLOCK

_CLOCK: ColumnElement[str] = literal_column(f"'{CLOCK}'")
_OWN: ColumnElement[str] = literal_column(f"'{OWN_CLOCK}'")
_OPEN: ColumnElement[str] = literal_column("'open'")
_SLASH: ColumnElement[str] = literal_column("'/'")
_FIRST: ColumnElement[int] = literal_column("1")
_WINDOW: ColumnElement[str] = literal_column(f"'{TOWNSHIP}'")


def rests(moment: BindParameter[datetime]) -> ColumnElement[bool]:
    """Return the condition that an open task of the outer query rests at a moment."""
    return or_(user_task.c.follow_up_at > moment, user_task.c.id.in_(_tasks_of_paused_clocks()))


def processes_around(task: FromClause, which: ColumnElement[bool]) -> Select[Any]:
    """Return the question for the processes that tasks lie in: a row for its own, and for each that called it."""
    inner, outer = activity_instance.alias("inner"), activity_instance.alias("outer")
    at_task = and_(inner.c.process_instance_id == task.c.process_instance_id, inner.c.key == task.c.key)
    shown = (inner.c.process_instance_id, inner.c.scope_key, inner.c.definition_id)
    chain = select(task.c.id, *shown).join_from(task, inner, at_task).where(which).cte("chain", recursive=True)
    around = select(chain.c.id, outer.c.process_instance_id, outer.c.scope_key, outer.c.definition_id).where(
        outer.c.process_instance_id == chain.c.process_instance_id, outer.c.key == chain.c.scope_key
    )
    chain = chain.union_all(around)
    return select(chain.c.id, definition.c.key).join(definition, definition.c.id == chain.c.definition_id)


def _tasks_of_paused_clocks() -> Select[tuple[UUID]]:
    """Return the open tasks of cases whose clock stands still, and those about a referral whose clock does.

    What is about a referral is the rule of `workflows.casework.procedure.clock`. What was given a due time of its own
    during the pause does not rest: somebody must answer before the clock goes on.
    """
    task = user_task.alias("paused_task")
    stands_still = clock_pause.c.resumed_on.is_(None)
    is_owed = and_(task.c.due_at.is_not(None), task.c.due_at >= clock_pause.c.paused_at)
    kind = func.split_part(task.c.candidate_groups[_FIRST], _SLASH, _FIRST)
    unnamed = and_(task.c.subject.is_(None), kind == referral.c.unit_kind, referral.c.unit_kind != _WINDOW)
    goes_on = func.jsonb_extract_path_text(task.c.properties, _CLOCK).is_not_distinct_from(_OWN)
    is_about = or_(task.c.subject == referral.c.number, and_(unnamed, _lies_in(task)))
    return (
        select(task.c.id)
        .select_from(clock_pause)
        .join(case_file, case_file.c.id == clock_pause.c.case_id)
        .join(task, and_(task.c.business_key == case_file.c.number, task.c.state == _OPEN))
        .outerjoin(referral, referral.c.id == clock_pause.c.referral_id)
        .where(stands_still, not_(is_owed), not_(goes_on), or_(clock_pause.c.referral_id.is_(None), is_about))
    )


def _lies_in(task: FromClause) -> ColumnElement[bool]:
    """Return the condition that a task lies in the process of the referral of the outer query."""
    of_referrals = user_task.alias("task_of_referral")
    numbers = (
        select(case_file.c.number)
        .join_from(clock_pause, case_file, case_file.c.id == clock_pause.c.case_id)
        .where(clock_pause.c.resumed_on.is_(None), clock_pause.c.referral_id.is_not(None))
    )
    which = and_(
        of_referrals.c.business_key.in_(numbers), of_referrals.c.state == _OPEN, of_referrals.c.subject.is_(None)
    )
    around = processes_around(of_referrals, which).cte("around_of_paused")
    return exists().where(around.c.id == task.c.id, around.c.key == referral.c.process_id)
