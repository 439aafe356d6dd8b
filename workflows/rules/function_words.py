"""How the office's functions are called and what they give, for whoever writes expressions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionWords:
    """A function as an analyst calls it: its parameters with their types in order, its result, what it is for."""

    name: str
    parameters: Sequence[tuple[str, str]]
    result: str
    zh: str
    en: str


FUNCTION_WORDS: Sequence[FunctionWords] = (
    FunctionWords(
        name="add working days",
        parameters=(("date", "date"), ("n", "number")),
        result="date",
        zh="从某日起第 n 个工作日，按本县工作日历；当日不计",
        en="The n-th working day after a day, by the county's calendar; the day itself does not count",
    ),
    FunctionWords(
        name="count working days",
        parameters=(("from", "date"), ("to", "date")),
        result="number",
        zh="两日之间的工作日数，按本县工作日历；起始日不计，截止日计入",
        en="Working days between two days by the county's calendar, without the first and with the last",
    ),
    FunctionWords(
        name="is working day",
        parameters=(("date", "date"),),
        result="boolean",
        zh="某日是否工作日，按本县工作日历",
        en="Whether a day is a working day by the county's calendar",
    ),
    FunctionWords(
        name="end of working day",
        parameters=(("date", "date"),),
        result="date and time",
        zh="某日的最后一秒（北京时间），用于期限届满",
        en="The last second of a day in China, when a term of days ends",
    ),
    FunctionWords(
        name="age on",
        parameters=(("birth date", "date"), ("date", "date")),
        result="number",
        zh="某人在某日的周岁",
        en="How old somebody is on a day, in full years",
    ),
    FunctionWords(
        name="round up yuan",
        parameters=(("n", "number"),),
        result="number",
        zh="金额进位到元",
        en="An amount rounded up to whole yuan",
    ),
)
