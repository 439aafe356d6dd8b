"""What a template may ask for: texts, lists of texts, and tables with columns, each by a Chinese name and a key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

Value = str | Sequence[str] | Sequence[Mapping[str, str]]
"""What a field is filled with; every figure and day is text already, as it is to be printed."""

ROW_NUMBER = "序号"


class FieldKind(StrEnum):
    """How a field is filled."""

    TEXT = "text"
    LIST = "list"  # its paragraph is repeated for each text
    TABLE = "table"  # its table row is repeated for each line


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a paper; `name` is what the office writes between braces, `key` what programs send."""

    key: str
    name: str
    name_en: str
    kind: FieldKind = FieldKind.TEXT
    columns: tuple[Field, ...] = ()
    sample: Value = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """What stands between two braces: `{{案号}}`, `{{家庭成员.姓名}}`, or `{{备注?}}`, which leaves its line out."""

    name: str
    column: str | None = None
    optional: bool = False

    @classmethod
    def read(cls, text: str) -> Placeholder:
        """Return the placeholder of a text between braces."""
        inner = text.strip()
        optional = inner.endswith(("?", "？"))
        name, dot, column = inner.rstrip("?？").strip().partition(".")
        return cls(name=name.strip(), column=column.strip() if dot else None, optional=optional)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The fields of one kind of paper, found by name or key."""

    fields: tuple[Field, ...]

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def find(self, name: str) -> Field | None:
        """Return a field by name or key."""
        return next((one for one in self.fields if name in (one.name, one.key)), None)

    def nearest(self, name: str) -> str | None:
        """Return the name most like one that does not exist."""
        found = get_close_matches(name, [one.name for one in self.fields], n=1, cutoff=0.4)
        return found[0] if found else None


def column_of(field: Field, name: str) -> Field | None:
    """Return a column of a table by name or key."""
    return next((one for one in field.columns if name in (one.name, one.key)), None)
