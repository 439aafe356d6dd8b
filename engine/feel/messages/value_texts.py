"""What is wrong with single values: their type, numbers, dates and times, and their form outside FEEL."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.feel.messages.filling import Texts

_TYPES: Texts = {
    "type-mismatch": ("应为{expected:kind}，实际为{found:kind}", "expected {expected:kind}, found {found:kind}"),
    "no-finite-number": (
        "变量中有不是有限数的数字（NaN 或无穷大）；请改正数据来源",
        "a variable holds a number that is not finite (NaN or infinity); mend where it comes from",
    ),
    "no-json-form": (
        "{found:kind}不能写成 JSON；请改用区间的两端，或函数调用的结果",
        "a {found:kind} has no JSON form; give its ends, or the result of calling it, instead",
    ),
    "no-feel-value": (
        "Python 类 {python_class} 的值不是 FEEL 的值；请给出文本、数字、日期、列表或映射",
        "a value of the Python class {python_class} is no FEEL value; give text, numbers, dates, lists or mappings",
    ),
}

_NUMBERS: Texts = {
    "not-whole": ("{what}须为整数，实际为 {found}", "{what} must be a whole number, found {found}"),
    "too-large": ("{what}太大：{found}", "{what} is too large: {found}"),
    "scale-out-of-range": (
        "小数位数须在 {low} 与 {high} 之间，实际为 {found}",
        "the scale must lie between {low} and {high}, found {found}",
    ),
    "the-index": ("列表的序号", "an index"),
    "the-range-start": ("区间的起点", "the start of the range"),
    "the-range-end": ("区间的终点", "the end of the range"),
    "the-position": ("{function} 的位置", "{function}: the position"),
    "the-length": ("{function} 的长度", "{function}: the length"),
    "the-size": ("{function} 的每组项数", "{function}: the size"),
    "the-year": ("date 的年", "date: the year"),
    "the-repetitions": ("cycle 的次数", "cycle: the repetitions"),
    "the-month": ("date 的月", "date: the month"),
    "the-day": ("date 的日", "date: the day"),
    "the-hour": ("time 的时", "time: the hour"),
    "the-minute": ("time 的分", "time: the minute"),
}

_TEMPORAL: Texts = {
    "no-date": ("没有 {year}-{month:02}-{day:02} 这一天", "there is no date {year}-{month:02}-{day:02}"),
    "no-time": (
        "没有 {hour:02}:{minute:02}:{second:02} 这个时间",
        "there is no time {hour:02}:{minute:02}:{second:02}",
    ),
    "no-date-text": (
        "应为日期，例如 2026-03-01；实际是一段 {length} 个字符的其他文本",
        "expected a date such as 2026-03-01, found another text (characters: {length})",
    ),
    "no-time-text": (
        "应为时间，例如 10:30:00；实际是一段 {length} 个字符的其他文本",
        "expected a time such as 10:30:00, found another text (characters: {length})",
    ),
    "no-moment-text": (
        "应为日期时间，例如 2026-03-01T10:30:00；实际是一段 {length} 个字符的其他文本",
        "expected a date and time such as 2026-03-01T10:30:00, found another text (characters: {length})",
    ),
    "no-duration-text": (
        "应为时长，例如 P3DT4H 或 P1Y2M；实际是一段 {length} 个字符的其他文本",
        "expected a duration such as P3DT4H or P1Y2M, found another text (characters: {length})",
    ),
    "no-offset-before-zone": (
        "“[”之前应为带时差的日期时间，实际是一段 {length} 个字符的其他文本",
        "expected a date and time with an offset before '[', found another text (characters: {length})",
    ),
    "no-offset": ("没有 {offset} 这样的时差", "there is no time offset {offset}"),
    "offset-too-large": ("时差不能超过 18 小时", "a time offset may not exceed 18 hours"),
    "no-zone": ("没有名为“{name}”的时区", "there is no time zone {name!r}"),
    "year-without-zone": (
        "date and time：只有公元 1 年至 9999 年可以换算时区",
        "date and time: only years 1 to 9999 can be moved to another zone",
    ),
    "duration-too-long": ("时长超出范围", "the duration is too long"),
}

VALUE_TEXTS: Texts = {**_TYPES, **_NUMBERS, **_TEMPORAL}
