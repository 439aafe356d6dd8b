"""Whether work goes on: asked by every open list each second or two, so it costs no session and no transaction.

Its address is signed and names regions alone. Whoever has it learns when something happened there, never what.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, current_app, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.exceptions import NotFound

from engine.model import Actor
from web.authentication import asked_by_itself, permits
from web.services import services
from workflows.organisation.rights import Right

blueprint = Blueprint("pulse", __name__)


@blueprint.get("/pulse/<regions>")
@asked_by_itself
@permits(Right.PUBLIC)
def pulse(regions: str) -> Response:
    """Return the mark of some regions, as plain text."""
    try:
        named = _signer().loads(regions)
    except BadSignature as forged:
        raise NotFound from forged
    return Response(services().pulse.felt_in(named), content_type="text/plain; charset=utf-8")


def pulse_url(actor: Actor) -> str:
    """Return where the screens of somebody ask: for the regions of their posts and of those they stand in for."""
    return url_for("pulse.pulse", regions=_signer().dumps(_regions(actor)))


def mark_for(actor: Actor) -> str:
    """Return the mark a screen begins with; it is taken before what it shows is read."""
    return services().pulse.felt_in(_regions(actor))


def _regions(actor: Actor) -> Sequence[str]:
    persons = (actor, *(one.person for one in actor.stands_in_for))
    return sorted({post.region for person in persons for post in person.memberships})


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="pulse")
