"""What a schema objects to, with a stable code and in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from web.errors import Objection

_OBJECTIONS = (
    (r"Missing data for required field\.", "required", "缺少必填内容", "This is required"),
    (r"Unknown field\.", "unknown-field", "没有这个字段", "There is no such field"),
    (r"Given more than once\.", "given-twice", "只能给出一次", "This may be given once only"),
    (r"Field may not be null\.", "not-null", "不能为空值", "This may not be null"),
    (r"Not a valid string\.", "not-a-string", "应为文本", "A text is needed"),
    (r"Not a valid integer\.", "not-an-integer", "应为整数", "A whole number is needed"),
    (r"Not a valid boolean\.", "not-a-boolean", "应为 true 或 false", "true or false is needed"),
    (r"Not a valid UUID\.", "not-an-id", "应为 UUID 格式的编号", "An id in UUID form is needed"),
    (
        r"Not a valid (?:aware )?(?:date|datetime|time)\.",
        "not-a-date",
        "应为 ISO 日期，例如 2026-06-15",
        "An ISO date is needed, e.g. 2026-06-15",
    ),
    (r"(?:Not a valid number|Special numeric values.*)\.", "not-a-number", "应为数字", "A number is needed"),
    (
        r"Too large: at most (?P<a>\d+) above or below zero\.",
        "too-large",
        "数值过大，最大为 {a}（负数同此）",
        "The number is too large; the largest is {a}, with or without a minus",
    ),
    (
        r"At most (?P<a>\d+) digits altogether\.",
        "too-exact",
        "最多共 {a} 位数字",
        "Digits allowed: at most {a} altogether",
    ),
    (r"Not a valid mapping type\.|Invalid input type\.", "not-an-object", "应为 JSON 对象", "A JSON object is needed"),
    (r"Not a valid list\.", "not-a-list", "应为列表", "A list is needed"),
    (r"Must be one of: (?P<a>.*)\.", "choice-unknown", "应为下列之一：{a}", "One of these is needed: {a}"),
    (r"Longer than maximum length (?P<a>\d+)\.", "too-long", "最多 {a} 项", "Entries allowed: at most {a}"),
    (r"Shorter than minimum length (?P<a>\d+)\.", "too-short", "至少 {a} 项", "Entries needed: at least {a}"),
    (
        r"Length must be between (?P<a>\d+) and (?P<b>\d+)\.",
        "wrong-length",
        "应为 {a} 至 {b} 项",
        "Entries needed: {a} to {b}",
    ),
    (
        r"As many as (?P<a>\w+) are needed\.",
        "wrong-length",
        "项数应与 {a} 相同",
        "As many entries as {a} are needed",
    ),
    (
        r"Either (?P<a>\w+) or (?P<b>\w+) is needed\.",
        "one-of-two",
        "{a} 和 {b} 应填写其中一项",
        "Either {a} or {b} is needed, and not both",
    ),
    (r"At most (?P<a>\d+) characters\.", "too-long", "最多 {a} 个字", "Characters allowed: at most {a}"),
    (
        r"From (?P<a>\d+) to (?P<b>\d+) bytes\.",
        "wrong-size",
        "应为 {a} 至 {b} 字节",
        "Bytes needed: {a} to {b}",
    ),
    (
        r"From (?P<a>\d+) to (?P<b>\d+) characters\.",
        "wrong-length",
        "应为 {a} 至 {b} 个字",
        "Characters needed: {a} to {b}",
    ),
    (
        r"Not a division code\.",
        "not-a-division-code",
        "应为 1 至 12 位数字的区划代码",
        "A division code of 1 to 12 digits is needed",
    ),
    (r"Not a month like (?P<a>\S+)\.", "not-a-month", "应为 {a} 这样的月份", "A month like {a} is needed"),
    (r"At most two digits after the point\.", "too-exact", "最多两位小数", "At most two digits after the point"),
    (r"String does not match expected pattern\.", "wrong-form", "格式不符合要求", "It has not the form that is needed"),
    (
        r"Must be greater than or equal to (?P<a>\S+?) and less than or equal to (?P<b>\S+?)\.",
        "out-of-range",
        "应在 {a} 至 {b} 之间",
        "From {a} to {b} is needed",
    ),
    (r"Must be greater than or equal to (?P<a>\S+?)\.", "out-of-range", "不得小于 {a}", "At least {a} is needed"),
    (r"Must be less than or equal to (?P<a>\S+?)\.", "out-of-range", "不得大于 {a}", "At most {a} is allowed"),
)
_COMPILED = tuple((re.compile(pattern), code, zh, en) for pattern, code, zh, en in _OBJECTIONS)


def objections(messages: Any, path: tuple[str | int, ...] = ()) -> Iterator[Objection]:
    """Return what marshmallow says as flat objections, each with its place."""
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            yield from objections(below, path if key == "_schema" else (*path, _step(key)))
    elif isinstance(messages, list | tuple):
        for message in messages:
            yield from objections(message, path)
    else:
        yield _objection(str(messages), path)


def _step(key: Any) -> str | int:
    return key if isinstance(key, int) else str(key)[:80]


def _objection(message: str, path: tuple[str | int, ...]) -> Objection:
    for pattern, code, zh, en in _COMPILED:
        found = pattern.fullmatch(message)
        if found:
            values = {name: value or "" for name, value in found.groupdict().items()}
            return Objection(path=path, code=code, message_zh=zh.format(**values), message_en=en.format(**values))
    return Objection(path=path, code="not-accepted", message_zh="内容不符合要求", message_en=message)
