"""Where open lists feel whether work goes on, and the mark they begin with.

The address is signed, and names regions, groups and ids of people. Whoever has it learns when something happened to
their work, never what.
"""

from __future__ import annotations

from flask import current_app, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from engine.model import Actor
from engine.pulse import Earshot
from web.services import services
from workflows.casework.sight import earshot_of


def pulse_url(actor: Actor) -> str:
    """Return where the screens of somebody ask: for what may change their lists."""
    heard = earshot_of(actor)
    return url_for("pulse.pulse", earshot=_signer().dumps([heard.regions, heard.groups, heard.people]))


def mark_for(actor: Actor) -> str:
    """Return the mark a screen begins with; it is taken before what it shows is read."""
    return services().pulse.felt_in(earshot_of(actor))


def signed_earshot(text: str) -> Earshot | None:
    """Return what an address names; None where nobody signed it."""
    try:
        regions, groups, people = _signer().loads(text)
    except BadSignature:
        return None
    return Earshot(
        regions=tuple(regions), groups=tuple((region, tuple(some)) for region, some in groups), people=tuple(people)
    )


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="pulse")
