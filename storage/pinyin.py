"""Names in pinyin, sign by sign: a dictionary of words would cost each process 45 MB, and names are no words."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from types import ModuleType


def spelled(name: str) -> list[str]:
    """Return the syllables of a name, lower case; signs that are not Chinese stay as they are."""
    return [syllable.lower() for syllable in _library().lazy_pinyin(name)]


def initials(name: str) -> str:
    """Return the first letter of each syllable, lower case."""
    library = _library()
    return "".join(library.lazy_pinyin(name, style=library.Style.FIRST_LETTER)).lower()


@cache
def _library() -> ModuleType:
    """Load pypinyin where a name is to be spelled: even its signs cost a process 13 MB, and workers rarely do."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # read when the library is imported
    return import_module("pypinyin")
