"""What may be asked about the working calendar, by a page or a program."""

from __future__ import annotations

from marshmallow import fields, validate

from web.schemas.base import RequestSchema, StrictBoolean, calendar_day, text


class CalendarDaySchema(RequestSchema):
    """Whether offices work on a day, why, and by what notice."""

    is_workday = StrictBoolean(required=True)
    name = text(most=100, least=1, required=True)
    source = text(least=1, required=True)


class CalendarExceptionSchema(RequestSchema):
    """A day that differs from its weekday."""

    day = calendar_day(required=True)
    is_workday = StrictBoolean(required=True)
    name = text(most=100, load_default="")


class CalendarYearSchema(RequestSchema):
    """The days of a year that differ from their weekday, and the notice that lists them."""

    exceptions = fields.List(fields.Nested(CalendarExceptionSchema), required=True, validate=validate.Length(max=366))
    source = text(least=1, required=True)
