"""The questions of work lists: pages, counts, the task to open next; compiled once for all people and lists of a shape.

Compiling one costs more than PostgreSQL needs to answer it. A list's rows come without what the tasks know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    all_,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from engine.model import Actor, UserTask
from engine.queries import TaskOrder, TaskTab, UserTaskFilter
from storage.areas import is_in_area, values_of_area
from storage.case_search import is_named
from storage.case_visibility import SightShape, by_name, is_visible, sight_values_of
from storage.kin import numbers_of_kin
from storage.pipeline import Statement
from storage.questions import PLAN_ANEW, PLAN_ONCE, Question
from storage.resting import rests
from storage.tables.casework import case_file
from storage.tables.desks import BETWEEN_TEXTS, SEARCHED, SEARCHED_SIGNS
from storage.tables.engine import user_task as tasks
from storage.work_lists import IS_HELD, Arm, Shape, arms_of, counted_arms_of, in_tab, values_of

NUMBER = "number"
NAMED = "text_or_named"  # the text stands in the task, or names its case
QUESTIONS = 1_000  # of each kind are kept compiled
_BARRED = Question.of(numbers_of_kin(bindparam("actor", type_=Text)))
_LISTED = tuple(column for column in tasks.c if column.name != "variables")
_ORDERS: dict[TaskOrder, ColumnElement[Any]] = {
    TaskOrder.DUE: tasks.c.due_at,
    TaskOrder.PRIORITY: tasks.c.priority,
    TaskOrder.CREATED: tasks.c.created_at,
    TaskOrder.NAME: tasks.c.name,
}
_TEXT: BindParameter[str] = bindparam("text")
_SEARCHED: ColumnElement[str] = literal_column(SEARCHED, Text)  # of the one table an arm reads
_MAY_BE_CUT = func.octet_length(_SEARCHED) >= literal_column(str(SEARCHED_SIGNS))
_LOWERED = select(func.lower(_TEXT)).scalar_subquery()  # once a question, not once a task


def _in_one_of_three(text: BindParameter[str]) -> ColumnElement[bool]:
    return or_(tasks.c.name.ilike(text), tasks.c.name_en.ilike(text), tasks.c.business_key.ilike(text))


_HOLDS_TEXT = or_(_SEARCHED.like(_LOWERED), and_(_MAY_BE_CUT, _in_one_of_three(_TEXT)))

_IS_NAMED = is_named(cast(bindparam("text_tokens"), ARRAY(Text)), bindparam("text_paper", type_=Text))

NARROWING: dict[str, ColumnElement[bool]] = {
    "business_key": tasks.c.business_key == bindparam("business_key"),
    "process_instance_id": tasks.c.process_instance_id == bindparam("process_instance_id"),
    "element_id": tasks.c.element_id == bindparam("element_id"),
    "holder": tasks.c.assignee == bindparam("holder"),
    "is_unheld": tasks.c.assignee.is_(None),
    "overdue_at": tasks.c.due_at < bindparam("overdue_at"),
    "text": _HOLDS_TEXT,
    "area": is_in_area(tasks.c.region),
    "due_from": tasks.c.due_at >= bindparam("due_from"),
    "due_before": tasks.c.due_at < bindparam("due_before"),
    "unheld_since": and_(tasks.c.assignee.is_(None), tasks.c.created_at < bindparam("unheld_since")),
    "paused_at": rests(bindparam("paused_at")),
    "put_off_at": tasks.c.follow_up_at > bindparam("put_off_at"),
    "awake_at": or_(tasks.c.follow_up_at.is_(None), tasks.c.follow_up_at <= bindparam("awake_at")),
    "barred": tasks.c.business_key != all_(cast(bindparam("barred"), ARRAY(Text))),
    "odd_text": _in_one_of_three(bindparam("odd_text")),  # one that reaches from one column into the next
}


@dataclass(frozen=True, slots=True)
class Named:
    """What a text names cases by: the tokens of their search, and the number of a paper."""

    tokens: Sequence[str]
    paper: str


@dataclass(frozen=True, slots=True)
class Seer:
    """In whose sight cases are: questions are compiled for a shape of sight, of which any actor is an example."""

    shape: SightShape
    actor: Actor = field(compare=False)


def barred_of(actor: Actor) -> Question:
    """Return the question for the numbers of the cases of an actor's kin, whose tasks stand in none of their lists.

    Nearly nobody has any: asked for first, they cost the lists of all others nothing.
    """
    return _BARRED.given(actor=actor.id)


def page_of(wanted: UserTaskFilter, *, barred: Sequence[str] = (), named: Named | None = None) -> Question:
    """Return the question for the rows of one page, in order."""
    given = _given(wanted, barred, named)
    shape = Shape.of(wanted.actor)
    question = _page(
        wanted.tab, shape, tuple(given), wanted.order, descending=wanted.descending, seer=_seer(wanted, given)
    )
    return question.given(**_values(given, wanted.actor), first=wanted.offset, most=wanted.limit)


def versions_of(wanted: UserTaskFilter, *, barred: Sequence[str] = (), named: Named | None = None) -> Question:
    """Return the question for the ids and versions of the rows of one page, in order."""
    given = _given(wanted, barred, named)
    shape = Shape.of(wanted.actor)
    question = _versions(
        wanted.tab, shape, tuple(given), wanted.order, descending=wanted.descending, seer=_seer(wanted, given)
    )
    return question.given(**_values(given, wanted.actor), first=wanted.offset, most=wanted.limit)


def total_of(wanted: UserTaskFilter, *, barred: Sequence[str] = (), named: Named | None = None) -> Question:
    """Return the question for how many tasks the whole list has."""
    given = _given(wanted, barred, named)
    question = _total(wanted.tab, Shape.of(wanted.actor), tuple(given), seer=_seer(wanted, given))
    return question.given(**_values(given, wanted.actor))


def counts_of(actor: Actor, *, barred: Sequence[str] = ()) -> Question:
    """Return the question for how many tasks each tab holds, one column a tab."""
    given = {"barred": list(barred)} if barred else {}
    return _counts(Shape.of(actor), tuple(given)).given(**values_of(actor), **given)


def next_of_case(actor: Actor, after: UserTask) -> Question:
    """Return the question for the task of the same case to open next: what the actor holds before what is to claim."""
    question = _next_of_case(Shape.of(actor)).given(**values_of(actor))
    return question.given(process_instance_id=after.process_instance_id, task_id=after.id)


def next_of_all(actor: Actor, at: datetime | None, *, barred: Sequence[str] = ()) -> Iterator[Question]:
    """Return the questions for the task to open next of all cases: of those held and not put off, of those to claim."""
    yield page_of(UserTaskFilter(actor=actor, tab=TaskTab.MINE, awake_at=at, limit=1), barred=barred)
    yield page_of(UserTaskFilter(actor=actor, tab=TaskTab.TO_CLAIM, limit=1), barred=barred)


@lru_cache(maxsize=QUESTIONS)
def _page(
    tab: TaskTab, shape: Shape, narrowing: tuple[str, ...], order: TaskOrder, *, descending: bool, seer: Seer | None
) -> Question:
    return _rows(tab, shape, narrowing, order, descending=descending, seer=seer, columns=_LISTED)


@lru_cache(maxsize=QUESTIONS)
def _versions(
    tab: TaskTab, shape: Shape, narrowing: tuple[str, ...], order: TaskOrder, *, descending: bool, seer: Seer | None
) -> Question:
    columns = (tasks.c.id, tasks.c.version)
    return _rows(tab, shape, narrowing, order, descending=descending, seer=seer, columns=columns)


def _rows(
    tab: TaskTab,
    shape: Shape,
    narrowing: tuple[str, ...],
    order: TaskOrder,
    *,
    descending: bool,
    seer: Seer | None,
    columns: Sequence[ColumnElement[Any]],
) -> Question:
    """Return the question for these columns of one page's rows: the page is found first, then each row is read."""
    sort = tasks.c.completed_at if tab is TaskTab.DONE and order is TaskOrder.DUE else _ORDERS[order]
    newest_first = descending or sort is tasks.c.completed_at
    keys = [tasks.c.id, *dict.fromkeys((sort,))]
    arms = arms_of(tab, shape)
    found = united([select(*keys).where(*_conditions(arm, narrowing, seer)) for arm in arms]).subquery()
    ids = select(found.c.id).order_by(*_by(found.c[sort.name], found.c.id, newest_first=newest_first))
    page = ids.offset(bindparam("first")).limit(bindparam("most")).subquery()
    read = dict.fromkeys((*columns, sort))
    row = select(*read).where(tasks.c.id == page.c.id).limit(literal_column("1")).lateral()
    in_order = _by(row.c[sort.name], row.c.id, newest_first=newest_first)
    shown = [row.c[column.name] for column in columns]
    return Question.of(select(*shown).join_from(page, row, true()).order_by(*in_order), planning=_planning(tab, shape))


@lru_cache(maxsize=QUESTIONS)
def _total(tab: TaskTab, shape: Shape, narrowing: tuple[str, ...], *, seer: Seer | None) -> Question:
    return Question.of(_number(_narrowed(tab, shape, narrowing, seer)), planning=_planning(tab, shape))


@lru_cache(maxsize=QUESTIONS)
def _counts(shape: Shape, narrowing: tuple[str, ...]) -> Question:
    numbers = (_number(_narrowed(tab, shape, narrowing)).scalar_subquery().label(tab.name) for tab in TaskTab)
    return Question.of(select(*numbers), planning=_planning(TaskTab.UNIT, shape))


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


def _planning(tab: TaskTab, shape: Shape) -> Statement:
    """Return how a list is planned: once where each arm is a span of one index, and that of a unit."""
    if shape.others:
        return PLAN_ANEW
    is_of_a_unit = tab is TaskTab.TO_CLAIM or (tab is TaskTab.UNIT and not shape.is_system and shape.whole == 0)
    return PLAN_ONCE if is_of_a_unit else PLAN_ANEW


def _narrowed(
    tab: TaskTab, shape: Shape, narrowing: tuple[str, ...], seer: Seer | None = None
) -> Sequence[ColumnElement[bool]]:
    """Return the arms of a tab to be counted: of the whole tab those that small indexes serve."""
    if not narrowing:
        return counted_arms_of(tab, shape)
    return [and_(*_conditions(arm, narrowing, seer)) for arm in arms_of(tab, shape)]


def _conditions(arm: Arm, narrowing: Sequence[str], seer: Seer | None) -> Iterator[ColumnElement[bool]]:
    """Go through the conditions on the tasks of an arm."""
    yield arm.condition
    if seer is not None:
        yield or_(_HOLDS_TEXT, tasks.c.business_key.in_(_cases_named_to(seer.actor)))
    for name in narrowing:
        if name != NAMED:
            yield arm.unit_kind == bindparam("unit_kind") if name == "unit_kind" else NARROWING[name]


def _seer(wanted: UserTaskFilter, given: Mapping[str, Any]) -> Seer | None:
    """Return in whose sight cases are that a text may name; None where it names none."""
    return Seer(SightShape.of(wanted.actor), wanted.actor) if NAMED in given else None


def _cases_named_to(actor: Actor) -> Select[Any]:
    """Return all cases in an actor's sight that a text names, however many: found once a question, by indexes.

    Who may see a task may not see its case for that, and learns nothing of whom it is about.
    """
    return select(case_file.c.number).where(_IS_NAMED, is_visible(actor, by_name))


def _number(arms: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Return the question for how many tasks all arms hold, each counted by its own index."""
    found = united([select(func.count().label(NUMBER)).select_from(tasks).where(arm) for arm in arms]).subquery()
    return select(func.coalesce(func.sum(found.c.number), literal_column("0")).label(NUMBER))


def united(parts: Sequence[Select[Any]]) -> CompoundSelect[Any] | Select[Any]:
    """Return the question for the rows of all parts."""
    return union_all(*parts) if len(parts) > 1 else parts[0]


def _given(wanted: UserTaskFilter, barred: Sequence[str], named: Named | None) -> dict[str, Any]:
    """Return what narrows a list, by the name of its condition."""
    pattern = f"%{_escaped(wanted.text)}%" if wanted.text else None
    is_odd = BETWEEN_TEXTS in (wanted.text or "")
    has_names = named is not None and pattern is not None and not is_odd
    values = {
        "business_key": wanted.business_key,
        "process_instance_id": wanted.process_instance_id,
        "element_id": wanted.element_id,
        "holder": wanted.holder,
        "is_unheld": True if wanted.is_unheld else None,
        "unit_kind": wanted.unit_kind,
        "area": wanted.area,
        "overdue_at": wanted.overdue_at,
        "due_from": wanted.due_from,
        "due_before": wanted.due_before,
        "unheld_since": wanted.unheld_since,
        "paused_at": wanted.paused_at,
        "put_off_at": wanted.put_off_at,
        "awake_at": wanted.awake_at,
        "barred": list(barred) or None,
        "odd_text": pattern if is_odd else None,
        NAMED: (pattern, named) if has_names else None,
        "text": None if is_odd or has_names else pattern,
    }
    return {name: value for name, value in values.items() if value is not None}


def _values(given: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """Return the values of an actor and of what narrows its list, with those of its sight where a text names cases."""
    plain = {**values_of(actor)} | {name: value for name, value in given.items() if name not in ("area", NAMED)}
    if "area" in given:
        plain |= values_of_area(given["area"])
    if NAMED in given:
        plain["text"], named = given[NAMED]
        plain |= {"text_tokens": list(named.tokens), "text_paper": named.paper, **sight_values_of(actor)}
    return plain


def _escaped(text: str) -> str:
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, "\\" + sign)
    return text


def _by(column: ColumnElement[Any], task_id: ColumnElement[Any], *, newest_first: bool) -> Sequence[ColumnElement[Any]]:
    first = column.desc().nulls_last() if newest_first else column.asc().nulls_last()
    return first, task_id
