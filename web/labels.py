"""The names of choices and states in the reader's language, as lists and pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from engine.model import Definition
from web import i18n
from web.label_texts import LABELS
from web.office_label_texts import OFFICE_LABELS
from workflows.casework.county import TOWN_BY_REGION, UNIT_KIND_NAMES
from workflows.diagram_texts import english_decision

TEXTS = LABELS | OFFICE_LABELS


def label(kind: str, value: object) -> str:
    """Return the name of a value in the reader's language; a value without a name shows as it is."""
    key = str(value.value if isinstance(value, Enum) else value)
    texts = TEXTS[kind].get(key)
    return key if texts is None else in_language(*texts)


def choices(kind: str) -> list[tuple[str, str]]:
    """Return the values of a kind with their names, for a list to choose from."""
    return [(value, in_language(*texts)) for value, texts in TEXTS[kind].items()]


def labels(kind: str, values: Iterable[object]) -> str:
    """Return several names in one line."""
    return in_language("、", ", ").join(label(kind, value) for value in values)


def groups(candidate_groups: Iterable[str]) -> str:
    """Return candidate groups in words: the unit kind and the role."""
    return in_language("、", ", ").join(_group(group) for group in candidate_groups)


def town(region: str) -> str:
    """Return the name of a town by its code; a region without a name shows as it is."""
    found = TOWN_BY_REGION.get(region)
    return region if found is None else in_language(found.name, found.name_en)


def unit_kind(kind: str) -> str:
    """Return the name of a kind of unit; a kind without a name shows as it is."""
    found = UNIT_KIND_NAMES.get(kind)
    return kind if found is None else in_language(*found)


def in_language(zh: str, en: str) -> str:
    """Return the text in the reader's language."""
    return en if i18n.language() == "en" else zh


def definition_name(definition: Definition) -> str:
    """Return the name of what is deployed; what has no English one is called as in its diagram."""
    return in_language(definition.name, definition.name_en or english_decision(definition.name))


def _group(group: str) -> str:
    kind, _, role = group.partition("/")
    return f"{unit_kind(kind)}{in_language('', ' ')}{label('role', role)}"
