"""Programmes as packages on pages: exported from the library, checked, and taken in as drafts."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import EngineError
from web.authentication import accepts_body_up_to, current_actor, permits
from web.files import attached, uploaded_file
from web.labels import definition_name
from web.refusals import Refusal, refusal
from web.services import services
from web.uploads import MAX_UPLOAD
from web.workbench import finding_lines
from workflows.organisation.rights import Right
from workflows.workbench.errors import PackageIncomplete
from workflows.workbench.packaging import CheckPackage, ExportPackage, ImportPackage, PackageCheck

blueprint = Blueprint("packages", __name__)

ZIP = "application/zip"


@blueprint.get("/workbench/packages")
@permits(Right.DEPLOY)
def package_page() -> str:
    """Ask for a package, and offer those that can be made here."""
    return _page()


@blueprint.get("/workbench/packages/<uuid:definition_id>")
@permits(Right.DEPLOY)
def export(definition_id: UUID) -> Response:
    """Hand out a version of a process with all it needs."""
    made = services().engine.execute(ExportPackage(definition_id=definition_id), actor=current_actor())
    return attached(made.content, name=made.name, media_type=ZIP)


@blueprint.post("/workbench/packages")
@accepts_body_up_to(MAX_UPLOAD)
@permits(Right.DEPLOY)
def take_in() -> AnyResponse | tuple[str, int] | str:
    """Show what a package holds and needs, or make drafts of it."""
    check: PackageCheck | None = None
    try:
        content = uploaded_file(request)
        check = services().engine.execute(CheckPackage(content=content), actor=current_actor())
        if request.form.get("do") != "import":
            return _page(check=check)
        command = ImportPackage(content=content, although_incomplete="although_incomplete" in request.form)
        drafts = services().engine.execute(command, actor=current_actor())
    except PackageIncomplete as error:
        return _page(check=check, refused=refusal(error), is_incomplete=True), 422
    except EngineError as error:
        return _page(check=check, refused=refusal(error)), 422
    told = ngettext("已导入为 %(num)s 份草稿。", "已导入为 %(num)s 份草稿。", len(drafts))
    flash(told, "success" if drafts else "warning")
    tab = drafts[0].kind if drafts else None
    return redirect(url_for("workbench.library", tab=tab), 303)


def _page(*, check: PackageCheck | None = None, refused: Refusal | None = None, is_incomplete: bool = False) -> str:
    newest = {one.key: one for one in reversed(services().workbench.versions()) if one.kind == "process"}
    return render_template(
        "workbench_packages.html",
        check=check,
        findings=finding_lines(check.findings) if check else [],
        missing={one.mark for one in check.missing} if check else set(),
        refused=refused,
        is_incomplete=is_incomplete,
        processes=sorted(newest.values(), key=lambda one: one.key),
        name=definition_name,
    )
