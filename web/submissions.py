"""One form sent twice is one matter: the id of what a submission makes follows from its key."""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from flask import request

from web.authentication import current_actor

LONGEST_KEY = 64


def submission_id(kind: str, key: str | None) -> UUID:
    """Return the id of what a submission of the actor makes; without a key each makes something of its own."""
    return uuid5(NAMESPACE_URL, f"{kind}:{current_actor().id}:{key}") if key else uuid4()


def key_of_form() -> str | None:
    """Return the key that a page gave its form; every page that is shown gives a new one."""
    return request.form.get("submission_key", "")[:LONGEST_KEY] or None
