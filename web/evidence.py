"""The evidence of a case as pages and API take it in and show it: uploads, the panel beside a case, watermarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Request, request, url_for

from engine.model import SYSTEM, Actor
from web.authentication import current_account
from web.errors import Objection, RequestInvalid, UnsupportedMediaType
from web.labels import unit_kind
from web.requests import is_storable
from web.services import services
from web.uploads import MULTIPART
from web.work_list import mark_of
from workflows.casework.days import COUNTY_TIME
from workflows.casework.errors import ParameterMissing
from workflows.casework.evidence.commands import (
    AddEvidence,
    Look,
    NoteEvidenceLook,
    ReadEvidence,
    ReadEvidenceRules,
    TakeOriginalEvidence,
)
from workflows.casework.evidence.file_kinds import MEDIA_TYPES, PICTURES, FileKind
from workflows.casework.evidence.model import Evidence, EvidenceFile
from workflows.casework.evidence.queries import EvidenceLine
from workflows.casework.evidence.rules import EvidenceRules
from workflows.casework.queries import CaseView
from workflows.organisation.model import SUPERVISOR
from workflows.printing.errors import NotStamped
from workflows.printing.stamping import stamped, stamped_copy
from workflows.printing.typesetting import fonts_for

MOST_AT_ONCE = 64 * 1024 * 1024
MOST_PHOTO = 12 * 1024 * 1024  # a single photo, from somebody without an account
MOST_FILES = 20
SVG = "image/svg+xml"
PDF = MEDIA_TYPES[FileKind.PDF]
PREVIEW_POLICY = {
    SVG: "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox",
    "application/pdf": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
}
"""What a preview may do in a browser, by its type: nothing; the browser's own viewer of PDF works in no sandbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedFile:
    """A file as it came, under the name it came with."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePanel:
    """What the panel of a case shows: its evidence, what may be handed in (None: nothing, figures are missing)."""

    case_number: str
    lines: Sequence[EvidenceLine]
    removable: frozenset[UUID]
    rules: EvidenceRules | None
    accept: str
    back: str

    @property
    def mark(self) -> str:
        """Return a text that changes when the list does."""
        return mark_of([str(line.evidence.id) for line in self.lines])


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a browser shows or keeps of a piece of evidence, with a watermark."""

    content: bytes
    media_type: str
    evidence: Evidence


def evidence_panel(case: CaseView, actor: Actor, *, back: str) -> EvidencePanel:
    """Return the panel of a case the actor sees; `back` is the page it stands on."""
    rules, lines = evidence_rules(), services().evidence.of_case(case.summary.id, actor)
    led = {one.unit_kind for one in actor.memberships if one.role == SUPERVISOR}
    mine = (one.evidence for one in lines if one.evidence.added_by == actor.id or one.evidence.unit_kind in led)
    return EvidencePanel(
        case_number=case.summary.number,
        lines=lines,
        removable=frozenset(one.id for one in mine),
        rules=rules,
        accept=accepted(rules.kinds if rules else ()),
        back=back,
    )


def evidence_rules() -> EvidenceRules | None:
    """Return which files may be handed in; None where the county has not set the figures."""
    try:
        found: EvidenceRules = services().engine.execute(ReadEvidenceRules(), actor=SYSTEM)
    except ParameterMissing:
        return None
    return found


def accepted(kinds: Sequence[FileKind]) -> str:
    """Return kinds of files as the field of a form names them: a phone then sends what we can read."""
    return ",".join(MEDIA_TYPES[kind] for kind in kinds)


def accepted_photos(rules: EvidenceRules | None) -> str:
    """Return the kinds of pictures that may be handed in, as the field of a form names them."""
    return accepted([kind for kind in rules.kinds if kind in PICTURES] if rules else ())


def uploaded_files(request: Request, *, most: int = MOST_FILES) -> list[UploadedFile]:
    """Return the files handed in.

    Raises:
        UnsupportedMediaType: the body is no multipart form.
        RequestInvalid: no file, too many, or a name no database keeps.
    """
    if request.mimetype != MULTIPART:
        raise UnsupportedMediaType(found=request.mimetype or "-", needed=MULTIPART)
    given = [one for _, one in request.files.items(multi=True) if one.filename]
    if not 1 <= len(given) <= most:
        raise RequestInvalid([_wrong_number(most)])
    return [UploadedFile(name=_storable(one.filename or ""), content=one.read()) for one in given]


def add_file(case: CaseView, upload: UploadedFile, actor: Actor) -> Evidence:
    """Add a file to a case the actor sees."""
    command = AddEvidence(case_id=case.summary.id, name=upload.name, content=upload.content)
    added: Evidence = services().engine.execute(command, actor=actor)
    return added


def preview(evidence_id: UUID, actor: Actor) -> Preview:
    """Return a piece of evidence in sight with the watermark of who looks; the look is written down.

    Raises:
        EvidenceNotFound: unknown, or not for the actor's eyes.
        NotStamped: it is of a kind that is downloaded, or cannot be laid out.
    """
    line = services().evidence.one(evidence_id, actor)
    if not line.evidence.is_shown:
        raise NotStamped
    read = services().engine.execute(ReadEvidence(evidence_id=evidence_id), actor=actor)
    kind = line.evidence.kind
    content = stamped(read.content, kind=kind.value, mark=_mark(actor, line.case_number), fonts=fonts_for(""))
    services().engine.execute(NoteEvidenceLook(evidence_id=evidence_id, look=Look.SHOWN), actor=actor)
    return Preview(content=content, media_type=SVG if kind in PICTURES else MEDIA_TYPES[kind], evidence=line.evidence)


def marked_copy(evidence_id: UUID, actor: Actor) -> Preview:
    """Return a piece of evidence in sight as a PDF with the watermark of who takes it; that is written down.

    Raises:
        EvidenceNotFound: unknown, or not for the actor's eyes.
        NotStamped: it is of a kind that bears none, cannot be laid out, or has too many pages.
    """
    line = services().evidence.one(evidence_id, actor)
    if not line.evidence.is_shown:
        raise NotStamped
    read = services().engine.execute(ReadEvidence(evidence_id=evidence_id), actor=actor)
    mark = _mark(actor, line.case_number)
    content = stamped_copy(read.content, kind=line.evidence.kind.value, mark=mark, fonts=fonts_for(""))
    services().engine.execute(NoteEvidenceLook(evidence_id=evidence_id, look=Look.DOWNLOADED), actor=actor)
    return Preview(content=content, media_type=PDF, evidence=line.evidence)


def original(evidence_id: UUID, reason: str, actor: Actor) -> EvidenceFile:
    """Return a piece of evidence in sight as it is kept; what for is written down.

    Raises:
        EvidenceNotFound: unknown, or not for the actor's eyes.
        ReasonMissing: nobody would know what for.
    """
    services().evidence.one(evidence_id, actor)
    command = TakeOriginalEvidence(evidence_id=evidence_id, reason=reason)
    taken: EvidenceFile = services().engine.execute(command, actor=actor)
    return taken


def copy_name(name: str) -> str:
    """Return what the copy of a file is called: it is a PDF, whatever the file was."""
    return f"{name.rpartition('.')[0] or name}.pdf"


def photo_address(token: str) -> str:
    """Return where a phone hands in photos; it stands in the QR code."""
    base = services().public_url or request.host_url
    return base.rstrip("/") + url_for("photos.photo_page", token=token)


def _mark(actor: Actor, case_number: str) -> str:
    account = current_account()
    unit = account.posts[0].unit.name if account and account.posts else unit_kind("")
    moment = services().now().astimezone(COUNTY_TIME)
    return f"{actor.name} {unit} {moment:%Y-%m-%d %H:%M} {case_number}"


def _storable(name: str) -> str:
    return "".join(sign for sign in name if is_storable(sign))


def _wrong_number(most: int) -> Objection:
    zh, en = f"请选择 1 至 {most} 个文件", f"Choose 1 to {most} files"
    return Objection(path=("files",), code="wrong-number-of-files", message_zh=zh, message_en=en)
