"""What a request for the heat map of a process may hold, and its answer."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas.figures import FiguresSchema
from api.schemas.former_names import FormerNames
from web.schemas.base import answer_schema, text
from workflows.casework.flow.heat import HeatMap


class HeatMapQuerySchema(FormerNames, FiguresSchema):
    """Which process, in which version (the newest unless named), which period, town and kind of unit."""

    process_id = text(most=200, least=1, required=True)
    version = fields.Integer(load_default=None, validate=validate.Range(min=1, max=2**31 - 1))


HeatMapSchema = answer_schema(HeatMap)
