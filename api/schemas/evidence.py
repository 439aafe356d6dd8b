"""What requests about evidence may hold, and what they are answered with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from engine.permissions import MAX_REASON
from web.schemas.base import RequestSchema, answer_schema, one_of, text
from workflows.casework.evidence.queries import EvidenceLine, PhotoLinkState


class EvidenceForm(StrEnum):
    """How a file is taken out with a watermark."""

    PREVIEW = "preview"
    COPY = "copy"


class EvidenceFormSchema(RequestSchema):
    """To look at, a picture as SVG; or as a copy, which is a PDF of all pages."""

    form = one_of(EvidenceForm, load_default=EvidenceForm.COPY.value)


class EvidenceOriginalSchema(RequestSchema):
    """What the file is needed for without a watermark."""

    reason = text(most=MAX_REASON, least=1, required=True)


class EvidenceRemovalSchema(RequestSchema):
    """Why a file does not belong to the case."""

    reason = text(most=MAX_REASON, least=1, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceAnswer:
    """A piece of evidence as lists tell it."""

    id: UUID
    case_number: str
    name: str
    kind: str
    size_bytes: int
    sha256: str
    unit_kind: str
    added_at: datetime
    added_by: str
    added_by_name: str
    by_phone: bool

    @classmethod
    def of(cls, line: EvidenceLine) -> EvidenceAnswer:
        """Return what is told of a line."""
        one = line.evidence
        return cls(
            id=one.id,
            case_number=line.case_number,
            name=one.name,
            kind=one.kind.value,
            size_bytes=one.size_bytes,
            sha256=one.sha256,
            unit_kind=one.unit_kind,
            added_at=one.added_at,
            added_by=one.added_by,
            added_by_name=line.added_by_name,
            by_phone=one.photo_link_id is not None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceListAnswer:
    """The evidence of a case in sight, the newest first."""

    evidence: Sequence[EvidenceAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoLinkAnswer:
    """Where a phone hands in photos, and until when; the address is told once."""

    url: str
    expires_at: datetime


EvidenceAnswerSchema = answer_schema(EvidenceAnswer, name="Evidence")
EvidenceListAnswerSchema = answer_schema(EvidenceListAnswer)
PhotoLinkAnswerSchema = answer_schema(PhotoLinkAnswer)
PhotoLinkStateSchema = answer_schema(PhotoLinkState)
