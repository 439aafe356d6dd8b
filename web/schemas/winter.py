"""What may be asked about winter and spring relief, by a page or a program."""

from __future__ import annotations

from decimal import Decimal

from marshmallow import fields, validate

from web.schemas.base import ExactDecimal, RequestSchema, WholeNumber, text
from workflows.casework.winter.model import WinterNeedKind

FIRST_SEASON, LAST_SEASON = 2014, 2199


class WinterNeedSchema(RequestSchema):
    """A household in need, by the number of its case."""

    case_number = text(most=64, least=1, required=True)
    village = text(most=100, least=1, required=True)
    persons = WholeNumber(required=True, validate=validate.Range(min=1, max=100))
    kinds = fields.List(
        fields.Enum(WinterNeedKind, by_value=True), required=True, validate=validate.Length(min=1, max=10)
    )
    amount = ExactDecimal(load_default=Decimal(0), places=2, validate=validate.Range(min=0, max=Decimal("1e6")))
    goods = text(most=200, load_default="")


class WinterSeasonSchema(RequestSchema):
    """Which season, by the year it begins in."""

    season = WholeNumber(required=True, validate=validate.Range(min=FIRST_SEASON, max=LAST_SEASON))
