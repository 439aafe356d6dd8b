"""What is sent twice under one key is made once: the same request again gives what the first one made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from engine.json_values import JsonObject, dump_sorted_json
from engine.operation_errors import IdempotencyConflict

KEPT = timedelta(days=30)
"""How long a key is known: by far longer than any program tries again."""
MOST_KEY = 200  # characters of a key as a program gives it


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A request that came under a key, by a digest, and what it made."""

    digest: str
    made_id: UUID


def sender_key(sender_id: str, given: str) -> str:
    """Return the key under which a request is known: nobody gets what others made by guessing theirs."""
    return f"{sender_id}:{given}"


def as_given(key: str) -> str:
    """Return a `sender_key` as its sender wrote it."""
    return key.partition(":")[2] or key


class Submissions(Protocol):
    """Keys of requests and what they made."""

    def claim(self, key: str, digest: str, *, at: datetime) -> Submission | None:
        """Keep a new key; return what came under a known one, waiting for whoever is just making it."""
        ...

    def forget(self, *, before: datetime, limit: int) -> None:
        """Remove up to `limit` keys that came before a moment."""
        ...

    def settle(self, key: str, made_id: UUID) -> None:
        """Write what was made under a key this transaction claimed."""
        ...


class Identified(Protocol):
    """Something that was made and has an id."""

    @property
    def id(self) -> UUID:
        """Return it."""
        ...


Made = TypeVar("Made", bound=Identified)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A request under a key; the key holds who sent it, so that nobody gets what others made by guessing."""

    key: str
    asked: JsonObject

    @property
    def digest(self) -> str:
        """Return a digest of everything asked, whatever the order of its names."""
        return hashlib.sha256(dump_sorted_json(self.asked).encode()).hexdigest()


def made_once(
    submissions: Submissions,
    submitted: Submitted,
    *,
    at: datetime,
    make: Callable[[], Made],
    again: Callable[[UUID], Made],
) -> Made:
    """Make what is asked, or return what the same request made before.

    Raises:
        IdempotencyConflict: the key came before with another request.
    """
    known = submissions.claim(submitted.key, submitted.digest, at=at)
    if known is None:
        made = make()
        submissions.settle(submitted.key, made.id)
        return made
    if known.digest != submitted.digest:
        raise IdempotencyConflict(as_given(submitted.key))
    return again(known.made_id)
