"""The clocks of referrals as conditions on the `referral` table of a query."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select

from storage.tables.casework import case_file, referral
from storage.tables.engine import user_task
from storage.tables.procedure import clock_pause
from workflows.casework.elements import ACKNOWLEDGE_PREFIX
from workflows.casework.records import ReferralState

OPEN_STATES = (ReferralState.SENT, ReferralState.ACKNOWLEDGED, ReferralState.IN_WORK)


def acknowledged_at() -> ColumnElement[datetime]:
    """Return when the unit took the referral of the outer query on: its acknowledging user task was completed."""
    of_case = case_file.alias("acknowledged_case")
    number = select(of_case.c.number).where(of_case.c.id == referral.c.case_id).correlate(referral).scalar_subquery()
    statement = (
        select(func.min(user_task.c.completed_at))
        .where(
            user_task.c.business_key == number,
            user_task.c.element_id.startswith(ACKNOWLEDGE_PREFIX, autoescape=True),
            user_task.c.state == "completed",
            user_task.c.subject == referral.c.number,
        )
        .correlate(referral)
    )
    return statement.scalar_subquery()


def is_late(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a referral is owed past one of its due times."""
    unacknowledged = and_(referral.c.acknowledge_due_at < now, acknowledged_at().is_(None))
    late = or_(func.coalesce(referral.c.result_due_at < now, False), func.coalesce(unacknowledged, False))
    return and_(referral.c.state.in_(OPEN_STATES), late, not_(_referral_stands_still()))


def stands_still(case_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that the clock of a whole case is paused."""
    return exists().where(
        clock_pause.c.case_id == case_id, clock_pause.c.referral_id.is_(None), clock_pause.c.resumed_on.is_(None)
    )


def _referral_stands_still() -> ColumnElement[bool]:
    of_it = or_(clock_pause.c.referral_id.is_(None), clock_pause.c.referral_id == referral.c.id)
    return (
        exists()
        .where(clock_pause.c.case_id == referral.c.case_id, clock_pause.c.resumed_on.is_(None), of_it)
        .correlate(referral)
    )
