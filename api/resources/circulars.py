"""Monthly circulars: their words, what they count, the draft as a file, publishing with a number."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any

from flask import url_for

from api.operations import Created, FileAnswer, Operation, operation
from api.resources.blueprint import api
from api.schemas.circulars import (
    CircularAnswer,
    CircularAnswerSchema,
    CircularFormSchema,
    CircularsAnswer,
    CircularsAnswerSchema,
    CircularSchema,
    CircularTextSchema,
    CircularVersionSchema,
)
from api.schemas.documents import DocumentSchema
from api.services import current
from engine.json_values import JsonObject
from web.authentication import current_actor
from web.circulars import circular_month, draft_file, figures_of, published, require_issuer
from workflows.casework.circulars.commands import SaveCircular
from workflows.casework.circulars.model import Circular
from workflows.casework.documents.printing import MEDIA_TYPES
from workflows.casework.documents.queries import DocumentView
from workflows.organisation.rights import Right


@api.get("/circulars")
@operation(
    Operation(
        summary="The monthly circulars with their numbers, for who supervises civil affairs of the county",
        right=Right.SUPERVISE,
        answer=CircularsAnswerSchema,
    )
)
def list_circulars() -> CircularsAnswer:
    """List circulars."""
    require_issuer(current_actor())
    return CircularsAnswer(circulars=list(current().circulars.circulars()))


@api.get("/circulars/<month>")
@operation(
    Operation(
        summary="A month's circular (2026-06): its words, and what it counts by town and unit",
        right=Right.SUPERVISE,
        answer=CircularAnswerSchema,
    )
)
def get_circular(month: str) -> CircularAnswer:
    """Show a circular."""
    wanted = _month(month)
    figures = figures_of(wanted)
    return CircularAnswer(line=current().circulars.circular(wanted), figures=figures)


@api.put("/circulars/<month>")
@operation(
    Operation(
        summary="Keep the words of a month's circular, typed over a version",
        right=Right.SUPERVISE,
        body=CircularTextSchema,
        answer=CircularSchema,
    )
)
def save_circular(month: str, body: dict[str, Any]) -> Circular:
    """Save the words."""
    return current().engine.execute(SaveCircular(month=_month(month), **body), actor=current_actor())


@api.get("/circulars/<month>/draft")
@operation(
    Operation(
        summary="A month's circular as it would be published now, as DOCX or PDF without a number",
        right=Right.SUPERVISE,
        query=CircularFormSchema,
        media_types=tuple(MEDIA_TYPES.values()),
    )
)
def draft_circular(month: str, query: JsonObject) -> FileAnswer:
    """Show the draft."""
    circular, form = current().circulars.circular(_month(month)).circular, query["form"]
    content = draft_file(circular, current_actor(), form)
    return FileAnswer(content=content, media_type=MEDIA_TYPES[form], name=f"月度通报 {month}（草稿）.{form.value}")


@api.post("/circulars/<month>/publications")
@operation(
    Operation(
        summary="Publish a month's circular as a document with a number; the same content is the same document",
        right=Right.SUPERVISE,
        body=CircularVersionSchema,
        answer=DocumentSchema,
        status=HTTPStatus.CREATED,
    )
)
def publish_circular(month: str, body: dict[str, Any]) -> Created:
    """Publish it."""
    issued = published(_month(month), body["version"], current_actor())
    location = url_for("api.read_document", document_id=issued.id)
    return Created(value=DocumentView.of(issued, prints=0), location=location)


def _month(text: str) -> date:
    require_issuer(current_actor())
    return circular_month(text)
