"""Who sees a case: one rule for lists, counts and single reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Uuid, and_, any_, cast, false, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from engine.model import Actor, Membership, TaskState
from engine.stand_ins import StandIn
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
    own = (_through(membership, actor) for membership in actor.memberships)
    through = or_(false(), *own, *(_through_task_of(one) for one in actor.stands_in_for))
    return and_(through, case_file.c.id.not_in(cases_of_kin(actor.id)))


def is_seen_whole(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that this actor sees the case with everything in it, not for a purpose alone."""
    region, others = case_file.c.region, actor.stands_in_for
    through_others = (and_(_through_task_of(one), in_whole_region(region, one.person)) for one in others)
    return and_(is_visible(actor), or_(in_whole_region(region, actor), *through_others))


def seen_as(connection: Connection, number: str, actor: Actor) -> Actor:
    """Return as whom an actor sees a case: with the posts of absent people too for whose open task it is."""
    posts = [*actor.memberships]
    for one in actor.stands_in_for:
        query = select(case_file.c.id).where(case_file.c.number == number, _through_task_of(one))
        posts += one.person.memberships if connection.execute(query).first() else ()
    return replace(actor, memberships=tuple(posts)) if actor.stands_in_for else actor


def reader_of(connection: Connection, is_meant: ColumnElement[bool], actor: Actor) -> Actor:
    """Return as whom an actor sees the case that is meant, by a condition on `case_file`."""
    if not actor.stands_in_for:
        return actor
    number = connection.execute(select(case_file.c.number).where(is_meant)).scalar()
    return actor if number is None else seen_as(connection, number, actor)


def in_whole_region(region: ColumnElement[str], actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a region is one whose cases the actor sees with everything in them."""
    if actor.system:
        return true()
    posts = (one for one in actor.memberships if sees_whole_region(one))
    return or_(false(), *(region.startswith(one.region, autoescape=True) for one in posts))


def who_sees(case_id: UUID, region: str) -> ColumnElement[bool]:
    """Return the condition on `account` that this person may see a case: the rule above, asked the other way round.

    It is for choosing from: substitutes of other units are not among them, though they may be named.
    """
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


def _through_task_of(one: StandIn) -> ColumnElement[bool]:
    """A substitute sees the cases of the tasks it may do for the absent person, as this person sees them."""
    person = one.person
    offered = (
        and_(is_offered_to([post.group]), user_task.c.region.startswith(post.region, autoescape=True))
        for post in person.memberships
    )
    by_name = user_task.c.candidate_users.contains([person.id])
    theirs = or_(user_task.c.assignee == person.id, and_(user_task.c.assignee.is_(None), or_(by_name, *offered)))
    kinds = true() if one.definition_ids is None else user_task.c.definition_id == any_(_ids(one.definition_ids))
    numbers = select(user_task.c.business_key).where(IS_OPEN, theirs, kinds)
    return and_(case_file.c.number.in_(numbers), case_file.c.id.not_in(cases_of_kin(person.id)))


def _ids(values: Sequence[UUID]) -> ColumnElement[Sequence[UUID]]:
    """Return ids as one value, so that a question is compiled once however many there are."""
    return cast(list(values), ARRAY(Uuid))


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
