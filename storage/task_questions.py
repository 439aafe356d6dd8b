"""The questions of work lists: pages, counts, the task to open next; compiled once for all people and lists of a shape.

Compiling one costs more than PostgreSQL needs to answer it. A list's rows come without what the tasks know.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from engine.model import Actor, UserTask
from engine.queries import TaskOrder, TaskTab, UserTaskFilter
from storage.questions import Question
from storage.tables.engine import user_task as tasks
from storage.work_lists import IS_HELD, Shape, arms_of, in_tab, values_of

NUMBER = "number"
QUESTIONS = 1_000  # of each kind are kept compiled
_LISTED = tuple(column for column in tasks.c if column.name != "variables")
_ESCAPE = "/"
_ORDERS: dict[TaskOrder, ColumnElement[Any]] = {
    TaskOrder.DUE: tasks.c.due_at,
    TaskOrder.PRIORITY: tasks.c.priority,
    TaskOrder.CREATED: tasks.c.created_at,
    TaskOrder.NAME: tasks.c.name,
}
_TEXT: BindParameter[str] = bindparam("text")
_NARROWING: dict[str, ColumnElement[bool]] = {
    "business_key": tasks.c.business_key == bindparam("business_key"),
    "process_instance_id": tasks.c.process_instance_id == bindparam("process_instance_id"),
    "element_id": tasks.c.element_id == bindparam("element_id"),
    "overdue_at": tasks.c.due_at < bindparam("overdue_at"),
    "text": or_(
        tasks.c.name.icontains(_TEXT, escape=_ESCAPE),
        tasks.c.name_en.icontains(_TEXT, escape=_ESCAPE),
        tasks.c.business_key.icontains(_TEXT, escape=_ESCAPE),
    ),
}


def page_of(wanted: UserTaskFilter) -> Question:
    """Return the question for the rows of one page, in order, each with the number of tasks of the whole list."""
    given = _given(wanted)
    shape = Shape.of(wanted.actor)
    question = _page(wanted.tab, shape, tuple(given), wanted.order, descending=wanted.descending)
    return question.given(**values_of(wanted.actor), **given, first=wanted.offset, most=wanted.limit)


def total_of(wanted: UserTaskFilter) -> Question:
    """Return the question for how many tasks the whole list has; a page without rows does not tell."""
    given = _given(wanted)
    question = _total(wanted.tab, Shape.of(wanted.actor), tuple(given))
    return question.given(**values_of(wanted.actor), **given)


def counts_of(actor: Actor) -> Question:
    """Return the question for how many tasks each tab holds, one column a tab."""
    return _counts(Shape.of(actor)).given(**values_of(actor))


def next_of_case(actor: Actor, after: UserTask) -> Question:
    """Return the question for the task of the same case to open next: what the actor holds before what is to claim."""
    question = _next_of_case(Shape.of(actor)).given(**values_of(actor))
    return question.given(process_instance_id=after.process_instance_id, task_id=after.id)


def next_of_all(actor: Actor) -> Iterator[Question]:
    """Return the questions for the task to open next of all cases: of those the actor holds, of those to claim."""
    for tab in (TaskTab.MINE, TaskTab.TO_CLAIM):
        yield page_of(UserTaskFilter(actor=actor, tab=tab, limit=1))


@lru_cache(maxsize=QUESTIONS)
def _page(tab: TaskTab, shape: Shape, narrowing: tuple[str, ...], order: TaskOrder, *, descending: bool) -> Question:
    sort = tasks.c.completed_at if tab is TaskTab.DONE and order is TaskOrder.DUE else _ORDERS[order]
    newest_first = descending or sort is tasks.c.completed_at
    columns = [tasks.c.id, *dict.fromkeys((sort,))]
    conditions = [_NARROWING[name] for name in narrowing]
    found = _united([select(*columns).where(arm, *conditions) for arm in arms_of(tab, shape)]).subquery()
    in_order = _by(found.c[sort.name], found.c.id, newest_first=newest_first)
    ids = select(found.c.id, func.count().over().label(NUMBER)).order_by(*in_order)
    page = ids.offset(bindparam("first")).limit(bindparam("most")).subquery()
    rows = select(*_LISTED, page.c.number).join(page, page.c.id == tasks.c.id)
    return Question.of(rows.order_by(*_by(sort, tasks.c.id, newest_first=newest_first)))


@lru_cache(maxsize=QUESTIONS)
def _total(tab: TaskTab, shape: Shape, narrowing: tuple[str, ...]) -> Question:
    return Question.of(_number(tab, shape, narrowing))


@lru_cache(maxsize=QUESTIONS)
def _counts(shape: Shape) -> Question:
    return Question.of(select(*(_number(tab, shape, ()).scalar_subquery().label(tab.name) for tab in TaskTab)))


@lru_cache(maxsize=QUESTIONS)
def _next_of_case(shape: Shape) -> Question:
    ours = or_(in_tab(TaskTab.MINE, shape), in_tab(TaskTab.TO_CLAIM, shape))
    of_case = tasks.c.process_instance_id == bindparam("process_instance_id")
    mine_first = IS_HELD.desc().nulls_last()
    return Question.of(
        select(*_LISTED)
        .where(and_(ours, of_case, tasks.c.id != bindparam("task_id")))
        .order_by(mine_first, tasks.c.due_at, tasks.c.id)
        .limit(literal_column("1"))
    )


def _number(tab: TaskTab, shape: Shape, narrowing: Sequence[str]) -> Select[Any]:
    conditions = [_NARROWING[name] for name in narrowing]
    parts = [
        select(func.count().label(NUMBER)).select_from(tasks).where(arm, *conditions) for arm in arms_of(tab, shape)
    ]
    found = _united(parts).subquery()
    return select(func.coalesce(func.sum(found.c.number), literal_column("0")).label(NUMBER))


def _united(parts: Sequence[Select[Any]]) -> CompoundSelect[Any] | Select[Any]:
    return union_all(*parts) if len(parts) > 1 else parts[0]


def _given(wanted: UserTaskFilter) -> dict[str, Any]:
    """Return what narrows a list, by the name of its condition."""
    values = {name: getattr(wanted, name) for name in _NARROWING}
    values["text"] = _escaped(wanted.text) if wanted.text else None
    return {name: value for name, value in values.items() if value is not None}


def _escaped(text: str) -> str:
    for sign in (_ESCAPE, "%", "_"):
        text = text.replace(sign, _ESCAPE + sign)
    return text


def _by(column: ColumnElement[Any], task_id: ColumnElement[Any], *, newest_first: bool) -> Sequence[ColumnElement[Any]]:
    first = column.desc().nulls_last() if newest_first else column.asc().nulls_last()
    return first, task_id
