"""What a text or number out of an expression may be: short enough for an index, and what every store can keep."""

from __future__ import annotations

LONGEST_TEXT = 256  # characters of a name, a correlation key, a message id, an assignee, a candidate
LONGEST_REFERENCE = 2_000  # characters of an address
LONGEST_REASON = 2_000  # characters of what is kept of a failure
MOST_RETRIES = 2_147_483_647  # a whole number of 32 bits
MOST_DIGITS = 18  # of a whole number

# Declared, not set: a loop that never waits meets them everywhere, and whoever needs more draws a wait.
MOST_STEPS = 10_000  # of one command
MOST_SECONDS = 15  # that one command may compute, by the clock of its thread: what waits does not count
MOST_HELD = 4_000_000  # characters of all values that an instance holds
MOST_WRITTEN = 20_000_000  # characters of all values that one command sets
MOST_TIMERS_AT_ONCE = 1_000  # in a row, each due within a second of being set by the firing of the one before

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def is_storable(text: str) -> bool:
    """Say whether a text holds only characters that can be stored: no NUL, no half of a surrogate pair."""
    return "\0" not in text and text == text.encode(errors="replace").decode()


def storable(text: str) -> str:
    """Return a text with a mark in the place of every character that cannot be stored."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", _REPLACEMENT)
