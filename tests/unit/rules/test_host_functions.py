"""The rules as an analyst calls them from FEEL."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.feel import FeelFunctionError, FeelValue, Settings, compile_expression
from tests.unit.rules.calendars import COUNTY, day
from workflows.rules.host_functions import CHINA, host_functions

FUNCTIONS = host_functions(COUNTY)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("add working days", (day("09-14"), Decimal(30)), day("10-30")),
        ("add working days", (day("10-08"), Decimal(-1)), day("09-30")),
        ("add working days", (day("09-14"), 30), day("10-30")),
        ("count working days", (day("09-14"), day("10-30")), Decimal(30)),
        ("is working day", (day("02-28"),), True),
        ("is working day", (day("02-23"),), False),
        ("end of working day", (day("10-30"),), datetime(2026, 10, 30, 23, 59, 59, tzinfo=CHINA)),
        ("age on", (date(1978, 3, 15), day("09-14")), Decimal(48)),
        ("round up yuan", (Decimal("1640.2"),), Decimal(1641)),
    ],
)
def test_a_function_gives_the_answer_of_its_rule(
    name: str, arguments: tuple[FeelValue, ...], expected: FeelValue
) -> None:
    assert FUNCTIONS[name](*arguments) == expected


def test_a_moment_is_read_as_its_day_in_china() -> None:
    late_evening_in_utc = datetime(2026, 9, 13, 16, 30, tzinfo=UTC)  # 00:30 of the 14th in China
    assert FUNCTIONS["add working days"](late_evening_in_utc, Decimal(3)) == day("09-17")


def test_a_limit_ends_with_its_day_in_china_and_not_in_utc() -> None:
    end = FUNCTIONS["end of working day"](day("10-30"))
    assert isinstance(end, datetime)
    assert end.astimezone(UTC) == datetime(2026, 10, 30, 15, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "arguments", "reason"),
    [
        ("add working days", (day("12-20"), Decimal(30)), "the 2027 calendar is not loaded"),
        ("add working days", ("2026-09-14", Decimal(3)), r"found string; write date\(\.\.\.\)"),
        ("add working days", (day("09-14"), Decimal("1.5")), "whole number"),
        ("add working days", (day("09-14"), Decimal("1e30")), "at most 5000"),
        ("add working days", (day("09-14"), True), "found boolean"),
        ("add working days", (day("09-14"),), "arguments needed: 2, given: 1"),
        ("add working days", (date.max, Decimal(1)), "calendar"),
        ("is working day", (None,), "found null"),
        ("age on", (day("09-14"), day("09-13")), "birth date is 2026-09-14"),
        ("round up yuan", (Decimal("NaN"),), "amount in yuan"),
        ("round up yuan", ("1640",), "found string"),
    ],
)
def test_a_refusal_says_why_in_both_languages(name: str, arguments: tuple[FeelValue, ...], reason: str) -> None:
    with pytest.raises(FeelFunctionError, match=reason) as caught:
        FUNCTIONS[name](*arguments)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in caught.value.text("zh"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('add working days(date("2026-09-14"), 30)', day("10-30")),
        ('count working days(today(), date("2026-10-30")) + 1', Decimal(31)),
        ('is working day(date("2026-02-28"))', True),
        ("end of working day(add working days(today(), 3))", datetime(2026, 9, 17, 23, 59, 59, tzinfo=CHINA)),
        ('age on(date("1978-03-15"), today()) >= 18', True),
        ("round up yuan(3 * 1080.5 - 1600)", Decimal(1642)),
        ('add working days(date("2026-12-20"), 30)', None),
    ],
)
def test_an_analyst_calls_the_functions_by_their_names_with_spaces(text: str, expected: FeelValue) -> None:
    settings = Settings(now=datetime(2026, 9, 14, 10, tzinfo=CHINA), functions=FUNCTIONS)
    assert compile_expression(text).evaluate({}, settings).value == expected


def test_a_refusal_reaches_the_analyst_as_a_warning() -> None:
    settings = Settings(now=datetime(2026, 9, 14, 10, tzinfo=CHINA), functions=FUNCTIONS)
    evaluation = compile_expression('add working days(date("2026-12-20"), 30)').evaluate({}, settings)
    assert evaluation.warnings[0].reason.startswith("add working days: ")
    assert "2027 calendar is not loaded" in evaluation.warnings[0].reason
    assert "2027 年日历未导入" in evaluation.warnings[0].reason_zh


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_name_holds_no_reserved_word_so_that_every_editor_can_read_it(name: str) -> None:
    assert compile_expression(f"{name}(1)").names
