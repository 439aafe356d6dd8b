"""What a request for the supervisors' figures may hold, and its answers."""

from __future__ import annotations

from marshmallow import ValidationError, fields, validates_schema

from web.schemas.base import DIVISION_CODE, RequestSchema, answer_schema, calendar_day
from workflows.casework.figures.model import SupervisorFigures

LONGEST_PERIOD = 3_660  # days


class FiguresSchema(RequestSchema):
    """Which period, both days in it, and which town."""

    since = calendar_day(required=True)
    until = calendar_day(required=True)
    region = fields.String(load_default="", validate=DIVISION_CODE)

    @validates_schema
    def require_order(self, values: dict[str, object], **_options: object) -> None:
        """Refuse a period that ends before it begins, or is endless."""
        since, until = values.get("since"), values.get("until")
        if since is None or until is None:
            return
        days = (until - since).days  # type: ignore[operator]  # both are dates by their fields
        if not 0 <= days <= LONGEST_PERIOD:
            raise ValidationError(f"From {LONGEST_PERIOD} days before to the last day.", "until")


SupervisorFiguresSchema = answer_schema(SupervisorFigures)
