"""What the register decides without a database: division codes, numbers as typed, spans of a household."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from tests.applications import HOUSEHOLD, plain_dibao
from workflows.casework.circumstances import Proxy
from workflows.casework.intake import application_errors
from workflows.casework.register.codes import plain_code, plain_number
from workflows.casework.register.divisions import DivisionRefused, DivisionState, division_state
from workflows.casework.register.feeding import moved, paid_to
from workflows.casework.register.model import RegisteredHousehold

TODAY = date(2026, 9, 14)
HOME = RegisteredHousehold(
    id=uuid4(),
    region="320481001",
    head_id=uuid4(),
    confirmed_at=datetime(2026, 9, 14, tzinfo=UTC),
    source_case_id=None,
)


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("", DivisionState.NONE),
        ("320481001003", DivisionState.CURRENT),
        ("320481100003", DivisionState.ABOLISHED),
        ("110105001002", DivisionState.ELSEWHERE),
    ],
)
def test_a_village_code_is_told_how_it_stands(code: str, state: DivisionState) -> None:
    assert division_state(code) is state


@pytest.mark.parametrize("code", ["320481001", "32048100100x", "320481001000", "320481999001", "990000000001"])
def test_what_is_no_village_code_is_refused(code: str) -> None:
    with pytest.raises(DivisionRefused):
        division_state(code)
    errors = application_errors(plain_dibao(household=replace(HOUSEHOLD, division=code)), today=TODAY)
    assert [(one.path, one.code) for one in errors] == [("household.division", "division-refused")]


def test_numbers_and_codes_are_read_as_people_type_them() -> None:
    assert plain_number(" ３２０４８１００１-2026-000001 ") == "溧民救320481001-2026-000001"
    assert plain_number("溧民救320481001-2026-000001-sl") == "溧民救320481001-2026-000001"
    assert plain_number("ws320481001-2026-000001") == "WS320481001-2026-000001"
    assert plain_code("1234 5678") == plain_code("１２３４-５６７８") == "12345678"


def test_a_household_moves_once_and_keeps_where_it_lived() -> None:
    first = moved(HOME, text="旧址", division="320481001003", on=TODAY, source=None)
    assert moved(first, text="旧址", division="", on=date(2026, 10, 1), source=None) == first
    second = moved(first, text="新址", division="", on=date(2026, 10, 1), source=None)
    lived = [second.address_on(day) for day in (date(2026, 9, 30), date(2026, 10, 1))]
    assert [one.text for one in lived if one is not None] == ["旧址", "新址"]


def test_an_account_changed_on_its_first_day_is_the_later_one() -> None:
    first = paid_to(HOME, bank="b", holder="h", number="4111 1111 1111 1111", on=TODAY, source=None)
    second = paid_to(first, bank="b", holder="h", number="12345678", on=TODAY, source=None)
    assert [one.is_card_number for one in second.accounts] == [True, False]
    holds = second.account_on(date(2026, 9, 15))
    assert holds is not None
    assert holds.number == "12345678"


def test_a_village_helper_needs_committee_and_mandate_of_no_later_day() -> None:
    proxy = Proxy(name="王村官", phone="19900007777", mandate=" ", mandated_on=date(2026, 9, 15))
    found = application_errors(plain_dibao(channel="village", proxy=proxy), today=TODAY)
    assert [one.code for one in found] == ["mandate-missing", "organisation-missing", "date-in-future"]
    right = replace(proxy, mandate="WT-1", organisation="某村村委会", mandated_on=TODAY)
    assert application_errors(plain_dibao(channel="village", proxy=right), today=TODAY) == ()
