"""Arithmetic against Python's own decimal and exact fractions; comparisons and ranges against each other."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.unit.feel.evaluating import value

PRECISION = Context(prec=34, rounding=ROUND_HALF_EVEN)
MONEY = st.decimals(min_value=-(10**12), max_value=10**12, places=2)
NUMBERS = st.one_of(
    MONEY,
    st.integers(-(10**20), 10**20).map(Decimal),
    st.decimals(min_value=-(10**9), max_value=10**9, places=9),
    st.builds(
        lambda digits, exponent: Decimal(digits).scaleb(exponent), st.integers(-9999, 9999), st.integers(-30, 30)
    ),
)
ORDERED = st.one_of(
    st.tuples(NUMBERS, NUMBERS, NUMBERS),
    st.tuples(st.text(max_size=3), st.text(max_size=3), st.text(max_size=3)),
    st.tuples(*[st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1))] * 3),
    st.tuples(*[st.timedeltas(min_value=timedelta(-999), max_value=timedelta(999))] * 3),
)


def nearest(exact: Fraction) -> Decimal:
    """The decimal of 34 digits nearest to an exact number, ties to even: what one operation must give."""
    if not exact:
        return Decimal(0)
    digits = len(str(abs(exact.numerator))) - len(str(exact.denominator))
    scale = 36 - digits
    scaled = exact * Fraction(10) ** scale
    floor = scaled.numerator // scaled.denominator
    sticky = 0 if scaled == floor else 1  # one more digit tells a tie from what lies just above it
    wide = Decimal(floor * 10 + sticky).scaleb(-scale - 1, Context(prec=60, Emin=-9999, Emax=9999))
    return PRECISION.plus(wide)


@settings(max_examples=300)
@given(NUMBERS, NUMBERS, st.sampled_from("+-*/"))
def test_one_operation_gives_the_decimal_nearest_to_the_exact_result(a: Decimal, b: Decimal, operator: str) -> None:
    x, y = Fraction(a), Fraction(b)
    assume(operator != "/" or y)
    exact = {"+": lambda: x + y, "-": lambda: x - y, "*": lambda: x * y, "/": lambda: x / y}[operator]()
    assert value(f"a {operator} b", {"a": a, "b": b}) == nearest(exact)


@given(st.lists(MONEY, min_size=1, max_size=30))
def test_sums_of_money_are_exact_to_the_cent(amounts: list[Decimal]) -> None:
    exact = sum(map(Fraction, amounts), Fraction(0))
    assert Fraction(value("sum(amounts)", {"amounts": amounts})) == exact
    assert value("mean(amounts)", {"amounts": amounts}) == nearest(nearest_sum(amounts) / len(amounts))


def nearest_sum(amounts: list[Decimal]) -> Fraction:
    return Fraction(nearest(sum(map(Fraction, amounts), Fraction(0))))


@given(NUMBERS, st.integers(1, 9))
def test_powers_of_whole_exponents_agree_with_decimal(base: Decimal, exponent: int) -> None:
    assert value("a ** b", {"a": base, "b": exponent}) == PRECISION.power(base, exponent)


@pytest.mark.parametrize(
    ("function", "rounding"),
    [
        ("floor", ROUND_FLOOR),
        ("ceiling", ROUND_CEILING),
        ("decimal", ROUND_HALF_EVEN),
        ("round half up", ROUND_HALF_UP),
    ],
)
@given(number=MONEY.map(lambda amount: amount / 8), places=st.integers(0, 4))
def test_rounding_agrees_with_decimal(function: str, rounding: str, number: Decimal, places: int) -> None:
    with localcontext(Context(prec=60)):
        expected = number.quantize(Decimal(1).scaleb(-places), rounding=rounding)
    assert value(f"{function}(n, places)", {"n": number, "places": places}) == expected


@given(NUMBERS, NUMBERS)
def test_the_remainder_takes_the_sign_of_the_divisor_and_is_smaller(a: Decimal, b: Decimal) -> None:
    assume(b and abs(a) < 10**15 and abs(b) > Decimal("1e-9"))
    x, y = Fraction(a), Fraction(b)
    found = Fraction(value("modulo(a, b)", {"a": a, "b": b}))
    assume(len(str(abs(x // y))) < 30 and abs(x / y) < 10**20)
    assert abs(found - (x - y * (x // y))) <= abs(y) * Fraction(1, 10**10)


@settings(max_examples=300)
@given(ORDERED)
def test_comparisons_are_an_order(values: tuple[object, object, object]) -> None:
    a, b, c = values
    names = {"a": a, "b": b, "c": c}
    assert [value(f"a {sign} b", names) for sign in ("<", "<=", ">", ">=", "=", "!=")] == [
        a < b,
        a <= b,
        a > b,
        a >= b,
        a == b,
        a != b,
    ]
    assert value("if a < b and b < c then a < c else true", names) is True
    assert value("a < b or a = b or a > b", names) is True


@settings(max_examples=300)
@given(ORDERED)
def test_ranges_tests_and_between_say_what_comparisons_say(values: tuple[object, object, object]) -> None:
    low, high = sorted(values[:2])
    names = {"x": values[2], "low": low, "high": high}
    for opening, above in (("[", ">="), ("(", ">")):
        for closing, below in (("]", "<="), (")", "<")):
            expected = value(f"x {above} low and x {below} high", names)
            interval = f"{opening}low..high{closing}"
            assert value(f"x in {interval}", names) is expected
            assert value(f"includes({interval}, x)", names) is expected
            assert value(f"during(x, {interval})", names) is expected
            assert value(f"before(x, {interval}) or after(x, {interval})", names) is not expected
    assert value("x between low and high", names) is value("x in [low..high]", names)
    assert value("x in (< low, > high)", names) is not value("x in [low..high]", names)


@given(ORDERED)
def test_the_relations_of_ranges_mirror_each_other(values: tuple[object, object, object]) -> None:
    low, middle, high = sorted(values)
    assume(low < middle < high)
    names = {"a": low, "b": middle, "c": high}
    pairs = [("before", "after"), ("meets", "met by"), ("overlaps before", "overlaps after"), ("during", "includes")]
    pairs += [("starts", "started by"), ("finishes", "finished by"), ("coincides", "coincides")]
    ranges = ["[a..b]", "[b..c]", "[a..c]", "(a..b)", "[b..c)", "[a..b)"]
    for relation, mirrored in pairs:
        for first in ranges:
            for second in ranges:
                assert value(f"{relation}({first}, {second})", names) is value(f"{mirrored}({second}, {first})", names)
