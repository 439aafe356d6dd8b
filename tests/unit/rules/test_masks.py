"""Masks keep enough to recognise and no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from workflows.rules.masks import masked_account, masked_identity_number, masked_name, masked_phone, with_masked_numbers


@pytest.mark.parametrize(
    ("name", "masked"), [("张建三", "张*三"), ("张三", "张*"), ("欧阳建国", "欧**国"), ("张", "张"), ("", "")]
)
def test_a_name_keeps_its_ends(name: str, masked: str) -> None:
    assert masked_name(name) == masked


def test_numbers_keep_what_a_clerk_needs_to_tell_them_apart() -> None:
    assert masked_identity_number("320481197803151234") == "320481********1234"
    assert masked_phone("13800138000") == "138****8000"
    assert masked_account("6222020000000000003") == "***************0003"


@pytest.mark.parametrize("mask", [masked_identity_number, masked_phone])
def test_a_number_too_short_to_mask_shows_nothing(mask: Callable[[str], str]) -> None:
    assert mask("1234567") == "*******"


def test_numbers_of_persons_are_masked_wherever_they_stand_in_a_value() -> None:
    value = {"note": "证件 320481197803151234，电话 13800138000", "list": ["6222020000000000003", 42, True, None]}

    assert with_masked_numbers(value) == {
        "note": "证件 320481********1234，电话 138****8000",
        "list": ["***************0003", 42, True, None],
    }


def test_numbers_of_cases_and_days_are_left_as_they_are() -> None:
    for text in ("SR-2026-000123", "2026-11-26", "320481001", "3200.50", "8f14e45fceea167a5a36dedd4bea2543"):
        assert with_masked_numbers(text) == text
