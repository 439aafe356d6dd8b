"""Registering an application at the window."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.submissions import sender_key
from web import i18n
from web.authentication import current_actor, permits
from web.labels import in_language
from web.pages import application_fields as fields
from web.pages.application_form import ApplicationForm
from web.services import services
from web.terms import Terms
from workflows.casework.commands import SubmitApplication
from workflows.casework.county import TOWN_BY_REGION
from workflows.casework.errors import ApplicationInvalid
from workflows.casework.model import Application
from workflows.organisation.rights import Right

blueprint = Blueprint("applications", __name__)


@blueprint.get("/applications/new")
@permits(Right.INTAKE)
def new_application() -> str:
    """Show an empty application."""
    own = [one.region for one in current_actor().memberships if one.region in TOWN_BY_REGION]
    return _page(ApplicationForm.blank(region=own[0] if own else "", today=Terms().today, submission_key=uuid4().hex))


@blueprint.post("/applications/new")
@permits(Right.INTAKE)
def submit_application() -> AnyResponse:
    """Add or take out a row of members, supporters or bills, or register the application."""
    form = ApplicationForm.read(request.form)
    action = request.form.get("action", "submit")
    if form.change_rows(action):
        return Response(_page(form))
    application = form.application()
    if application is None:
        return Response(_page(form), status=422)
    return _submit(form, application)


def _submit(form: ApplicationForm, application: Application) -> AnyResponse:
    actor = current_actor()
    key = sender_key(actor.id, application.submission_key or uuid4().hex)
    command = SubmitApplication(application=replace(application, submission_key=key))
    try:
        case = services().engine.execute(command, actor=actor)
    except ApplicationInvalid as invalid:
        form.set_errors((one.path, in_language(one.zh, one.en)) for one in invalid.errors)
        return Response(_page(form, i18n.refusal_text(invalid)), status=422)
    flash(_("申请已登记，案件编号 %(number)s。", number=case.number), "success")
    return redirect(url_for("cases.case_page", key=case.number), 303)


def _page(form: ApplicationForm, summary: str = "") -> str:
    return render_template(
        "application_new.html",
        form=form,
        fields=fields,
        summary=summary,
    )
