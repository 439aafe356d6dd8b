"""What requests about printed documents may hold, and what they are answered with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marshmallow import fields, validate

from api.schemas.requests import PageSchema
from web.document_templates import FindingAnswer
from web.schemas.base import RequestSchema, answer_schema, one_of, text
from workflows.casework.documents.model import VerifiedDocument
from workflows.casework.documents.printing import FileForm
from workflows.casework.documents.queries import DocumentView, KindView, TemplateView

MOST_SUBJECT = 100
MOST_FIELDS = 60


class IssueSchema(RequestSchema):
    """Which document, about which record, and what the records leave open."""

    kind = text(most=40, least=1, required=True)
    subject = text(most=MOST_SUBJECT, least=1, load_default=None, allow_none=True)
    values = fields.Dict(
        keys=fields.String(validate=validate.Length(max=40)),
        values=fields.Raw(),
        load_default=dict,
        validate=validate.Length(max=MOST_FIELDS),
    )


class PreviewSchema(IssueSchema):
    """A document to look at, and in which form."""

    form = one_of(FileForm, load_default=FileForm.PDF.value)


class FormSchema(RequestSchema):
    """In which form."""

    form = one_of(FileForm, load_default=FileForm.PDF.value)


class VersionSchema(RequestSchema):
    """Which version; the newest without one."""

    version = fields.Integer(load_default=None, validate=validate.Range(min=1))


class CodeSchema(RequestSchema):
    """What stands on the paper."""

    number = text(most=100, least=1, required=True)
    code = text(most=40, least=1, required=True)


class CountyDocumentsSchema(PageSchema):
    """Which page of the county's documents, or which number."""

    number = text(most=100, least=1, load_default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsAnswer:
    """Documents."""

    documents: Sequence[DocumentView]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindsAnswer:
    """The kinds of documents."""

    kinds: Sequence[KindView]


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplatesAnswer:
    """The templates of a kind."""

    templates: Sequence[TemplateView]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedTemplateAnswer:
    """Whether a template can be used, and what is to be said of it."""

    usable: bool
    findings: Sequence[FindingAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedTemplateAnswer:
    """A template that is used from now on."""

    template: TemplateView
    findings: Sequence[FindingAnswer]


DocumentSchema = answer_schema(DocumentView)
DocumentsAnswerSchema = answer_schema(DocumentsAnswer)
KindsAnswerSchema = answer_schema(KindsAnswer)
TemplatesAnswerSchema = answer_schema(TemplatesAnswer)
CheckedTemplateSchema = answer_schema(CheckedTemplateAnswer)
UploadedTemplateSchema = answer_schema(UploadedTemplateAnswer)
VerifiedDocumentSchema = answer_schema(VerifiedDocument)
