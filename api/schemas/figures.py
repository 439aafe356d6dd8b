"""What a request for the supervisors' figures may hold, and its answers."""

from __future__ import annotations

from marshmallow import ValidationError, fields, validate, validates_schema

from web.schemas.base import DIVISION_CODE, RequestSchema, answer_schema, calendar_day
from workflows.casework.figures.model import SupervisorFigures
from workflows.casework.figures.periods import LONGEST_PERIOD, Period
from workflows.casework.verification.model import FileFormat
from workflows.organisation.model import IDENTIFIER


class FiguresSchema(RequestSchema):
    """Which period, both days in it, which town, and which kind of unit."""

    since = calendar_day(required=True)
    until = calendar_day(required=True)
    region = fields.String(load_default="", validate=DIVISION_CODE)
    unit_kind = fields.String(load_default="", validate=validate.Regexp(rf"(?:{IDENTIFIER.pattern})\Z"))

    @validates_schema
    def require_order(self, values: dict[str, object], **_options: object) -> None:
        """Refuse a period that ends before it begins, or is endless."""
        since, until = values.get("since"), values.get("until")
        if since is None or until is None:
            return
        period = Period(since=since, until=until)  # type: ignore[arg-type]  # both are dates by their fields
        if not period.makes_sense:
            raise ValidationError(f"From {LONGEST_PERIOD} days before to the last day.", "until")


class FigureExportSchema(FiguresSchema):
    """Which figures, and as what kind of file."""

    format = fields.Enum(FileFormat, by_value=True, required=True)


SupervisorFiguresSchema = answer_schema(SupervisorFigures)
