"""Distrust of what agencies answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from workflows.casework.correspondence import Inquiry, Subject
from workflows.connectors.answers import AnswerWrong, checked_answer

ONE = Subject(member=1, name="陈建国", identity_number="320499198603021112")
TWO = Subject(member=2, name="李秀英", identity_number="320499198805202220")
INQUIRY = Inquiry(
    request_id=UUID(int=7),
    agency="bank",
    items=("deposit",),
    case_number="溧民救320481001-2026-000001",
    subjects=(ONE, TWO),
    today=date(2026, 9, 14),
    answer_by=date(2026, 9, 21),
)


def person(subject: Subject) -> dict[str, Any]:
    return {"name": subject.name, "identity_number": subject.identity_number}


def answer(*records: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "request_id": str(INQUIRY.request_id),
        "agency": "bank",
        "status": "hit" if records else "no_hit",
        "as_of": "2026-09-13",
        "subjects": [person(ONE), person(TWO)],
        "records": list(records),
    } | changes


def deposit(subject: Subject, amount: Any, unit: str = "yuan", **more: Any) -> dict[str, Any]:
    return {**person(subject), "item": "deposit", "amount": amount, "unit": unit, **more}


def test_amounts_of_different_units_are_added_in_yuan() -> None:
    found = checked_answer(
        answer(deposit(ONE, Decimal("0.9"), "ten_thousand_yuan"), deposit(TWO, 12345, "fen")), INQUIRY
    )

    assert found["assets"] == Decimal("9123.45")
    assert (found["monthly_income"], found["has_vehicle"]) == (None, None)


def test_what_is_kept_holds_no_name_and_no_identity_number() -> None:
    kept = str(checked_answer(answer(deposit(ONE, 5)), INQUIRY))

    assert ONE.name not in kept
    assert ONE.identity_number not in kept


def test_a_hit_reported_twice_counts_once() -> None:
    twice = [deposit(ONE, 100, reference="A1"), deposit(ONE, 100, reference="A1")]

    assert checked_answer(answer(*twice), INQUIRY)["assets"] == 100


def test_a_car_under_another_name_needs_explanation_and_does_not_count() -> None:
    car = {**person(ONE), "name": "陈建图", "item": "vehicle"}
    found = checked_answer(answer(car), INQUIRY)

    assert found["has_vehicle"] is None
    assert found["needs_explanation"] is True
    assert found["remarks"] == ["成员1的“vehicle”记录姓名不一致，需说明，未计入"]


def test_figures_older_than_three_months_are_flagged() -> None:
    found = checked_answer(answer(deposit(ONE, 1), as_of="2026-05-20"), INQUIRY)

    assert found["needs_explanation"] is True
    assert "2026-05-20" in found["remarks"][0]


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        answer(request_id="another"),
        answer(agency="tax"),
        answer(subjects=[person(ONE)]),
        answer(subjects=[person(ONE), {**person(TWO), "name": "李秀兰"}]),
        answer(subjects=[person(ONE), {**person(TWO), "identity_number": "11010519491231002X"}]),
        answer(subjects=None),
        answer(as_of="2026-09-15"),
        answer(as_of=None),
        answer(status="maybe"),
        answer(deposit(ONE, 1, "mu")),
        answer(deposit(ONE, -1)),
        answer(deposit(ONE, True)),
        answer(deposit(ONE, "1")),
        answer({**person(ONE), "item": "yacht"}),
        answer(deposit(Subject(member=9, name="外人", identity_number="11010519491231002X"), 1)),
        answer({"item": "deposit"}),
    ],
)
def test_a_wrong_answer_is_refused(wrong: Any) -> None:
    with pytest.raises(AnswerWrong) as refusal:
        checked_answer(wrong, INQUIRY)

    assert ONE.name not in str(refusal.value)
    assert ONE.identity_number not in str(refusal.value)
