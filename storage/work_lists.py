"""Which user tasks an actor sees, and how a list of them is found without reading those it does not show.

The rule is one (see `engine.queries`). Read as one condition it needs the task's row; read as *arms*, each is served by
one index, and no task is in two of them: the tasks of a desk (one candidate group, nobody by name: nearly all) from an
index that holds everything a list filters and sorts by, the others from their rows. Arms that are only counted are cut
once more, for small indexes that hold nothing else (docs/decisions/0015-a-desk-for-every-task.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    and_,
    any_,
    bindparam,
    cast,
    exists,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from engine.model import Actor, TaskState
from engine.queries import TaskTab
from storage.four_eyes import counted_element, stands
from storage.kin import numbers_of_kin
from storage.tables.engine import user_task as tasks
from workflows.casework.sight import sees_whole_region, unit_groups

GroupsOfRegions = Sequence[tuple[str, Sequence[str]]]
SUPERVISING_ROLES = ("supervisor",)
KEPT = 256  # people whose values are kept
LAST_SIGN = "\U0010ffff"  # no region goes on with it
IS_OPEN: ColumnElement[bool] = tasks.c.state == literal_column("'open'")
"""As the partial indexes say it (`storage.tables.desks`), so that they are used; so are the conditions below."""

_HAS_DESK = tasks.c.desk.is_not(None)
_HAS_NO_DESK = tasks.c.desk.is_(None)
_IS_UNHELD = tasks.c.assignee.is_(None)
_FORBIDS_NOBODY: ColumnElement[bool] = func.cardinality(tasks.c.distinct_from) == literal_column("0")
_IS_FREE = and_(_IS_UNHELD, _FORBIDS_NOBODY)
_IS_TAKEN = or_(tasks.c.assignee.is_not(None), func.cardinality(tasks.c.distinct_from) > literal_column("0"))
_NOBODY_BY_NAME: ColumnElement[Any] = literal_column("'{}'::text[]")
_ACTOR: BindParameter[str] = bindparam("actor")
IS_HELD: ColumnElement[bool] = tasks.c.assignee == _ACTOR
IS_NOT_OF_KIN: ColumnElement[bool] = tasks.c.business_key.not_in(numbers_of_kin(_ACTOR))
"""No register of relatives names the actor for the case of the task: all others are shown to nobody of the kin."""

_IS_NAMED: ColumnElement[bool] = and_(
    tasks.c.candidate_users != _NOBODY_BY_NAME,
    tasks.c.candidate_users.contains(cast(bindparam("actor_alone"), ARRAY(Text))),
)


@dataclass(frozen=True, slots=True)
class Arm:
    """A part of a list that one index serves, and the kind of unit a task in it is offered to, as that index has it."""

    condition: ColumnElement[bool]
    unit_kind: ColumnElement[str]


@dataclass(frozen=True, slots=True)
class Shape:
    """How many values an actor's conditions have: all actors of one shape are asked the same question."""

    is_system: bool
    own: int  # regions with groups of the actor's own
    seen: int  # regions with groups whose tasks the actor sees
    whole: int  # regions of which the actor sees everything

    @classmethod
    def of(cls, actor: Actor) -> Shape:
        """Return the shape of an actor."""
        return cls(actor.system, len(_own_groups(actor)), len(_seen_groups(actor)), len(_whole_regions(actor)))


@lru_cache(maxsize=KEPT)
def values_of(actor: Actor) -> Mapping[str, Any]:
    """Return the values of an actor's conditions, by the names they have in the conditions of its shape."""
    found: dict[str, Any] = {"actor": actor.id, "actor_alone": [actor.id]}
    for kind, groups_of_regions in (("own", _own_groups(actor)), ("seen", _seen_groups(actor))):
        for number, (region, groups) in enumerate(groups_of_regions):
            found |= {f"{kind}_groups_{number}": list(groups), **_bounds(kind, number, region)}
    for number, region in enumerate(_whole_regions(actor)):
        found |= _bounds("whole", number, region)
    return found


def is_visible(shape: Shape) -> ColumnElement[bool]:
    """Return the condition that an actor of this shape may see a task at all."""
    return _but_for_kin(_is_seen(shape), shape)


def is_offered_to(groups: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that an open task is offered to one of these groups, in the words of its indexes."""
    few = _texts(groups)
    return or_(tasks.c.desk == any_(few), and_(_HAS_NO_DESK, tasks.c.candidate_groups.overlap(few)))


def in_tab(tab: TaskTab, shape: Shape) -> ColumnElement[bool]:
    """Return the condition that a task stands in a tab of an actor's work list; for reading a few tasks."""
    return _but_for_kin(_of_tab(tab, shape), shape)


def _but_for_kin(condition: ColumnElement[bool], shape: Shape) -> ColumnElement[bool]:
    return condition if shape.is_system else and_(condition, IS_NOT_OF_KIN)


def _is_seen(shape: Shape) -> ColumnElement[bool]:
    if shape.is_system:
        return literal(True)
    return or_(_IS_NAMED, IS_HELD, tasks.c.completed_by == _ACTOR, *_regions(shape), *_offered("seen", shape.seen))


def _of_tab(tab: TaskTab, shape: Shape) -> ColumnElement[bool]:
    """Return the condition of a tab as long as nobody is kin of the actor."""
    match tab:
        case TaskTab.MINE:
            return and_(IS_OPEN, IS_HELD)
        case TaskTab.TO_CLAIM:
            return and_(IS_OPEN, _is_candidate(shape), *_to_claim())
        case TaskTab.UNIT:
            return and_(IS_OPEN, _is_seen(shape))
        case TaskTab.DONE:
            return tasks.c.completed_by == _ACTOR


def arms_of(tab: TaskTab, shape: Shape) -> Sequence[Arm]:
    """Return arms that together are the tab, each served by one index, no task in two of them.

    Tasks of the actor's kin are in them: hardly anybody has such, so their numbers are asked before, and where there
    are some they narrow the list (`storage.task_questions`).
    """
    match tab:
        case TaskTab.MINE | TaskTab.DONE:
            return _arms([], [_of_tab(tab, shape)])
        case TaskTab.TO_CLAIM:
            may_claim = and_(_IS_UNHELD, or_(_FORBIDS_NOBODY, *_others_may()))
            desks = [and_(one, may_claim) for one in _desks("own", shape.own)]
            return _arms(desks, [and_(_candidate_without_desk(shape), may_claim)])
        case TaskTab.UNIT:
            return _arms(_visible_desks(shape), _visible_others(shape))


def counted_arms_of(tab: TaskTab, shape: Shape) -> Sequence[ColumnElement[bool]]:
    """Return the conditions of a tab that is counted whole: desks are apart by whether every candidate may claim."""
    match tab:
        case TaskTab.MINE | TaskTab.DONE:
            return [_of_tab(tab, shape)]
        case TaskTab.TO_CLAIM:
            desks = _desks("own", shape.own)
            return [
                *(and_(arm, _IS_FREE) for arm in desks),
                *(and_(arm, _IS_TAKEN, _IS_UNHELD, or_(*_others_may())) for arm in desks),
                and_(_candidate_without_desk(shape), *_to_claim()),
            ]
        case TaskTab.UNIT:
            desks = _visible_desks(shape)
            return [*(and_(arm, part) for arm in desks for part in (_IS_FREE, _IS_TAKEN)), *_visible_others(shape)]


def _arms(desks: Iterable[ColumnElement[bool]], others: Iterable[ColumnElement[bool]]) -> list[Arm]:
    return [
        *(Arm(one, _kind_in(tasks.c.desk)) for one in desks),
        *(Arm(one, _kind_in(tasks.c.candidate_groups[literal_column("1")])) for one in others),
    ]


def _kind_in(group: ColumnElement[str]) -> ColumnElement[str]:
    return func.coalesce(func.split_part(group, literal_column("'/'"), literal_column("1")), literal_column("''"))


def _is_candidate(shape: Shape) -> ColumnElement[bool]:
    """Return the condition that a task is offered to an actor by group and region, or by name."""
    return or_(false(), *_offered("own", shape.own), _IS_NAMED)


def _candidate_without_desk(shape: Shape) -> ColumnElement[bool]:
    return and_(IS_OPEN, _HAS_NO_DESK, _is_candidate(shape))


def _visible_desks(shape: Shape) -> list[ColumnElement[bool]]:
    """Return the open tasks of desks that an actor sees: of regions, and of desks elsewhere."""
    if shape.is_system:
        return [and_(IS_OPEN, _HAS_DESK)]
    regions = _regions(shape)
    return [
        *(and_(IS_OPEN, _HAS_DESK, one) for one in regions),
        *(and_(arm, *_elsewhere(regions)) for arm in _desks("seen", shape.seen)),
    ]


def _visible_others(shape: Shape) -> list[ColumnElement[bool]]:
    """Return the open tasks without a desk that an actor sees, and those it holds without being offered them."""
    if shape.is_system:
        return [and_(IS_OPEN, _HAS_NO_DESK)]
    regions = _regions(shape)
    named = or_(false(), *_offered("seen", shape.seen), _IS_NAMED)
    return [
        and_(IS_OPEN, _HAS_NO_DESK, or_(named, *regions)),
        and_(IS_OPEN, IS_HELD, not_(named), *_elsewhere(regions)),
    ]


def _regions(shape: Shape) -> list[ColumnElement[bool]]:
    return [_in_region("whole", number) for number in range(shape.whole)]


def _elsewhere(regions: Sequence[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    return [not_(or_(*regions))] if regions else []


def _desks(kind: str, count: int) -> list[ColumnElement[bool]]:
    return [
        and_(IS_OPEN, tasks.c.desk == any_(_groups(kind, number)), _in_region(kind, number)) for number in range(count)
    ]


def _offered(kind: str, count: int) -> list[ColumnElement[bool]]:
    return [
        and_(tasks.c.candidate_groups.overlap(_groups(kind, number)), _in_region(kind, number))
        for number in range(count)
    ]


def _to_claim() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return what makes an offered task one to claim: nobody holds it, and four eyes do not forbid it."""
    return _IS_UNHELD, or_(_FORBIDS_NOBODY, _four_eyes_allow())


def _others_may() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return when four eyes forbid nothing: the actor had no hand in the case, or at least not in those steps.

    The cases of an actor are read once, from an index; only tasks of these are looked at one by one.
    """
    mine = tasks.alias("mine")
    cases = select(mine.c.process_instance_id).where(mine.c.completed_by == _ACTOR)
    return tasks.c.process_instance_id.not_in(cases), _four_eyes_allow()


def _four_eyes_allow() -> ColumnElement[bool]:
    """Return the condition that the actor did not complete what must be distinct from the task."""
    done = tasks.alias("done")
    did_the_other_step = exists().where(
        done.c.process_instance_id == tasks.c.process_instance_id,
        done.c.completed_by == _ACTOR,
        done.c.state == TaskState.COMPLETED,
        counted_element(done) == any_(tasks.c.distinct_from),
        stands(done),
    )
    return not_(did_the_other_step)


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


def _in_region(kind: str, number: int) -> ColumnElement[bool]:
    """Return the condition that a region begins as one of the actor's: a span of an index, whatever its value."""
    return is_in_span(tasks.c.region, bindparam(f"{kind}_first_{number}"), bindparam(f"{kind}_last_{number}"))


def is_in_span(region: ColumnElement[str], first: BindParameter[str], last: BindParameter[str]) -> ColumnElement[bool]:
    """Return the condition that a region lies between two texts, sign by sign."""
    return and_(region.bool_op("~>=~")(first), region.bool_op("~<=~")(last))


def _bounds(kind: str, number: int, region: str) -> dict[str, str]:
    return {f"{kind}_first_{number}": region, f"{kind}_last_{number}": region + LAST_SIGN}


def _groups(kind: str, number: int) -> ColumnElement[Sequence[str]]:
    return cast(bindparam(f"{kind}_groups_{number}"), ARRAY(Text))


def _texts(values: Sequence[str]) -> ColumnElement[Sequence[str]]:
    return cast(list(values), ARRAY(Text))
