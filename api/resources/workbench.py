"""The workbench: the library, drafts that are saved, checked, compared and deployed, and our element templates."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import url_for

from api.operations import Created, FileAnswer, Operation, operation
from api.resources.blueprint import api
from api.schemas.deployment_answers import DeploymentAnswer, DeploymentSchema
from api.schemas.expression_names import ExpressionNamesAnswer, ExpressionNamesSchema
from api.schemas.list_filters import MOST_VERSIONS
from api.schemas.workbench import (
    ComparisonAnswer,
    ComparisonAnswerSchema,
    DefinitionDraftAnswer,
    DefinitionDraftSchema,
    DraftCheckAnswer,
    DraftCheckSchema,
    FindingsAnswer,
    FindingsSchema,
    LibraryAnswer,
    LibrarySchema,
    SavedDraftAnswerSchema,
    TemplatesOfElementsAnswer,
    TemplatesOfElementsSchema,
)
from api.services import current
from engine.commands.resource_checks import CheckResources
from engine.errors import NotFound
from engine.model import Resource
from web import i18n
from web.authentication import accepts_body_up_to, current_actor
from web.schemas.workbench import (
    MOST_BODY,
    ComparisonSchema,
    ContentSchema,
    DiscardSchema,
    DraftDeploymentSchema,
    NewDraftSchema,
    SavedDraftSchema,
)
from web.workbench import ElementChange, element_templates, finding_lines, found_draft
from web.workbench_requests import draft_command, file_bytes
from workflows.organisation.rights import Right
from workflows.workbench.commands import DiscardDraft, SaveDraft
from workflows.workbench.contents import shipped_files
from workflows.workbench.deploying import CheckDraft, CompareContents, DeployDraft
from workflows.workbench.expression_names import ListExpressionNames
from workflows.workbench.model import DefinitionDraft

OCTETS = "application/octet-stream"


@api.get("/workbench")
@operation(
    Operation(
        summary="Every version of everything deployed with what runs by it, the drafts, and the files of the product",
        right=Right.DEPLOY,
        answer=LibrarySchema,
    )
)
def get_library() -> LibraryAnswer:
    """Show the library."""
    workbench = current().workbench
    return LibraryAnswer(
        versions=workbench.versions(), drafts=workbench.drafts(), shipped_files=sorted(shipped_files())
    )


@api.get("/workbench/definitions/<uuid:definition_id>/file")
@operation(
    Operation(
        summary="The file of a deployed version, as it was deployed",
        right=Right.DEPLOY,
        media_types=(OCTETS,),
    )
)
def get_definition_file(definition_id: UUID) -> FileAnswer:
    """Hand it out."""
    found = current().workbench.content(definition_id)
    if found is None:
        raise NotFound("definition", definition_id)
    return FileAnswer(content=found[1], media_type=OCTETS, name=found[0].resource_name)


@api.post("/workbench/drafts")
@accepts_body_up_to(MOST_BODY)
@operation(
    Operation(
        summary="Begin a draft: of a deployed version (joining its open draft), a shipped file, a content, or empty",
        right=Right.DEPLOY,
        body=NewDraftSchema,
        answer=SavedDraftAnswerSchema,
        status=HTTPStatus.CREATED,
    )
)
def create_definition_draft(body: dict[str, Any]) -> Created:
    """Begin it."""
    draft: DefinitionDraft = current().engine.execute(draft_command(body), actor=current_actor())
    return Created(value=draft, location=url_for("api.get_definition_draft", draft_id=draft.id))


@api.get("/workbench/drafts/<uuid:draft_id>")
@operation(
    Operation(
        summary="A draft with what it holds and its kept states", right=Right.DEPLOY, answer=DefinitionDraftSchema
    )
)
def get_definition_draft(draft_id: UUID) -> DefinitionDraftAnswer:
    """Show it."""
    return DefinitionDraftAnswer.of(found_draft(draft_id), current().workbench.states(draft_id))


@api.put("/workbench/drafts/<uuid:draft_id>")
@accepts_body_up_to(MOST_BODY)
@operation(
    Operation(
        summary="Save a draft over the state it was made from; refused when somebody saved another meanwhile",
        right=Right.DEPLOY,
        body=SavedDraftSchema,
        answer=SavedDraftAnswerSchema,
    )
)
def save_definition_draft(draft_id: UUID, body: dict[str, Any]) -> DefinitionDraft:
    """Save it."""
    command = SaveDraft(
        draft_id=draft_id, version=body["version"], content=file_bytes(body["content"]), note=body["note"]
    )
    saved: DefinitionDraft = current().engine.execute(command, actor=current_actor())
    return saved


@api.delete("/workbench/drafts/<uuid:draft_id>")
@operation(
    Operation(summary="Give a draft up; what it held can still be read", right=Right.DEPLOY, query=DiscardSchema)
)
def discard_definition_draft(draft_id: UUID, query: dict[str, Any]) -> None:
    """End it."""
    current().engine.execute(DiscardDraft(draft_id=draft_id, version=query["version"]), actor=current_actor())


@api.get("/workbench/drafts/<uuid:draft_id>/states/<int:version>/file")
@operation(
    Operation(summary="What a draft held before somebody saved over it", right=Right.DEPLOY, media_types=(OCTETS,))
)
def get_draft_state(draft_id: UUID, version: int) -> FileAnswer:
    """Hand it out."""
    draft = found_draft(draft_id)
    state = current().workbench.state(draft_id, version) if version <= MOST_VERSIONS else None
    if state is None:
        raise NotFound("definition draft", f"{draft_id}/{version}")
    return FileAnswer(content=state.content, media_type=OCTETS, name=draft.file_name)


@api.get("/workbench/drafts/<uuid:draft_id>/check")
@operation(
    Operation(
        summary="What deploying a draft would find, change of the active version, and concern of what runs",
        right=Right.DEPLOY,
        answer=DraftCheckSchema,
    )
)
def check_definition_draft(draft_id: UUID) -> DraftCheckAnswer:
    """Check it."""
    return DraftCheckAnswer.of(current().engine.execute(CheckDraft(draft_id=draft_id), actor=current_actor()))


@api.post("/workbench/drafts/<uuid:draft_id>/deployment")
@operation(
    Operation(
        summary="Make a draft the active version: with the check that was seen, its warnings confirmed, and a reason",
        right=Right.DEPLOY,
        body=DraftDeploymentSchema,
        answer=DeploymentSchema,
        status=HTTPStatus.CREATED,
    )
)
def deploy_definition_draft(draft_id: UUID, body: dict[str, Any]) -> Created:
    """Deploy it."""
    deployment = current().engine.execute(DeployDraft(draft_id=draft_id, **body), actor=current_actor())
    answer = DeploymentAnswer.of(deployment, i18n.language())
    return Created(value=answer, location=url_for("api.list_definitions"))


@api.post("/workbench/findings")
@accepts_body_up_to(MOST_BODY)
@operation(
    Operation(
        summary="What a deployment would find in a file as it stands; nothing is kept",
        right=Right.DEPLOY,
        body=ContentSchema,
        answer=FindingsSchema,
    )
)
def find_in_content(body: dict[str, Any]) -> FindingsAnswer:
    """Check it."""
    resource = Resource(name=body["file_name"], kind=body["kind"], content=file_bytes(body["content"]))
    found = current().engine.execute(CheckResources(resources=(resource,)), actor=current_actor())
    return FindingsAnswer(findings=finding_lines(found))


@api.post("/workbench/comparisons")
@accepts_body_up_to(2 * MOST_BODY)
@operation(
    Operation(
        summary="What one content changes of another: timers, conditions, assignments, mappings and all the rest",
        right=Right.DEPLOY,
        body=ComparisonSchema,
        answer=ComparisonAnswerSchema,
    )
)
def compare_contents(body: dict[str, Any]) -> ComparisonAnswer:
    """Compare them."""
    before, after = file_bytes(body["before"]), file_bytes(body["after"])
    command = CompareContents(kind=body["kind"], before=before, after=after)
    changes = current().engine.execute(command, actor=current_actor())
    return ComparisonAnswer(changes=[ElementChange.of(one) for one in changes])


@api.get("/workbench/element-templates")
@operation(
    Operation(
        summary="Our element templates, as Camunda's modelers take them",
        right=Right.SIGNED_IN,
        answer=TemplatesOfElementsSchema,
    )
)
def list_element_templates() -> TemplatesOfElementsAnswer:
    """List them in the reader's language."""
    return TemplatesOfElementsAnswer(templates=element_templates(i18n.language()))


@api.get("/workbench/expression-names")
@operation(
    Operation(
        summary="What expressions may name: the case, figures of policy, functions, forms' fields, decisions' results",
        right=Right.DEPLOY,
        answer=ExpressionNamesSchema,
    )
)
def list_expression_names() -> ExpressionNamesAnswer:
    """List them in the reader's language."""
    command = ListExpressionNames(definitions=current().queries.definitions())
    return ExpressionNamesAnswer.of(current().engine.execute(command, actor=current_actor()))
