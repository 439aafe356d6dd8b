"""The pages of the reference say what the code does."""

from __future__ import annotations

import warnings

import pytest
from flask import Flask

from api.openapi import describe
from api.operations import operation_of
from api.problems import STATUSES, TITLES
from api.reference import FOLDER, known_errors, pages


@pytest.mark.parametrize(
    "name", ["errors.md", "feel-functions.md", "feel-messages.md", "openapi.json", "scenario-words.md"]
)
def test_a_page_of_the_reference_equals_the_code(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == pages()[name], "run `python -m api.reference`"


def test_every_status_belongs_to_an_error_and_has_a_title() -> None:
    codes = {error.code for error in known_errors()}

    assert set(STATUSES) <= codes
    assert set(STATUSES.values()) <= set(TITLES)


def test_every_error_speaks_both_languages() -> None:
    for error in known_errors():
        assert any("\u4e00" <= sign <= "\u9fff" for sign in error.text_zh), error
        assert error.text_en.isascii(), error


def test_every_route_of_the_api_is_described(app: Flask) -> None:
    described = {operation["operationId"] for path in describe(app)["paths"].values() for operation in path.values()}
    routes = {rule.endpoint.rpartition(".")[2] for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")}

    assert all(operation_of(app, f"api.{name}") for name in routes)
    assert {"preview_modification", "preview_repair"} <= described
    assert described == routes


def test_no_two_schemas_of_the_api_share_a_name(app: Flask) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # the writer of the description warns and counts the second one on

        assert {"BillInput", "HospitalBillInput"} <= set(describe(app)["components"]["schemas"])
