"""Reading what a diagram hands a service task: every variable checked, every complaint names step and variable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from engine.core.texts import Words
from engine.core.variables import describe
from engine.host import Context
from engine.json_values import JsonObject
from workflows.casework.days import month_of
from workflows.casework.errors import InputInvalid, RecordNotFound
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.records import Referral


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """The variables of one service task; every reader raises InputInvalid when the kind is wrong."""

    step: str
    variables: JsonObject

    def text(self, name: str) -> str:
        """Return a text that is not empty."""
        value = self.variables.get(name)
        if not isinstance(value, str) or not value:
            raise self.unfit(name, Words("非空文本", "a text"))
        return value

    def optional_text(self, name: str) -> str | None:
        """Return a text, or None when it is null, empty or absent."""
        value = self.variables.get(name)
        if value is None or value == "":
            return None
        return self.text(name)

    def choice(self, name: str, *allowed: str) -> str:
        """Return a text that is one of those allowed."""
        value = self.variables.get(name)
        if value not in allowed:
            raise self.unfit(name, Words(f"{'、'.join(allowed)} 之一", f"one of {', '.join(allowed)}"))
        return str(value)

    def id(self, name: str) -> UUID:
        """Return an id."""
        try:
            return UUID(self.text(name))
        except ValueError:
            raise self.unfit(name, Words("编号(UUID)", "an id")) from None

    def optional_id(self, name: str) -> UUID | None:
        """Return an id, or None when it is null or absent."""
        return None if self.variables.get(name) is None else self.id(name)

    def number(self, name: str) -> Decimal:
        """Return a number that is not negative."""
        value = self.variables.get(name)
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or value < 0:
            raise self.unfit(name, Words("不小于 0 的数字", "a number from 0"))
        return Decimal(value)

    def optional_number(self, name: str) -> Decimal | None:
        """Return a number that is not negative, or None when it is null or absent."""
        return None if self.variables.get(name) is None else self.number(name)

    def flag(self, name: str) -> bool:
        """Return true or false."""
        value = self.variables.get(name)
        if not isinstance(value, bool):
            raise self.unfit(name, Words("真或假", "true or false"))
        return value

    def optional_flag(self, name: str) -> bool | None:
        """Return true or false, or None when it is null or absent."""
        return None if self.variables.get(name) is None else self.flag(name)

    def optional_day(self, name: str) -> date | None:
        """Return a day, or None when it is null or absent."""
        value = self.optional_text(name)
        try:
            return None if value is None else date.fromisoformat(value)
        except ValueError:
            raise self.unfit(name, Words("日期，例如 2026-09-14", "a date like 2026-09-14")) from None

    def optional_month(self, name: str) -> date | None:
        """Return the first day of a month given like 2026-11 or by one of its days; None when null or absent."""
        value = self.optional_text(name)
        try:
            return None if value is None else month_of(date.fromisoformat(value if len(value) > 7 else f"{value}-01"))
        except ValueError:
            raise self.unfit(name, Words("月份，例如 2026-11", "a month like 2026-11")) from None

    def month(self, name: str) -> date:
        """Return the first day of a month given like 2026-11 or by one of its days."""
        month = self.optional_month(name)
        if month is None:
            raise self.unfit(name, Words("月份，例如 2026-11", "a month like 2026-11"))
        return month

    def whole_numbers(self, name: str) -> tuple[int, ...]:
        """Return a list of whole numbers without repetition, in order; null or absent is the empty list."""
        value: Any = self.variables.get(name) or ()
        if not isinstance(value, list | tuple) or not all(_is_whole(item) for item in value):
            raise self.unfit(name, Words("整数的列表", "a list of whole numbers"))
        return tuple(sorted({int(item) for item in value}))

    def context(self, name: str) -> JsonObject:
        """Return a context (JSON object)."""
        value = self.variables.get(name)
        if not isinstance(value, dict):
            raise self.unfit(name, Words("对象", "a context"))
        return value

    def optional_context(self, name: str) -> JsonObject | None:
        """Return a context, or None when it is null or absent."""
        return None if self.variables.get(name) is None else self.context(name)

    def contexts(self, name: str) -> list[Inputs]:
        """Return a list of contexts, each to be read like inputs; complaints name their place in the list."""
        value: Any = self.variables.get(name)
        if not isinstance(value, list | tuple) or not all(isinstance(item, dict) for item in value):
            raise self.unfit(name, Words("对象的列表", "a list of contexts"))
        return [Inputs(step=f"{self.step}: {name}[{index}]", variables=item) for index, item in enumerate(value)]

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; null or absent is the empty list."""
        value: Any = self.variables.get(name) or ()
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            raise self.unfit(name, Words("文本的列表", "a list of texts"))
        return tuple(value)

    def unfit(self, name: str, expected: Words) -> InputInvalid:
        """Return the complaint about a variable; it names the kind found, never the value."""
        found = describe(self.variables[name]) if name in self.variables else Words("没有", "nothing")
        return InputInvalid(step=self.step, name=name, expected=expected, found=found)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool) and value == int(value)


def case_of(context: Context[CaseworkUnitOfWork], inputs: Inputs) -> Case:
    """Return the case the step works on.

    Raises:
        RecordNotFound: there is none with this id.
    """
    case_id = inputs.id("caseId")
    case = context.unit_of_work.cases.get(case_id)
    if case is None:
        raise RecordNotFound("case", case_id)
    return case


def referral_of(context: Context[CaseworkUnitOfWork], inputs: Inputs, case: Case) -> Referral:
    """Return the referral the step works on; it must be of this case.

    Raises:
        RecordNotFound: there is none with this id in the case.
    """
    referral_id = inputs.id("referral_id")
    referral = context.unit_of_work.referrals.get(referral_id)
    if referral is None or referral.case_id != case.id:
        raise RecordNotFound("referral", referral_id)
    return referral
