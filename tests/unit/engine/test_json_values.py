"""The written form of values: exact, whichever way it is written."""

from __future__ import annotations

from decimal import Decimal

import pytest
import simplejson
from hypothesis import given
from hypothesis import strategies as st

from engine.json_values import JsonValue, dump_json, load_json

EXACT = simplejson.JSONEncoder(use_decimal=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
PLAIN = st.none() | st.booleans() | st.integers() | TEXTS


def documents(leaves: st.SearchStrategy[JsonValue]) -> st.SearchStrategy[JsonValue]:
    return st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=12)


@given(documents(PLAIN | DECIMALS))
def test_what_is_written_is_read_back_with_every_digit(value: JsonValue) -> None:
    assert load_json(dump_json(value)) == value
    assert load_json(dump_json(value)) == load_json(EXACT.encode(value))


@given(DECIMALS)
def test_a_decimal_is_written_as_it_is_among_other_values(amount: Decimal) -> None:
    assert dump_json({"事项": ["低保", amount]}) == f'{{"事项":["低保",{amount}]}}'


def test_a_tuple_is_a_list_and_a_key_of_another_kind_a_text() -> None:
    for more in (0, Decimal("0.10")):
        assert dump_json({"a": (1, "二"), "b": more}) == f'{{"a":[1,"二"],"b":{more}}}'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_number_is_refused(value: JsonValue) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        dump_json({"amount": value, "other": Decimal(1)})


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        dump_json({"amount": object()})  # type: ignore[dict-item]  # a mistake that types cannot stop everywhere
