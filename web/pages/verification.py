"""Where anybody verifies a paper: by the QR code on it, or by typing its number and code."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from engine.model import Actor
from web import i18n
from web.authentication import permits
from web.services import services
from workflows.casework.documents.commands import VerifyDocument
from workflows.casework.documents.errors import DocumentNotVerified
from workflows.organisation.rights import Right

blueprint = Blueprint("verification", __name__)
ANYBODY = Actor(id="public", name="公众")
MOST = 100


@blueprint.get("/verify")
@permits(Right.PUBLIC)
def verify_page() -> Response:
    """Show the form, and what was found where number and code are given."""
    number, code = request.args.get("number", "")[:MOST], request.args.get("code", "")[:MOST]
    found, error = None, ""
    if number and code:
        try:
            found = services().engine.execute(VerifyDocument(number=number, code=code), actor=ANYBODY)
        except DocumentNotVerified as refused:
            error = i18n.refusal_text(refused)
    page = render_template("verify.html", number=number, code=code, found=found, error=error)
    return Response(page, status=404 if error else 200)
