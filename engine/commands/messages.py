"""Messages and signals from outside, and handing over what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from engine.core.limits import LONGEST_TEXT, is_storable
from engine.errors import InvalidMessage, NotCorrelated
from engine.exchange import Exchange
from engine.host import Context, Work
from engine.json_values import JsonObject
from engine.model import Delivery, ProcessInstance, Publication
from engine.permissions import require_role
from engine.starting import checked_region
from engine.supplied_variables import checked_variables

LONGEST_LIFE = timedelta(days=366)
BUSY_PAUSE = timedelta(seconds=1)  # before a delivery to somebody busy is tried again


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishMessage:
    """Hand a message to each process that waits for it, once, and keep it for who begins to wait while it lives.

    An instance it starts belongs to `region` (else to the whole installation) and carries `business_key` (else the
    correlation key).

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        InvalidMessage: a text is empty or too long, or the time to live is out of reach.
        DuplicateMessage: a message of the same name, key and message id is kept.
    """

    name: str
    correlation_key: str | None = None
    variables: JsonObject
    time_to_live: timedelta = timedelta()
    message_id: str | None = None
    region: str | None = None
    business_key: str | None = None

    def execute(self, context: Context[Work]) -> list[ProcessInstance]:
        """Publish it and return whom it reached at once."""
        require_role(context, "administrator", context.host.region, action="发送消息")
        if not timedelta() <= self.time_to_live <= LONGEST_LIFE:
            raise InvalidMessage("time_to_live", f"0–{LONGEST_LIFE.days} d")
        exchange = Exchange(context)
        reached = exchange.publish(_message(context, self, self.time_to_live, self.message_id))
        exchange.finish()
        return reached


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelateMessage:
    """Hand a message to who waits for it now, or start what it starts, and say whom it reached first.

    Raises:
        NotCorrelated: nobody waits for it and it starts nothing.
        NotPermitted: the actor does not administer the region of an instance it reaches.
        InvalidMessage: a text is empty or too long.
    """

    name: str
    correlation_key: str | None
    variables: JsonObject
    region: str | None = None
    business_key: str | None = None

    def execute(self, context: Context[Work]) -> ProcessInstance:
        """Correlate it."""

        def permit(region: str) -> None:
            require_role(context, "administrator", region, action="发送消息")

        exchange = Exchange(context, permit=permit)
        reached = exchange.publish(_message(context, self, timedelta(), None))
        if not reached:
            actor, resting = context.actor, context.unit_of_work.subscriptions.resting(self.name, self.correlation_key)
            ours = [one for one in resting if actor.system or actor.has_role("administrator", one)]
            raise NotCorrelated(self.name, self.correlation_key, suspended=len(ours))
        exchange.finish()
        return context.unit_of_work.process_instances.get(reached[0].id) or reached[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastSignal:
    """Hand a signal to everybody who waits for it and start every process that it starts; returns how many.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        InvalidMessage: the name is empty or too long.
    """

    name: str
    variables: JsonObject
    region: str | None = None
    business_key: str | None = None

    def execute(self, context: Context[Work]) -> int:
        """Send it."""
        require_role(context, "administrator", context.host.region, action="发送信号")
        _check_text("name", self.name, is_required=True)
        now = context.now()
        publication = Publication(
            kind="signal",
            name=self.name,
            variables=checked_variables(context, self.variables),
            region=checked_region(context, self.region or context.host.region),
            business_key=self.business_key or "",
            published_at=now,
            expires_at=now,
        )
        exchange = Exchange(context)
        count = exchange.broadcast(publication)
        exchange.finish()
        return count


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver:
    """Hand over a kept message or signal; says whether this worker did it."""

    delivery_id: int

    def execute(self, context: Context[Work]) -> bool:
        """Do it once."""
        deliveries = context.unit_of_work.deliveries
        delivery = deliveries.lock(self.delivery_id)
        if delivery is None:
            return False
        exchange = Exchange(context)
        is_done = exchange.deliver(delivery)
        if is_done:
            deliveries.delete(delivery.id)
        else:
            self._try_again(context, delivery)
        exchange.finish()
        return is_done

    def _try_again(self, context: Context[Work], delivery: Delivery) -> None:
        context.unit_of_work.deliveries.postpone(
            delivery, until=context.now() + BUSY_PAUSE, failures=delivery.failures, reason="busy"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetExpiredMessages:
    """Delete messages whose time is over, with the keys that opened them; returns how many."""

    limit: int

    def execute(self, context: Context[Work]) -> int:
        """Delete them."""
        return context.unit_of_work.messages.delete_expired(now=context.now(), limit=self.limit)


def _message(
    context: Context[Work],
    asked: PublishMessage | CorrelateMessage,
    time_to_live: timedelta,
    message_id: str | None,
) -> Publication:
    _check_text("name", asked.name, is_required=True)
    _check_text("correlation_key", asked.correlation_key)
    _check_text("message_id", message_id)
    now = context.now()
    return Publication(
        kind="message",
        name=asked.name,
        correlation_key=asked.correlation_key or None,
        message_id=message_id or None,
        variables=checked_variables(context, asked.variables),
        region=checked_region(context, asked.region or context.host.region),
        business_key=asked.business_key or asked.correlation_key or "",
        published_at=now,
        expires_at=now + time_to_live,
    )


def _check_text(field: str, text: str | None, *, is_required: bool = False) -> None:
    if len(text or "") > LONGEST_TEXT or not is_storable(text or "") or (is_required and not text):
        raise InvalidMessage(field, f"{1 if is_required else 0}–{LONGEST_TEXT}")
