"""Whether work goes on: asked by every open list each second or two, so it costs no session and no transaction.

Its address is signed, and names regions, groups and ids of people. Whoever has it learns when something happened to
their work, never what.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.exceptions import NotFound

from engine.model import Actor
from engine.pulse import Earshot
from web.authentication import asked_by_itself, permits
from web.services import services
from workflows.casework.sight import earshot_of
from workflows.organisation.rights import Right

blueprint = Blueprint("pulse", __name__)


@blueprint.get("/pulse/<earshot>")
@asked_by_itself
@permits(Right.PUBLIC)
def pulse(earshot: str) -> Response:
    """Return the mark of what is within earshot, as plain text."""
    try:
        regions, groups, people = _signer().loads(earshot)
    except BadSignature as forged:
        raise NotFound from forged
    named = Earshot(
        regions=tuple(regions), groups=tuple((region, tuple(some)) for region, some in groups), people=tuple(people)
    )
    return Response(services().pulse.felt_in(named), content_type="text/plain; charset=utf-8")


def pulse_url(actor: Actor) -> str:
    """Return where the screens of somebody ask: for what may change their lists."""
    heard = earshot_of(actor)
    return url_for("pulse.pulse", earshot=_signer().dumps([heard.regions, heard.groups, heard.people]))


def mark_for(actor: Actor) -> str:
    """Return the mark a screen begins with; it is taken before what it shows is read."""
    return services().pulse.felt_in(earshot_of(actor))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="pulse")
