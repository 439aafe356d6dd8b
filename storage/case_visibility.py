"""Who sees a case: one rule for lists, counts and single reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.sql.visitors import iterate

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


Valued = Callable[[str, Any], ColumnElement[Any]]
"""How a value of an actor stands in a condition: as it is, or by a name under which it is given when it is asked."""


@dataclass(frozen=True, slots=True)
class SightShape:
    """How the condition of an actor's sight is built: all of one shape are asked the same question."""

    is_system: bool
    kinds: tuple[str, ...]  # of the actor's posts
    absent: tuple[tuple[int, bool], ...]  # of each absent person: posts, and whether for some processes alone

    @classmethod
    def of(cls, actor: Actor) -> SightShape:
        """Return the shape of an actor."""
        absent = ((len(one.person.memberships), one.definition_ids is not None) for one in actor.stands_in_for)
        return cls(actor.system, tuple(one.unit_kind for one in actor.memberships), tuple(absent))


def _as_it_is(_name: str, value: Any) -> ColumnElement[Any]:
    return literal(value, ARRAY(Uuid) if isinstance(value, list) else None)


def by_name(name: str, value: Any) -> ColumnElement[Any]:
    """Return a value of the one actor a question is asked for, to be given anew each time (`sight_values_of`)."""
    return bindparam(f"seer_{name}", value, type_=ARRAY(Uuid) if isinstance(value, list) else Text())


@lru_cache(maxsize=256)
def sight_values_of(actor: Actor) -> Mapping[str, Any]:
    """Return the values of an actor's sight, by the names they have in the condition of its shape."""
    found = (one for one in iterate(is_visible(actor, by_name)) if isinstance(one, BindParameter))
    return {one.key: one.value for one in found if one.key.startswith("seer_")}


def is_visible(actor: Actor, valued: Valued = _as_it_is) -> ColumnElement[bool]:
    """Return the condition on `case_file` that this actor may see the case."""
    if actor.system:
        return true()
    me = valued("self", actor.id)
    regions = (valued(f"region_{place}", escaped(one.region)) for place, one in enumerate(actor.memberships))
    own = (_through(one, me, region) for one, region in zip(actor.memberships, regions, strict=True))
    others = (_through_task_of(one, valued, f"absent_{place}") for place, one in enumerate(actor.stands_in_for))
    return and_(or_(false(), *own, *others), case_file.c.id.not_in(cases_of_kin(me)))


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


def escaped(region: str) -> str:
    """Return a region as the beginning of others, its signs meant as they stand."""
    return re.sub(r"([/%_])", r"/\1", region)


def _through(post: Membership, me: ColumnElement[str], region: ColumnElement[str]) -> ColumnElement[bool]:
    of_region = case_file.c.region.startswith(region, escape="/")
    if sees_whole_region(post):
        return of_region
    return and_(of_region, or_(_was_referred_to(post.unit_kind), _has_a_task(post.unit_kind, me)))


def _through_task_of(one: StandIn, valued: Valued = _as_it_is, name: str = "absent") -> ColumnElement[bool]:
    """A substitute sees the cases of the tasks it may do for the absent person, as this person sees them."""
    person = valued(name, one.person.id)
    offered = (
        and_(
            is_offered_to([valued(f"{name}_group_{place}", post.group)]),
            user_task.c.region.startswith(valued(f"{name}_region_{place}", escaped(post.region)), escape="/"),
        )
        for place, post in enumerate(one.person.memberships)
    )
    by_name = user_task.c.candidate_users.contains(cast(array([person]), ARRAY(Text)))
    theirs = or_(user_task.c.assignee == person, and_(user_task.c.assignee.is_(None), or_(by_name, *offered)))
    scope = one.definition_ids
    kinds = true() if scope is None else user_task.c.definition_id == any_(valued(f"{name}_scope", list(scope)))
    numbers = select(user_task.c.business_key).where(IS_OPEN, theirs, kinds)
    return and_(case_file.c.number.in_(numbers), case_file.c.id.not_in(cases_of_kin(person)))


def _was_referred_to(kind: str) -> ColumnElement[bool]:
    sent = select(referral.c.case_id).where(referral.c.unit_kind == kind, referral.c.sent_at.is_not(None))
    return case_file.c.id.in_(sent)


def _has_a_task(kind: str, me: ColumnElement[str]) -> ColumnElement[bool]:
    """The unit has an open user task in the case, or the actor completed one of it."""
    offered = and_(
        IS_OPEN,
        is_offered_to(unit_groups(kind)),
    )
    finished = user_task.c.completed_by == me
    return or_(
        case_file.c.number.in_(select(user_task.c.business_key).where(offered)),
        case_file.c.number.in_(select(user_task.c.business_key).where(finished)),
    )
