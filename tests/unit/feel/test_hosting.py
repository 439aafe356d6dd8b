from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine.feel import (
    FeelFunctionError,
    FeelTypeError,
    FeelValue,
    Settings,
    YearsMonths,
    compile_expression,
    from_json,
    to_json,
)
from tests.unit.feel.evaluating import NOW, evaluation, value


def add_working_days(day: FeelValue, count: FeelValue) -> FeelValue:
    if not isinstance(day, date) or not isinstance(count, Decimal):
        raise FeelFunctionError(zh="应为日期和数字", en="expected a date and a number")
    return day + timedelta(days=int(count))


HOST = Settings(now=NOW, functions={"add working days": add_working_days, "household size": lambda: 4})


def test_a_host_function_is_called_by_its_name_with_spaces() -> None:
    assert evaluation('add working days(date("2026-03-02"), 5)', settings=HOST).value == date(2026, 3, 7)


def test_what_a_host_function_gives_is_read_as_feel() -> None:
    assert evaluation("household size() / 8", settings=HOST).value == Decimal("0.5")


def test_a_host_function_that_refuses_gives_null_and_its_reason() -> None:
    result = evaluation('add working days("soon", 5)', settings=HOST)
    assert result.value is None
    assert [w.reason for w in result.warnings] == ["add working days: expected a date and a number"]


def test_the_same_text_is_compiled_once() -> None:
    assert compile_expression("a + b") is compile_expression("a + b", names=frozenset({"a", "b", "plain words"}))


def test_the_clock_is_the_one_given() -> None:
    assert value("string(now())") == "2026-03-02T09:30:00@Asia/Shanghai"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.50", Decimal("1.50")),
        ("4 / 2", 2),
        ('date("2026-03-02")', "2026-03-02"),
        ('duration("P1DT1H")', "P1DT1H"),
        ('[1, null, {a: time("10:00:00")}]', [1, None, {"a": "10:00:00"}]),
    ],
)
def test_values_have_a_json_form(text: str, expected: object) -> None:
    assert to_json(value(text)) == expected


@pytest.mark.parametrize("text", ["[1..2]", "[function(x) x]", "{a: sum}"])
def test_functions_and_ranges_have_no_json_form(text: str) -> None:
    with pytest.raises(FeelTypeError):
        to_json(value(text))


def test_a_host_value_feel_knows_nothing_of_is_refused_when_read() -> None:
    assert value("1", {"a": object()}) == 1
    with pytest.raises(FeelTypeError, match="Python class object is no FEEL value"):
        value("a", {"a": object()})


def test_json_numbers_become_decimals_at_every_depth() -> None:
    assert from_json({"a": [1, 2.5, True, "1"]}) == {"a": [Decimal(1), Decimal("2.5"), True, "1"]}
    assert to_json(YearsMonths(14)) == "P1Y2M"
