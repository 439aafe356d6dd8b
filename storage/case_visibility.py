"""Who sees a case: one rule for lists, counts and single reads."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, literal, or_, select, true

from engine.model import Actor, Membership, TaskState
from storage.kin import cases_of_kin
from storage.tables.casework import case_file, referral
from storage.tables.engine import user_task
from storage.tables.organisation import account, post, unit
from storage.tables.procedure import kin_entry
from storage.work_lists import IS_OPEN, is_offered_to
from workflows.casework.county import UNITS
from workflows.casework.sight import WHOLE_REGION_KINDS, sees_whole_region, unit_groups

_EVERY_GROUP = sorted({group for one in UNITS for group in unit_groups(one.kind)})


def is_visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `case_file` that this actor may see the case."""
    if actor.system:
        return true()
    through = or_(false(), *(_through(membership, actor) for membership in actor.memberships))
    return and_(through, case_file.c.id.not_in(cases_of_kin(actor.id)))


def is_seen_whole(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that this actor sees the case with everything in it, not for a purpose alone."""
    return and_(is_visible(actor), in_whole_region(case_file.c.region, actor))


def in_whole_region(region: ColumnElement[str], actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a region is one whose cases the actor sees with everything in them."""
    if actor.system:
        return true()
    posts = (one for one in actor.memberships if sees_whole_region(one))
    return or_(false(), *(region.startswith(one.region, autoescape=True) for one in posts))


def who_sees(case_id: UUID, region: str) -> ColumnElement[bool]:
    """Return the condition on `account` that this person may see a case: the rule above, asked the other way round."""
    of_region = literal(region).startswith(unit.c.region)
    number = select(case_file.c.number).where(case_file.c.id == case_id).scalar_subquery()
    task = user_task.alias("task_of_case")
    of_case = task.c.business_key == number
    referred = select(referral.c.unit_kind).where(referral.c.case_id == case_id, referral.c.sent_at.is_not(None))
    offered = func.unnest(task.c.candidate_groups).table_valued("group").render_derived(name="offered")
    groups = (
        select(func.split_part(offered.c.group, "/", 1))
        .select_from(task.join(offered, true()))
        .where(of_case, task.c.state == TaskState.OPEN, offered.c.group.in_(_EVERY_GROUP))
    )
    did = select(task.c.completed_by).where(of_case, task.c.completed_by.is_not(None))
    through = or_(
        unit.c.kind.in_(sorted(WHOLE_REGION_KINDS)),
        unit.c.kind.in_(referred),
        unit.c.kind.in_(groups),
        post.c.login.in_(did),
    )
    holders = select(post.c.login).join(unit, unit.c.id == post.c.unit_id).where(of_region, through)
    kin = select(kin_entry.c.login).where(kin_entry.c.case_id == case_id, kin_entry.c.login.is_not(None))
    return and_(account.c.login.in_(holders), account.c.login.not_in(kin))


def _through(membership: Membership, actor: Actor) -> ColumnElement[bool]:
    of_region = case_file.c.region.startswith(membership.region, autoescape=True)
    if sees_whole_region(membership):
        return of_region
    return and_(of_region, or_(_was_referred_to(membership.unit_kind), _has_a_task(membership.unit_kind, actor)))


def _was_referred_to(kind: str) -> ColumnElement[bool]:
    sent = select(referral.c.case_id).where(referral.c.unit_kind == kind, referral.c.sent_at.is_not(None))
    return case_file.c.id.in_(sent)


def _has_a_task(kind: str, actor: Actor) -> ColumnElement[bool]:
    """The unit has an open user task in the case, or the actor completed one of it."""
    offered = and_(
        IS_OPEN,
        is_offered_to(unit_groups(kind)),
    )
    finished = user_task.c.completed_by == actor.id
    return or_(
        case_file.c.number.in_(select(user_task.c.business_key).where(offered)),
        case_file.c.number.in_(select(user_task.c.business_key).where(finished)),
    )
