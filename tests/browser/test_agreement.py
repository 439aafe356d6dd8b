"""The server says of a submission what the form viewer says, but for the differences the reference names."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from engine.forms.components import PRESENTATION
from engine.forms.rules_reader import RULES_READERS
from engine.json_values import JsonObject
from tests.browser.conftest import CONTEXT, ROOT
from tests.browser.corpus.classes import CLASSES
from tests.browser.corpus.report import Report, report_on
from tests.browser.corpus.submissions import Case, cases
from tests.browser.corpus.viewer import bundle

pytestmark = pytest.mark.browser

SEED, FORMS, SUBMISSIONS = 1, 150, 10


@pytest.fixture(scope="module")
def corpus() -> list[Case]:
    """Every submission to be played."""
    return list(cases(seed=SEED, forms=FORMS, submissions=SUBMISSIONS))


@pytest.fixture(scope="module")
def report(chromium: Browser, corpus: list[Case], tmp_path_factory: pytest.TempPathFactory) -> Report:
    """What came out of playing them."""
    context = chromium.new_context(**CONTEXT)
    try:
        return report_on(context.new_page(), bundle(tmp_path_factory.mktemp("corpus")), corpus)
    finally:
        context.close()


def test_viewer_and_server_differ_only_where_the_reference_says_so(report: Report) -> None:
    assert report.unknown == []


def test_every_class_of_differences_is_met(report: Report) -> None:
    assert {known.name for known in CLASSES} == set(report.classes)


def test_the_reference_lists_these_classes_and_no_other() -> None:
    page = (ROOT / "docs/reference/forms.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([a-z-]+)` \|", page.partition("## Where viewer and server differ")[2], re.MULTILINE)
    assert listed == [known.name for known in CLASSES]


def test_the_reference_lists_every_type() -> None:
    page = (ROOT / "docs/reference/forms.md").read_text(encoding="utf-8")
    table = page.partition("## What is read")[2].partition("Keys and paths")[0]
    firsts = "".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`(\w+)`", firsts)) == PRESENTATION | RULES_READERS.keys() | {"group", "dynamiclist"}


def test_most_submissions_come_out_the_same(report: Report) -> None:
    assert report.played == FORMS * SUBMISSIONS
    assert report.agreed > report.played * 0.6
    assert report.accepted > report.played * 0.25
    assert report.refused > report.played * 0.25


def test_the_corpus_holds_every_type_and_every_property(corpus: list[Case]) -> None:
    components = [component for case in corpus for component in _all(case.schema["components"])]
    types = {component["type"] for component in components}
    assert types == PRESENTATION | RULES_READERS.keys() | {"group", "dynamiclist"}
    assert {component["subtype"] for component in components if "subtype" in component} == {"date", "time", "datetime"}
    names = {name for component in components for name in (*component, *component.get("validate", {}))}
    assert names >= set(_PROPERTIES)


_PROPERTIES = (
    *("conditional", "readonly", "disabled", "defaultValue", "values", "valuesKey", "valuesExpression", "expression"),
    *("required", "min", "max", "minLength", "maxLength", "pattern", "validationType", "decimalDigits", "increment"),
    *("serializeToString", "multiple", "path", "allowAddRemove", "defaultRepetitions", "disallowPassedDates"),
    *("timeSerializingFormat", "computeOn"),
)


def _all(components: list[JsonObject]) -> list[JsonObject]:
    return [inner for outer in components for inner in (outer, *_all(outer.get("components", [])))]
