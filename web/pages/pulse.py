"""Whether work goes on: asked by every open list each second or two, so it costs no session and no transaction."""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from web.authentication import asked_by_itself, permits
from web.pulse import signed_earshot
from web.services import services
from workflows.organisation.rights import Right

blueprint = Blueprint("pulse", __name__)


@blueprint.get("/pulse/<earshot>")
@asked_by_itself
@permits(Right.PUBLIC)
def pulse(earshot: str) -> Response:
    """Return the mark of what is within earshot, as plain text."""
    heard = signed_earshot(earshot)
    if heard is None:
        raise NotFound
    return Response(services().pulse.felt_in(heard), content_type="text/plain; charset=utf-8")
