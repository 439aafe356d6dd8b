"""What may be asked about templates of printed documents, by a page or a program."""

from __future__ import annotations

from web.schemas.base import RequestSchema, text


class TemplateNoteSchema(RequestSchema):
    """Why the template was changed."""

    note = text(most=200, load_default="")
