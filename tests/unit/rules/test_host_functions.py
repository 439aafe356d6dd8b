"""The rules as an analyst calls them from FEEL."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.feel.errors import FeelFunctionError
from engine.feel.values import FeelValue
from tests.unit.rules.calendars import COUNTY, day
from workflows.rules.host_functions import CHINA, host_functions

FUNCTIONS = host_functions(COUNTY)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("add working days", (day("09-14"), Decimal(30)), day("10-30")),
        ("add working days", (day("10-08"), Decimal(-1)), day("09-30")),
        ("add working days", (day("09-14"), 30), day("10-30")),
        ("working days between", (day("09-14"), day("10-30")), Decimal(30)),
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
        ("add working days", (day("09-14"),), "2 arguments are needed, 1 were given"),
        ("add working days", (date.max, Decimal(1)), "add working days"),
        ("is working day", (None,), "found null"),
        ("age on", (day("09-14"), day("09-13")), "birth date is 2026-09-14"),
        ("round up yuan", (Decimal("NaN"),), "amount in yuan"),
        ("round up yuan", ("1640",), "found string"),
    ],
)
def test_a_refusal_names_the_function_and_the_reason(name: str, arguments: tuple[FeelValue, ...], reason: str) -> None:
    with pytest.raises(FeelFunctionError, match=reason):
        FUNCTIONS[name](*arguments)
