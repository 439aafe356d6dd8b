"""What mail needs from whoever keeps its data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from engine.model import Actor
from workflows.casework.mail.model import Digest, DueDigest, MailChoice


class MailRoom(Protocol):
    """Choices and digests, in one transaction."""

    def choice(self, login: str) -> MailChoice | None:
        """Return what somebody chose, and let others who change it or make a digest of it wait."""
        ...

    def save_choice(self, choice: MailChoice) -> None:
        """Write a choice, new or not."""
        ...

    def remove_choice(self, login: str) -> bool:
        """Forget a choice and every digest that was not sent; say whether there was one."""
        ...

    def ready(self, now: datetime, hour: int, *, limit: int) -> Sequence[MailChoice]:
        """Return choices of which a digest is to be made in this hour of the day, locked; those others hold are not.

        Nobody is among them whose newest digest waits to be sent, or left less than the chosen pause ago.
        """
        ...

    def gather(self, choice: MailChoice, digest_id: UUID) -> Mapping[str, int]:
        """Take the unread notices that no digest told of into this one; returns how many there are of each cause."""
        ...

    def give_back(self, login: str) -> None:
        """Let the unread notices of digests that ended unsent be told of again."""
        ...

    def unread(self, digest: Digest) -> Mapping[str, int]:
        """Return how many notices of a digest are still unread, of each cause."""
        ...

    def add(self, digest: Digest) -> None:
        """Keep a new digest."""
        ...

    def forget(self, before: datetime) -> int:
        """Forget the digests of everybody that were over before an instant; returns how many there were."""
        ...

    def due(self, now: datetime, hour: int) -> DueDigest | None:
        """Return the digest that waits longest to be sent in this hour of the day, locked."""
        ...

    def lock(self, digest_id: UUID) -> Digest | None:
        """Return a digest and keep others from changing it."""
        ...

    def save(self, digest: Digest) -> None:
        """Write how far it has come."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MailState:
    """What somebody chose, and the newest digest made of it."""

    choice: MailChoice | None
    newest: Digest | None


class MailQueries(Protocol):
    """Questions about mail."""

    def state(self, actor: Actor, /) -> MailState:
        """Return what the actor chose and what became of the newest digest."""
        ...
