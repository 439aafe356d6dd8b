"""The templates of printed documents: which are in use, taking one to edit it, checking and uploading another."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import EngineError
from web.authentication import accepts_body_up_to, current_actor, permits
from web.document_templates import FindingAnswer, filled_with_samples, template_file, told
from web.files import attached, shown, uploaded_file
from web.lists import page_number
from web.plain_forms import loaded, typed
from web.refusals import Refusal, refusal
from web.schemas.documents import TemplateNoteSchema
from web.services import services
from web.staff_names import staff_names
from web.uploads import MAX_UPLOAD
from workflows.casework.county import COUNTY_REGION
from workflows.casework.documents.commands import UploadTemplate
from workflows.casework.documents.kinds import paper_kind, paper_kinds
from workflows.casework.documents.printing import MEDIA_TYPES, FileForm
from workflows.organisation.model import ADMINISTRATOR
from workflows.organisation.rights import Right
from workflows.printing.errors import TemplateRefused
from workflows.printing.template_check import check_template

blueprint = Blueprint("templates", __name__)


@blueprint.get("/document-templates")
@permits(Right.WORK)
def kind_list() -> str:
    """Show every kind of document with the template in use."""
    newest = {one.kind: one for one in services().documents.newest_templates()}
    return render_template(
        "document_templates.html",
        kinds=paper_kinds(),
        newest=newest,
        names=staff_names([one.added_by for one in newest.values()]),
    )


@blueprint.get("/document-templates/<kind>")
@permits(Right.WORK)
def kind_page(kind: str) -> str:
    """Show the versions of a template."""
    return _page(kind)


@blueprint.get("/document-templates/<kind>/file")
@permits(Right.WORK)
def take(kind: str) -> AnyResponse:
    """Give a version of the template, to be edited; without one that in use."""
    paper, named = paper_kind(kind), request.args.get("version")
    content = template_file(paper, page_number(named) if named else None)
    return attached(content, name=f"{paper.name}（模板）.docx", media_type=MEDIA_TYPES[FileForm.DOCX])


@blueprint.get("/document-templates/<kind>/preview")
@permits(Right.WORK)
def preview(kind: str) -> AnyResponse:
    """Show the template in use, filled with samples."""
    paper = paper_kind(kind)
    content = filled_with_samples(paper, template_file(paper, None), FileForm.PDF)
    return shown(content, name=f"{paper.name}（样张）.pdf", media_type=MEDIA_TYPES[FileForm.PDF])


@blueprint.post("/document-templates/<kind>/check")
@accepts_body_up_to(MAX_UPLOAD)
@permits(Right.WORK)
def check(kind: str) -> str | tuple[str, int]:
    """Say what is to be said of a template; nothing is kept."""
    paper = paper_kind(kind)
    try:
        findings = told(check_template(uploaded_file(request), paper.fields))
    except EngineError as error:
        return _page(kind, refused=refusal(error)), 422
    return _page(kind, findings=findings, is_checked=True)


@blueprint.post("/document-templates/<kind>")
@accepts_body_up_to(MAX_UPLOAD)
@permits(Right.ADMINISTER)
def upload(kind: str) -> AnyResponse | tuple[str, int]:
    """Use another template from now on."""
    try:
        note = loaded(TemplateNoteSchema(), typed(request.form, only=("note",)))["note"]
        command = UploadTemplate(kind=kind, content=uploaded_file(request), note=note)
        uploaded = services().engine.execute(command, actor=current_actor())
    except TemplateRefused as error:
        return _page(kind, refused=refusal(error), findings=told(error.findings)), 422
    except EngineError as error:
        return _page(kind, refused=refusal(error)), 422
    flash(_("第 %(version)s 版模板已启用；此前出具的文书仍用原模板。", version=uploaded.template.version), "success")
    for one in told(uploaded.warnings):
        flash(f"{one.place} · {one.message}", "warning")
    return redirect(url_for("templates.kind_page", kind=kind), 303)


def _page(
    kind: str,
    *,
    refused: Refusal | None = None,
    findings: Sequence[FindingAnswer] = (),
    is_checked: bool = False,
) -> str:
    paper = paper_kind(kind)
    versions = services().documents.templates(paper.key)
    return render_template(
        "document_template.html",
        paper=paper,
        versions=versions,
        names=staff_names([one.added_by for one in versions]),
        may_upload=current_actor().has_role(ADMINISTRATOR, COUNTY_REGION),
        refused=refused,
        findings=findings,
        is_checked=is_checked,
        given=request.form,
    )
