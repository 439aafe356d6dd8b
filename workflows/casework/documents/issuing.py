"""Issuing a document: what the records say, what is added by hand, a number, a code, a digest; kept for good."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from engine.host import Context
from engine.model import HistoryEntry
from workflows.casework.county import COUNTY_REGION
from workflows.casework.days import local_day
from workflows.casework.documents import decision_papers, intake_papers, review_papers
from workflows.casework.documents.errors import DocumentAboutOther, DocumentValueRefused
from workflows.casework.documents.gathering import Asked, Gathered
from workflows.casework.documents.kinds import About, PaperKind, paper_kind
from workflows.casework.documents.model import IssuedDocument, Template, content_digest, new_code
from workflows.casework.documents.persons import BUREAU
from workflows.casework.documents.words import day
from workflows.casework.errors import CaseErased, CaseNotFound
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.standards import standards_on
from workflows.printing.fields import Field, FieldKind, Value

GATHERING: Mapping[str, Callable[[Asked], Gathered]] = {
    "application": intake_papers.application,
    "acceptance": intake_papers.acceptance,
    "correction": intake_papers.correction,
    "non_acceptance": intake_papers.non_acceptance,
    "authorisation": intake_papers.authorisation,
    "survey": review_papers.survey,
    "appraisal": review_papers.appraisal,
    "check_report": review_papers.check_report,
    "public_notice": review_papers.public_notice,
    "approval_form": review_papers.approval_form,
    "decision": decision_papers.decision,
    "hearing": decision_papers.hearing,
    "change_notice": decision_papers.change_notice,
    "referral": decision_papers.referral,
    "self_care": intake_papers.self_care,
    "urgent_slip": intake_papers.urgent_slip,
}
"""How each kind about a case is filled; the kinds of the county are filled with what is given."""

OF_ISSUING = ("date", "version", "counted_at")
"""Values that tell when and how often a document was issued or its figures counted; they make no other content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """The documents of one transaction."""

    context: Context[CaseworkUnitOfWork]

    def issue(
        self,
        kind: str,
        case_id: UUID | None,
        values: Mapping[str, Value] | None = None,
        *,
        subject: str | None = None,
    ) -> IssuedDocument:
        """Keep a document and return it; the same content about the same subject is the document already there.

        `values` fill what the records leave open; what an earlier version was given stays unless given anew.
        `subject` names the record of the case by id or number; without it the newest counts. Of a document of the
        county it keeps two apart, such as a month and a programme.

        Raises:
            DocumentKindUnknown: there is no such kind.
            DocumentAboutOther: the kind is about a case and none is named, or the other way round.
            CaseNotFound, CaseErased: there is nobody to write about.
            DocumentSubjectMissing: the case has no such record.
            DocumentValueRefused: a value has no field, a wrong shape, or stands on record already.
        """
        paper = paper_kind(kind)
        draft = self._draft(paper, case_id, values or {}, subject)
        kept = self.context.unit_of_work.documents
        earlier = kept.versions(kind=paper.key, case_id=case_id, subject=draft.subject)
        template = current_template(self.context, paper)
        newest = earlier[-1] if earlier else None
        draft = draft.completed_by(newest)
        if newest is not None and newest.values is not None and _is_same(newest, draft, template):
            return newest
        issued = self._issued(paper, draft, template, newest)
        kept.add(issued)
        write_down(self.context, draft.case, "document_issued", issued)
        return issued

    def preview(
        self, kind: str, case_id: UUID | None, values: Mapping[str, Value] | None = None, *, subject: str | None = None
    ) -> dict[str, Value]:
        """Return what a document would say, without a number; nothing is kept."""
        paper = paper_kind(kind)
        draft = self._draft(paper, case_id, values or {}, subject)
        return {**draft.values, "number": "（未编号）", "version": "草稿", "code": "—", "digest": "—"}

    def _draft(
        self, paper: PaperKind, case_id: UUID | None, values: Mapping[str, Value], subject: str | None
    ) -> _Draft:
        case = self._case(paper, case_id)
        if case is None:
            gathered = Gathered(values={}, subject=subject or uuid4().hex, unit=BUREAU)
        else:
            asked = Asked(context=self.context, kind=paper, case=case, subject=subject)
            gathered = GATHERING[paper.key](asked)
        now = self.context.now()
        contact = standards_on(self.context.unit_of_work, local_day(now)).values.get("complaint_phone", "")
        common: dict[str, Value] = {
            "unit": gathered.unit or BUREAU,
            "date": gathered.day or day(now),
            "contact": str(contact),
            "case_number": case.number if case else "",
            "issued_by": self.context.actor.name,
        }
        filled = _filled(paper, gathered.values, values)
        return _Draft(
            case=case,
            subject=gathered.subject,
            number=gathered.number,
            values={**common, **filled},
            open=frozenset(filled) - set(gathered.values) - set(values),
        )

    def _case(self, paper: PaperKind, case_id: UUID | None) -> Case | None:
        if (case_id is None) is (paper.about is About.CASE):
            if case_id is None:
                raise DocumentAboutOther(kind=paper.name, zh="须在具体案件中出具", en="is about a case")
            raise DocumentAboutOther(kind=paper.name, zh="不属于单个案件", en="is not about a single case")
        if case_id is None:
            return None
        case = self.context.unit_of_work.cases.get(case_id)
        if case is None:
            raise CaseNotFound(case_id)
        if case.erased:
            raise CaseErased(number=case.number, action="出具文书")
        return case

    def _issued(
        self, paper: PaperKind, draft: _Draft, template: Template, newest: IssuedDocument | None
    ) -> IssuedDocument:
        now = self.context.now()
        number = draft.number or (newest.number if newest else self._next_number(paper))
        version = newest.version + 1 if newest else 1
        values = {**draft.values, "version": f"第{version}版", "number": number}
        return IssuedDocument(
            id=uuid4(),
            kind=paper.key,
            number=number,
            version=version,
            case_id=draft.case.id if draft.case else None,
            subject=draft.subject,
            region=draft.case.region if draft.case else COUNTY_REGION,
            unit=str(values["unit"]),
            issued_at=now,
            issued_by=self.context.actor.id,
            template_sha256=template.sha256,
            values=values,
            digest=content_digest(
                kind=paper.key, number=number, version=version, template=template.sha256, values=values
            ),
            code=new_code(),
        )

    def _next_number(self, paper: PaperKind) -> str:
        year = local_day(self.context.now()).year
        return self.context.unit_of_work.decisions.next_number(series=paper.series, year=year)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    case: Case | None
    subject: str
    number: str | None
    values: Mapping[str, Value]
    open: frozenset[str]  # fields that neither records nor whoever asked filled

    def completed_by(self, earlier: IssuedDocument | None) -> _Draft:
        """Return it with what the version before was given by hand."""
        before = (earlier.values if earlier else None) or {}
        kept = {key: before[key] for key in self.open if before.get(key)}
        return replace(self, values={**self.values, **kept})


def current_template(context: Context[CaseworkUnitOfWork], paper: PaperKind) -> Template:
    """Return the template a kind is issued with now: the newest the office uploaded, else the shipped one, kept."""
    shipped = paper.template
    sha256 = hashlib.sha256(shipped).hexdigest()
    newest = context.unit_of_work.documents.newest_template(paper.key)
    if newest is not None and (not newest.is_shipped or newest.sha256 == sha256):
        return newest  # nobody who issues waits for another
    kept = context.unit_of_work.documents.templates(paper.key)
    newest = kept[-1] if kept else None
    if newest is not None and (not newest.is_shipped or newest.sha256 == sha256):
        return newest
    template = Template(
        sha256=sha256,
        kind=paper.key,
        version=newest.version + 1 if newest else 1,
        content=shipped,
        added_at=context.now(),
        added_by="system",
        note="随系统提供",
        is_shipped=True,
    )
    context.unit_of_work.documents.add_template(template)
    return template


def write_down(
    context: Context[CaseworkUnitOfWork], case: Case | None, action: str, document: IssuedDocument, **details: str | int
) -> None:
    """Leave a line in the history of the case a document is about."""
    if case is None or case.process_instance_id is None:
        return
    told = {"kind": document.kind, "number": document.number, "version": document.version, **details}
    entry = HistoryEntry(
        process_instance_id=case.process_instance_id,
        at=context.now(),
        actor=context.actor.id,
        action=action,
        details=told,
    )
    context.unit_of_work.history.add(entry)


def _filled(paper: PaperKind, recorded: Mapping[str, Value], given: Mapping[str, Value]) -> dict[str, Value]:
    """Return the values of records completed by those given, every field once."""
    own = {field.key: field for field in paper.own_fields}
    for key in given:
        if key not in own:
            raise _refused(paper, key, "该文书没有此字段", "there is no such field")
        if recorded.get(key) and recorded[key] != given[key]:
            raise _refused(
                paper, own[key].name, "该项以系统记录为准，不能手工改写", "the records say it; it cannot be overwritten"
            )
        _require_shape(paper, own[key], given[key])
    return {key: given.get(key) or recorded.get(key) or _nothing(field) for key, field in own.items()}


def _require_shape(paper: PaperKind, field: Field, value: Value) -> None:
    if field.kind is FieldKind.TEXT:
        good = isinstance(value, str)
    elif isinstance(value, str) or not isinstance(value, list | tuple):
        good = False
    elif field.kind is FieldKind.LIST:
        good = all(isinstance(one, str) for one in value)
    else:
        known = {column.key for column in field.columns}
        good = all(
            isinstance(one, Mapping) and set(one) <= known and all(isinstance(cell, str) for cell in one.values())
            for one in value
        )
    if not good:
        wanted = {
            FieldKind.TEXT: ("应为文本", "a text is needed"),
            FieldKind.LIST: ("应为文本列表", "a list of texts is needed"),
            FieldKind.TABLE: (
                f"应为行的列表，列为 {'、'.join(column.key for column in field.columns)}",
                f"a list of rows with {', '.join(column.key for column in field.columns)} is needed",
            ),
        }[field.kind]
        raise _refused(paper, field.name, *wanted)


def _nothing(field: Field) -> Value:
    return "" if field.kind is FieldKind.TEXT else []


def _refused(paper: PaperKind, field: str, zh: str, en: str) -> DocumentValueRefused:
    return DocumentValueRefused(kind=paper.name, field=field, reason=en, reason_zh=zh)


def _is_same(newest: IssuedDocument, draft: _Draft, template: Template) -> bool:
    if newest.template_sha256 != template.sha256:
        return False
    before = {
        key: value for key, value in (newest.values or {}).items() if key not in (*OF_ISSUING, "number", "issued_by")
    }
    now = {key: value for key, value in draft.values.items() if key not in (*OF_ISSUING, "issued_by")}
    return before == now
