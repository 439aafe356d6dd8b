"""What anybody may do without an account and without JavaScript: ask how an application stands, enter one on line."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import EngineError
from web import i18n
from web.authentication import permits
from web.labels import in_language
from web.pages import application_fields as fields
from web.pages.application_form import ApplicationForm
from web.public import ask_status, enter_online
from web.terms import Terms
from workflows.casework.errors import ApplicationInvalid
from workflows.casework.model import Application
from workflows.casework.register.errors import StatusUnknown, TooManyTries
from workflows.casework.register.progress import Progress
from workflows.organisation.rights import Right

blueprint = Blueprint("public", __name__)

ASKED_OF_ALL = ("region", "needs", "remark")
NOT_ASKED = ("division",)  # the window knows the code of a village


@blueprint.get("/status")
@permits(Right.PUBLIC)
def status_page() -> AnyResponse:
    """Ask for number and code."""
    return make_response(_status(number=request.args.get("number", "")[:60]))


@blueprint.post("/status")
@permits(Right.PUBLIC)
def show_status() -> AnyResponse:
    """Tell how it stands; a wrong code and a wrong number look the same."""
    number, code = request.form.get("number", "")[:60], request.form.get("code", "")[:30]
    try:
        return make_response(_status(number=number, progress=ask_status(number=number, code=code)))
    except StatusUnknown as unknown:
        return Response(_status(number=number, refusal=unknown), status=404)
    except TooManyTries as limit:
        return _too_many(_status(number=number, refusal=limit), limit)


@blueprint.get("/apply")
@permits(Right.PUBLIC)
def entry_page() -> str:
    """Show an empty application."""
    return _entry(ApplicationForm.blank(region="", today=Terms().today, submission_key=""))


@blueprint.post("/apply")
@permits(Right.PUBLIC)
def enter_application() -> AnyResponse:
    """Add or take out a row of the household, or keep what was entered and show what to ask by."""
    form = ApplicationForm.read(request.form)
    action = request.form.get("action", "submit")
    if form.change_rows(action):
        return make_response(_entry(form))
    application = form.application()
    if form.value("promise") != "1":
        form.set_errors([("promise", _("请阅读并勾选承诺"))])
    if application is None or form.errors:
        return Response(_entry(form), status=422)
    return _enter(form, application)


def _enter(form: ApplicationForm, application: Application) -> AnyResponse:
    try:
        code = enter_online(application)
    except ApplicationInvalid as invalid:
        form.set_errors((one.path, in_language(one.zh, one.en)) for one in invalid.errors)
        return Response(_entry(form, invalid), status=422)
    except TooManyTries as limit:
        return _too_many(_entry(form, limit), limit)
    return Response(render_template("entered.html", code=code), status=201)


def _status(*, number: str, progress: Progress | None = None, refusal: EngineError | None = None) -> str:
    text = i18n.refusal_text(refusal) if refusal else ""
    return render_template("status.html", number=number, progress=progress, refusal=text)


def _entry(form: ApplicationForm, refusal: EngineError | None = None) -> str:
    return render_template(
        "apply.html",
        form=form,
        heading=[one for one in fields.heading_entries() if one.key in ASKED_OF_ALL],
        household=[one for one in fields.household_entries() if one.key not in NOT_ASKED],
        members=fields.member_entries(),
        account=fields.account_entries(),
        summary=i18n.refusal_text(refusal) if refusal else "",
    )


def _too_many(page: str, limit: TooManyTries) -> Response:
    return Response(page, status=429, headers={"Retry-After": str(limit.seconds)})
