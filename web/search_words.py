"""What people search for, as it may stand in an address: sealed there, unless it is plainly the number of a case.

Addresses are kept by proxies, histories and bookmarks, and a name, or a number half typed, names a person too. A list
is searched by a form that is posted; what it leads to bears the words only sealed, for who searched and some hours.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_bytes
from unicodedata import normalize

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app, request

from web.authentication import current_account
from web.lists import MAX_SEARCH, search_text
from web.services import services

MARK = "~"
LASTS = timedelta(hours=12)
NONCE = 12
_NUMBER_OF_A_PERSON = re.compile(r"(?<![0-9])(?:[0-9]{17}[0-9Xx]|[0-9]{15}|1[3-9][0-9]{9})(?![0-9])")
_NUMBER_OF_A_CASE = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*-[0-9]{4}-[0-9]{1,6}")


def searched_text(given: str | None) -> str:
    """Return what is searched for, opened where it was sealed; what somebody else sealed, or long ago, is nothing.

    Addresses bear what is sealed; what is typed into a form is taken as it is.
    """
    text = (given or "").strip()
    is_sealed = text.startswith(MARK) and request.method != "POST"
    return _opened(text) if is_sealed else search_text(text)


def in_address(text: str) -> str:
    """Return a search as it may stand in an address."""
    return text if not text or _NUMBER_OF_A_CASE.fullmatch(text) else _sealed(text)


def is_readable(text: str) -> bool:
    """Say whether a search of an address is one that can be made."""
    return bool(searched_text(text)) if text.startswith(MARK) else len(text.strip()) <= MAX_SEARCH


def bears_number_of_a_person(text: str) -> bool:
    """Say whether a text holds a whole identity number or mobile number, however it is spaced."""
    return _NUMBER_OF_A_PERSON.search(re.sub(r"[\s-]", "", normalize("NFKC", text))) is not None


def _sealed(text: str) -> str:
    nonce, until = token_bytes(NONCE), services().now() + LASTS
    content = f"{until.timestamp():.0f} {text}".encode()
    return MARK + urlsafe_b64encode(nonce + _cipher().encrypt(nonce, content, _whose())).decode().rstrip("=")


def _opened(sealed: str) -> str:
    body = sealed.removeprefix(MARK)
    try:
        content = urlsafe_b64decode(body + "=" * (-len(body) % 4))
        until, _, text = _cipher().decrypt(content[:NONCE], content[NONCE:], _whose()).decode().partition(" ")
    except (InvalidTag, NotBase64, ValueError):
        return ""
    return text if services().now() < datetime.fromtimestamp(int(until), tz=services().now().tzinfo) else ""


def _cipher() -> AESGCM:
    return AESGCM(sha256(b"search words" + str(current_app.secret_key).encode()).digest())


def _whose() -> bytes:
    account = current_account()
    return account.login.encode() if account else b""
