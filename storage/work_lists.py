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
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.types import Text, Uuid

from engine.model import Actor, TaskState
from engine.queries import TaskTab
from engine.stand_ins import StandIn
from storage.four_eyes import counted_element, stands
from storage.kin import numbers_of_kin
from storage.tables.engine import user_task as tasks
from workflows.casework.sight import own_groups, seen_groups, whole_regions

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
_IS_MINE = and_(IS_OPEN, IS_HELD)
_DONE_ONESELF: ColumnElement[bool] = tasks.c.completed_by == _ACTOR
_DONE_BY_SUBSTITUTE = and_(tasks.c.completed_for == _ACTOR, tasks.c.completed_by.is_distinct_from(_ACTOR))
_IS_DONE = or_(_DONE_ONESELF, tasks.c.completed_for == _ACTOR)
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
    others: tuple[tuple[int, bool], ...] = ()  # of each absent person: regions with groups, and whether for some alone

    @classmethod
    def of(cls, actor: Actor) -> Shape:
        """Return the shape of an actor."""
        others = ((len(own_groups(one.person)), one.definition_ids is not None) for one in actor.stands_in_for)
        own, seen, whole = own_groups(actor), seen_groups(actor), whole_regions(actor)
        return cls(actor.system, len(own), len(seen), len(whole), tuple(others))


@lru_cache(maxsize=KEPT)
def values_of(actor: Actor) -> Mapping[str, Any]:
    """Return the values of an actor's conditions, by the names they have in the conditions of its shape."""
    found: dict[str, Any] = {"actor": actor.id, "actor_alone": [actor.id]}
    for kind, groups_of_regions in (("own", own_groups(actor)), ("seen", seen_groups(actor))):
        for number, (region, groups) in enumerate(groups_of_regions):
            found |= {f"{kind}_groups_{number}": list(groups), **_bounds(kind, number, region)}
    for number, region in enumerate(whole_regions(actor)):
        found |= _bounds("whole", number, region)
    for number, one in enumerate(actor.stands_in_for):
        found |= _values_of_absent(number, one)
    return found


def is_visible(shape: Shape) -> ColumnElement[bool]:
    """Return the condition that an actor of this shape may see a task at all."""
    return _but_for_kin(or_(_is_seen(shape), *_in_place_of_others(shape)), shape)


def is_offered_to(groups: Sequence[str] | Sequence[ColumnElement[str]]) -> ColumnElement[bool]:
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
    return or_(_IS_NAMED, IS_HELD, _IS_DONE, *_regions(shape), *_offered("seen", shape.seen))


def _of_tab(tab: TaskTab, shape: Shape) -> ColumnElement[bool]:
    """Return the condition of a tab as long as nobody is kin of the actor."""
    match tab:
        case TaskTab.MINE:
            return or_(_IS_MINE, *_held_by_others(shape))
        case TaskTab.TO_CLAIM:
            return or_(and_(IS_OPEN, _is_candidate(shape), *_to_claim()), *_to_claim_for_others(shape))
        case TaskTab.UNIT:
            return and_(IS_OPEN, _is_seen(shape))
        case TaskTab.DONE:
            return _IS_DONE


def arms_of(tab: TaskTab, shape: Shape) -> Sequence[Arm]:
    """Return arms that together are the tab, each served by one index, no task in two of them.

    Tasks of the actor's kin are in them: hardly anybody has such, so their numbers are asked before, and where there
    are some they narrow the list (`storage.task_questions`).
    """
    match tab:
        case TaskTab.MINE | TaskTab.DONE:
            return _arms([], _held_or_done(tab, shape))
        case TaskTab.TO_CLAIM:
            may_claim = and_(_IS_UNHELD, or_(_FORBIDS_NOBODY, *_others_may()))
            desks = [and_(one, may_claim) for one in _desks("own", shape.own)]
            return _arms(desks, [and_(_candidate_without_desk(shape), may_claim), *_to_claim_for_others(shape)])
        case TaskTab.UNIT:
            return _arms(_visible_desks(shape), _visible_others(shape))


def counted_arms_of(tab: TaskTab, shape: Shape) -> Sequence[ColumnElement[bool]]:
    """Return the conditions of a tab that is counted whole: desks are apart by whether every candidate may claim."""
    match tab:
        case TaskTab.MINE | TaskTab.DONE:
            return _held_or_done(tab, shape)
        case TaskTab.TO_CLAIM:
            desks = _desks("own", shape.own)
            return [
                *(and_(arm, _IS_FREE) for arm in desks),
                *(and_(arm, _IS_TAKEN, _IS_UNHELD, or_(*_others_may())) for arm in desks),
                and_(_candidate_without_desk(shape), *_to_claim()),
                *_to_claim_for_others(shape),
            ]
        case TaskTab.UNIT:
            desks = _visible_desks(shape)
            return [*(and_(arm, part) for arm in desks for part in (_IS_FREE, _IS_TAKEN)), *_visible_others(shape)]


def _held_or_done(tab: TaskTab, shape: Shape) -> list[ColumnElement[bool]]:
    return [_IS_MINE, *_held_by_others(shape)] if tab is TaskTab.MINE else [_DONE_ONESELF, _DONE_BY_SUBSTITUTE]


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
    return _IS_UNHELD, or_(_FORBIDS_NOBODY, _four_eyes_allow(_ACTOR))


def _others_may() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return when four eyes forbid nothing: the actor had no hand in the case, or at least not in those steps.

    The cases of an actor are read once, from two indexes; only tasks of these are looked at one by one.
    """
    mine, for_me = tasks.alias("mine"), tasks.alias("for_me")
    cases = union_all(
        select(mine.c.process_instance_id).where(mine.c.completed_by == _ACTOR),
        select(for_me.c.process_instance_id).where(for_me.c.completed_for == _ACTOR),
    )
    return tasks.c.process_instance_id.not_in(cases), _four_eyes_allow(_ACTOR)


def _four_eyes_allow(person: BindParameter[str]) -> ColumnElement[bool]:
    """Return the condition that a person did not complete what must be distinct from the task, nor a substitute."""
    done = tasks.alias("done")
    did_the_other_step = exists().where(
        done.c.process_instance_id == tasks.c.process_instance_id,
        or_(done.c.completed_by == person, done.c.completed_for == person),
        done.c.state == TaskState.COMPLETED,
        counted_element(done) == any_(tasks.c.distinct_from),
        stands(done),
    )
    return not_(did_the_other_step)


def _in_place_of_others(shape: Shape) -> list[ColumnElement[bool]]:
    """Return the open tasks an actor sees as a substitute: what each absent person holds, and could claim."""
    return [
        _for_absent(number, shape, or_(_holds(number), and_(_IS_UNHELD, _could_claim(number, shape))))
        for number in range(len(shape.others))
    ]


def _held_by_others(shape: Shape) -> list[ColumnElement[bool]]:
    return [_for_absent(number, shape, _holds(number)) for number in range(len(shape.others))]


def _to_claim_for_others(shape: Shape) -> list[ColumnElement[bool]]:
    """Return what only the right of each absent person lets the actor claim, and four eyes forbid to neither."""
    found = []
    rights = [_is_candidate(shape)]
    for number in range(len(shape.others)):
        both_may = and_(_four_eyes_allow(_ACTOR), _four_eyes_allow(bindparam(f"absent_{number}")))
        conditions = (_could_claim(number, shape), not_(or_(*rights)), _IS_UNHELD, or_(_FORBIDS_NOBODY, both_may))
        found.append(_for_absent(number, shape, *conditions))
        rights.append(and_(_in_scope(number, shape), _could_claim(number, shape)))
    return found


def _for_absent(number: int, shape: Shape, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return a condition on open tasks of the processes in which the actor acts, no register barring the absent."""
    absent: BindParameter[str] = bindparam(f"absent_{number}", type_=Text)
    of_no_kin = tasks.c.business_key.not_in(numbers_of_kin(absent))
    return and_(IS_OPEN, *conditions, _in_scope(number, shape), of_no_kin)


def _holds(number: int) -> ColumnElement[bool]:
    return tasks.c.assignee == bindparam(f"absent_{number}")


def _could_claim(number: int, shape: Shape) -> ColumnElement[bool]:
    regions, _ = shape.others[number]
    is_named = tasks.c.candidate_users.contains(cast(bindparam(f"absent_{number}_alone"), ARRAY(Text)))
    return or_(*_offered(f"absent_{number}", regions), is_named)


def _in_scope(number: int, shape: Shape) -> ColumnElement[bool]:
    _, is_for_some = shape.others[number]
    if not is_for_some:
        return true()
    return tasks.c.definition_id == any_(cast(bindparam(f"absent_{number}_scope"), ARRAY(Uuid)))


def _values_of_absent(number: int, one: StandIn) -> Mapping[str, Any]:
    kind = f"absent_{number}"
    found: dict[str, Any] = {kind: one.person.id, f"{kind}_alone": [one.person.id]}
    for place, (region, groups) in enumerate(own_groups(one.person)):
        found |= {f"{kind}_groups_{place}": list(groups), **_bounds(kind, place, region)}
    return found if one.definition_ids is None else {**found, f"{kind}_scope": list(one.definition_ids)}


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


def _texts(values: Sequence[str] | Sequence[ColumnElement[str]]) -> ColumnElement[Sequence[str]]:
    """Return texts as one value; where they are given when they are asked for, as an array of those."""
    if any(isinstance(one, ColumnElement) for one in values):
        return cast(array(values), ARRAY(Text))
    return cast(list(values), ARRAY(Text))
