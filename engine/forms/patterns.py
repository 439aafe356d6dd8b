"""Patterns written for the browser, run by RE2, which never backtracks.

The browser tests a pattern anywhere in the text and without flags; so does this. What RE2 has no word for (looking
ahead or behind, references back) and what the browser has no word for (`\\p`, `(?i)`) is refused when the form is
deployed. A character is a whole character here and half of a surrogate pair in the browser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

import re2

from engine.forms.values import BLANKS

LONGEST_PATTERN = 1000
_ESCAPES = r"\\u(?P<four>[0-9a-fA-F]{4})|\\x(?P<two>[0-9a-fA-F]{2})|\\c(?P<control>[A-Za-z])|\\(?P<escaped>.)"
_OUTSIDE = re.compile(rf"{_ESCAPES}|\(\?(?=(?P<group>.))|(?P<sign>\[\^?\]?|.)", re.DOTALL)
_IN_CLASS = re.compile(rf"{_ESCAPES}|(?P<group>(?!))|(?P<sign>.)", re.DOTALL)
_KEPT_ESCAPES = frozenset("dDwWbBtnrfv")
_BLANK = "".join(f"\\x{{{ord(sign):x}}}" for sign in BLANKS)


class PatternRefused(ValueError):
    """RE2 cannot run the pattern; the message is RE2's reason."""


class _Program(Protocol):
    def search(self, text: str) -> object: ...


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that can be tested on any text in time linear to its length."""

    text: str
    message: str | None = None
    _program: _Program = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST_PATTERN:
            raise PatternRefused(f"the pattern has {len(self.text)} characters, at most {LONGEST_PATTERN} are allowed")
        options = re2.Options()
        options.log_errors = False
        try:
            program = re2.compile(_in_re2_words(self.text), options)
        except (re2.error, UnicodeEncodeError) as error:
            raise PatternRefused(_reason(error)) from error
        object.__setattr__(self, "_program", program)

    def matches(self, text: str) -> bool:
        """Tell whether the pattern is found in the text, which must be free of lone surrogates."""
        return self._program.search(text) is not None


def _in_re2_words(pattern: str) -> str:
    """Write a pattern of JavaScript as RE2 reads it: the same escapes, the same white space, the same line ends."""
    words: list[str] = []
    at, is_inside = 0, False
    while token := (_IN_CLASS if is_inside else _OUTSIDE).match(pattern, at):
        words.append(_word(token, is_inside=is_inside))
        at = token.end()
        is_inside = token["sign"] != "]" if is_inside else token["sign"] in ("[", "[^")
    return "".join(words) + pattern[at:]


def _word(token: re.Match[str], *, is_inside: bool) -> str:
    code = token["four"] or token["two"]
    if code:
        return rf"\x{{{code}}}"
    if token["control"]:
        return rf"\x{{{ord(token['control']) % 32:x}}}"
    if token["escaped"]:
        return _escape(token["escaped"], is_inside=is_inside)
    if token["group"] and token["group"] not in ":=!<":
        raise PatternRefused(f"browsers have no group (?{token['group']}")
    return _sign(token["sign"] or token[0], is_inside=is_inside)


def _escape(letter: str, *, is_inside: bool) -> str:
    if letter == "s":
        return _BLANK if is_inside else f"[{_BLANK}]"
    if letter == "S":
        return _OTHERS if is_inside else f"[^{_BLANK}]"
    if letter == "b" and is_inside:
        return r"\x08"
    if letter == "0":
        return r"\x00"
    if letter in _KEPT_ESCAPES or not letter.isalpha():
        return f"\\{letter}"
    raise PatternRefused(rf"\{letter} means nothing in a browser")


def _sign(sign: str, *, is_inside: bool) -> str:
    if is_inside:
        return sign.replace("[", r"\[")
    if sign == ".":
        return r"[^\n\r\x{2028}\x{2029}]"
    if sign == "[^]":
        return r"[\x00-\x{10ffff}]"
    if sign == "[]":
        raise PatternRefused("[] matches nothing")
    return sign


def _ranges_without(signs: str) -> str:
    ends = [-1, *sorted(map(ord, signs)), 0x110000]
    gaps = ((low + 1, high - 1) for low, high in pairwise(ends) if high - low > 1)
    return "".join(f"\\x{{{low:x}}}-\\x{{{high:x}}}" for low, high in gaps)


_OTHERS = _ranges_without(BLANKS)


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else error
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(error)
