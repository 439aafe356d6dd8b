"""The own account: posts, password, language."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.core.texts import Words
from web import authentication, i18n
from web.authentication import current_account, current_actor, permits, still_open_before_password_change
from web.errors import AccountLocked, BadRequest
from web.services import services
from workflows.organisation.commands import ChangeLanguage
from workflows.organisation.errors import PasswordRefused
from workflows.organisation.model import LANGUAGES
from workflows.organisation.passwords import MAX_LENGTH, MIN_LENGTH
from workflows.organisation.rights import Right

blueprint = Blueprint("profile", __name__)


@blueprint.get("/profile")
@still_open_before_password_change
@permits(Right.SIGNED_IN)
def profile_page() -> AnyResponse:
    """Show the own account."""
    return make_response(_page({}))


@blueprint.post("/profile/password")
@still_open_before_password_change
@permits(Right.SIGNED_IN)
def change_password() -> AnyResponse:
    """Change the own password; every other session of the account ends."""
    new = request.form.get("new_password", "")
    if new != request.form.get("repeated_password", ""):
        return Response(_page({"repeated_password": _("两次输入的新密码不一致。")}), status=422)
    try:
        authentication.change_password(request.form.get("current_password", ""), new)
    except PasswordRefused as refused:
        return Response(_page({refused.field: i18n.refusal_text(refused)}), status=422)
    except AccountLocked as locked:
        return Response(_page({"current_password": i18n.refusal_text(locked)}), status=429)
    flash(_("密码已更改，其他设备上的登录已失效。"), "success")
    return redirect(url_for("profile.profile_page"), 303)


@blueprint.post("/profile/language")
@permits(Right.SIGNED_IN)
def change_language() -> AnyResponse:
    """Keep the language of the own account."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise BadRequest(Words("没有这种语言", "language"))
    services().engine.execute(ChangeLanguage(language=chosen), actor=current_actor())
    response = redirect(url_for("profile.profile_page"), 303)
    response.set_cookie(i18n.COOKIE, chosen, max_age=i18n.YEAR, samesite="Lax", httponly=True)
    return response


def _page(errors: dict[str, str]) -> str:
    return render_template("profile.html", account=current_account(), errors=errors, least=MIN_LENGTH, most=MAX_LENGTH)
