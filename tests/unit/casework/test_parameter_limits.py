"""A figure of policy may not be what stops the work that reads it; each that is shipped lies within its limits."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.json_values import JsonValue
from workflows.casework.parameter_changes.limits import beyond
from workflows.casework.parameters import TEST_PARAMETERS, parameter_titles


def beyond_of(key: str, value: JsonValue) -> str:
    found = beyond(key, value, parameter_titles()[key].unit)
    return "" if found is None else found.en


def test_every_figure_that_is_shipped_lies_within_its_limits() -> None:
    assert [(one.key, beyond_of(one.key, one.value)) for one in TEST_PARAMETERS if beyond_of(one.key, one.value)] == []


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("total_days", 0, "a number from 1 on"),
        ("evidence_files_most", 0, "a number from 1 on"),
        ("aid_list_due_day", 29, "a number from 1 to 28"),
        ("aid_list_due_day", 0, "a number from 1 to 28"),
        ("tekun_old_age", 600, "a number from 1 to 120"),
        ("price_link_from", 300, "a number from 0 to 100"),
        ("price_link_divisor", 0, "a number from 1 on"),
        ("school_opens_month_autumn", 13, "a number from 1 to 12"),
        ("insurance_rate", 70, "a number from 0 to 1"),
        ("medical_aid_rate_edge", Decimal("1.5"), "a number from 0 to 1"),
        ("evidence_types", ["pdf", "exe"], "some of jpeg, png, webp, pdf, docx, xlsx"),
        ("dibao_amount_mode", "guess", "some of gap, graded"),
        ("winter_freeze_day", "13-40", "month and day, such as 10-31"),
        ("winter_freeze_day", "02-29", "month and day, such as 10-31"),
        ("conference_expected_by", ["06-30", "31-11"], "lines of month and day, such as 06-30"),
    ],
)
def test_what_nothing_could_work_with_is_refused(key: str, value: JsonValue, expected: str) -> None:
    assert beyond_of(key, value) == expected


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("acknowledge_days_emergency_fund", 0),
        ("acknowledge_days_dibao", "none"),
        ("order_soon_days", 0),
        ("medical_aid_deductible_dibao", 0),
        ("insurance_rate", 1),
        ("evidence_types", ["pdf"]),
        ("conference_expected_by", ["12-31"]),
    ],
)
def test_what_is_a_decision_too_is_taken(key: str, value: JsonValue) -> None:
    assert beyond_of(key, value) == ""


def test_an_unknown_agency_cannot_be_asked() -> None:
    assert beyond_of("check_sources", ["household_register"]) == ""
    assert beyond_of("check_sources", ["fortune_teller"]).startswith("some of household_register, ")


def test_every_figure_has_its_words_in_english() -> None:
    words = [text for one in parameter_titles().values() for text in (one.title_en, one.unit_en)]
    assert all(text.isascii() for text in words)
    assert all(one.title_en for one in parameter_titles().values())
