"""What the API takes and answers of spot checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from api.schemas.requests import PageSchema
from engine.permissions import MAX_REASON
from web.schemas.base import DIVISION_CODE, RequestSchema, WholeNumber, answer_schema, calendar_day, text
from workflows.casework.county import COUNTY_REGION, PROGRAMME_NAMES, UNIT_KIND_NAMES
from workflows.casework.spot_checks.model import Basis, Population, SpotCheck
from workflows.casework.spot_checks.queries import SpotCheckPage, SpotCheckView
from workflows.casework.spot_checks.sampling import Way
from workflows.casework.verification.model import FileFormat

ONE_OF_BOTH = "Give a size or a share, not both."


class SpotCheckListSchema(PageSchema):
    """Which spot checks."""

    open_only = fields.Boolean(load_default=False)


class PopulationSchema(RequestSchema):
    """What a sample is drawn from; empty programme and unit mean all of them."""

    basis = fields.Enum(Basis, by_value=True, load_default=Basis.FINISHED)
    since = calendar_day(required=True)
    until = calendar_day(required=True)
    region = fields.String(load_default=COUNTY_REGION, validate=DIVISION_CODE)
    programme = fields.String(load_default="", validate=validate.OneOf(["", *PROGRAMME_NAMES]))
    unit_kind = fields.String(load_default="", validate=validate.OneOf(["", *UNIT_KIND_NAMES]))

    @post_load
    def _to_population(self, given: dict[str, Any], **_: object) -> Population:
        return Population(**given)


class DrawSchema(RequestSchema):
    """A draw: from what, how many, in which way, and why."""

    population = fields.Nested(PopulationSchema, required=True)
    way = fields.Enum(Way, by_value=True, load_default=Way.RANDOM)
    size = WholeNumber(load_default=None, allow_none=True)
    share = WholeNumber(load_default=None, allow_none=True)
    seed = text(most=64, load_default=None, allow_none=True)
    reason = text(most=MAX_REASON, least=1, required=True)

    @validates_schema
    def _has_one_size(self, given: dict[str, Any], **_: object) -> None:
        if (given["size"] is None) == (given["share"] is None):
            raise ValidationError(ONE_OF_BOTH, "size")


class SpotCheckReasonSchema(RequestSchema):
    """Why a spot check is taken back."""

    reason = text(most=MAX_REASON, least=1, required=True)


class SpotCheckExportSchema(RequestSchema):
    """As what kind of file."""

    format = fields.Enum(FileFormat, by_value=True, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationSize:
    """How many a sample could be drawn from."""

    size: int


SpotCheckSchema = answer_schema(SpotCheck, without=("lots",))
SpotCheckPageSchema = answer_schema(SpotCheckPage)
SpotCheckViewSchema = answer_schema(SpotCheckView)
PopulationSizeSchema = answer_schema(PopulationSize)
