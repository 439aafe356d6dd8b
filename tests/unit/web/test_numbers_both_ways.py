"""Numbers have one limit for both ways: what an expression leaves in a variable, a client may send back."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine import feel
from engine.json_values import dump_json
from web.errors import BadJson
from web.requests import json_text

NOW = feel.Settings(now=datetime(2026, 6, 15, tzinfo=UTC))


def value_of(expression: str) -> object:
    return feel.to_json(feel.compile_expression(expression).evaluate({}, NOW).value)


@pytest.mark.parametrize("expression", ["10 ** 40", "10 ** 99", "1/3", "-1/3", "10 ** -99", "0", "0.10"])
def test_what_an_expression_gives_can_be_sent_back(expression):
    value = value_of(expression)
    assert json_text(dump_json({"n": value})) == {"n": value}
    again = feel.compile_expression("n = m").evaluate({"n": feel.from_json(value), "m": feel.from_json(value)}, NOW)
    assert again.value is True


@pytest.mark.parametrize("expression", ["10 ** 100", "-(10 ** 3000)", "10 ** -100"])
def test_a_number_beyond_the_limit_is_refused_as_a_result(expression):
    with pytest.raises(feel.FeelLimitError) as refused:
        value_of(expression)
    assert refused.value.text("zh").count("100") == 1
    assert "power of 100" in refused.value.text("en")


@pytest.mark.parametrize("number", [10**40, -(10**40), Decimal("1E+100"), Decimal("1E-100"), Decimal("0." + "1" * 41)])
def test_a_number_beyond_the_limit_is_refused_from_outside(number):
    with pytest.raises(BadJson):
        json_text(dump_json({"n": number}))
