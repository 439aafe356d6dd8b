"""The rules offered to FEEL, by the names an analyst writes in a diagram or a decision table.

The names hold no reserved word of FEEL (between, in, ...), so that editors read them without knowing them.
A FEEL date and time is read as the day it falls on in China; a limit ends with the last second of its day there.
What a rule refuses becomes a `FeelFunctionError`, so that the expression is null with the reason as its warning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.feel import FeelFunctionError, FeelValue
from engine.feel.messages import KINDS_IN_CHINESE
from engine.feel.values import kind_of
from workflows.rules.calendar import WorkingCalendar
from workflows.rules.errors import RuleError
from workflows.rules.identity import age_on
from workflows.rules.money import round_up_to_yuan

CHINA = ZoneInfo("Asia/Shanghai")
LAST_SECOND = time(23, 59, 59, tzinfo=CHINA)
MOST_WORKING_DAYS = 5000  # about twenty years; more is a mistake in the expression


def host_functions(calendar: WorkingCalendar) -> Mapping[str, Callable[..., FeelValue]]:
    """Return the functions over one calendar, to be passed in the settings of an evaluation."""

    def add_working_days(start: FeelValue, count: FeelValue) -> FeelValue:
        return calendar.add_working_days(_day(start, "date"), _count(count))

    def count_working_days(start: FeelValue, end: FeelValue) -> FeelValue:
        return Decimal(calendar.working_days_between(_day(start, "from"), _day(end, "to")))

    def is_working_day(day: FeelValue) -> FeelValue:
        return calendar.is_workday(_day(day, "date"))

    return {
        "add working days": _refusing(add_working_days),
        "count working days": _refusing(count_working_days),
        "is working day": _refusing(is_working_day),
        "end of working day": _refusing(_end_of_working_day),
        "age on": _refusing(_age_on),
        "round up yuan": _refusing(_round_up_yuan),
    }


def _end_of_working_day(day: FeelValue) -> FeelValue:
    return datetime.combine(_day(day, "date"), LAST_SECOND)


def _age_on(birth_date: FeelValue, day: FeelValue) -> FeelValue:
    return Decimal(age_on(_day(birth_date, "birth date"), _day(day, "date")))


def _round_up_yuan(amount: FeelValue) -> FeelValue:
    return round_up_to_yuan(_number(amount, "n"))


def _refusing(function: Callable[..., FeelValue]) -> Callable[..., FeelValue]:
    """Check the number of arguments and turn a rule's refusal into FEEL's own error, which FEEL puts under the name."""
    expected = function.__code__.co_argcount

    def call(*arguments: FeelValue) -> FeelValue:
        if len(arguments) != expected:
            raise FeelFunctionError(
                zh=f"需要 {expected} 个参数，实际给了 {len(arguments)} 个",
                en=f"arguments needed: {expected}, given: {len(arguments)}",
            )
        try:
            return function(*arguments)
        except RuleError as error:
            raise FeelFunctionError(zh=error.text("zh"), en=error.text("en")) from error
        except OverflowError as error:
            raise FeelFunctionError(zh="结果超出日历的范围", en="the result lies beyond the calendar") from error

    return call


def _day(value: FeelValue, parameter: str) -> date:
    if isinstance(value, datetime):
        return value.astimezone(CHINA).date() if value.tzinfo else value.date()
    if isinstance(value, date):
        return value
    raise FeelFunctionError(
        zh=f"参数“{parameter}”应为日期，实际为{KINDS_IN_CHINESE[kind_of(value)]}；文本请写成 date(...)",
        en=f"{parameter} must be a date, found {kind_of(value)}; write date(...) around a text",
    )


def _number(value: FeelValue, parameter: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise FeelFunctionError(
            zh=f"参数“{parameter}”应为数字，实际为{KINDS_IN_CHINESE[kind_of(value)]}",
            en=f"{parameter} must be a number, found {kind_of(value)}",
        )
    return Decimal(value)


def _count(value: FeelValue) -> int:
    number = _number(value, "n")
    if number != number.to_integral_value() or abs(number) > MOST_WORKING_DAYS:
        raise FeelFunctionError(
            zh=f"参数“n”应为整数，且不超过 {MOST_WORKING_DAYS} 天，实际为 {number}",
            en=f"n must be a whole number of at most {MOST_WORKING_DAYS} days, found {number}",
        )
    return int(number)
