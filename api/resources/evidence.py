"""Evidence of cases: list, hand in, take out, remove; and photos by a link without an account."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import request, url_for

from api.operations import Created, FileAnswer, Operation, operation
from api.resources.blueprint import api
from api.resources.clock import seen_case
from api.schemas.evidence import (
    EvidenceAnswer,
    EvidenceAnswerSchema,
    EvidenceForm,
    EvidenceFormSchema,
    EvidenceListAnswer,
    EvidenceListAnswerSchema,
    EvidenceOriginalSchema,
    EvidenceRemovalSchema,
    PhotoLinkAnswer,
    PhotoLinkAnswerSchema,
    PhotoLinkStateSchema,
)
from api.services import current
from web.authentication import accepts_body_up_to, current_actor
from web.evidence import (
    MOST_AT_ONCE,
    MOST_PHOTO,
    PDF,
    SVG,
    add_file,
    copy_name,
    marked_copy,
    original,
    photo_address,
    preview,
    uploaded_files,
)
from web.public import SOMEBODY, require_photo_link
from workflows.casework.evidence.commands import RemoveEvidence
from workflows.casework.evidence.errors import PhotoLinkOver
from workflows.casework.evidence.file_kinds import MEDIA_TYPES
from workflows.casework.evidence.photo_links import AddPhoto, OpenPhotoLink
from workflows.casework.evidence.queries import PhotoLinkState
from workflows.organisation.rights import Right


@api.get("/cases/<key>/evidence")
@operation(
    Operation(
        summary="The evidence of a case, the newest first; other units than civil affairs see their own",
        right=Right.WORK,
        answer=EvidenceListAnswerSchema,
    )
)
def list_evidence(key: str) -> EvidenceListAnswer:
    """List it."""
    found = current().evidence.of_case(seen_case(key).summary.id, current_actor())
    return EvidenceListAnswer(evidence=[EvidenceAnswer.of(line) for line in found])


@api.post("/cases/<key>/evidence")
@accepts_body_up_to(MOST_AT_ONCE)
@operation(
    Operation(
        summary="Add one file to a case; its content tells its kind, and the same content again is the same evidence",
        right=Right.WORK,
        answer=EvidenceAnswerSchema,
        status=HTTPStatus.CREATED,
        files=True,
    )
)
def add_evidence(key: str) -> Created:
    """Add a file."""
    actor = current_actor()
    (upload,) = uploaded_files(request, most=1)
    added = add_file(seen_case(key), upload, actor)
    value = EvidenceAnswer.of(current().evidence.one(added.id, actor))
    return Created(value=value, location=url_for("api.get_evidence", evidence_id=added.id))


@api.get("/evidence/<uuid:evidence_id>")
@operation(Operation(summary="A piece of evidence, without its content", right=Right.WORK, answer=EvidenceAnswerSchema))
def get_evidence(evidence_id: UUID) -> EvidenceAnswer:
    """Tell of it."""
    return EvidenceAnswer.of(current().evidence.one(evidence_id, current_actor()))


@api.get("/evidence/<uuid:evidence_id>/file")
@operation(
    Operation(
        summary="Take evidence out with a watermark of who and when, to look at or as a copy; either is written down",
        right=Right.WORK,
        query=EvidenceFormSchema,
        media_types=(PDF, SVG),
    )
)
def read_evidence(evidence_id: UUID, query: dict[str, Any]) -> FileAnswer:
    """Hand it out."""
    actor = current_actor()
    if query["form"] == EvidenceForm.PREVIEW:
        shown = preview(evidence_id, actor)
        return FileAnswer(content=shown.content, media_type=shown.media_type, name=shown.evidence.name)
    copy = marked_copy(evidence_id, actor)
    return FileAnswer(content=copy.content, media_type=copy.media_type, name=copy_name(copy.evidence.name))


@api.post("/evidence/<uuid:evidence_id>/original")
@operation(
    Operation(
        summary="Take evidence out as it is kept, without a watermark; what for is written down",
        right=Right.WORK,
        body=EvidenceOriginalSchema,
        media_types=tuple(MEDIA_TYPES.values()),
    )
)
def take_original_evidence(evidence_id: UUID, body: dict[str, Any]) -> FileAnswer:
    """Hand it out."""
    taken = original(evidence_id, body["reason"], current_actor())
    evidence = taken.evidence
    return FileAnswer(content=taken.content, media_type=MEDIA_TYPES[evidence.kind], name=evidence.name)


@api.post("/evidence/<uuid:evidence_id>/removal")
@operation(
    Operation(
        summary="Destroy a file that does not belong to the case; its digest and the reason stay in the history",
        right=Right.WORK,
        body=EvidenceRemovalSchema,
    )
)
def remove_evidence(evidence_id: UUID, body: dict[str, Any]) -> None:
    """Remove it."""
    actor = current_actor()
    current().evidence.one(evidence_id, actor)
    current().engine.execute(RemoveEvidence(evidence_id=evidence_id, reason=body["reason"]), actor=actor)


@api.post("/cases/<key>/photo-links")
@operation(
    Operation(
        summary="Make a link by which a phone without an account adds photos to a case for some minutes",
        right=Right.WORK,
        answer=PhotoLinkAnswerSchema,
        status=HTTPStatus.CREATED,
    )
)
def open_photo_link(key: str) -> Created:
    """Make a link."""
    command = OpenPhotoLink(case_id=seen_case(key).summary.id)
    opened = current().engine.execute(command, actor=current_actor())
    value = PhotoLinkAnswer(url=photo_address(opened.token), expires_at=opened.link.expires_at)
    return Created(value=value, location=value.url)


@api.get("/photos/<token>")
@operation(
    Operation(
        summary="How the link of a phone stands; it tells nothing about anybody",
        right=Right.PUBLIC,
        answer=PhotoLinkStateSchema,
    )
)
def get_photo_link(token: str) -> PhotoLinkState:
    """Tell until when it works and how many photos came."""
    return _state(token)


@api.post("/photos/<token>")
@accepts_body_up_to(MOST_PHOTO, after=require_photo_link)
@operation(
    Operation(
        summary="Hand in one photo by the link of a phone; the same photo again is kept once",
        right=Right.PUBLIC,
        answer=PhotoLinkStateSchema,
        status=HTTPStatus.CREATED,
        files=True,
    )
)
def add_photo(token: str) -> PhotoLinkState:
    """Keep a photo."""
    (upload,) = uploaded_files(request, most=1)
    current().engine.execute(AddPhoto(token=token, content=upload.content), actor=SOMEBODY)
    return _state(token)


def _state(token: str) -> PhotoLinkState:
    link = current().evidence.photo_link(token)
    if link is None:
        raise PhotoLinkOver
    return link
