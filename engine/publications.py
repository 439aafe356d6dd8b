"""What the engine needs from whoever keeps messages, start events and deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from engine.core.model import Repeat
from engine.model import Delivery, Message, Publication, StartSubscription


class StartSubscriptions(Protocol):
    """Start events that wait for something, of the newest version of each process."""

    def replace(self, process_id: str, subscriptions: Sequence[StartSubscription]) -> None:
        """Put the start events of a new version in the place of the old ones; a kept name keeps its opening time."""
        ...

    def named(self, kind: str, name: str) -> list[StartSubscription]:
        """Return the start events of a message or signal name, by process id."""
        ...

    def conditional(self, process_id: str | None) -> list[StartSubscription]:
        """Return the conditional start events of a process, or of all; by process id."""
        ...

    def names_of(self, process_id: str) -> list[str]:
        """Return the message names that start a process."""
        ...

    def claim_key(self, process_id: str, correlation_key: str) -> bool:
        """Let nobody else start this process by this key until the transaction ends; False when somebody does now."""
        ...

    def claim(self, *, now: datetime, lease: timedelta, limit: int) -> list[StartSubscription]:
        """Return due timer start events, oldest first; until the lease is over no other worker gets them."""
        ...

    def lock(self, definition_id: UUID, element_id: str) -> StartSubscription | None:
        """Read one for a change; None when it is over."""
        ...

    def move_on(self, subscription: StartSubscription, following: tuple[datetime, Repeat] | None) -> None:
        """Write when a timer start event fires next; without a next time it is over."""
        ...

    def postpone(
        self, subscription: StartSubscription, *, until: datetime, failures: int, reason: str, unanswered: int = 0
    ) -> None:
        """Let a timer start event that could not fire wait."""
        ...


class Messages(Protocol):
    """Published messages that wait for whom they are meant, and signals on their way to many."""

    def add(self, publication: Publication) -> Message | None:
        """Keep it; None when an equal message is kept already."""
        ...

    def holds_equal(self, publication: Publication) -> bool:
        """Say whether a message of the same name, key and message id is kept."""
        ...

    def get(self, message_id: int) -> Message | None:
        """Read one."""
        ...

    def lock(self, message_id: int) -> Message | None:
        """Read one for correlation without waiting; None when it is gone or somebody else correlates it."""
        ...

    def lock_next(
        self,
        names: Sequence[str],
        correlation_key: str | None,
        *,
        process_id: str,
        now: datetime,
        besides: UUID | None = None,
    ) -> Message | None:
        """Lock the message published first that a process (and one instance) has not got; None: none, or busy."""
        ...

    def has_older_on_its_way(self, message: Message) -> bool:
        """Say whether a message of the same name and key published before is to be delivered first.

        One whose delivery failed is not waited for.
        """
        ...

    def reached(self, message_id: int) -> tuple[frozenset[str], frozenset[UUID]]:
        """Return the processes and the instances a message went to."""
        ...

    def mark(self, message_id: int, *, process_id: str, process_instance_id: UUID) -> bool:
        """Write that a process has a message; False when it had it before."""
        ...

    def meet(self, names_and_keys: Sequence[tuple[str, str | None]]) -> None:
        """Wait for every other transaction that publishes or awaits one of these, and let others wait for this one."""
        ...

    def wanted(self, names_and_keys: Sequence[tuple[str, str | None]], *, now: datetime) -> list[int]:
        """Return the messages of these names and keys that somebody can take who has not got them, nor soon will."""
        ...

    def delete_expired(self, *, now: datetime, limit: int) -> int:
        """Forget messages whose time is over and that nobody is still to get; returns how many."""
        ...


class Deliveries(Protocol):
    """What is still to be handed over, each in a transaction of its own."""

    def add(self, message_ids: Sequence[int], *, due_at: datetime) -> None:
        """Let workers correlate these messages; what is on its way already is not added again."""
        ...

    def add_signal(self, message: Message, *, besides: UUID | None) -> int:
        """Let workers hand a signal to everybody who waits for it now; returns to how many."""
        ...

    def add_one(self, message: Message, process_instance_id: UUID, subscription_key: int) -> None:
        """Let a worker hand a signal to one that is busy or suspended."""
        ...

    def claim(self, *, now: datetime, lease: timedelta, limit: int) -> list[Delivery]:
        """Return due deliveries, oldest first; until the lease is over no other worker gets them.

        What is for a suspended instance waits until it is resumed.
        """
        ...

    def lock(self, delivery_id: int) -> Delivery | None:
        """Read one for a change; None when it is done or somebody else does it."""
        ...

    def lock_for(self, process_instance_id: UUID, *, limit: int) -> list[Delivery]:
        """Read the signals one instance has not got yet for a change, in the order they were sent."""
        ...

    def delete(self, delivery_id: int) -> None:
        """Forget one that is done."""
        ...

    def give_up(self, message_id: int, *, until: datetime, reason: str) -> None:
        """Let everything that is to hand over a message wait as something that failed."""
        ...

    def postpone(self, delivery: Delivery, *, until: datetime, failures: int, reason: str, unanswered: int = 0) -> None:
        """Let a delivery that failed wait."""
        ...
