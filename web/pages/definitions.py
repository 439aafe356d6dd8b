"""What is deployed, and deploying more."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from engine.commands.deployments import RESOURCE_KINDS, DeployResources, ExamineDeployment
from engine.errors import DeploymentRefused
from engine.findings import Finding
from engine.model import Deployment
from web import i18n
from web.authentication import accepts_body_up_to, current_actor, may, permits
from web.errors import RequestInvalid
from web.labels import definition_name, in_language
from web.pages.process_instances import uuid_of
from web.services import services
from web.uploads import MAX_UPLOAD, uploaded_resources
from workflows.organisation.rights import Right

blueprint = Blueprint("definitions", __name__)

KINDS = ("process", "decision", "form")


@blueprint.get("/definitions")
@permits(Right.SIGNED_IN)
def definition_list() -> str:
    """Show the newest version of everything, and to who deployed something what is doubtful in that."""
    deployment_id = uuid_of(request.args.get("deployment")) if may(Right.DEPLOY) else None
    if deployment_id is None:
        return _page((), [])
    deployment = services().engine.execute(ExamineDeployment(deployment_id=deployment_id), actor=current_actor())
    return _page(deployment.warnings, [])


@blueprint.post("/definitions")
@accepts_body_up_to(MAX_UPLOAD)
@permits(Right.DEPLOY)
def deploy() -> AnyResponse:
    """Deploy files; what is wrong with them, or doubtful although they are deployed, is shown element by element."""
    language = i18n.language()
    try:
        command = DeployResources(resources=uploaded_resources(request))
        deployment = services().engine.execute(command, actor=current_actor())
    except DeploymentRefused as refused:
        return Response(_page(refused.findings, [refused.text(language)]), status=422)
    except RequestInvalid as invalid:
        return Response(_page((), [one.message(language) for one in invalid.errors]), status=422)
    flash(_told(deployment), "success" if deployment.made else "info")
    doubted = deployment.id if deployment.warnings else None
    return redirect(url_for("definitions.definition_list", deployment=doubted), 303)


def _told(deployment: Deployment) -> str:
    made = len(deployment.made)
    kept = len(deployment.definitions) - made
    if not made:
        return str(_("内容与已部署的版本相同，没有产生新版本。"))
    told = str(ngettext("已部署 %(num)s 项定义。", "已部署 %(num)s 项定义。", made))
    if not kept:
        return told
    return told + in_language("", " ") + str(ngettext("另有 %(num)s 项没有变化。", "另有 %(num)s 项没有变化。", kept))


def _page(findings: Sequence[Finding], errors: list[str]) -> str:
    return render_template(
        "definitions.html",
        name=definition_name,
        definitions=sorted(services().queries.definitions(), key=lambda one: (KINDS.index(one.kind), one.key)),
        findings=findings,
        errors=errors,
        can_deploy=may(Right.DEPLOY),
        endings=",".join(RESOURCE_KINDS),
    )
