"""Programmes as packages: exported from here, checked and taken in there."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import request, url_for

from api.operations import Created, FileAnswer, Operation, operation
from api.resources.blueprint import api
from api.schemas.packages import ImportedDraftsAnswer, ImportedDraftsSchema, PackageCheckAnswer, PackageCheckSchema
from api.schemas.workbench import SavedDraftAnswer
from api.services import current
from web.authentication import accepts_body_up_to, current_actor
from web.files import uploaded_file
from web.schemas.workbench import PackageImportSchema
from web.uploads import MAX_UPLOAD
from workflows.organisation.rights import Right
from workflows.workbench.packaging import CheckPackage, ExportPackage, ImportPackage

ZIP = "application/zip"


@api.get("/workbench/definitions/<uuid:definition_id>/package")
@operation(
    Operation(
        summary="A version of a process with all it calls, asks and shows, as one file with a manifest",
        right=Right.DEPLOY,
        media_types=(ZIP,),
    )
)
def export_package(definition_id: UUID) -> FileAnswer:
    """Hand it out."""
    made = current().engine.execute(ExportPackage(definition_id=definition_id), actor=current_actor())
    return FileAnswer(content=made.content, media_type=ZIP, name=made.name)


@api.post("/workbench/packages/check")
@accepts_body_up_to(MAX_UPLOAD)
@operation(
    Operation(
        summary="What a package holds, how that stands to what is here, and what it needs that is missing",
        right=Right.DEPLOY,
        answer=PackageCheckSchema,
        files=True,
    )
)
def check_package() -> PackageCheckAnswer:
    """Check it; nothing is made."""
    command = CheckPackage(content=uploaded_file(request))
    return PackageCheckAnswer.of(current().engine.execute(command, actor=current_actor()))


@api.post("/workbench/packages")
@accepts_body_up_to(MAX_UPLOAD)
@operation(
    Operation(
        summary="Make drafts of a package, all or none; where something it needs is missing only if that is meant",
        right=Right.DEPLOY,
        query=PackageImportSchema,
        answer=ImportedDraftsSchema,
        status=HTTPStatus.CREATED,
        files=True,
    )
)
def import_package(query: dict[str, Any]) -> Created:
    """Take it in."""
    command = ImportPackage(content=uploaded_file(request), **query)
    drafts = current().engine.execute(command, actor=current_actor())
    answer = ImportedDraftsAnswer(drafts=[SavedDraftAnswer.of(one) for one in drafts])
    return Created(value=answer, location=url_for("api.get_library"))
