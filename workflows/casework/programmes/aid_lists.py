"""Lists of aid that partner units hand in each month (提供本部门救助信息): checked as a whole, kept or refused as one.

A line names person, scheme, sum, day and batch. Persons are kept as a keyed hash and a masked name, so that a list
tells of a household what it gets and of nobody else who they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import uuid4

from engine.errors import NotPermitted
from engine.host import Context
from workflows.casework.county import COUNTY_REGION
from workflows.casework.days import local_day, month_after
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.programmes.errors import AidListInvalid, RowError
from workflows.casework.programmes.model import AidList, ListedAid
from workflows.rules.errors import RuleError
from workflows.rules.identity import identity_number
from workflows.rules.masks import masked_name

COLUMNS = ("身份证号", "姓名", "救助项目", "金额", "救助日期", "批次")
"""The head of the monthly template, in order."""
REPORTING_UNITS = (
    "education",
    "housing",
    "trade_union",
    "youth_league",
    "womens_federation",
    "disabled_federation",
    "red_cross",
    "charity",
)
MOST_LINES = 20_000
LONGEST = 60
MOST_MONEY = Decimal(10_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandInAidList:
    """Keep a unit's list of a month; a second one of the same month takes the place of the first.

    `rows` are the lines below the head, each with the number a spreadsheet shows and its cells by column.

    Raises:
        AidListInvalid: rows break rules; each is named, nothing is kept.
        NotPermitted: the actor is no staff of the unit.
    """

    unit_kind: str
    month: date
    file_name: str
    rows: Sequence[tuple[int, Mapping[str, str]]]

    def execute(self, context: Context[CaseworkUnitOfWork]) -> AidList:
        """Check and keep it."""
        groups = tuple(f"{self.unit_kind}/{role}" for role in ("clerk", "reviewer"))
        may = self.unit_kind in REPORTING_UNITS and context.actor.is_candidate(groups, COUNTY_REGION)
        if not context.actor.system and not may:
            raise NotPermitted("上报救助名单", "、".join(groups))
        month, today = self.month.replace(day=1), local_day(context.now())
        lines, errors = checked_lines(self.rows, month=month, today=today)
        if errors:
            raise AidListInvalid(errors)
        kept = AidList(
            id=uuid4(),
            unit_kind=self.unit_kind,
            month=month,
            file_name=self.file_name,
            uploaded_by=context.actor.id,
            uploaded_at=context.now(),
            line_count=len(lines),
            total=sum((line.amount for line in lines), Decimal(0)),
        )
        context.unit_of_work.programmes.aid_lists.replace(kept, lines)
        return kept


def checked_lines(
    rows: Sequence[tuple[int, Mapping[str, str]]], *, month: date, today: date
) -> tuple[list[ListedAid], list[RowError]]:
    """Return the lines of a list and everything that is wrong in it."""
    lines: list[ListedAid] = []
    errors: list[RowError] = []
    if not rows:
        errors.append(RowError(row=1, column="—", zh="表中没有数据行", en="no line of data"))
    if len(rows) > MOST_LINES:
        errors.append(RowError(row=1, column="—", zh=f"超过 {MOST_LINES} 行", en=f"more than {MOST_LINES} lines"))
        return lines, errors
    known: dict[tuple[str, str, str, date], int] = {}
    for number, cells in rows:
        line, found = _line(number, cells, month=month, today=today)
        errors.extend(found)
        if line is None:
            continue
        key = (line.identity_number, line.scheme, line.batch, line.aided_on)
        if key in known:
            text = f"与第 {known[key]} 行重复"
            errors.append(RowError(row=number, column=COLUMNS[0], zh=text, en=f"the same as row {known[key]}"))
        known.setdefault(key, number)
        lines.append(line)
    return lines, errors


def _line(
    number: int, cells: Mapping[str, str], *, month: date, today: date
) -> tuple[ListedAid | None, list[RowError]]:
    errors = [RowError(row=number, column=column, zh=zh, en=en) for column, zh, en in _objections(cells, month, today)]
    if errors:
        return None, errors
    return (
        ListedAid(
            id=uuid4(),
            row_number=number,
            identity_number=identity_number(cells["身份证号"]).text,
            name=masked_name(cells["姓名"]),
            scheme=cells["救助项目"],
            amount=Decimal(cells["金额"]),
            aided_on=date.fromisoformat(cells["救助日期"]),
            batch=cells["批次"],
        ),
        [],
    )


def _objections(cells: Mapping[str, str], month: date, today: date) -> Iterator[tuple[str, str, str]]:
    try:
        identity_number(cells["身份证号"])
    except RuleError as wrong:
        yield "身份证号", wrong.text("zh"), wrong.text("en")
    for column in ("姓名", "救助项目", "批次"):
        if not 0 < len(cells[column]) <= LONGEST:
            yield column, f"须填写，不超过 {LONGEST} 字", f"needed, at most {LONGEST} signs"
    try:
        amount = Decimal(cells["金额"])
        exact = amount.is_finite() and amount == amount.quantize(Decimal("0.01"))
        if not exact or not 0 <= amount <= MOST_MONEY:
            yield "金额", "须为不小于 0、至多两位小数的金额", "must be a sum from 0 with at most two decimals"
    except InvalidOperation:
        yield "金额", "不是数字", "no number"
    try:
        day = date.fromisoformat(cells["救助日期"])
        if not month <= day < month_after(month) or day > today:
            yield "救助日期", f"不在上报月份 {month:%Y-%m} 内或晚于今天", f"outside {month:%Y-%m} or later than today"
    except ValueError:
        yield "救助日期", "须为 2026-09-14 这样的日期", "must be a day like 2026-09-14"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStanding:
    """How a unit stands with its list of a month."""

    unit_kind: str
    month: date
    due_on: date
    handed_in: AidList | None
    is_late: bool


def standings(month: date, lists: Sequence[AidList], *, due_day: int, today: date) -> list[ListStanding]:
    """Return who handed in for a month, and who is late: lists are due on a day of the month after."""
    first = month.replace(day=1)
    due_on = month_after(first).replace(day=due_day)
    by_unit = {one.unit_kind: one for one in lists if one.month == first}
    return [
        ListStanding(
            unit_kind=unit,
            month=first,
            due_on=due_on,
            handed_in=by_unit.get(unit),
            is_late=unit not in by_unit and today > due_on,
        )
        for unit in REPORTING_UNITS
    ]
