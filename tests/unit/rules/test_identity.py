"""Identity numbers, credit codes, phones and accounts: what is accepted, what is refused and how it is told."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.rules.errors import RuleError
from workflows.rules.identity import (
    AccountNumberRefused,
    BirthAfterDay,
    CreditCodeCheckDigitWrong,
    CreditCodeMalformed,
    IdentityNumberBirthDateWrong,
    IdentityNumberCheckDigitWrong,
    IdentityNumberMalformed,
    PhoneRefused,
    Sex,
    account_number,
    age_on,
    credit_code,
    identity_number,
    mobile_number,
)

# An invented credit code: 17 signs of the alphabet, the 18th computed by hand.
CREDIT_CODE = "9132048100000000XQ"


def test_a16_a_wrong_check_digit_is_refused_and_the_right_one_named() -> None:
    with pytest.raises(IdentityNumberCheckDigitWrong, match="should be 0") as refused:
        identity_number("320481197803151011")
    assert refused.value.expected == "0"
    assert "应为 0" in refused.value.text("zh")


def test_a16_a_small_x_is_accepted_and_written_large() -> None:
    assert identity_number("11010519491231002x").text == "11010519491231002X"


@pytest.mark.parametrize(
    "typed", ["11010519491231002Ｘ", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２ｘ"]
)
def test_full_width_signs_and_spaces_are_forgiven(typed: str) -> None:
    assert identity_number(typed).text == "11010519491231002X"


def test_a_number_tells_birth_date_and_sex() -> None:
    number = identity_number("320481197803151010")
    assert number.birth_date == date(1978, 3, 15)
    assert number.sex is Sex.MALE
    assert identity_number("11010519491231002X").sex is Sex.FEMALE


@pytest.mark.parametrize("typed", ["", "110105491231002", "11010519491231002", "1101051949123100XX", "张三" * 9])
def test_what_is_not_eighteen_signs_is_refused(typed: str) -> None:
    with pytest.raises(IdentityNumberMalformed):
        identity_number(typed)


@pytest.mark.parametrize("birth", ["19780230", "19781301", "00000000", "17000101"])
def test_a_birth_date_that_does_not_exist_is_refused(birth: str) -> None:
    with pytest.raises(IdentityNumberBirthDateWrong):
        identity_number(f"320481{birth}1010")


def test_an_unknown_division_is_only_flagged() -> None:
    assert identity_number("320481197803151010").is_division_known
    assert not identity_number("320481197803151010", known_divisions={"320482"}).is_division_known
    assert identity_number("320481197803151010", known_divisions={"320481"}).is_division_known
    assert not identity_number("990481197803151015").is_division_known


@given(st.integers(0, 16), st.integers(1, 9))
def test_every_single_wrong_digit_is_noticed(place: int, shift: int) -> None:
    right = "320481197803151010"
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    with pytest.raises((IdentityNumberCheckDigitWrong, IdentityNumberBirthDateWrong)):
        identity_number(wrong)


@given(st.text(max_size=40))
def test_any_text_is_accepted_or_refused_by_a_rule_but_never_breaks(typed: str) -> None:
    readers: list[Callable[[str], object]] = [identity_number, credit_code, mobile_number, account_number]
    for read in readers:
        with suppress(RuleError):
            read(typed)


def test_no_refusal_repeats_the_number() -> None:
    with pytest.raises(IdentityNumberCheckDigitWrong) as refused:
        identity_number("320481197803151011")
    assert "32048119780315" not in refused.value.text("en") + refused.value.text("zh")


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("1978-03-15", "2026-03-14", 47),
        ("1978-03-15", "2026-03-15", 48),
        ("2012-02-29", "2026-02-28", 13),
        ("2012-02-29", "2026-03-01", 14),
        ("2012-02-29", "2024-02-29", 12),
        ("2026-09-14", "2026-09-14", 0),
    ],
)
def test_an_age_is_counted_in_full_years(born: str, on: str, age: int) -> None:
    assert age_on(date.fromisoformat(born), date.fromisoformat(on)) == age


def test_there_is_no_age_before_the_birth() -> None:
    with pytest.raises(BirthAfterDay, match="2026-09-15"):
        age_on(date(2026, 9, 15), date(2026, 9, 14))


def test_a_credit_code_with_the_right_check_sign_is_accepted() -> None:
    assert credit_code(CREDIT_CODE.lower()) == CREDIT_CODE


def test_a_credit_code_with_a_wrong_check_sign_is_refused_and_the_right_one_named() -> None:
    with pytest.raises(CreditCodeCheckDigitWrong, match=f"should be {CREDIT_CODE[-1]}"):
        credit_code(CREDIT_CODE[:-1] + "Y")


@pytest.mark.parametrize("typed", ["", CREDIT_CODE[:-1], CREDIT_CODE + "0", "I" + CREDIT_CODE[1:]])
def test_a_credit_code_of_another_form_is_refused(typed: str) -> None:
    with pytest.raises(CreditCodeMalformed):
        credit_code(typed)


def test_a_mobile_number_is_read_with_its_spaces() -> None:
    assert mobile_number("138 0013 8000") == "13800138000"


@pytest.mark.parametrize("typed", ["12800138000", "1380013800", "0519-87269000", "+8613800138000"])
def test_what_is_no_mobile_number_is_refused(typed: str) -> None:
    with pytest.raises(PhoneRefused):
        mobile_number(typed)


def test_a_card_number_is_flagged_and_a_passbook_account_accepted_without_flag() -> None:
    assert account_number("6222 0200 0000 0000 003").is_card_number is False
    assert account_number("4111 1111 1111 1111").is_card_number
    assert account_number("3204810101234567").is_card_number is False


@pytest.mark.parametrize("typed", ["", "1234567", "62220200A0000000", "1" * 31])
def test_what_is_no_account_number_is_refused(typed: str) -> None:
    with pytest.raises(AccountNumberRefused):
        account_number(typed)
