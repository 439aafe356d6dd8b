"""The forms the product ships, read as they will be deployed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.forms import parse
from tests.unit.forms.factories import submit
from workflows.form_texts import english_texts

SHIPPED = sorted((Path(__file__).parents[3] / "workflows" / "forms").glob("*.form"))
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


def test_forms_are_shipped() -> None:
    assert SHIPPED


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_form_is_read_without_a_finding_and_named_by_its_id(path: Path) -> None:
    parsed = parse(path.read_bytes(), resource=path.name)
    assert parsed.warnings == ()
    assert parsed.id == path.stem


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_form_answers_an_empty_submission_with_what_is_required(path: Path) -> None:
    outcome = submit(parse(path.read_bytes()), {})
    assert {error.code for error in outcome.errors} <= {"required", "must-be-checked"}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_form_speaks_english_to_whoever_reads_english(path: Path) -> None:
    outcome = submit(parse(path.read_bytes(), english=english_texts(path.stem)), {})
    assert not [error.message_en for error in outcome.errors if CHINESE.search(error.message_en)]
    assert not [error.message_en for error in outcome.errors if error.message_en.startswith(f"“{error.key}”")]
