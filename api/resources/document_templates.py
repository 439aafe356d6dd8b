"""The templates of printed documents: take one to edit it in Word or WPS, look at it, upload it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import request, url_for

from api.operations import Created, FileAnswer, Operation, operation
from api.resources.blueprint import api
from api.resources.documents import FILES
from api.schemas.documents import (
    CheckedTemplateAnswer,
    CheckedTemplateSchema,
    FormSchema,
    TemplatesAnswer,
    TemplatesAnswerSchema,
    UploadedTemplateAnswer,
    UploadedTemplateSchema,
    VersionSchema,
)
from api.services import current
from web.authentication import accepts_body_up_to, current_actor
from web.document_templates import filled_with_samples, template_file, told
from web.files import uploaded_file
from web.schemas.documents import TemplateNoteSchema
from web.uploads import MAX_UPLOAD
from workflows.casework.documents.commands import UploadTemplate
from workflows.casework.documents.kinds import PaperKind, paper_kind
from workflows.casework.documents.printing import MEDIA_TYPES, FileForm
from workflows.casework.documents.queries import TemplateView
from workflows.organisation.rights import Right
from workflows.printing.errors import FindingLevel
from workflows.printing.template_check import check_template, require_good


@api.get("/document-templates")
@operation(
    Operation(
        summary="The newest template of every kind that was used",
        right=Right.WORK,
        answer=TemplatesAnswerSchema,
    )
)
def list_newest_templates() -> TemplatesAnswer:
    """List them."""
    return TemplatesAnswer(templates=current().documents.newest_templates())


@api.get("/document-templates/<kind>")
@operation(
    Operation(
        summary="The versions of a template that were used; none before the first document was issued",
        right=Right.WORK,
        answer=TemplatesAnswerSchema,
    )
)
def list_templates(kind: str) -> TemplatesAnswer:
    """List them."""
    return TemplatesAnswer(templates=current().documents.templates(paper_kind(kind).key))


@api.get("/document-templates/<kind>/file")
@operation(
    Operation(
        summary="Take a template to edit it in Word or WPS",
        right=Right.WORK,
        query=VersionSchema,
        media_types=(MEDIA_TYPES[FileForm.DOCX],),
    )
)
def get_template(kind: str, query: dict[str, Any]) -> FileAnswer:
    """Hand it out."""
    paper = paper_kind(kind)
    content = template_file(paper, query["version"])
    return FileAnswer(content=content, media_type=MEDIA_TYPES[FileForm.DOCX], name=f"{paper.name}（模板）.docx")


@api.get("/document-templates/<kind>/preview")
@operation(
    Operation(
        summary="Look at the template in use, filled with samples",
        right=Right.WORK,
        query=FormSchema,
        media_types=FILES,
    )
)
def preview_template(kind: str, query: dict[str, Any]) -> FileAnswer:
    """Show it."""
    paper = paper_kind(kind)
    return _sample(paper, template_file(paper, None), FileForm(query["form"]))


@api.post("/document-templates/<kind>/check")
@accepts_body_up_to(MAX_UPLOAD)
@operation(
    Operation(
        summary="Check a template without using it: every placeholder, and what the PDF would lose",
        right=Right.WORK,
        answer=CheckedTemplateSchema,
        files=True,
    )
)
def check_uploaded_template(kind: str) -> CheckedTemplateAnswer:
    """Look it over."""
    findings = check_template(uploaded_file(request), paper_kind(kind).fields)
    usable = all(one.level is not FindingLevel.ERROR for one in findings)
    return CheckedTemplateAnswer(usable=usable, findings=told(findings))


@api.post("/document-templates/<kind>/preview")
@accepts_body_up_to(MAX_UPLOAD)
@operation(
    Operation(
        summary="Look at a template before it is used, filled with samples",
        right=Right.WORK,
        query=FormSchema,
        media_types=FILES,
        files=True,
    )
)
def preview_uploaded_template(kind: str, query: dict[str, Any]) -> FileAnswer:
    """Show it."""
    paper, content = paper_kind(kind), uploaded_file(request)
    require_good(content, paper.fields)
    return _sample(paper, content, FileForm(query["form"]))


@api.post("/document-templates/<kind>")
@accepts_body_up_to(MAX_UPLOAD)
@operation(
    Operation(
        summary="Use another template from now on; what was issued keeps its own",
        right=Right.ADMINISTER,
        query=TemplateNoteSchema,
        answer=UploadedTemplateSchema,
        status=HTTPStatus.CREATED,
        files=True,
    )
)
def upload_template(kind: str, query: dict[str, Any]) -> Created:
    """Keep it."""
    command = UploadTemplate(kind=kind, content=uploaded_file(request), note=query["note"])
    uploaded = current().engine.execute(command, actor=current_actor())
    answer = UploadedTemplateAnswer(template=TemplateView.of(uploaded.template), findings=told(list(uploaded.warnings)))
    return Created(value=answer, location=url_for("api.list_templates", kind=kind))


def _sample(paper: PaperKind, content: bytes, form: FileForm) -> FileAnswer:
    made = filled_with_samples(paper, content, form)
    return FileAnswer(content=made, media_type=MEDIA_TYPES[form], name=f"{paper.name}（样张）.{form.value}")
