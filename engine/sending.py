"""What an instance sends, as it leaves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from engine.core import model as core
from engine.model import ProcessInstance, Publication


def publication_of(
    sender: ProcessInstance, sent: core.MessageSent | core.SignalSent, now: datetime, *, relays: int
) -> Publication:
    """Return what an instance sends; what it starts belongs to the same case and region."""
    publication = Publication(
        kind="signal",
        name=sent.name,
        variables=sent.variables,
        region=sender.region,
        business_key=sender.business_key,
        published_at=now,
        expires_at=now,
        relays=relays,
    )
    if isinstance(sent, core.SignalSent):
        return publication
    return replace(
        publication,
        kind="message",
        correlation_key=sent.correlation_key or None,
        message_id=sent.message_id,
        expires_at=now + sent.time_to_live,
    )
