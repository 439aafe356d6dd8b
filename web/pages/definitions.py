"""What is deployed, and deploying more."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.commands.deployments import RESOURCE_KINDS, DeployResources
from engine.errors import DeploymentRefused
from engine.findings import Finding
from web import i18n
from web.authentication import accepts_body_up_to, current_actor, may, permits
from web.errors import RequestInvalid
from web.labels import definition_name
from web.services import services
from web.uploads import MAX_UPLOAD, uploaded_resources
from workflows.organisation.rights import Right

blueprint = Blueprint("definitions", __name__)

KINDS = ("process", "decision", "form")


@blueprint.get("/definitions")
@permits(Right.SIGNED_IN)
def definition_list() -> str:
    """Show the newest version of everything."""
    return _page((), [])


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
    deployed = _("已部署 %(count)s 项定义。", count=len(deployment.definitions))
    if deployment.warnings:
        return Response(_page(deployment.warnings, [], deployed=deployed))
    flash(deployed, "success")
    return redirect(url_for("definitions.definition_list"), 303)


def _page(findings: Sequence[Finding], errors: list[str], *, deployed: str = "") -> str:
    return render_template(
        "definitions.html",
        name=definition_name,
        definitions=sorted(services().queries.definitions(), key=lambda one: (KINDS.index(one.kind), one.key)),
        findings=findings,
        errors=errors,
        deployed=deployed,
        can_deploy=may(Right.DEPLOY),
        endings=",".join(RESOURCE_KINDS),
    )
