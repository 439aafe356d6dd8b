from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.feel.evaluating import reasons, value

amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.1 + 0.2", "0.3"),
        ("1.005 * 100", "100.5"),
        ("123456789012345678 + 1", "123456789012345679"),
        ("1 / 3", "0.3333333333333333333333333333333333"),
        ("2 + 3 * 4", "14"),
        ("(2 + 3) * 4", "20"),
        ("2 ** 3", "8"),
        ("-2 ** 2", "4"),
        ("2 ** -1", "0.5"),
        ("10 - 2 - 3", "5"),
        (".5 + 1.5e1", "15.5"),
        ("decimal(2.5, 0)", "2"),
        ("decimal(3.5, 0)", "4"),
        ("decimal(1234.5, -2)", "1200"),
        ("round half up(2.345, 2)", "2.35"),
        ("round half down(2.345, 2)", "2.34"),
        ("round up(-1.001, 2)", "-1.01"),
        ("round down(1.999, 2)", "1.99"),
        ("floor(-1.5)", "-2"),
        ("ceiling(-1.5)", "-1"),
        ("floor(1.56, 1)", "1.5"),
        ("abs(-7)", "7"),
        ("modulo(-12, 5)", "3"),
        ("modulo(10.1, -4.5)", "-3.4"),
        ("sqrt(16)", "4"),
        ("log(1)", "0"),
        ("exp(0)", "1"),
        ("sum([1, 2.5, 3])", "6.5"),
        ("sum(1, 2, 3)", "6"),
        ("product([2, 3, 4])", "24"),
        ("mean([1, 2, 3, 4])", "2.5"),
        ("median([8, 2, 5, 3])", "4"),
        ("stddev([2, 4, 7, 5])", "2.081665999466132735282297706979931"),
        ("min([3, 1, 2])", "1"),
        ("max(3, 1, 2)", "3"),
        ("count([1, null, 3])", "3"),
    ],
)
def test_arithmetic_is_exact_to_34_digits(text: str, expected: str) -> None:
    assert value(text) == Decimal(expected)


def test_a_sum_of_tenths_equals_three_tenths() -> None:
    assert value("0.1 + 0.2 = 0.3") is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [("odd(3)", True), ("odd(-2)", False), ("even(0)", True), ("even(12345678901234567890)", True)],
)
def test_whole_numbers_are_odd_or_even(text: str, expected: object) -> None:
    assert value(text) is expected


def test_the_modes_of_a_list_come_in_order() -> None:
    assert value("mode([3, 6, 1, 9, 6, 1])") == [1, 6]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1 / 0", "division by zero"),
        ("modulo(1, 0)", "divisor is zero"),
        ("sqrt(-1)", "negative"),
        ("log(0)", "not positive"),
        ("9 ** 9999", "no number within range"),
        ("0 ** -1", "0 ** -1 is no number"),
        ('substring("a", 10 ** 6000)', "is too large: 1E+6000"),
        ("stddev([0, 10 ** 6000])", "out of range"),
        ('1 + "a"', "number + string is not defined"),
        ("decimal(1, 100000)", "scale must lie between"),
        ("sum([1, true])", "number + boolean"),
        ('mean(["a"])', "every member must be a number"),
        ("abs()", "the number of arguments cannot be 0"),
        ("abs(n: 1, m: 2)", "cannot take the parameters n, m"),
    ],
)
def test_what_is_no_number_is_null_with_a_reason(text: str, reason: str) -> None:
    assert reason in reasons(text)


@given(amounts, amounts)
def test_money_adds_up_to_the_cent(a: Decimal, b: Decimal) -> None:
    assert value("a + b - b = a", {"a": a, "b": b}) is True


@given(st.integers(min_value=-(10**12), max_value=10**12), st.integers(min_value=1, max_value=10**6))
def test_modulo_agrees_with_floor_division(a: int, b: int) -> None:
    assert value("modulo(a, b)", {"a": a, "b": b}) == a % b


@given(st.lists(amounts, min_size=1, max_size=20))
def test_minimum_mean_and_maximum_keep_their_order(numbers: list[Decimal]) -> None:
    assert value("min(xs) <= mean(xs) and mean(xs) <= max(xs)", {"xs": numbers}) is True
