"""Patterns written for the browser, run by RE2, which never backtracks.

The browser tests a pattern anywhere in the text and without flags; so does this. What RE2 has no word for (looking
ahead or behind, references back) is refused when the form is deployed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Protocol

import re2

LONGEST_PATTERN = 1000
_UNICODE_ESCAPE = re.compile(r"\\(\\|u([0-9a-fA-F]{4}))")


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
    """Write JavaScript's four-digit Unicode escapes as RE2 reads them."""
    return _UNICODE_ESCAPE.sub(lambda found: rf"\x{{{found[2]}}}" if found[2] else found[0], pattern)


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else error
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(error)
