"""The pulse of work in PostgreSQL: what was written of late, looked at four times a second for all who ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from secrets import token_hex
from threading import Lock
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import Engine as Database
from sqlalchemy import Uuid, any_, bindparam, cast, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from engine.model import HistoryAction
from engine.pulse import Earshot
from storage.questions import Question, ask
from storage.tables.engine import history_entry, journal, process_instance, user_task
from storage.work_lists import IS_OPEN

LOOKED_AT_EVERY = 0.25  # seconds
OVERLAP = timedelta(seconds=10)  # what was begun so long ago may still be about to appear
MANY = 500  # instances touched between two looks: then everybody in their regions is told, and no task is read

_RUNS = Question.of(
    select(journal.c.process_instance_id, journal.c.version, journal.c.at, process_instance.c.region)
    .join_from(journal, process_instance, process_instance.c.id == journal.c.process_instance_id)
    .where(journal.c.at >= bindparam("since"))
)
_ACTS = Question.of(
    select(
        history_entry.c.id,
        history_entry.c.process_instance_id,
        history_entry.c.at,
        history_entry.c.actor,
        history_entry.c.action,
        history_entry.c.details,
        process_instance.c.region,
    )
    .join_from(history_entry, process_instance, process_instance.c.id == history_entry.c.process_instance_id)
    .where(history_entry.c.id > bindparam("after"))
)
_LAST_ACT = Question.of(select(func.coalesce(func.max(history_entry.c.id), 0).label("id")))
_TASKS = Question.of(
    select(
        user_task.c.region,
        user_task.c.candidate_groups,
        user_task.c.candidate_users,
        user_task.c.assignee,
        user_task.c.completed_by,
        user_task.c.completed_for,
    ).where(
        user_task.c.process_instance_id == any_(cast(bindparam("ids"), ARRAY(Uuid))),
        or_(IS_OPEN, user_task.c.completed_at >= bindparam("since")),
    )
)
_MOVING = frozenset({HistoryAction.ASSIGNED, HistoryAction.RELEASED, HistoryAction.HANDED_OVER})
_RESHAPING = frozenset({HistoryAction.TASK_UPDATED, HistoryAction.MIGRATED, HistoryAction.MIGRATION_REVERTED})
"""They may take tasks from groups that nothing names afterwards."""

Row = Mapping[str, Any]


class SqlWorkPulse:
    """Keeps when something last happened to whose work; one look serves everybody who asks meanwhile.

    Rows appear when their transaction ends, not in the order of their times and numbers, so each look goes back
    `OVERLAP` and counts what it had not seen. Which task of an instance changed is not asked: all are meant that are
    open, or were a moment ago.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._who = token_hex(4)
        self._looking = Lock()
        self._looked_at: float | None = None
        self._marks = _Marks()
        self._runs: set[tuple[Any, int]] = set()
        self._acts: dict[int, datetime] = {}
        self._after: int | None = None

    def felt_in(self, earshot: Earshot, /) -> str:
        """Return a mark that is another one once something happened to instances with tasks within earshot."""
        if self._is_old() and self._looking.acquire(blocking=self._looked_at is None):
            try:
                if self._is_old():
                    self._look()
            finally:
                self._looking.release()
        return f"{self._who}.{self._marks.felt_in(earshot)}"

    def _is_old(self) -> bool:
        return self._looked_at is None or monotonic() - self._looked_at >= LOOKED_AT_EVERY

    def _look(self) -> None:
        since = self._now() - OVERLAP
        if self._after is None:
            [[last]] = ask(self._database, _LAST_ACT)
            self._after = last["id"]
        runs, acts = ask(self._database, _RUNS.given(since=since), _ACTS.given(after=self._after))
        new_runs = [row for row in runs if (row["process_instance_id"], row["version"]) not in self._runs]
        new_acts = [row for row in acts if row["id"] not in self._acts]
        self._note([*new_runs, *new_acts], new_acts, since)
        self._runs = {(row["process_instance_id"], row["version"]) for row in runs}
        self._acts = {row["id"]: row["at"] for row in acts if row["at"] >= since}
        self._after = max([self._after, *(row["id"] for row in acts if row["at"] < since)])
        self._looked_at = monotonic()

    def _note(self, happened: list[Row], acts: list[Row], since: datetime) -> None:
        if not happened:
            return
        ids: set[UUID] = {row["process_instance_id"] for row in happened}
        regions = {row["region"] for row in happened}
        if len(ids) > MANY:
            self._marks.note(regions, told_to_all=regions)
            return
        [tasks] = ask(self._database, _TASKS.given(ids=list(ids), since=since))
        self._marks.note(
            regions,
            told_to_all={row["region"] for row in acts if _may_take_from_anybody(row)},
            offered={(row["region"], group) for row in tasks for group in row["candidate_groups"]},
            people={*_people_at(tasks), *_people_of(acts)},
        )


class _Marks:
    """The number of the last look at which something was new, by whom it concerned."""

    def __init__(self) -> None:
        self._number = 0
        self._below: dict[str, int] = {}  # by region: anything
        self._told_to_all: dict[str, int] = {}  # by region: what any group or person there may have lost
        self._offered: dict[str, dict[str, int]] = {}  # by group, by region
        self._people: dict[str, int] = {}

    def note(
        self,
        regions: Iterable[str],
        *,
        told_to_all: Iterable[str] = (),
        offered: Iterable[tuple[str, str]] = (),
        people: Iterable[str] = (),
    ) -> None:
        self._number += 1
        self._below |= dict.fromkeys(regions, self._number)
        self._told_to_all |= dict.fromkeys(told_to_all, self._number)
        self._people |= dict.fromkeys(people, self._number)
        for region, group in offered:
            self._offered.setdefault(group, {})[region] = self._number

    def felt_in(self, earshot: Earshot) -> int:
        return max(self._felt_in(earshot), default=0)

    def _felt_in(self, earshot: Earshot) -> Iterator[int]:
        yield from _below(self._below, earshot.regions)
        yield from (self._people[one] for one in earshot.people if one in self._people)
        for region, groups in earshot.groups:
            yield from _below(self._told_to_all, (region,))
            for group in groups:
                yield from _below(self._offered.get(group, {}), (region,))


def _below(marks: dict[str, int], regions: tuple[str, ...]) -> list[int]:
    """Return the marks of everything below some regions; another thread may be adding to them."""
    return [mark for region, mark in marks.copy().items() if region.startswith(regions)]


def _may_take_from_anybody(act: Row) -> bool:
    """Say whether an act may take tasks from a group or a person that neither the tasks nor the act name."""
    action, told = act["action"], act["details"]
    return action in _RESHAPING or (action in _MOVING and ("groups" in told or "from" not in told))


def _people_at(tasks: Iterable[Row]) -> Iterator[str]:
    for row in tasks:
        yield from row["candidate_users"]
        yield from (row[name] for name in ("assignee", "completed_by", "completed_for") if row[name])


def _people_of(acts: Iterable[Row]) -> Iterator[str]:
    for row in acts:
        yield row["actor"]
        before = row["details"].get("from") if row["action"] in _MOVING else None
        if before is not None:
            yield before
