"""Amounts are exact: nothing is lost, nothing is gained, and every rounding is asked for."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.rules.money import (
    AmountRefused,
    PartOfAFen,
    fen_of,
    format_whole_yuan,
    format_yuan,
    round_to_fen,
    round_up_to_yuan,
    yuan_of,
)


@pytest.mark.parametrize(
    ("amount", "rounded"), [("1640", "1640"), ("1640.01", "1641"), ("0.001", "1"), ("0", "0"), ("-0.5", "0")]
)
def test_a_gap_is_rounded_up_to_whole_yuan(amount: str, rounded: str) -> None:
    assert round_up_to_yuan(Decimal(amount)) == Decimal(rounded)


@pytest.mark.parametrize(
    ("amount", "rounded"), [("833.333333", "833.33"), ("0.005", "0.01"), ("0.0049", "0.00"), ("-0.005", "-0.01")]
)
def test_half_a_fen_is_rounded_away_from_zero(amount: str, rounded: str) -> None:
    assert round_to_fen(Decimal(amount)) == Decimal(rounded)


def test_a9_the_parts_of_a_hospital_bill_make_the_whole_again() -> None:
    parts = [Decimal("25200"), Decimal("2145"), Decimal("6491.25"), Decimal("6163.75")]
    assert sum(map(fen_of, parts)) == fen_of(Decimal(40_000))
    assert format_yuan(sum(parts, Decimal(0))) == "40,000.00"


def test_a_part_of_a_fen_is_not_dropped_silently() -> None:
    with pytest.raises(PartOfAFen, match=r"0\.001"):
        fen_of(Decimal("0.001"))


@given(st.integers(-(10**16), 10**16))
def test_fen_and_yuan_are_the_same_amount(fen: int) -> None:
    assert fen_of(yuan_of(fen)) == fen


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e15", "-1e15", "1e999999"])
def test_what_is_no_amount_is_refused(amount: str) -> None:
    for rule in (round_up_to_yuan, round_to_fen, fen_of, format_yuan):
        with pytest.raises(AmountRefused):
            rule(Decimal(amount))


def test_amounts_are_printed_with_thousands() -> None:
    assert format_yuan(Decimal("1964")) == "1,964.00"
    assert format_yuan(Decimal("6491.25")) == "6,491.25"
    assert format_yuan(Decimal("-12960")) == "-12,960.00"
    assert format_whole_yuan(Decimal("1964.00")) == "1,964"
    assert format_whole_yuan(Decimal("1234567.5")) == "1,234,567.50"
