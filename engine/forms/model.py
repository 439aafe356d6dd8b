"""A form as the server understands it: what may be entered where, and under which rules.

Built by `engine.forms.document.parse` only; texts, images and other presentation are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from engine.feel import Expression
from engine.findings import Finding
from engine.forms.patterns import Pattern
from engine.json_values import JsonValue

Path = tuple[str | int, ...]
NumberSetting = Decimal | Expression | None
"""A limit written as a number or as FEEL; None is no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """When a component is hidden or locked, as the viewer reads it: a unary test of nothing.

    True and null hold, everything else does not; a `not(…)` around the whole is left out of the expression and turns
    that round, so that not(null) does not hold either.
    """

    expression: Expression
    negated: bool


class Subtype(StrEnum):
    """What a datetime field asks for."""

    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRules:
    """Rules of a textfield or textarea; lengths are in characters."""

    min_length: NumberSetting
    max_length: NumberSetting
    pattern: Pattern | None
    validation_type: str | None  # email, phone


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRules:
    """Rules of a number field; with `is_text` the value travels as a string of digits."""

    minimum: NumberSetting
    maximum: NumberSetting
    decimal_digits: int | None
    increment: Decimal | None
    is_text: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckboxRules:
    """A checkbox is true or false; required means true."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Where a field's options come from: written in the form, under a key of the data, or from an expression."""

    values: tuple[JsonValue, ...]
    values_key: str | None
    expression: Expression | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OneChoiceRules:
    """Rules of a radio or select: one of the options."""

    choices: Choices


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyChoicesRules:
    """Rules of a checklist or taglist: some of the options, each once."""

    choices: Choices


@dataclass(frozen=True, slots=True, kw_only=True)
class DatetimeRules:
    """Rules of a datetime field."""

    subtype: Subtype
    disallow_passed_dates: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRules:
    """Rules of a filepicker: references of uploaded files; what a file may be is checked when it is uploaded."""

    multiple: bool | Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputedRules:
    """A field nobody enters: it is computed on the server."""

    expression: Expression


Rules = (
    TextRules
    | NumberRules
    | CheckboxRules
    | OneChoiceRules
    | ManyChoicesRules
    | DatetimeRules
    | FileRules
    | ComputedRules
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One input: where its value stands (`path`, inside its group or row), who may change it, what it must be."""

    id: str
    label: str
    label_en: str
    path: tuple[str, ...]
    hide: Condition | None
    required: bool
    readonly: bool | Condition
    disabled: bool
    default: JsonValue
    rules: Rules

    @property
    def key(self) -> str:
        """The key as the analyst wrote it."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields shown together; with a path, their values stand in an object of their own."""

    id: str
    path: tuple[str, ...]
    hide: Condition | None
    components: tuple[Component, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamicList:
    """Rows of the same fields; when rows are fixed, their number is that of the stored rows."""

    id: str
    label: str
    label_en: str
    path: tuple[str, ...]
    hide: Condition | None
    components: tuple[Component, ...]
    rows_are_fixed: bool
    default_repetitions: int


Component = Field | Group | DynamicList


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A parsed form document.

    `texts` are its expressions, templates and data keys as written: what they mention, the page must be given.
    """

    id: str
    version_tag: str | None
    components: tuple[Component, ...]
    texts: tuple[str, ...]
    warnings: tuple[Finding, ...]


def fields_of(components: tuple[Component, ...], base: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Field]]:
    """Yield every field with its path, through groups but not into lists."""
    for component in components:
        if isinstance(component, Field):
            yield (*base, *component.path), component
        elif isinstance(component, Group):
            yield from fields_of(component.components, (*base, *component.path))
