"""Says above a list which words of its address narrow nothing, so that nobody takes the whole list for a part."""

from __future__ import annotations

from collections.abc import Callable, Collection
from enum import EnumType, StrEnum

from flask import flash, request
from flask_babel import gettext as _

from web.lists import MAX_SEARCH

Reading = Collection[str] | type[StrEnum] | Callable[[str], object]
"""What a list reads under a name: some words, the values of an enumeration, or what a question is true of."""

LONGEST_SHOWN = 60
MOST_SHOWN = 5
YES = frozenset({"0", "1"})


def is_search(text: str) -> bool:
    """Say whether a text is short enough to be searched for."""
    return len(text.strip()) <= MAX_SEARCH


def is_page(text: str) -> bool:
    """Say whether a text is the number of a page."""
    return text.isascii() and text.isdecimal() and 0 < len(text) < 6 and int(text) > 0


EVERYWHERE: dict[str, Reading] = {"page": is_page, "lang": is_search}


def tell_unread(**read: Reading) -> None:
    """Tell the reader of the list that is shown next what of its address it does not read; a word left empty is none.

    Every word the list knows is given with what it reads under it.
    """
    known = EVERYWHERE | read
    unread = [
        f"{name}={value}"
        for name, values in request.args.lists()
        for place, value in enumerate(values)
        if value and (place or name not in known or not _is_read(value, known[name]))
    ]
    if unread:
        shown = [one if len(one) <= LONGEST_SHOWN else f"{one[:LONGEST_SHOWN]}…" for one in unread[:MOST_SHOWN]]
        flash(
            _("无法识别的筛选条件：%(words)s。列表未按其筛选，请核对地址或重新选择。", words=" ".join(shown)), "warning"
        )


def _is_read(value: str, reading: Reading) -> bool:
    if isinstance(reading, EnumType):
        return value in reading.__members__.values()
    if callable(reading):
        return bool(reading(value))
    return value in reading
