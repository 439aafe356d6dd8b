"""The functions Camunda's modelers offer for completion beside those of the standard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engine.feel import Settings
from tests.unit.feel.evaluating import NOW, evaluation, reasons, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("duplicate values([1, 2, 3, 2, 1])", [1, 2]),
        ("duplicate values([{a: 1}, 2, {a: 1.0}])", [{"a": 1}]),
        ("distinct values([@\"10:00:00Z\", @\"11:00:00+01:00\", [1, null], [1.0, null]])[2]", [1, None]),
        ('number("1,500", ",")', Decimal(1500)),
        ('get value(context: {a: 1}, key: "a")', Decimal(1)),
        ("get entries(context: {a: 1})", [{"key": "a", "value": 1}]),
        ('extract(string: "1234, 1256", pattern: "12[0-9]*")', ["1234", "1256"]),
        ('from base64(to base64("低保"))', "低保"),
        ('from json("{\\"a\\": 1.50, \\"b\\": [true, null]}")', {"a": 1.5, "b": [True, None]}),
        ('to json({a: 1.50, b: [true, null, "低\\"保"]})', '{"a":1.5,"b":[true,null,"低\\"保"]}'),
        ('to json(@"P3Y")', '"P3Y"'),
        ('to json(@"2025-11-24T10:00:00@Europe/Berlin")', '"2025-11-24T10:00:00+01:00[Europe/Berlin]"'),
        ('fromAi(1, "why", null, {type: "number"})', Decimal(1)),
        ('fromAi(value: 1, type: "number")', Decimal(1)),
        (
            'date and time("2018-04-29T09:30:00+02:00[Europe/Berlin]")',
            datetime(2018, 4, 29, 9, 30, tzinfo=ZoneInfo("Europe/Berlin")),
        ),
        (
            'string(date and time(@"2020-07-31T14:27:30Z", "+08:00"))',
            "2020-07-31T22:27:30+08:00",
        ),
        ('date and time(@"2020-07-31T14:27:30+02:00", "Z")', datetime(2020, 7, 31, 12, 27, 30, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_camunda_functions_answer_as_documented(text: str, expected: object) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "get value({a: 1}, [])",
        'from json("{")',
        'from json("NaN")',
        'from json("\\"\\\\ud83d\\"")',
        "to json([1..2])",
        "to json(function() 1)",
        'from base64("?")',
        'date and time("2018-04-29T09:30:00[Europe/Berlin]")',
        'date and time(@"2020-07-31T14:27:30Z", "+8")',
    ],
)
def test_what_they_cannot_answer_is_null_with_a_reason(text: str) -> None:
    assert reasons(text)


def test_random_numbers_come_from_the_host_alone() -> None:
    assert "must be the same every time" in reasons("random number()")
    assert reasons("uuid()")
    drawn: Iterator[Decimal] = iter([Decimal("0.25"), *[Decimal("0.5")] * 8])
    settings = Settings(now=NOW, random=lambda: next(drawn))
    assert evaluation("random number()", settings=settings).value == Decimal("0.25")
    assert evaluation("uuid()", settings=settings).value == "80008000-8000-4000-8000-800080008000"
