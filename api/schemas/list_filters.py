"""Filters and columns of work lists, as requests name them and as answers show them."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from web.schemas.base import RequestSchema, WholeNumber, answer_schema, text
from workflows.organisation.list_filters import LONGEST_NAME, ListColumn, ListFilter, ListSettings

MOST_VERSIONS = 2**31 - 1
ListFilterSchema = answer_schema(ListFilter)
ListSettingsSchema = answer_schema(ListSettings)


class ArgumentsField(fields.Dict):
    """What the address of a list says, name by name; what no list knows is dropped."""

    def __init__(self, **options: Any) -> None:
        super().__init__(keys=text(most=20), values=text(most=100), **options)


class KeepFilterSchema(RequestSchema):
    """A state of a list and what to call it."""

    name = text(most=LONGEST_NAME, least=1, required=True)
    arguments = ArgumentsField(required=True)
    unit_id = text(most=60, load_default=None, allow_none=True)


class FilterChangeSchema(KeepFilterSchema):
    """A filter as it is to be; without arguments it keeps its state."""

    arguments = ArgumentsField(load_default=None, allow_none=True)
    version = WholeNumber(required=True, validate=validate.Range(min=1, max=MOST_VERSIONS))


class RemoveFilterSchema(RequestSchema):
    """Which version of a filter was seen."""

    version = fields.Integer(required=True, validate=validate.Range(min=1, max=MOST_VERSIONS))


class ColumnsSchema(RequestSchema):
    """Columns in order."""

    columns = fields.List(fields.Enum(ListColumn, by_value=True), required=True, validate=validate.Length(max=20))
