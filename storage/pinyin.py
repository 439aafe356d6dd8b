"""Names in pinyin, sign by sign: a dictionary of words would cost each process 45 MB, and names are no words."""

from __future__ import annotations

import os

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # read when the library is imported

from pypinyin import Style, lazy_pinyin


def spelled(name: str) -> list[str]:
    """Return the syllables of a name, lower case; signs that are not Chinese stay as they are."""
    return [syllable.lower() for syllable in lazy_pinyin(name)]


def initials(name: str) -> str:
    """Return the first letter of each syllable, lower case."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
