"""Regular expressions as FEEL writes them (XPath), run by RE2: in time linear to the text, whatever the pattern."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import re2

from engine.feel.builtins.back_references import BacktrackingPattern
from engine.feel.builtins.pattern_syntax import BackReferenceNeededError, compact, translate
from engine.feel.costs import MATCH
from engine.feel.errors import NullResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.feel.session import Session
    from engine.feel.values import FeelValue

_FLAGS = frozenset("smixq")
_LONGEST_PATTERN = 2_000


class Pattern(Protocol):
    """What is used of a compiled pattern."""

    groups: int

    def search(self, text: str) -> Any:
        """The first match."""

    def sub(self, replacement: Callable[[Any], str], text: str) -> str:
        """Replace every match."""

    def finditer(self, text: str) -> Iterator[Any]:
        """Every match."""


@lru_cache(maxsize=512)
def compile_pattern(pattern: str, flags: str) -> Pattern:
    """Compile a pattern with XPath flags.

    Raises:
        NullResult: the pattern or a flag is not allowed.
    """
    if len(pattern) > _LONGEST_PATTERN:
        raise NullResult("pattern-too-long", limit=_LONGEST_PATTERN)
    unknown = set(flags) - _FLAGS
    if unknown:
        raise NullResult("no-flag", flag=sorted(unknown)[0])
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = "i" not in flags
    source = compact(pattern) if "x" in flags else pattern
    dot = "(?s:.)" if "s" in flags else r"[^\n\r]"
    try:
        translated = re2.escape(pattern) if "q" in flags else translate(source, dot=dot)
        compiled: Pattern = re2.compile(f"(?m){translated}" if "m" in flags else translated, options)
    except BackReferenceNeededError:
        return BacktrackingPattern(source, options, dot=dot, multiline="m" in flags)
    except re2.error as error:
        raise NullResult("no-pattern", pattern=pattern, detail=str(error)) from error
    return compiled


_REFERENCE = re.compile(r"\\(.?)|\$([0-9]*)", re.DOTALL)


def expand(replacement: str, *, groups: int) -> Callable[[Any], str]:
    """What each match is replaced by: `$1` is a group, `$0` the match, `\\$` a dollar sign."""
    parts: list[str | int] = []
    end = 0
    for match in _REFERENCE.finditer(replacement):
        parts.append(replacement[end : match.start()])
        end = match.end()
        escaped, number = match.groups()
        if escaped is not None:
            if escaped not in ("\\", "$") or not escaped:
                raise NullResult("replacement-backslash")
            parts.append(escaped)
        elif not number:
            raise NullResult("replacement-dollar")
        else:
            parts.extend(_group_reference(number, groups=groups))
    parts.append(replacement[end:])

    def fill(match: Any) -> str:
        return "".join(part if isinstance(part, str) else (match.group(part) or "") for part in parts)

    return fill


def _group_reference(digits: str, *, groups: int) -> list[str | int]:
    """The longest number that names a group; the digits left over are text."""
    length = len(digits)
    while length > 1 and int(digits[:length]) > groups:
        length -= 1
    number = int(digits[:length])
    return [number if number <= groups else "", digits[length:]]


def split_by(pattern: Pattern, text: str, session: Session) -> FeelValue:
    """The pieces of a text between matches."""
    if not text:
        return [""]
    pieces: list[FeelValue] = []
    end = 0
    for match in pattern.finditer(text):
        session.step(MATCH)
        if match.end() == match.start():
            raise NullResult("delimiter-matches-nothing")
        pieces.append(text[end : match.start()])
        end = match.end()
    return [*pieces, text[end:]]
