"""Comparing text as read from files: layout puts spaces and line ends where it likes."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """Return a text without spaces, compatibility forms (⼀ for 一) resolved."""
    return "".join(unicodedata.normalize("NFKC", sign) for sign in text if not sign.isspace())
