"""Errors as pages: what happened, what to do, and a way back."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for

from engine.errors import EngineError
from web import i18n
from web.authentication import recognise_reader
from web.errors import NotSignedIn, PasswordMustChange, Unavailable


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
