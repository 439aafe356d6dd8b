"""Messages that a play sent to itself: kept as long as the sender lets them live, for who waits for them later."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from engine.core import model


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    message: model.MessageSent
    until: datetime
    has_reached: bool  # it is kept on all the same: an equal one is not sent again


@dataclass(frozen=True, slots=True)
class SentMessages:
    """What was sent and lives, in the order it was sent."""

    kept: tuple[_Kept, ...] = ()

    def holds_equal(self, message: model.MessageSent, now: datetime) -> bool:
        """Say whether a message of this name, key and id still lives; one without an id has no equal."""
        wanted = (message.name, message.correlation_key, message.message_id)
        return message.message_id is not None and any(
            one.until > now and (one.message.name, one.message.correlation_key, one.message.message_id) == wanted
            for one in self.kept
        )

    def with_one(self, message: model.MessageSent, now: datetime, *, has_reached: bool) -> SentMessages:
        """Keep a message, if it lives longer than its sending."""
        until = now + message.time_to_live
        living = tuple(one for one in self.kept if one.until > now)
        added = (_Kept(message=message, until=until, has_reached=has_reached),) if until > now else ()
        return SentMessages(living + added)

    def first_for(self, waits: model.Subscription, now: datetime) -> model.MessageSent | None:
        """Return the message sent first that has reached nobody and that a new subscription waits for."""
        for one in self.kept:
            if not one.has_reached and one.until > now and is_for(one.message, waits):
                return one.message
        return None

    def reached(self, message: model.MessageSent) -> SentMessages:
        """Return them with one that has reached somebody."""
        kept = (replace(one, has_reached=True) if one.message is message else one for one in self.kept)
        return SentMessages(tuple(kept))


def is_for(message: model.MessageSent, waits: model.Subscription) -> bool:
    """Say whether a subscription waits for a message."""
    return (waits.kind, waits.name, waits.correlation_key) == ("message", message.name, message.correlation_key)
