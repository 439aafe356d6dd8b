"""Which user tasks an actor sees, and how a list of them is found without reading those it does not show.

The rule is one (see `engine.queries`). Read as one condition it needs the task's row; read as *arms*, each is served by
one index, and no task is in two of them: the tasks of a desk (one candidate group, nobody by name: nearly all) from an
index that holds everything a list filters and sorts by, the others from their rows
(docs/decisions/0015-a-desk-for-every-task.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    any_,
    cast,
    exists,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from engine.model import Actor, TaskState
from engine.queries import TaskTab
from storage.tables.engine import user_task as tasks
from workflows.casework.sight import sees_whole_region, unit_groups

GroupsOfRegions = Sequence[tuple[str, Sequence[str]]]
SUPERVISING_ROLES = ("supervisor",)
KEPT = 256  # people whose conditions are kept: building them costs as much as PostgreSQL needs to answer
IS_OPEN: ColumnElement[bool] = tasks.c.state == literal_column("'open'")
"""As the partial indexes say it, so that they are used."""

_HAS_NO_DESK = tasks.c.desk.is_(None)
_NOBODY_BY_NAME: ColumnElement[Any] = literal_column("'{}'::text[]")


def is_candidate(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a task is offered to this actor by group and region, or by name."""
    return or_(false(), *_offered(_own_groups(actor)), _is_named(actor))


def is_visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that this actor may see a task at all."""
    if actor.system:
        return literal(True)
    return or_(
        _is_named(actor),
        tasks.c.assignee == actor.id,
        tasks.c.completed_by == actor.id,
        *(_in_region(region) for region in _whole_regions(actor)),
        *_offered(_seen_groups(actor)),
    )


def is_offered_to(groups: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that an open task is offered to one of these groups, in the words of its indexes."""
    few = _texts(groups)
    return or_(tasks.c.desk == any_(few), and_(_HAS_NO_DESK, tasks.c.candidate_groups.overlap(few)))


def in_tab(tab: TaskTab, actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a task stands in a tab of this actor's work list; for reading a few tasks."""
    match tab:
        case TaskTab.MINE:
            return and_(IS_OPEN, tasks.c.assignee == actor.id)
        case TaskTab.TO_CLAIM:
            return and_(IS_OPEN, is_candidate(actor), *_to_claim(actor))
        case TaskTab.UNIT:
            return and_(IS_OPEN, is_visible(actor))
        case TaskTab.DONE:
            return tasks.c.completed_by == actor.id


@lru_cache(maxsize=KEPT)
def arms_of(tab: TaskTab, actor: Actor) -> Sequence[ColumnElement[bool]]:
    """Return conditions that together are the tab, each served by one index, no task in two of them."""
    match tab:
        case TaskTab.MINE | TaskTab.DONE:
            return [in_tab(tab, actor)]
        case TaskTab.TO_CLAIM:
            return [and_(arm, *_to_claim(actor)) for arm in _candidate_arms(actor)]
        case TaskTab.UNIT:
            return [IS_OPEN] if actor.system else _visible_arms(actor)


def _candidate_arms(actor: Actor) -> list[ColumnElement[bool]]:
    """Return the tasks offered to the actor: those of its desks, and those that have no desk."""
    return [*_desks(_own_groups(actor)), and_(IS_OPEN, _HAS_NO_DESK, is_candidate(actor))]


def _visible_arms(actor: Actor) -> list[ColumnElement[bool]]:
    regions = [_in_region(one) for one in _whole_regions(actor)]
    groups = _seen_groups(actor)
    elsewhere = [not_(or_(*regions))] if regions else []
    named = or_(false(), *_offered(groups), _is_named(actor))
    held = and_(tasks.c.assignee == actor.id, not_(named))
    return [
        *(and_(IS_OPEN, one) for one in regions),
        *(and_(arm, *elsewhere) for arm in _desks(groups)),
        and_(IS_OPEN, _HAS_NO_DESK, named, *elsewhere),
        and_(IS_OPEN, held, *elsewhere),
    ]


def _desks(groups_of_regions: GroupsOfRegions) -> list[ColumnElement[bool]]:
    return [
        and_(IS_OPEN, tasks.c.desk == any_(_texts(groups)), _in_region(region)) for region, groups in groups_of_regions
    ]


def _offered(groups_of_regions: GroupsOfRegions) -> list[ColumnElement[bool]]:
    return [
        and_(tasks.c.candidate_groups.overlap(_texts(groups)), _in_region(region))
        for region, groups in groups_of_regions
    ]


def _to_claim(actor: Actor) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return what makes an offered task one to claim: nobody holds it, and four eyes do not forbid it.

    They do when the actor completed what must be distinct from it.
    """
    done = tasks.alias("done")
    did_the_other_step = exists().where(
        done.c.process_instance_id == tasks.c.process_instance_id,
        done.c.completed_by == actor.id,
        done.c.state == TaskState.COMPLETED,
        func.coalesce(done.c.counts_as, done.c.element_id) == any_(tasks.c.distinct_from),
    )
    is_free = func.cardinality(tasks.c.distinct_from) == literal_column("0")
    return tasks.c.assignee.is_(None), or_(is_free, not_(did_the_other_step))


def _own_groups(actor: Actor) -> GroupsOfRegions:
    return _without_nested((one.region, {one.group}) for one in actor.memberships)


def _seen_groups(actor: Actor) -> GroupsOfRegions:
    """Return the actor's own groups, and all groups of its unit where it supervises that unit alone."""
    units = ((one.region, unit_groups(one.unit_kind)) for one in actor.memberships if one.role in SUPERVISING_ROLES)
    return _without_nested([*((one.region, [one.group]) for one in actor.memberships), *units])


def _whole_regions(actor: Actor) -> list[str]:
    """Return the regions of which the actor sees everything, without those inside another."""
    found = {one.region for one in actor.memberships if one.role in SUPERVISING_ROLES and sees_whole_region(one)}
    return sorted(one for one in found if not any(other != one and one.startswith(other) for other in found))


def _without_nested(found: Iterable[tuple[str, Iterable[str]]]) -> GroupsOfRegions:
    """Return the groups of each region, without those a wider region brings already."""
    regions: dict[str, set[str]] = {}
    for region, groups in found:
        regions.setdefault(region, set()).update(groups)
    kept = []
    for region, of_region in sorted(regions.items()):
        wider = [regions[other] for other in regions if other != region and region.startswith(other)]
        left = of_region.difference(*wider)
        if left:
            kept.append((region, sorted(left)))
    return kept


def _is_named(actor: Actor) -> ColumnElement[bool]:
    named = tasks.c.candidate_users.contains(_texts([actor.id]))
    return and_(tasks.c.candidate_users != _NOBODY_BY_NAME, named)


def _in_region(region: str) -> ColumnElement[bool]:
    return tasks.c.region.startswith(region, autoescape=True)


def _texts(values: Sequence[str]) -> ColumnElement[Sequence[str]]:
    return cast(list(values), ARRAY(Text))
