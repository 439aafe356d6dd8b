"""What can be done with documents: issue, read, print, verify; upload a template."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from engine.errors import NotPermitted
from engine.host import Context
from engine.model import Actor
from workflows.casework.circulars.model import CIRCULAR_KIND
from workflows.casework.county import CIVIL_AFFAIRS, COUNTY_REGION
from workflows.casework.documents.errors import DocumentAboutOther, DocumentNotFound, DocumentNotVerified
from workflows.casework.documents.issuing import Documents, current_template, write_down
from workflows.casework.documents.kinds import paper_kind
from workflows.casework.documents.model import (
    DocumentPrint,
    IssuedDocument,
    Template,
    VerifiedDocument,
    is_same_code,
)
from workflows.casework.errors import CaseErased, CaseNotFound
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.sight import is_purpose_limited
from workflows.printing.errors import TemplateFinding
from workflows.printing.fields import Value
from workflows.printing.template_check import require_good

COUNTY_READERS = frozenset({CIVIL_AFFAIRS, "finance"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A document with what it is printed by."""

    document: IssuedDocument
    template: Template
    mark: str  # printed above every page; empty on an original


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueDocument:
    """Issue a document by hand.

    Raises:
        NotPermitted: the actor sees the case only as far as its unit's purpose goes, or no document of the county.
        DocumentAboutOther: it is a circular, which is published with its figures and words alone (`PublishCircular`).
    """

    kind: str
    case_id: UUID | None
    values: Mapping[str, Value]
    subject: str | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> IssuedDocument:
        """Issue it."""
        _require_writer(context, self.case_id)
        if self.kind == CIRCULAR_KIND:
            zh, en = "只能由月度通报发布", "is published as the circular of its month alone"
            raise DocumentAboutOther(kind=paper_kind(self.kind).name, zh=zh, en=en)
        return Documents(context=context).issue(self.kind, self.case_id, self.values, subject=self.subject)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewDocument:
    """Look at what a document would say; nothing is kept."""

    kind: str
    case_id: UUID | None
    values: Mapping[str, Value]
    subject: str | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> tuple[Mapping[str, Value], Template]:
        """Return the values and the template."""
        _require_writer(context, self.case_id)
        values = Documents(context=context).preview(self.kind, self.case_id, self.values, subject=self.subject)
        return values, current_template(context, paper_kind(self.kind))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDocument:
    """Read a document; who read it is kept in the history of its case. What is read is marked as a copy.

    Raises:
        DocumentNotFound: unknown, or not for the actor's eyes.
        CaseErased: what it said is gone.
    """

    document_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Sheet:
        """Write down the look, then show."""
        document, case = _seen(context, self.document_id)
        write_down(context, case, "document_read", document)
        return _sheet(context, document, "副本（仅供查阅）")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintDocument:
    """Print a document: the first copies of its kind are originals, whatever follows is marked as a copy."""

    document_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Sheet:
        """Count the print."""
        document, case = _seen(context, self.document_id)
        kept = context.unit_of_work.documents
        number = len(kept.prints(document.id)) + 1
        copies = paper_kind(document.kind).copies
        printed = DocumentPrint(
            document_id=document.id,
            number=number,
            is_original=number <= copies,
            printed_at=context.now(),
            printed_by=context.actor.id,
        )
        kept.add_print(printed)
        write_down(context, case, "document_printed", document, print=number)
        mark = "" if printed.is_original else f"副本（第{number - copies}次补印）"
        return _sheet(context, document, mark)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyDocument:
    """Tell anybody who holds a paper whether number and code are ours, and the digest of what was issued.

    Raises:
        DocumentNotVerified: they do not belong together; whether the number exists is not told.
    """

    number: str
    code: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> VerifiedDocument:
        """Look it up."""
        versions = context.unit_of_work.documents.by_number(self.number.strip().removesuffix("号"))
        found = next((one for one in versions if is_same_code(one.code, self.code)), None)
        if found is None:
            raise DocumentNotVerified
        kind = paper_kind(found.kind)
        return VerifiedDocument(
            kind=found.kind,
            kind_name=kind.name,
            kind_name_en=kind.name_en,
            number=found.number,
            version=found.version,
            newest_version=max(one.version for one in versions if one.kind == found.kind),
            issued_at=found.issued_at,
            unit=found.unit,
            digest=found.digest,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedTemplate:
    """A template that was kept, and what is to be said of it."""

    template: Template
    warnings: tuple[TemplateFinding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadTemplate:
    """Use another template for a kind from now on; what was issued keeps its own.

    Raises:
        NotPermitted: the actor is no administrator of the county.
        TemplateRefused: it asks for what does not exist, or is no template at all.
    """

    kind: str
    content: bytes
    note: str = ""

    def execute(self, context: Context[CaseworkUnitOfWork]) -> UploadedTemplate:
        """Keep it."""
        if not context.actor.system and not context.actor.has_role("administrator", COUNTY_REGION):
            raise NotPermitted("更换文书模板", "administrator")
        paper = paper_kind(self.kind)
        warnings = tuple(require_good(self.content, paper.fields))
        newest = current_template(context, paper)
        sha256 = hashlib.sha256(self.content).hexdigest()
        if newest.sha256 == sha256:
            return UploadedTemplate(template=newest, warnings=warnings)
        template = Template(
            sha256=sha256,
            kind=paper.key,
            version=newest.version + 1,
            content=self.content,
            added_at=context.now(),
            added_by=context.actor.id,
            note=self.note,
        )
        context.unit_of_work.documents.add_template(template)
        return UploadedTemplate(template=template, warnings=warnings)


def reads_county_documents(actor: Actor) -> bool:
    """Say whether an actor may read documents about many households."""
    return actor.system or any(
        one.unit_kind in COUNTY_READERS and COUNTY_REGION.startswith(one.region) for one in actor.memberships
    )


def _seen(context: Context[CaseworkUnitOfWork], document_id: UUID) -> tuple[IssuedDocument, Case | None]:
    document = context.unit_of_work.documents.get(document_id)
    if document is None:
        raise DocumentNotFound(document_id)
    if document.case_id is None:
        if not reads_county_documents(context.actor):
            raise DocumentNotFound(document_id)
        return document, None
    case = context.unit_of_work.cases.get(document.case_id)
    if case is None or is_purpose_limited(context.actor, case.region) or _is_kin(context, case):
        raise DocumentNotFound(document_id)
    if document.values is None:
        raise CaseErased(number=case.number, action="查看文书")
    return document, case


def _is_kin(context: Context[CaseworkUnitOfWork], case: Case) -> bool:
    return context.unit_of_work.procedure.kin.holds(number=case.number, login=context.actor.id)


def _sheet(context: Context[CaseworkUnitOfWork], document: IssuedDocument, mark: str) -> Sheet:
    template = context.unit_of_work.documents.template(document.template_sha256)
    if template is None:
        raise DocumentNotFound(document.id)
    return Sheet(document=document, template=template, mark=mark)


def _require_writer(context: Context[CaseworkUnitOfWork], case_id: UUID | None) -> None:
    if context.actor.system:
        return
    if case_id is None:
        if not reads_county_documents(context.actor):
            raise NotPermitted("出具全县文书", "civil_affairs、finance")
        return
    case = context.unit_of_work.cases.get(case_id)
    if case is None or is_purpose_limited(context.actor, case.region) or _is_kin(context, case):
        raise CaseNotFound(case_id)
