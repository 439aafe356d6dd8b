"""The kinds of printed documents, read from the catalogue beside their templates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from workflows.casework.documents.errors import DocumentKindUnknown
from workflows.printing.fields import Field, FieldKind, Fields, Value

FOLDER = Path(__file__).resolve().parents[2] / "documents"
CATALOGUE = FOLDER / "catalogue.json"


class About(StrEnum):
    """What a document is about."""

    CASE = "case"
    COUNTY = "county"  # many cases, or none


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperKind:
    """A kind of printed document."""

    key: str
    name: str
    name_en: str
    series: str  # its numbers are counted in this series from 1 every year
    copies: int  # how many originals are handed out; whatever is printed after them is marked as a copy
    about: About
    fields: Fields

    @property
    def own_fields(self) -> tuple[Field, ...]:
        """Return the fields that are filled from records or by hand, not by the act of issuing."""
        given = {field.key for field in _common()}
        return tuple(field for field in self.fields if field.key not in given)

    @property
    def template(self) -> bytes:
        """Return the template that is shipped."""
        return (FOLDER / f"{self.key}.docx").read_bytes()

    @property
    def sample(self) -> dict[str, Value]:
        """Return values to look at a template with."""
        return {field.key: field.sample for field in self.fields}


def paper_kinds() -> tuple[PaperKind, ...]:
    """Return all kinds in the order of the catalogue."""
    return tuple(_kinds().values())


def paper_kind(key: str) -> PaperKind:
    """Return a kind.

    Raises:
        DocumentKindUnknown: there is none with this key.
    """
    found = _kinds().get(key)
    if found is None:
        raise DocumentKindUnknown(key=key, known=tuple(_kinds()))
    return found


@cache
def _kinds() -> Mapping[str, PaperKind]:
    return {entry["key"]: _kind(entry) for entry in _catalogue()["kinds"]}


@cache
def _catalogue() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    return read


@cache
def _common() -> tuple[Field, ...]:
    return tuple(_field(entry) for entry in _catalogue()["common"])


def _kind(entry: Mapping[str, Any]) -> PaperKind:
    own = tuple(_field(one) for one in entry["fields"])
    return PaperKind(
        key=entry["key"],
        name=entry["name"],
        name_en=entry["name_en"],
        series=entry["series"],
        copies=entry["copies"],
        about=About(entry["about"]),
        fields=Fields(fields=(*_common(), *own)),
    )


def _field(entry: Mapping[str, Any]) -> Field:
    return Field(
        key=entry["key"],
        name=entry["name"],
        name_en=entry["name_en"],
        kind=FieldKind(entry.get("kind", "text")),
        columns=tuple(_field(one) for one in entry.get("columns", ())),
        sample=entry.get("sample", ""),
    )
