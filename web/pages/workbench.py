"""The workbench: the library of definitions, the editors of drafts, the check before a deployment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import DeploymentRefused, EngineError
from engine.json_values import JsonObject
from web import i18n
from web.authentication import accepts_body_up_to, current_account, current_actor, permits
from web.diagrams import xml_to_draw
from web.labels import definition_name, label
from web.plain_forms import loaded, typed
from web.refusals import Refusal, refusal
from web.scenario_results import ScenarioResultsAnswer
from web.schemas.workbench import NewDraftSchema
from web.services import services
from web.staff_names import staff_names
from web.uploads import MAX_UPLOAD, uploaded_resources
from web.workbench import ElementChange, element_templates, finding_lines, found_draft
from web.workbench_requests import draft_command
from workflows.organisation.rights import Right
from workflows.playing.budget import SECONDS_OF_A_CHECK
from workflows.playing.errors import NotPlayable, PlayedDraftOver
from workflows.playing.model import PlaySource
from workflows.playing.scenarios import RunScenarios, ScenarioResults
from workflows.workbench.commands import CreateDraft, DiscardDraft
from workflows.workbench.contents import shipped_files, text_of
from workflows.workbench.deploying import CheckDraft, DeployDraft
from workflows.workbench.errors import DraftNotText
from workflows.workbench.model import ENDINGS, DefinitionDraft, DraftCheck
from workflows.workbench.views import DraftLine, VersionOfDefinition

blueprint = Blueprint("workbench", __name__)

KINDS = tuple(ENDINGS)
OF_A_DRAFT = "/workbench/<any(process, decision, form):kind>/<uuid:draft_id>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One definition in the library: its versions, the newest first, and the draft of its file."""

    versions: Sequence[VersionOfDefinition]
    draft: DraftLine | None

    @property
    def active(self) -> VersionOfDefinition:
        """Return what new cases run by."""
        return self.versions[0]

    @property
    def running_before(self) -> int:
        """Return how much runs by earlier versions."""
        return sum(one.running for one in self.versions[1:])


@blueprint.get("/workbench")
@permits(Right.DEPLOY)
def library() -> str:
    """Show what is deployed and what is being worked on."""
    return _library()


@blueprint.post("/workbench/drafts")
@accepts_body_up_to(MAX_UPLOAD)
@permits(Right.DEPLOY)
def begin_draft() -> AnyResponse | tuple[str, int]:
    """Begin a draft of a version, a shipped file, an uploaded file or nothing, and open it."""
    try:
        command = _uploaded() if request.files else draft_command(loaded(NewDraftSchema(), typed(request.form)))
        draft = services().engine.execute(command, actor=current_actor())
    except EngineError as error:
        return _library(refused=refusal(error)), 422
    return redirect(url_for("workbench.editor", kind=draft.kind, draft_id=draft.id), 303)


@blueprint.get(OF_A_DRAFT)
@permits(Right.DEPLOY)
def editor(kind: str, draft_id: UUID) -> str | AnyResponse | tuple[str, int]:
    """Show the tool a draft is drawn with; of one that is over or no text, the library."""
    draft = found_draft(draft_id)
    if draft.kind != kind or draft.ended_at is not None:
        return _elsewhere(draft)
    try:
        data = _editor_data(draft)
    except DraftNotText as error:
        return _library(refused=refusal(error)), 422
    return render_template(
        "workbench_editor.html",
        draft=draft,
        data=data,
        names=staff_names([draft.saved_by]),
    )


@blueprint.get(f"{OF_A_DRAFT}/check")
@permits(Right.DEPLOY)
def check_page(kind: str, draft_id: UUID) -> str | AnyResponse:
    """Show what deploying a draft would find, change and concern."""
    draft = found_draft(draft_id)
    if draft.kind != kind or draft.ended_at is not None:
        return _elsewhere(draft)
    return _check(draft_id)


@blueprint.post(f"{OF_A_DRAFT}/check")
@permits(Right.DEPLOY)
def deploy(kind: str, draft_id: UUID) -> AnyResponse | tuple[str, int]:
    """Make the draft the active version."""
    command = DeployDraft(
        draft_id=draft_id,
        seen=request.form.get("seen", ""),
        reason=request.form.get("reason", ""),
        confirmed=request.form.getlist("confirmed"),
    )
    try:
        deployment = services().engine.execute(command, actor=current_actor())
    except DeploymentRefused as error:
        return _check(draft_id, refused=Refusal(text=error.text(i18n.language()), fields={})), 422
    except EngineError as error:
        return _check(draft_id, refused=refusal(error)), 422
    newest = deployment.definitions[0]
    name = definition_name(newest)
    flash(_("“%(name)s”第 %(version)s 版已部署，新发起的按此版办理。", name=name, version=newest.version), "success")
    return redirect(url_for("workbench.library", tab=kind), 303)


@blueprint.post(f"{OF_A_DRAFT}/discard")
@permits(Right.DEPLOY)
def discard(kind: str, draft_id: UUID) -> AnyResponse | tuple[str, int]:
    """Give a draft up."""
    version = request.form.get("version", "")
    command = DiscardDraft(draft_id=draft_id, version=int(version) if version.isdecimal() and len(version) < 9 else 0)
    try:
        draft = services().engine.execute(command, actor=current_actor())
    except EngineError as error:
        return _library(refused=refusal(error)), 422
    flash(_("“%(file)s”的草稿已放弃；其内容仍留存，可由接口查阅。", file=draft.file_name), "success")
    return redirect(url_for("workbench.library", tab=kind), 303)


def _library(*, refused: Refusal | None = None) -> str:
    workbench = services().workbench
    tab = request.args.get("tab", "")
    kind = tab if tab in KINDS else KINDS[0]
    drafts = workbench.drafts()
    shelves = [one for one in _shelves(workbench.versions(), drafts) if one.active.kind == kind]
    known = {version.resource_name for shelf in shelves for version in shelf.versions}
    shipped = sorted(name for name, one in shipped_files().items() if one.kind == kind and name not in known)
    people = [who for shelf in shelves for one in shelf.versions for who in (one.deployed_by,)]
    return render_template(
        "workbench.html",
        kind=kind,
        tabs=[(one, label("definition_kind", one), sum(draft.kind == one for draft in drafts)) for one in KINDS],
        shelves=shelves,
        drafts=[one for one in drafts if one.kind == kind],
        shipped=shipped,
        ending=ENDINGS[kind],
        name=definition_name,
        scenario_counts=defaultdict(int, services().plays.scenario_counts()),
        names=staff_names(people, [one.saved_by for one in drafts]),
        refused=refused,
    )


def _shelves(versions: Sequence[VersionOfDefinition], drafts: Sequence[DraftLine]) -> list[Shelf]:
    grouped = groupby(versions, key=lambda one: (one.kind, one.key))
    shelves = (list(some) for _key, some in grouped)
    return [Shelf(versions=some, draft=_draft_of(some[0], drafts)) for some in shelves]


def _draft_of(active: VersionOfDefinition, drafts: Sequence[DraftLine]) -> DraftLine | None:
    """Return the draft made of a definition, or of the file that holds it; another file's may be called alike."""
    for one in drafts:
        if (one.kind, one.file_name) == (active.kind, active.resource_name) and (
            one.base_key == active.key or one.base_deployment_id == active.deployment_id
        ):
            return one
    return None


def _uploaded() -> CreateDraft:
    [resource] = uploaded_resources(request, most=1)
    return CreateDraft(kind=resource.kind, file_name=resource.name, content=resource.content)


def _elsewhere(draft: DefinitionDraft) -> AnyResponse:
    if draft.ended_at is not None:
        flash(_("“%(file)s”的这份草稿已经结束（部署或放弃）。", file=draft.file_name), "warning")
        return redirect(url_for("workbench.library", tab=draft.kind), 303)
    return redirect(url_for("workbench.editor", kind=draft.kind, draft_id=draft.id), 303)


def _editor_data(draft: DefinitionDraft) -> JsonObject:
    account = current_account()
    return {
        "kind": draft.kind,
        "fileName": draft.file_name,
        "version": draft.version,
        "content": text_of(draft.kind, draft.content, draft.file_name),
        "draftUrl": url_for("api.get_definition_draft", draft_id=draft.id),
        "draftsUrl": url_for("api.create_definition_draft"),
        "findingsUrl": url_for("api.find_in_content"),
        "comparisonsUrl": url_for("api.compare_contents"),
        "namesUrl": url_for("api.list_expression_names"),
        "editorUrl": url_for("workbench.library") + f"/{draft.kind}/",
        "person": account.login if account else "",
        "templates": element_templates(i18n.language()) if draft.kind == "process" else [],
    }


def _check(draft_id: UUID, *, refused: Refusal | None = None) -> str:
    check: DraftCheck = services().engine.execute(CheckDraft(draft_id=draft_id), actor=current_actor())
    changes = [ElementChange.of(one) for one in check.changes]
    return render_template(
        "workbench_check.html",
        check=check,
        findings=finding_lines(check.findings),
        changes=[one for one in changes if one.kind != "moved"],
        moved=[one for one in changes if one.kind == "moved"],
        drawings=_drawings(check, changes),
        scenarios=_scenario_results(check),
        confirmed=set(request.form.getlist("confirmed")),
        reason=request.form.get("reason", ""),
        name=definition_name,
        refused=refused,
    )


def _scenario_results(check: DraftCheck) -> ScenarioResultsAnswer | None:
    """Return how the scenarios of a process come out on the draft; none of what is no process or has errors."""
    if check.draft.kind != "process" or check.errors:
        return None
    command = RunScenarios(source=PlaySource(draft_id=check.draft.id), seconds=SECONDS_OF_A_CHECK)
    try:
        results: ScenarioResults = services().engine.execute(command, actor=current_actor())
    except (NotPlayable, PlayedDraftOver):
        return None
    return ScenarioResultsAnswer.of(results)


def _drawings(check: DraftCheck, changes: Sequence[ElementChange]) -> list[tuple[str, str, JsonObject]]:
    """Return the new and, where something of it is gone or other, the active diagram, with what changed marked."""
    if check.draft.kind != "process" or any(one.code in ("not-well-formed", "doctype") for one in check.findings):
        return []
    marks = {one.element_id: one.kind for one in changes}
    drawn = [("new", str(_("草稿")), _drawing(check.draft.content, marks, ("added", "changed", "moved")))]
    if check.active_content is not None and set(marks.values()) - {"added"}:
        caption = str(_("在用的第 %(version)s 版", version=check.active.version if check.active else 0))
        drawn.append(("old", caption, _drawing(check.active_content, marks, ("removed", "changed", "moved"))))
    return drawn


def _drawing(xml: bytes, marks: dict[str, str], shown: tuple[str, ...]) -> JsonObject:
    changes: dict[str, Any] = {element: kind for element, kind in marks.items() if kind in shown}
    return {"xml": xml_to_draw(xml), "changes": changes}
