"""How the open user tasks that an actor sees stand, by kind of unit and region: one question over the list's own arms.

Each number is counted by the very condition that narrows the list behind it (`storage.task_questions`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, any_, bindparam, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from engine.model import Actor
from engine.queries import HolderCounts, PlaceCounts, TaskMoments, TaskTab
from storage.questions import PLAN_ANEW, Question
from storage.tables.engine import user_task as tasks
from storage.task_questions import NARROWING, QUESTIONS, united
from storage.work_lists import Arm, Shape, arms_of, is_visible, values_of

_COUNTED: Mapping[str, tuple[str, ...]] = {
    "overdue": ("overdue_at",),
    "due_soon": ("due_from", "due_before"),
    "paused": ("paused_at",),
    "unheld": ("unheld_since",),
}
_OF_HOLDERS = ("overdue", "due_soon")


def counts_of_places(actor: Actor, moments: TaskMoments, *, barred: Sequence[str] = ()) -> Question:
    """Return the question for these counts; a place may come once for each arm."""
    question = _counts_of_places(Shape.of(actor), is_barred=bool(barred)).given(**values_of(actor))
    given = {"barred": list(barred)} if barred else {}
    return question.given(
        **given,
        overdue_at=moments.now,
        due_from=moments.now,
        due_before=moments.due_before,
        paused_at=moments.now,
        unheld_since=moments.unheld_since,
    )


def counts_of_holders(actor: Actor, moments: TaskMoments, *, barred: Sequence[str] = ()) -> Question:
    """Return the question for who holds how many tasks of a place; a place and holder may come once for each arm."""
    question = _counts_of_holders(Shape.of(actor), is_barred=bool(barred)).given(**values_of(actor))
    given = {"barred": list(barred)} if barred else {}
    soon = moments.due_before
    return question.given(**given, overdue_at=moments.now, due_from=moments.now, due_before=soon)


def counts_of_doers(actor: Actor, people: Sequence[str], since: datetime) -> Question:
    """Return the question for how many tasks these people completed at a place since a time."""
    return _counts_of_doers(Shape.of(actor)).given(**values_of(actor), people=list(people), since=since)


def holders_added_up(rows: Iterable[Mapping[str, Any]]) -> list[HolderCounts]:
    """Return the counts of each place and holder."""
    found: dict[tuple[str, str, str | None], Counter[str]] = {}
    for row in rows:
        of_holder = found.setdefault((row["unit_kind"], row["region"], row["holder"]), Counter())
        of_holder.update({name: row[name] for name in ("open", *_OF_HOLDERS, "done") if name in row})
    return [
        HolderCounts(unit_kind=kind, region=region, holder=holder, **counts)
        for (kind, region, holder), counts in found.items()
    ]


def added_up(rows: Iterable[Mapping[str, Any]]) -> list[PlaceCounts]:
    """Return the counts of each place."""
    places: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        place = places.setdefault((row["unit_kind"], row["region"]), Counter())
        place.update({name: row[name] for name in ("open", *_COUNTED)})
    return [
        PlaceCounts(unit_kind=kind, region=region, **{name: counts[name] for name in ("open", *_COUNTED)})
        for (kind, region), counts in sorted(places.items())
    ]


@lru_cache(maxsize=QUESTIONS)
def _counts_of_places(shape: Shape, *, is_barred: bool) -> Question:
    conditions = [NARROWING["barred"]] if is_barred else []
    parts = [_of_arm(arm, conditions) for arm in arms_of(TaskTab.UNIT, shape)]
    rows = united(parts).subquery()
    return Question.of(select(*rows.c), planning=PLAN_ANEW)


@lru_cache(maxsize=QUESTIONS)
def _counts_of_holders(shape: Shape, *, is_barred: bool) -> Question:
    conditions = [NARROWING["barred"]] if is_barred else []
    holder = tasks.c.assignee.label("holder")
    parts = [
        select(arm.unit_kind.label("unit_kind"), tasks.c.region, holder, func.count().label("open"), *_held_counts())
        .where(arm.condition, *conditions)
        .group_by(arm.unit_kind.label("unit_kind"), tasks.c.region, holder)
        for arm in arms_of(TaskTab.UNIT, shape)
    ]
    rows = united(parts).subquery()
    return Question.of(select(*rows.c), planning=PLAN_ANEW)


@lru_cache(maxsize=QUESTIONS)
def _counts_of_doers(shape: Shape) -> Question:
    first_group = tasks.c.candidate_groups[literal_column("1")]
    kind = func.split_part(func.coalesce(first_group, literal_column("''")), literal_column("'/'"), literal_column("1"))
    doer = tasks.c.completed_by.label("holder")
    statement = (
        select(kind.label("unit_kind"), tasks.c.region, doer, func.count().label("done"))
        .where(
            tasks.c.completed_by == any_(cast(bindparam("people"), ARRAY(Text))),
            tasks.c.completed_at >= bindparam("since"),
            is_visible(shape),
        )
        .group_by(kind, tasks.c.region, doer)
    )
    return Question.of(statement, planning=PLAN_ANEW)


def _held_counts() -> Iterable[ColumnElement[int]]:
    return (func.count().filter(*(NARROWING[one] for one in _COUNTED[name])).label(name) for name in _OF_HOLDERS)


def _of_arm(arm: Arm, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    counts = (
        func.count().filter(*(NARROWING[one] for one in narrowing)).label(name) for name, narrowing in _COUNTED.items()
    )
    kind = arm.unit_kind.label("unit_kind")
    return (
        select(kind, tasks.c.region, func.count().label("open"), *counts)
        .where(arm.condition, *conditions)
        .group_by(kind, tasks.c.region)
    )
