"""Regular expressions as FEEL writes them (XPath), run by RE2: in time linear to the text, whatever the pattern."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import re2

from engine.feel.errors import NullResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.feel.values import FeelValue

_FLAGS = frozenset("smixq")
_LONGEST_PATTERN = 2_000
_INITIAL = r"[\p{L}_:]"
_NAME = r"[\p{L}\p{N}\p{M}_:.\-\x{B7}]"
_BLOCKS = {
    "IsBasicLatin": r"\x{0}-\x{7F}",
    "IsLatin-1Supplement": r"\x{80}-\x{FF}",
    "IsLatinExtended-A": r"\x{100}-\x{17F}",
    "IsLatinExtended-B": r"\x{180}-\x{24F}",
    "IsGreek": r"\x{370}-\x{3FF}",
    "IsGreekandCoptic": r"\x{370}-\x{3FF}",
    "IsCyrillic": r"\x{400}-\x{4FF}",
    "IsHebrew": r"\x{590}-\x{5FF}",
    "IsArabic": r"\x{600}-\x{6FF}",
    "IsGeneralPunctuation": r"\x{2000}-\x{206F}",
    "IsCurrencySymbols": r"\x{20A0}-\x{20CF}",
    "IsCJKSymbolsandPunctuation": r"\x{3000}-\x{303F}",
    "IsHiragana": r"\x{3040}-\x{309F}",
    "IsKatakana": r"\x{30A0}-\x{30FF}",
    "IsHangulSyllables": r"\x{AC00}-\x{D7A3}",
    "IsCJKUnifiedIdeographs": r"\x{4E00}-\x{9FFF}",
}


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
        NullResult: the pattern or a flag is not allowed; back-references are not supported.
    """
    if len(pattern) > _LONGEST_PATTERN:
        raise NullResult(f"the pattern is longer than {_LONGEST_PATTERN} characters")
    unknown = set(flags) - _FLAGS
    if unknown:
        raise NullResult(f"there is no flag {sorted(unknown)[0]!r}; flags are s, m, i, x and q")
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = "i" not in flags
    translated = (
        re2.escape(pattern)
        if "q" in flags
        else translate(_compact(pattern) if "x" in flags else pattern, dot="(?s:.)" if "s" in flags else r"[^\n\r]")
    )
    try:
        compiled: Pattern = re2.compile(f"(?m){translated}" if "m" in flags else translated, options)
    except re2.error as error:
        raise NullResult(f"{pattern!r} is no pattern: {error}") from error
    return compiled


def _compact(pattern: str) -> str:
    """Take out white space, as flag x asks, except inside character classes."""
    kept: list[str] = []
    depth = 0
    escaped = False
    for character in pattern:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character in "[]":
            depth += 1 if character == "[" else -1
        if depth > 0 or not character.isspace():
            kept.append(character)
            continue
        escaped = escaped or (bool(kept) and kept[-1] == "\\")
    return "".join(kept)


class _Reader:
    """A place in a pattern."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.index = 0

    def take(self) -> str:
        """The next character; empty at the end."""
        character = self.text[self.index : self.index + 1]
        self.index += 1
        return character

    def next_is(self, text: str) -> bool:
        """Whether the text follows."""
        return self.text.startswith(text, self.index)


def translate(pattern: str, *, dot: str) -> str:
    """An XPath pattern as an RE2 pattern."""
    reader = _Reader(pattern)
    parts: list[str] = []
    while reader.index < len(pattern):
        character = reader.take()
        if character == "\\":
            parts.append(_escape(reader, in_class=False))
        elif character == "[":
            parts.append(_class(reader, depth=0))
        elif character == ".":
            parts.append(dot)
        elif character == "(" and reader.next_is("?") and not reader.next_is("?:"):
            raise NullResult("only '(' and '(?:' may open a group")
        else:
            parts.append(character)
    return "".join(parts)


def _escape(reader: _Reader, *, in_class: bool) -> str:
    character = reader.take()
    if character.isdigit():
        raise NullResult("back-references are not supported in patterns")
    if character in ("p", "P"):
        return _property(reader, character, in_class=in_class)
    if character in _NAME_ESCAPES and in_class:
        raise NullResult(f"\\{character} may not stand inside a character class")
    if character in _NAME_ESCAPES:
        return _NAME_ESCAPES[character]
    if character in _CLASS_ESCAPES:
        text = _CLASS_ESCAPES[character]
        return text if in_class else f"[{text}]"
    if character and (character in "nrt" or character in r"\|.?*+(){}$-[]^"):
        return "\\" + character
    raise NullResult(f"\\{character} is no escape in a pattern")


_NAME_ESCAPES = {"i": _INITIAL, "I": "[^" + _INITIAL[1:], "c": _NAME, "C": "[^" + _NAME[1:]}
_CLASS_ESCAPES = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": r" \t\n\r",
    "S": r"\x{0}-\x{8}\x{B}\x{C}\x{E}-\x{1F}\x{21}-\x{10FFFF}",
    "w": r"\p{L}\p{M}\p{N}\p{S}",
    "W": r"\p{P}\p{Z}\p{C}",
}


def _property(reader: _Reader, letter: str, *, in_class: bool) -> str:
    match = re.compile(r"\{([A-Za-z0-9\-]+)\}").match(reader.text, reader.index)
    if match is None:
        raise NullResult(f"\\{letter} needs a category such as {{Lu}}")
    reader.index = match.end()
    name = match.group(1)
    if not name.startswith("Is"):
        return f"\\{letter}{{{name}}}"
    block = _BLOCKS.get(name)
    if block is None:
        raise NullResult(f"there is no character block {name!r}")
    if letter == "P" and in_class:
        raise NullResult(f"\\P{{{name}}} is not supported inside a character class")
    return block if in_class else f"[{'^' if letter == 'P' else ''}{block}]"


def _class(reader: _Reader, *, depth: int) -> str:
    if depth:
        raise NullResult("a character class may subtract only one other")
    start = reader.index
    parts: list[str] = ["["]
    if reader.next_is("^"):
        parts.append(reader.take())
    first = True
    while True:
        character = reader.take()
        if not character:
            raise NullResult("a character class has no end")
        if character == "]" and not first:
            return "".join([*parts, "]"])
        if character == "-" and reader.next_is("["):
            return _subtraction(reader, minuend="".join([*parts, "]"]), start=start)
        if character in "[]":
            raise NullResult(f"{character!r} inside a character class must be written \\{character}")
        parts.append(_escape(reader, in_class=True) if character == "\\" else character)
        first = False


def _subtraction(reader: _Reader, *, minuend: str, start: int) -> str:
    """`[A-Z-[OI]]`: RE2 has none, so the difference is spelt out code point by code point over a bounded set."""
    reader.take()
    subtrahend = _class(reader, depth=0)
    if reader.take() != "]":
        raise NullResult(f"a subtraction must end the character class that starts at {start}")
    members, excluded = re2.compile(minuend), re2.compile(subtrahend)
    ranges: list[list[int]] = []
    for code in range(0x3000 if minuend.isascii() else 0x10000):
        character = chr(code)
        if members.fullmatch(character) is None or excluded.fullmatch(character) is not None:
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    if not ranges:
        raise NullResult("the character class is empty")
    return "[" + "".join(rf"\x{{{low:X}}}-\x{{{high:X}}}" for low, high in ranges) + "]"


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
                raise NullResult("in a replacement '\\' may only stand before '\\' or '$'")
            parts.append(escaped)
        elif not number:
            raise NullResult("in a replacement '$' must be followed by the number of a group")
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


def split_by(pattern: Pattern, text: str) -> FeelValue:
    """The pieces of a text between matches."""
    if not text:
        return [""]
    pieces: list[FeelValue] = []
    end = 0
    for match in pattern.finditer(text):
        if match.end() == match.start():
            raise NullResult("split: the delimiter matches an empty text")
        pieces.append(text[end : match.start()])
        end = match.end()
    return [*pieces, text[end:]]
