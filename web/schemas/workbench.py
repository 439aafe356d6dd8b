"""What may be asked of the workbench, by a page or a program."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate

from web.schemas.base import RequestSchema, WholeNumber, text
from web.uploads import MAX_UPLOAD
from workflows.workbench.model import ENDINGS

MOST_BODY = 3 * MAX_UPLOAD  # the largest file as JSON: a program may write every character outside ASCII in six
MOST_NOTE = 200
MOST_MARKS = 1000
KINDS = tuple(ENDINGS)


def _kind(**options: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(KINDS), **options)


def content(**options: Any) -> fields.String:
    """Return a field for the whole text of a file, which may be as large as one that is handed in."""
    length = validate.Length(min=1, max=MAX_UPLOAD, error=f"From 1 to {MAX_UPLOAD} characters.")
    return fields.String(validate=[length, _fits], **options)


def _fits(value: str) -> None:
    if len(value.encode(errors="replace")) > MAX_UPLOAD:
        raise ValidationError(f"From 1 to {MAX_UPLOAD} bytes.")


class NewDraftSchema(RequestSchema):
    """Of what a draft is made: a deployed version, a shipped file, or a kind with a name and perhaps a content."""

    definition_id = fields.UUID(load_default=None, allow_none=True)
    shipped_file = text(most=200, least=1, load_default=None, allow_none=True)
    kind = _kind(load_default=None, allow_none=True)
    file_name = text(most=200, least=1, load_default=None, allow_none=True)
    content = content(load_default=None, allow_none=True)
    note = text(most=MOST_NOTE, load_default="")


class SavedDraftSchema(RequestSchema):
    """What a draft holds now, and which state it was made from."""

    content = content(required=True)
    version = WholeNumber(required=True)
    note = text(most=MOST_NOTE, load_default=None, allow_none=True)


class DiscardSchema(RequestSchema):
    """Which state is given up."""

    version = fields.Integer(required=True, validate=validate.Range(min=1))


class PackageImportSchema(RequestSchema):
    """Whether a package is taken in though something it needs is missing."""

    although_incomplete = fields.Boolean(load_default=False)


class ContentSchema(RequestSchema):
    """A file that is to be checked as it stands."""

    kind = _kind(required=True)
    file_name = text(most=200, least=1, required=True)
    content = content(required=True)


class ComparisonSchema(RequestSchema):
    """Two contents of one kind."""

    kind = _kind(required=True)
    before = content(required=True)
    after = content(required=True)


class DraftDeploymentSchema(RequestSchema):
    """What was seen, which warnings are meant, and why."""

    seen = text(most=64, least=1, required=True)
    reason = text(most=500, required=True)
    confirmed = fields.List(text(most=500), load_default=list, validate=validate.Length(max=MOST_MARKS))
