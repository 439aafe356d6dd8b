"""Personal facts at rest: AES-GCM under a key of the case, itself kept wrapped under the county's key; keyed hashes.

Destroying a case's wrapped key makes all its encrypted columns unreadable; a backup made before still holds the key.
The county's keys come from a file outside the database; a new current key only wraps new cases.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
ERASED = "（已销毁）"


class KeyRingBroken(Exception):
    """The key file cannot be used; the text says what is wrong with it."""


class Unreadable(Exception):
    """An encrypted value does not open: wrong key file, or the row was tampered with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSeal:
    """Encrypts and decrypts the facts of one case or process instance.

    `where` ties a value to its place, so that rows cannot be mixed.
    """

    key: bytes = field(repr=False)

    def encrypt(self, text: str, *, where: str) -> bytes:
        """Return nonce and ciphertext."""
        return self.encrypt_bytes(text.encode(), where=where)

    def encrypt_bytes(self, content: bytes, *, where: str) -> bytes:
        """Return nonce and ciphertext."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self.key).encrypt(nonce, content, where.encode())

    def decrypt(self, sealed: bytes, *, where: str) -> str:
        """Return the text.

        Raises:
            Unreadable: another key, or another place.
        """
        return self.decrypt_bytes(sealed, where=where).decode()

    def decrypt_bytes(self, sealed: bytes, *, where: str) -> bytes:
        """Return the content.

        Raises:
            Unreadable: another key, or another place.
        """
        try:
            return AESGCM(self.key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], where.encode())
        except (InvalidTag, ValueError):  # the latter: too short to be anything sealed
            raise Unreadable(f"{where} does not open with this key; check the key file") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRing:
    """The county's keys: every key that ever wrapped a case, which of them is current, and the key of search hashes."""

    keys: Mapping[str, bytes] = field(repr=False)
    current: str
    search_key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if self.current not in self.keys:
            raise KeyRingBroken(f"the current key {self.current!r} is not among the keys")
        if any(len(key) != KEY_BYTES for key in (*self.keys.values(), self.search_key)):
            raise KeyRingBroken(f"every key must be {KEY_BYTES} bytes long")

    @classmethod
    def generate(cls, *, search_key: bytes | None = None) -> KeyRing:
        """Return a ring with one new key; rings of one search key find and draw by lot alike."""
        fresh = secrets.token_bytes(KEY_BYTES)
        return cls(keys={"1": fresh}, current="1", search_key=search_key or secrets.token_bytes(KEY_BYTES))

    @classmethod
    def from_bytes(cls, content: bytes) -> KeyRing:
        """Read a key file: JSON with `keys` (id to base64), `current` and `search`.

        Raises:
            KeyRingBroken: it is no such file.
        """
        try:
            document = json.loads(content)
            keys = {str(name): base64.b64decode(key, validate=True) for name, key in document["keys"].items()}
            search_key = base64.b64decode(document["search"], validate=True)
            return cls(keys=keys, current=str(document["current"]), search_key=search_key)
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
            raise KeyRingBroken(f"the key file needs keys, current and search: {type(error).__name__}") from error

    @classmethod
    def load(cls, path: Path) -> KeyRing:
        """Read a key file.

        Raises:
            KeyRingBroken: missing, or no key file.
        """
        try:
            return cls.from_bytes(path.read_bytes())
        except OSError as error:
            raise KeyRingBroken(f"the key file cannot be read: {error.strerror}") from error

    @classmethod
    def load_or_create(cls, path: Path) -> KeyRing:
        """Read a key file, or make one that only its owner may read; of two processes the first one's counts."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
            draft.touch(mode=0o600)
            draft.write_bytes(cls.generate().to_bytes())
            try:
                os.link(draft, path)  # fails when another process was first
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return cls.load(path)

    def to_bytes(self) -> bytes:
        """Return the content of a key file."""
        keys = {name: base64.b64encode(key).decode() for name, key in self.keys.items()}
        search = base64.b64encode(self.search_key).decode()
        return json.dumps({"keys": keys, "current": self.current, "search": search}, indent=2).encode()

    def rotated(self) -> KeyRing:
        """Return a ring whose new current key wraps new cases; the old keys still open the old ones."""
        name = str(max((int(known) for known in self.keys if known.isdigit()), default=0) + 1)
        keys = {**self.keys, name: secrets.token_bytes(KEY_BYTES)}
        return KeyRing(keys=keys, current=name, search_key=self.search_key)

    def new_seal(self) -> tuple[CaseSeal, bytes]:
        """Return the seal of a new case and its wrapped key to keep beside it."""
        key = secrets.token_bytes(KEY_BYTES)
        nonce = secrets.token_bytes(NONCE_BYTES)
        name = self.current.encode()
        sealed = AESGCM(self.keys[self.current]).encrypt(nonce, key, b"case-key:" + name)
        return CaseSeal(key=key), bytes([len(name)]) + name + nonce + sealed

    def seal(self, wrapped: bytes) -> CaseSeal:
        """Return the seal of a case from its wrapped key.

        Raises:
            Unreadable: the ring lacks the key that wrapped it.
        """
        length = wrapped[0] if wrapped else 0
        name, rest = wrapped[1 : 1 + length], wrapped[1 + length :]
        wrapping = self.keys.get(name.decode(errors="replace"))
        if wrapping is None:
            raise Unreadable(f"the key file lacks the key {name.decode(errors='replace')!r} that protects this case")
        try:
            key = AESGCM(wrapping).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], b"case-key:" + name)
        except (InvalidTag, ValueError):  # the latter: too short to be a key
            raise Unreadable("the case's key does not open; check the key file") from None
        return CaseSeal(key=key)

    def search_hash(self, text: str, *, kind: str) -> str:
        """Return the keyed hash by which an encrypted value is found; `kind` keeps numbers of two kinds apart."""
        return hmac.new(self.search_key, f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()


def patient_key(identity_hash: str) -> str:
    """Return the business key of a patient: enough of the keyed hash to be found by, and to be erased."""
    return f"patient:{identity_hash[:16]}"
