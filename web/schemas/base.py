"""Building blocks of schemas: strict requests, and answers made from the dataclasses they show."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from marshmallow import RAISE, Schema, fields, validate

MAX_TEXT = 500
MAX_LIST = 100
EARLIEST_DAY, LATEST_DAY = date(1900, 1, 1), date(2199, 12, 31)
MOST_DIGITS = 20
LARGEST_NUMBER = 10**MOST_DIGITS - 1
DERIVED = "SHOWN"
ONLY_ONCE = "Given more than once."


class RequestSchema(Schema):
    """What a request may hold; anything else is refused by name."""

    class Meta:
        """Options of marshmallow."""

        unknown = RAISE


class AnswerSchema(Schema):
    """What an answer shows of a dataclass."""

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Return a field of a dataclass, or of a plain object in its place; there are no paths to look for."""
        return obj.get(attr, default) if isinstance(obj, dict) else getattr(obj, attr, default)


class StrictBoolean(fields.Boolean):
    """True or false and nothing that looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class ExactDecimal(fields.Decimal):
    """A number or a string of one, never rounded; what is too large or has too many digits is refused."""

    default_error_messages = {  # noqa: RUF012  # marshmallow's own way, never written to
        "too_large": f"Too large: at most {LARGEST_NUMBER} above or below zero.",
        "too_many_digits": f"At most {MOST_DIGITS} digits altogether.",
    }

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Decimal:
        if isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        number = super()._deserialize(value, attr, data, **kwargs)
        if number is None:
            raise self.make_error("invalid", input=value)
        if number.copy_abs() > LARGEST_NUMBER:
            raise self.make_error("too_large")
        if len(number.as_tuple().digits) > MOST_DIGITS or number.adjusted() < -MOST_DIGITS:
            raise self.make_error("too_many_digits")
        return number


class WholeNumber(fields.Integer):
    """An integer written as one."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid", input=value)
        return value


DIVISION_CODE = validate.Regexp(r"\d{1,12}\Z", error="Not a division code.")


def text(*, most: int = MAX_TEXT, least: int = 0, **options: Any) -> fields.String:
    """Return a field for text with a limit of length."""
    error = f"From {least} to {most} characters." if least else f"At most {most} characters."
    return fields.String(validate=validate.Length(min=least, max=most, error=error), **options)


def calendar_day(**options: Any) -> fields.Date:
    """Return a field for a day that people can mean; with others the arithmetic of months leaves the calendar."""
    return fields.Date(validate=validate.Range(min=EARLIEST_DAY, max=LATEST_DAY), **options)


def one_of(choices: type[Enum], **options: Any) -> fields.String:
    """Return a field for one of the values of an enumeration."""
    return fields.String(validate=validate.OneOf([choice.value for choice in choices]), **options)


@cache
def answer_schema(shown: type, *, without: tuple[str, ...] = (), name: str | None = None) -> type[Schema]:
    """Return a schema that writes a dataclass as it stands, without the fields named.

    A dataclass names in `SHOWN` the properties that are written beside its fields.

    The schema carries the dataclass's own name, or another one given for another choice of fields.
    """
    if not is_dataclass(shown):
        raise TypeError(f"{shown!r} is no dataclass")
    hints = get_type_hints(shown)
    wanted = {field.name: _field(hints[field.name]) for field in fields_of(shown) if field.name not in without}
    for derived in getattr(shown, DERIVED, ()):
        wanted[derived] = _field(get_type_hints(getattr(shown, derived).fget)["return"])
    return AnswerSchema.from_dict(wanted, name=f"{name or shown.__name__}Schema")


def _field(hint: Any) -> fields.Field[Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _optional(arguments)
    if origin is Literal:
        return fields.String(validate=validate.OneOf(arguments))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return fields.Dict(keys=fields.String(), values=_field(arguments[1]))
    if origin is tuple and arguments[1:] != (...,):
        raise TypeError(f"{hint!r} has no one kind of items; name them in a class")
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return fields.List(_field(arguments[0]))
    if isinstance(hint, type):
        return _plain(hint)
    return fields.Raw()


def _optional(arguments: tuple[Any, ...]) -> fields.Field[Any]:
    present = [argument for argument in arguments if argument is not types.NoneType]
    if len(present) > 1:
        return fields.Raw(allow_none=True)
    found = _field(present[0])
    found.allow_none = True
    return found


def _plain(hint: type) -> fields.Field[Any]:
    if is_dataclass(hint):
        return fields.Nested(answer_schema(hint))
    if issubclass(hint, Enum):
        return fields.Enum(hint, by_value=True)
    simple: dict[type, type[fields.Field[Any]]] = {
        str: fields.String,
        bool: fields.Boolean,
        int: fields.Integer,
        Decimal: PlainDecimal,
        UUID: fields.UUID,
        datetime: fields.DateTime,
        date: fields.Date,
    }
    return simple.get(hint, fields.Raw)()


class PlainDecimal(fields.Decimal):
    """An exact number, written as a JSON number."""
