"""Errors as pages: what happened, what to do, and a way back."""

from __future__ import annotations

from flask import Response, current_app, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from engine.errors import EngineError
from web import i18n
from web.authentication import recognise_reader
from web.errors import NotSignedIn, PasswordMustChange, Unavailable


def page_of_form() -> Response | None:
    """Return the way from the address of a form, opened or loaded anew, to the page the form stands on.

    That is the page whose address the form's begins with. None: the address is no form's of a page.
    """
    if request.method not in ("GET", "HEAD"):
        return None
    adapter = current_app.create_url_adapter(request)
    try:
        form, values = adapter.match(method="POST", return_rule=True) if adapter else (None, {})
    except HTTPException:
        return None
    page = form and _page_above(form)
    return None if page is None else _led_to(url_for(page.endpoint, **{name: values[name] for name in page.arguments}))


def _page_above(form: Rule) -> Rule | None:
    """Return the rule of the nearest page whose address a form's begins with."""
    steps = form.rule.rstrip("/").split("/")
    above = ["/".join(steps[:count]) or "/" for count in range(len(steps) - 1, 0, -1)]
    pages = {rule.rule: rule for rule in current_app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    return next((pages[one] for one in above if one in pages), None)


def error_page(error: EngineError, status: int) -> Response:
    """Return the page of an error; who is not signed in is led to the sign-in page and back again."""
    if isinstance(error, NotSignedIn):
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return _led_to(url_for("session.sign_in_page", next=wanted))
    if isinstance(error, PasswordMustChange):
        return _led_to(url_for("profile.profile_page"))
    if not isinstance(error, Unavailable):
        recognise_reader()
    page = render_template("error.html", error=error, text=i18n.refusal_text(error), status=status)
    return Response(page, status=status)


def _led_to(url: str) -> Response:
    if "HX-Request" in request.headers:
        return Response(status=204, headers={"HX-Redirect": url})
    return Response(status=303, headers={"Location": redirect(url).location})
