"""What an instance sends, as it leaves it."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from engine.core import model as core
from engine.errors import RunawayRelay
from engine.failures import told
from engine.host import Context, Work
from engine.leases import LONGEST_LEASE
from engine.model import ProcessInstance, Publication

log = logging.getLogger(__name__)

RELAY_DEPTH = 1_000  # hands a message goes through, each sending the next at once, before it counts as a runaway


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


def is_runaway(publication: Publication) -> bool:
    """Say whether so many sendings led to it, each at once by the one before, that it must be a circle."""
    return publication.relays > RELAY_DEPTH


def leave_to_workers(context: Context[Work], publication: Publication, *, sender: UUID) -> bool:
    """Keep what an instance sent for workers to hand over; False where an equal message is kept already.

    What goes round in a circle is kept as something that failed: operators see it and try it again.
    """
    work, now = context.unit_of_work, publication.published_at
    message = work.messages.add(publication)
    if message is None:
        return False
    if publication.kind == "signal":
        work.deliveries.add_signal(message, besides=sender)
    if publication.kind == "message" or work.start_subscriptions.named("signal", publication.name):
        work.deliveries.add([message.id], due_at=now)
    if is_runaway(publication):
        reason = told(RunawayRelay(RELAY_DEPTH), log, publication=publication.name)
        work.deliveries.give_up(message.id, until=now + LONGEST_LEASE, reason=reason)
    work.wake_workers()
    return True
