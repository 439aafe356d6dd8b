"""A process that makes ids and sealed values for copies of a parked instance; `filling` tells it what to seal."""

from __future__ import annotations

import json
import os
import re
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.encryption import KeyRing

NONCE = 12


def seal_part(order: dict[str, Any]) -> None:
    """Write ids and sealed values of some copies: each as one run of bytes that the server cuts up again."""
    ring = KeyRing.load(Path(order["keys"]))
    old_ids: list[str] = order["ids"]
    sealed = [_Pattern(one, old_ids) for one in order["sealed"]]
    with psycopg.connect(order["url"]) as connection, connection.cursor() as cursor:
        connection.execute("SET synchronous_commit = off")
        with cursor.copy("COPY bench_copy (n, ids, wrapped, sealed) FROM STDIN") as copy:
            numbers = range(int(order["first"]), int(order["last"]))
            in_order = sorted(uuid.uuid4() for _ in numbers)  # rows in the order of their index are written much faster
            for number, instance_id in zip(numbers, in_order, strict=True):
                ids = [instance_id, *(uuid.uuid5(instance_id, str(key)) for key in order["keys_of_rows"])]
                texts = [str(one) for one in ids]
                seal, wrapped = ring.new_seal()
                cipher = AESGCM(seal.key)
                blobs = b"".join(pattern.sealed(cipher, texts) for pattern in sealed)
                run = b"".join(one.bytes for one in ids)
                copy.write(f"{number}\t\\\\x{run.hex()}\t\\\\x{wrapped.hex()}\t\\\\x{blobs.hex()}\n")


class _Pattern:
    """A sealed value of the template, to be sealed for another place."""

    def __init__(self, one: dict[str, str], old_ids: Sequence[str]) -> None:
        self._content = bytes.fromhex(one["content"])
        blob = bytes.fromhex(one["blob"])
        self._head = blob[: len(blob) - len(self._content) - 16 - NONCE]  # what the product writes before the nonce
        parts = re.split(f"({'|'.join(old_ids)})", one["place"])
        self._parts = [old_ids.index(part) if part in old_ids else part for part in parts]

    def sealed(self, cipher: AESGCM, ids: Sequence[str]) -> bytes:
        place = "".join(ids[part] if isinstance(part, int) else part for part in self._parts)
        nonce = os.urandom(NONCE)
        return self._head + nonce + cipher.encrypt(nonce, self._content, place.encode())


if __name__ == "__main__":
    seal_part(json.loads(sys.stdin.read()))
