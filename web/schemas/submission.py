"""The answers of a form."""

from __future__ import annotations

from marshmallow import fields, validate

from web.schemas.base import RequestSchema, WholeNumber


class SubmissionSchema(RequestSchema):
    """The answers of a form, and the version of the task they were given to."""

    variables = fields.Dict(keys=fields.String(), required=True)
    version = WholeNumber(load_default=None, allow_none=True, validate=validate.Range(min=1, max=2**31 - 1))
