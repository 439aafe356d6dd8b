"""What the API takes and answers of monthly circulars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marshmallow import fields, post_load, validate

from web.schemas.base import RequestSchema, WholeNumber, answer_schema, text
from workflows.casework.circulars.model import LONGEST_CIRCULAR, Circular, CircularFigures
from workflows.casework.circulars.queries import CircularLine
from workflows.casework.documents.printing import FileForm


class CircularTextSchema(RequestSchema):
    """The words of a circular, and the version they were typed over."""

    text = text(most=LONGEST_CIRCULAR, required=True)
    version = WholeNumber(required=True)


class CircularVersionSchema(RequestSchema):
    """Which version of the words is published."""

    version = WholeNumber(required=True)


class CircularFormSchema(RequestSchema):
    """As what kind of file."""

    form = fields.String(load_default=FileForm.PDF.value, validate=validate.OneOf([one.value for one in FileForm]))

    @post_load
    def _to_form(self, given: dict[str, Any], **_: object) -> dict[str, Any]:
        return {"form": FileForm(given["form"])}


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularsAnswer:
    """The circulars somebody wrote for, or published."""

    circulars: list[CircularLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularAnswer:
    """A month's circular with what it counts now."""

    line: CircularLine
    figures: CircularFigures


CircularSchema = answer_schema(Circular)
CircularsAnswerSchema = answer_schema(CircularsAnswer)
CircularAnswerSchema = answer_schema(CircularAnswer)
