"""Sealing of personal facts and the key file."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from storage.encryption import KeyRing, KeyRingBroken, Unreadable

SECRET = "320499198603021112"


def test_what_is_sealed_opens_at_its_place_only() -> None:
    seal, _ = KeyRing.generate().new_seal()
    sealed = seal.encrypt(SECRET, where="identity:1")

    assert SECRET.encode() not in sealed
    assert seal.decrypt(sealed, where="identity:1") == SECRET
    with pytest.raises(Unreadable):
        seal.decrypt(sealed, where="identity:2")
    with pytest.raises(Unreadable):
        seal.decrypt(sealed[:-1] + bytes([sealed[-1] ^ 1]), where="identity:1")


def test_the_same_value_is_never_sealed_alike() -> None:
    seal, _ = KeyRing.generate().new_seal()

    assert seal.encrypt(SECRET, where="x") != seal.encrypt(SECRET, where="x")


def test_a_wrapped_key_opens_with_its_ring_and_no_other() -> None:
    ring = KeyRing.generate()
    seal, wrapped = ring.new_seal()

    assert ring.seal(wrapped) == seal
    with pytest.raises(Unreadable):
        KeyRing.generate().seal(wrapped)


def test_a_rotated_ring_opens_old_cases_and_wraps_new_ones_under_the_new_key() -> None:
    old = KeyRing.generate()
    seal, wrapped = old.new_seal()
    new = old.rotated()
    _, wrapped_later = new.new_seal()

    assert new.seal(wrapped) == seal
    assert new.search_hash(SECRET, kind="identity") == old.search_hash(SECRET, kind="identity")
    with pytest.raises(Unreadable, match="lacks the key"):
        old.seal(wrapped_later)


def test_hashes_of_two_kinds_or_two_rings_differ() -> None:
    ring = KeyRing.generate()

    assert ring.search_hash(SECRET, kind="identity") != ring.search_hash(SECRET, kind="phone")
    assert ring.search_hash(SECRET, kind="identity") != KeyRing.generate().search_hash(SECRET, kind="identity")


def test_a_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "keys.json"
    made = KeyRing.load_or_create(path)

    assert KeyRing.load_or_create(path) == made == KeyRing.load(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in path.parent.iterdir()] == ["keys.json"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"keys": {"1": "AAAA"}, "current": "1", "search": "AAAA"}',
        b'{"keys": {"1": "***"}, "current": "1", "search": ""}',
    ],
)
def test_a_broken_key_file_is_refused(content: bytes) -> None:
    with pytest.raises(KeyRingBroken):
        KeyRing.from_bytes(content)


def test_a_missing_key_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyRingBroken):
        KeyRing.load(tmp_path / "none.json")


def test_a_ring_shows_no_key_when_printed() -> None:
    ring = KeyRing.generate()

    assert "b'" not in repr(ring)
    assert "b'" not in repr(ring.new_seal()[0])
