"""Fields of a form that are asked once for several tasks: which can be, and what was typed into them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from flask_babel import gettext as _

from engine.forms.model import (
    CheckboxRules,
    DatetimeRules,
    Field,
    NumberRules,
    OneChoiceRules,
    Subtype,
    TextRules,
)
from engine.json_values import JsonObject, JsonValue, load_json
from web.labels import in_language

PREFIX = "answer."
LONGEST_LINE = 200  # characters that are asked for in one line
MOST_TYPED = 4_000  # characters of one answer

OptionLabels = Mapping[str, Mapping[str, tuple[str, str]]]
"""By the id of a field: its options as texts, with their labels in both languages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedField:
    """A field as a plain form asks it; `type` is that of an input, or `select`, `checkbox`, `textarea`."""

    path: tuple[str, ...]
    label: str
    type: str
    is_required: bool
    is_number: bool = False
    most: int | None = None
    options: Sequence[tuple[str, str]] = ()
    values: Mapping[str, JsonValue] | None = None  # of the options
    default: str = ""

    @property
    def name(self) -> str:
        """The name of its input."""
        return PREFIX + ".".join(self.path)


def shared_field(path: tuple[str, ...], field: Field, options: OptionLabels) -> SharedField | None:
    """Return how a field is asked in a plain form; None where it cannot be: locked, conditional, of another kind."""
    if field.readonly is not False or field.disabled or field.hide is not None:
        return None
    kind = _kind(field)
    if kind is None:
        return None
    values = {str(one): one for one in field.rules.choices.values} if isinstance(field.rules, OneChoiceRules) else None
    named = options.get(field.id, {})
    most = field.rules.max_length if isinstance(field.rules, TextRules) else None
    return SharedField(
        path=path,
        label=in_language(field.label, field.label_en),
        type=kind,
        is_required=field.required,
        is_number=isinstance(field.rules, NumberRules) and not field.rules.is_text,
        most=int(most) if isinstance(most, Decimal) else None,
        options=[(one, in_language(*named.get(one, (one, one)))) for one in values or ()],
        values=values,
        default="" if field.default is None else str(field.default),
    )


def typed_answers(fields: Sequence[SharedField], given: Mapping[str, str]) -> tuple[JsonObject, dict[str, str]]:
    """Return the answers that were typed, and by the name of a field what is wrong with it."""
    answers: JsonObject = {}
    errors: dict[str, str] = {}
    for field in fields:
        text = given.get(field.name, "").strip()
        if not text and field.type != "checkbox":
            if field.is_required:
                errors[field.name] = _("请填写。")
            continue
        try:
            _put(answers, field.path, _read(field, text))
        except (ValueError, InvalidOperation, KeyError):
            errors[field.name] = _("填写的内容不正确。")
    return answers, errors


def shown_answers(fields: Sequence[SharedField], given: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what was typed in words, with the labels; what was left empty is left out."""
    found = []
    for field in fields:
        text = given.get(field.name, "").strip()
        if field.type == "checkbox":
            text = _("是") if text else _("否")
        if text:
            found.append((field.label, dict(field.options).get(text, text)))
    return found


def is_blank(value: JsonValue) -> bool:
    """Say whether nothing was answered."""
    return value is None or value in ("", [], {})


def shown_value(value: JsonValue, options: Mapping[str, tuple[str, str]]) -> str:
    """Return a value of a form in words."""
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, list):
        return in_language("、", ", ").join(shown_value(one, options) for one in value)
    if isinstance(value, dict):
        return in_language("、", ", ").join(shown_value(one, options) for one in value.values())
    text = str(value)
    return in_language(*options[text]) if text in options else text


def option_labels(document: bytes, english: Mapping[str, str]) -> OptionLabels:
    """Return what the options of a form's fields are called."""
    return {
        str(part.get("id")): {
            str(one["value"]): (str(one["label"]), english.get(f"{part.get('key')}.{one['value']}", str(one["label"])))
            for one in part["values"]
            if isinstance(one, dict) and "value" in one and "label" in one
        }
        for part in _parts(load_json(document))
        if isinstance(part.get("values"), list)
    }


def _parts(container: JsonValue) -> Iterator[JsonObject]:
    parts = container.get("components") if isinstance(container, dict) else None
    for part in parts if isinstance(parts, list) else []:
        if isinstance(part, dict):
            yield part
            yield from _parts(part)


def _kind(field: Field) -> str | None:
    match field.rules:
        case TextRules(validation_type=None, pattern=None, max_length=most):
            return "text" if isinstance(most, Decimal) and most <= LONGEST_LINE else "textarea"
        case TextRules():
            return "text"
        case NumberRules():
            return "text"
        case DatetimeRules(subtype=Subtype.DATE):
            return "date"
        case CheckboxRules():
            return "checkbox"
        case OneChoiceRules(choices=choices) if choices.values:
            return "select"
    return None


def _read(field: SharedField, text: str) -> JsonValue:
    if field.type == "checkbox":
        return bool(text)
    if len(text) > MOST_TYPED:
        raise ValueError(text[:20])
    if field.values is not None:
        return field.values[text]
    if field.type == "date":
        return date.fromisoformat(text).isoformat()
    if field.is_number:
        number = Decimal(text)
        if not number.is_finite():
            raise ValueError(text)
        return number
    return text


def _put(answers: JsonObject, path: tuple[str, ...], value: JsonValue) -> None:
    *outer, last = path
    inside = answers
    for step in outer:
        below = inside.setdefault(step, {})
        if isinstance(below, dict):
            inside = below
    inside[last] = value
