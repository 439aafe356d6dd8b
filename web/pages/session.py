"""Signing in and out."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web import i18n
from web.authentication import current_account, permits, sign_in, sign_out, still_open_before_password_change
from web.errors import AccountLocked, SignInFailed
from workflows.organisation.rights import Right

blueprint = Blueprint("session", __name__)


@blueprint.get("/sign-in")
@permits(Right.PUBLIC)
def sign_in_page() -> AnyResponse:
    """Show the sign-in page; who is signed in already goes on."""
    if current_account() is not None:
        return redirect(safe_target(request.args.get("next")), 303)
    return make_response(render_template("sign_in.html", next=request.args.get("next", ""), login="", error=""))


@blueprint.post("/sign-in")
@permits(Right.PUBLIC)
def sign_in_now() -> AnyResponse:
    """Check login and password, then go where the person wanted to."""
    login = request.form.get("login", "").strip().lower()
    wanted = request.form.get("next", "")
    try:
        account = sign_in(login, request.form.get("password", ""))
    except (SignInFailed, AccountLocked) as refused:
        page = render_template("sign_in.html", next=wanted, login=login, error=i18n.refusal_text(refused))
        return Response(page, status=429 if isinstance(refused, AccountLocked) else 401)
    response = redirect(safe_target(wanted), 303)
    response.set_cookie(i18n.COOKIE, account.language, max_age=i18n.YEAR, samesite="Lax", httponly=True)
    return response


@blueprint.post("/sign-out")
@still_open_before_password_change
@permits(Right.SIGNED_IN)
def sign_out_now() -> AnyResponse:
    """End every session of the account."""
    sign_out()
    return redirect(url_for("session.sign_in_page"), 303)


def safe_target(wanted: str | None) -> str:
    """Return an address of our own to go to: what was wanted, unless it leads elsewhere."""
    home = url_for("tasks.work_list")
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")) or "\\" in wanted:
        return home
    parts = urlsplit(wanted)
    is_ours = not parts.scheme and not parts.netloc and wanted.isprintable()
    return wanted if is_ours else home
