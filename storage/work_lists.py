"""Which user tasks an actor sees, and how a list of them is found without reading those it does not show.

The rule is one (see `engine.queries`). Read as one condition it needs the task's row; read as *arms*, each is served by
one index, and no task is in two of them: the tasks of a desk (one candidate group, nobody by name: nearly all) from an
index that holds everything a list filters and sorts by, the others from their rows
(docs/decisions/0015-a-desk-for-every-task.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
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
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from engine.model import Actor, TaskState, UserTask
from engine.queries import TaskOrder, TaskTab, UserTaskFilter
from storage.tables.engine import user_task as tasks
from workflows.casework.sight import sees_whole_region, unit_groups

GroupsOfRegions = Sequence[tuple[str, Sequence[str]]]
SUPERVISING_ROLES = ("supervisor",)
KEPT = 256  # people whose conditions are kept: building them costs as much as PostgreSQL needs to answer
IS_OPEN: ColumnElement[bool] = tasks.c.state == literal_column("'open'")
"""As the partial indexes say it, so that they are used."""

_HAS_NO_DESK = tasks.c.desk.is_(None)
_NOBODY_BY_NAME: ColumnElement[Any] = literal_column("'{}'::text[]")
_ORDERS: dict[TaskOrder, ColumnElement[Any]] = {
    TaskOrder.DUE: tasks.c.due_at,
    TaskOrder.PRIORITY: tasks.c.priority,
    TaskOrder.CREATED: tasks.c.created_at,
    TaskOrder.NAME: tasks.c.name,
}


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


def page_of(wanted: UserTaskFilter) -> Select[Any]:
    """Return the question for the rows of one page, in order."""
    order = _order(wanted)
    narrowing = list(_narrowing(wanted))
    columns = [tasks.c.id, *dict.fromkeys((_sort_column(wanted),))]
    found = _united([select(*columns).where(arm, *narrowing) for arm in arms_of(wanted.tab, wanted.actor)]).subquery()
    sort, task_id = found.c[_sort_column(wanted).name], found.c.id
    ids = select(task_id).order_by(*_by(sort, task_id, wanted)).offset(wanted.offset).limit(wanted.limit).subquery()
    return select(tasks).join(ids, ids.c.id == tasks.c.id).order_by(*order)


def total_of(wanted: UserTaskFilter) -> Select[Any]:
    """Return the question for how many tasks the whole list has."""
    return _number(wanted.tab, wanted.actor, *_narrowing(wanted))


@lru_cache(maxsize=KEPT)
def counts_of(actor: Actor) -> Select[Any]:
    """Return the question for how many tasks each tab holds, one column a tab."""
    return select(*(_number(tab, actor).scalar_subquery().label(tab.name) for tab in TaskTab))


def next_tasks(actor: Actor, after: UserTask) -> Iterator[Select[Any]]:
    """Return the questions for the task to open next, the first that has an answer counts.

    Of the same case first, what the actor holds before what is to be claimed; then likewise of all cases.
    """
    ours = or_(in_tab(TaskTab.MINE, actor), in_tab(TaskTab.TO_CLAIM, actor))
    same_case = and_(ours, tasks.c.process_instance_id == after.process_instance_id, tasks.c.id != after.id)
    mine_first = (tasks.c.assignee == actor.id).desc().nulls_last()
    yield select(tasks).where(same_case).order_by(mine_first, tasks.c.due_at, tasks.c.id).limit(1)
    for tab in (TaskTab.MINE, TaskTab.TO_CLAIM):
        yield page_of(UserTaskFilter(actor=actor, tab=tab, limit=1))


def _number(tab: TaskTab, actor: Actor, *narrowing: ColumnElement[bool]) -> Select[Any]:
    parts = [
        select(func.count().label("number")).select_from(tasks).where(arm, *narrowing) for arm in arms_of(tab, actor)
    ]
    found = _united(parts).subquery()
    return select(func.coalesce(func.sum(found.c.number), literal_column("0")))


def _united(parts: Sequence[Select[Any]]) -> CompoundSelect[Any] | Select[Any]:
    return union_all(*parts) if len(parts) > 1 else parts[0]


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


def _narrowing(wanted: UserTaskFilter) -> Iterable[ColumnElement[bool]]:
    if wanted.business_key is not None:
        yield tasks.c.business_key == wanted.business_key
    if wanted.process_instance_id is not None:
        yield tasks.c.process_instance_id == wanted.process_instance_id
    if wanted.element_id is not None:
        yield tasks.c.element_id == wanted.element_id
    if wanted.overdue_at is not None:
        yield tasks.c.due_at < wanted.overdue_at
    if wanted.text:
        yield or_(
            tasks.c.name.icontains(wanted.text, autoescape=True),
            tasks.c.name_en.icontains(wanted.text, autoescape=True),
            tasks.c.business_key.icontains(wanted.text, autoescape=True),
        )


def _sort_column(wanted: UserTaskFilter) -> ColumnElement[Any]:
    if wanted.tab is TaskTab.DONE and wanted.order is TaskOrder.DUE:
        return tasks.c.completed_at
    return _ORDERS[wanted.order]


def _order(wanted: UserTaskFilter) -> Sequence[ColumnElement[Any]]:
    return _by(_sort_column(wanted), tasks.c.id, wanted)


def _by(
    column: ColumnElement[Any], task_id: ColumnElement[Any], wanted: UserTaskFilter
) -> Sequence[ColumnElement[Any]]:
    newest_first = wanted.tab is TaskTab.DONE and wanted.order is TaskOrder.DUE
    first = column.desc().nulls_last() if wanted.descending or newest_first else column.asc().nulls_last()
    return first, task_id


def _texts(values: Sequence[str]) -> ColumnElement[Sequence[str]]:
    return cast(list(values), ARRAY(Text))
