"""Ids that grow with time: rows made together lie together in every index, however many there are."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import blake2b
from uuid import UUID, uuid5

_RANDOM_BITS = 74
_VERSION_7, _VERSION_8 = 7 << 76, 8 << 76
_VARIANT = 0b10 << 62
_HIGH = ~((1 << 64) - 1)
_NO_VERSION = ~(0xF << 76)
_LOW_BITS = (1 << 62) - 1


def new_id(at: datetime) -> UUID:
    """Return a new UUID of version 7 (RFC 9562): milliseconds first, then chance."""
    milliseconds = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    chance = secrets.randbits(_RANDOM_BITS)
    return UUID(int=milliseconds << 80 | _VERSION_7 | (chance >> 62) << 64 | _VARIANT | chance & _LOW_BITS)


def derived_id(owner: UUID, key: int) -> UUID:
    """Return the id of what an owner calls by a key: always the same, and beside the owner's own in an index."""
    if owner.version != 7:  # the owner is older than ids that grow
        return uuid5(owner, str(key))
    digest = blake2b(owner.bytes + key.to_bytes(8, "big", signed=True), digest_size=8).digest()
    return UUID(int=owner.int & _HIGH & _NO_VERSION | _VERSION_8 | _VARIANT | int.from_bytes(digest, "big") & _LOW_BITS)
