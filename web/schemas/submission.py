"""The answers of a form."""

from __future__ import annotations

from marshmallow import fields, validate

from web.schemas.base import RequestSchema, WholeNumber


class SubmissionSchema(RequestSchema):
    """The answers of a form, and the version of the task they were given to."""

    variables = fields.Dict(keys=fields.String(), required=True)
    version = WholeNumber(load_default=None, allow_none=True, validate=validate.Range(min=1, max=2**31 - 1))


class DraftSubmissionSchema(SubmissionSchema):
    """Half-filled answers, and the version of the draft they were typed over: empty where there was none."""

    draft_version = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))
