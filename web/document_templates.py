"""Templates of printed documents as files, and what is said of one, for pages and the API alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from web import i18n
from web.public import verify_url
from web.services import services
from workflows.casework.documents.errors import DocumentNotFound
from workflows.casework.documents.kinds import PaperKind
from workflows.casework.documents.printing import FileForm, sample
from workflows.printing.errors import TemplateFinding


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingAnswer:
    """Something about a template, in the reader's language."""

    level: str
    place: str
    message: str


def template_file(paper: PaperKind, version: int | None) -> bytes:
    """Return a template of a kind; without a version the one in use.

    Raises:
        DocumentNotFound: there was no such version.
    """
    kept = services().documents.template(paper.key, version)
    if kept is None and version is not None:
        raise DocumentNotFound(f"{paper.name} v{version}")
    if kept is None or (kept.is_shipped and version is None):
        return paper.template
    return kept.content


def filled_with_samples(paper: PaperKind, content: bytes, form: FileForm) -> bytes:
    """Return a template filled with samples."""
    return sample(paper, content, form, values=None, at=services().now(), verify_url=verify_url())


def told(findings: Iterable[TemplateFinding]) -> list[FindingAnswer]:
    """Return what is to be said of a template."""
    chinese = i18n.language() == "zh"
    return [
        FindingAnswer(
            level=one.level.value, place=one.place if chinese else one.place_en, message=one.zh if chinese else one.en
        )
        for one in findings
    ]
