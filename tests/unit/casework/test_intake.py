"""What makes an application acceptable."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.applications import CHILD, FATHER, HOUSEHOLD, MOTHER, identity, plain_dibao
from workflows.casework.circumstances import Bill, DisabilityCard, Event, Supporter, YearlySpending
from workflows.casework.intake import application_errors, members_of
from workflows.casework.model import Account, Application, Health, Income, Person

TODAY = date(2026, 9, 14)


def complaints(application: Application) -> set[tuple[str, str]]:
    return {(error.path, error.code) for error in application_errors(application, today=TODAY)}


def test_a_right_application_has_no_errors() -> None:
    assert application_errors(plain_dibao(), today=TODAY) == ()


def test_a_wrong_check_digit_is_named_with_the_right_one() -> None:
    applicant = replace(FATHER, identity_number="320481197803151011")
    errors = application_errors(plain_dibao(members=(applicant, MOTHER, CHILD), account=None), today=TODAY)

    assert [(error.path, error.code) for error in errors] == [
        ("members[0].identity_number", "identity-number-check-digit-wrong")
    ]
    assert "0" in errors[0].zh
    assert "320481197803151011" not in errors[0].zh + errors[0].en


def test_a_small_x_is_accepted_and_kept_as_a_capital() -> None:
    applicant = replace(FATHER, identity_number="11010519491231002x")
    application = plain_dibao(members=(applicant,))

    assert application_errors(application, today=TODAY) == ()
    member = members_of(application)[0]
    assert member.person.identity_number == "11010519491231002X"
    assert (member.birth_date, member.sex, member.number) == (date(1949, 12, 31), "female", 1)


def test_the_same_identity_number_twice_is_named_at_both_members() -> None:
    twin = replace(CHILD, identity_number=f" {MOTHER.identity_number.lower()} ")

    assert {
        ("members[1].identity_number", "identity-number-repeated"),
        ("members[2].identity_number", "identity-number-repeated"),
    } <= complaints(plain_dibao(members=(FATHER, MOTHER, twin)))


def test_there_is_exactly_one_applicant() -> None:
    assert ("members", "applicant-not-single") in complaints(plain_dibao(members=(MOTHER, CHILD), account=None))
    assert ("members", "applicant-not-single") in complaints(
        plain_dibao(members=(FATHER, replace(MOTHER, relation="self")))
    )
    assert ("members", "applicant-not-single") in complaints(plain_dibao(members=(), account=None))


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"region": "320481400"}, "region", "region-unknown"),  # a prison has no window
        ({"channel": "fax"}, "channel", "choice-unknown"),
        ({"needs": ()}, "needs", "needs-missing"),
        ({"needs": ("medical", "medical")}, "needs[1]", "choice-repeated"),
        ({"documents": ("diploma",)}, "documents[0]", "choice-unknown"),
        ({"received_on": date(2026, 9, 15)}, "received_on", "date-in-future"),
        ({"submission_key": "x"}, "submission_key", "submission-key-malformed"),
        (
            {"household": replace(HOUSEHOLD, assets_declared=Decimal(-1))},
            "household.assets_declared",
            "amount-out-of-range",
        ),
        ({"household": replace(HOUSEHOLD, own_area=Decimal("1.234"))}, "household.own_area", "amount-out-of-range"),
        ({"household": replace(HOUSEHOLD, own_area=Decimal("NaN"))}, "household.own_area", "amount-out-of-range"),
        ({"household": replace(HOUSEHOLD, address=" ")}, "household.address", "address-missing"),
        (
            {"account": Account(bank="银行", holder="外人", number="6200000000000000")},
            "account.holder",
            "holder-not-a-member",
        ),
        ({"account": Account(bank="银行", holder="陈建国", number="12")}, "account.number", "account-number-refused"),
    ],
)
def test_a_fault_is_named_at_its_place(changes: dict[str, object], path: str, code: str) -> None:
    assert (path, code) in complaints(plain_dibao(**changes))


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"name": "1"}, "name", "name-malformed"),
        ({"phone": "123"}, "phone", "phone-refused"),
        ({"phone": ""}, "phone", "phone-missing"),
        ({"income": Income(net_monthly_wage=Decimal(-5))}, "net_monthly_wage", "amount-out-of-range"),
        ({"school_stage": "primary", "grade": 7}, "grade", "grade-out-of-range"),
        ({"grade": 1}, "grade", "grade-out-of-range"),
        ({"health": Health(disability_level=2)}, "disability_level", "disability-incomplete"),
        (
            {"health": Health(disability_kind="physical", disability_level=5)},
            "disability_level",
            "disability-level-out-of-range",
        ),
        ({"identity_number": identity(date(2026, 9, 15))}, "identity_number", "birth-in-future"),
        ({"identity_number": identity(date(1890, 1, 1))}, "identity_number", "birth-too-early"),
        ({"presence": "deceased"}, "presence", "applicant-deceased"),
    ],
)
def test_a_fault_of_a_member_is_named_at_the_member(changes: dict[str, object], path: str, code: str) -> None:
    changed = replace(FATHER, **changes)  # type: ignore[arg-type]  # names and kinds stand in the table above

    assert (f"members[0].{path}", code) in complaints(plain_dibao(members=(changed, MOTHER, CHILD)))


def test_an_application_that_leaves_later_facts_out_is_the_one_it_was_before_they_could_be_told() -> None:
    before = "1dd6d46c9bd310ae9086af2570440e71c7d9098c4cb14b7a4de897aa0caa9869"

    assert plain_dibao().digest == before
    spending = YearlySpending(medical=Decimal(1))
    assert plain_dibao(household=replace(HOUSEHOLD, yearly_spending=spending)).digest != before


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"supporters": (Supporter(name=" ", relation="child", age=40),)}, "supporters[0].name", "name-malformed"),
        (
            {"supporters": (Supporter(name="陈大", relation="friend", age=40),)},
            "supporters[0].relation",
            "choice-unknown",
        ),
        ({"supporters": (Supporter(name="陈大", relation="child", age=140),)}, "supporters[0].age", "age-out-of-range"),
        (
            {"supporters": (Supporter(name="陈大", relation="child", age=40, identity_number="1"),)},
            "supporters[0].identity_number",
            "identity-number-malformed",
        ),
        ({"event": Event(kind="fire", happened_on=date(2026, 9, 15))}, "event.happened_on", "date-in-future"),
        ({"event": Event(kind="fire", happened_on=date(1890, 5, 5))}, "event.happened_on", "date-too-old"),
        ({"event": Event(kind="war", happened_on=date(2026, 9, 1))}, "event.kind", "choice-unknown"),
        (
            {"event": Event(kind="fire", happened_on=date(2026, 9, 1), region="320499001")},
            "event.region",
            "region-unknown",
        ),
        (
            {"bills": (Bill(kind="medical", amount=Decimal(100), reimbursed=Decimal(101)),)},
            "bills[0].reimbursed",
            "reimbursed-too-much",
        ),
        ({"bills": (Bill(kind="medical", amount=Decimal(-1)),)}, "bills[0].amount", "amount-out-of-range"),
        (
            {"members": (replace(FATHER, failed_self_care=("fly",)),)},
            "members[0].failed_self_care[0]",
            "choice-unknown",
        ),
    ],
)
def test_a_fault_of_the_circumstances_is_named_at_its_place(changes: dict[str, object], path: str, code: str) -> None:
    assert (path, code) in complaints(plain_dibao(**changes))


def disabled(number: str) -> Person:
    health = Health(disability_kind="physical", disability_level=2)
    return replace(FATHER, health=health, card=DisabilityCard(number=number, expires_on=date(2030, 1, 1)))


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (FATHER.identity_number, "card-number-malformed"),
        (FATHER.identity_number + "45", "card-number-malformed"),  # there is no level 5
        (MOTHER.identity_number + "42", "card-of-somebody-else"),
        (FATHER.identity_number + "41", "card-says-otherwise"),  # level 1 on the card, 2 declared
        (FATHER.identity_number + "62", "card-says-otherwise"),  # mental on the card, physical declared
    ],
)
def test_a_card_number_holds_the_identity_number_the_kind_and_the_level(number: str, code: str) -> None:
    assert ("members[0].card.number", code) in complaints(plain_dibao(members=(disabled(number),), account=None))


def test_a_card_number_is_kept_in_plain_form() -> None:
    written = FATHER.identity_number.lower() + " 42"
    application = plain_dibao(members=(disabled(written),), account=None)

    assert complaints(application) == set()
    (member,) = members_of(application)
    assert member.person.card == DisabilityCard(number=FATHER.identity_number + "42", expires_on=date(2030, 1, 1))
