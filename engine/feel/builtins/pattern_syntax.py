"""The syntax of XPath patterns, and how RE2 writes the same."""

from __future__ import annotations

import re

import re2

from engine.feel.errors import NullResult

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


class BackReferenceNeededError(Exception):
    """The pattern refers back to a group, which RE2 cannot do."""


def compact(pattern: str) -> str:
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


class Reader:
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
    reader = Reader(pattern)
    parts: list[str] = []
    while reader.index < len(pattern):
        character = reader.take()
        if character == "\\":
            parts.append(read_escape(reader, in_class=False))
        elif character == "[":
            parts.append(read_class(reader))
        elif character == ".":
            parts.append(dot)
        elif character == "(" and reader.next_is("?") and not reader.next_is("?:"):
            raise NullResult("group-opening")
        else:
            parts.append(character)
    return "".join(parts)


def read_escape(reader: Reader, *, in_class: bool) -> str:
    """The escape whose backslash was just taken, as RE2 writes it."""
    character = reader.take()
    if character.isdigit():
        if in_class or character == "0":
            raise NullResult("no-escape", escape=f"\\{character}")
        raise BackReferenceNeededError
    if character in ("p", "P"):
        return _property(reader, character, in_class=in_class)
    if character in _NAME_ESCAPES and in_class:
        raise NullResult("escape-in-class", escape=f"\\{character}")
    if character in _NAME_ESCAPES:
        return _NAME_ESCAPES[character]
    if character in _CLASS_ESCAPES:
        text = _CLASS_ESCAPES[character]
        return text if in_class else f"[{text}]"
    if character and (character in "nrt" or character in r"\|.?*+(){}$-[]^"):
        return "\\" + character
    raise NullResult("no-escape", escape=f"\\{character}")


_NAME_ESCAPES = {"i": _INITIAL, "I": "[^" + _INITIAL[1:], "c": _NAME, "C": "[^" + _NAME[1:]}
_CLASS_ESCAPES = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": r" \t\n\r",
    "S": r"\x{0}-\x{8}\x{B}\x{C}\x{E}-\x{1F}\x{21}-\x{10FFFF}",
    "w": r"\p{L}\p{M}\p{N}\p{S}",
    "W": r"\p{P}\p{Z}\p{C}",
}


def _property(reader: Reader, letter: str, *, in_class: bool) -> str:
    match = re.compile(r"\{([A-Za-z0-9\-]+)\}").match(reader.text, reader.index)
    if match is None:
        raise NullResult("escape-without-category", escape=f"\\{letter}")
    reader.index = match.end()
    name = match.group(1)
    if not name.startswith("Is"):
        return f"\\{letter}{{{name}}}"
    block = _BLOCKS.get(name)
    if block is None:
        raise NullResult("no-character-block", name=name)
    if letter == "P" and in_class:
        raise NullResult("escape-in-class", escape=f"\\P{{{name}}}")
    return block if in_class else f"[{'^' if letter == 'P' else ''}{block}]"


def read_class(reader: Reader) -> str:
    """The character class whose bracket was just taken, as RE2 writes it."""
    start = reader.index
    parts: list[str] = ["["]
    if reader.next_is("^"):
        parts.append(reader.take())
    first = True
    while True:
        character = reader.take()
        if not character:
            raise NullResult("class-without-end")
        if character == "]" and not first:
            return "".join([*parts, "]"])
        if character == "-" and reader.next_is("["):
            return _subtraction(reader, minuend="".join([*parts, "]"]), start=start)
        if character in "[]":
            raise NullResult("bracket-in-class", bracket=character)
        parts.append(read_escape(reader, in_class=True) if character == "\\" else character)
        first = False


def _subtraction(reader: Reader, *, minuend: str, start: int) -> str:
    """`[A-Z-[OI]]`: RE2 has none, so the difference is spelt out code point by code point over a bounded set."""
    reader.take()
    subtrahend = read_class(reader)
    if reader.take() != "]":
        raise NullResult("subtraction-not-last", start=start)
    quiet = re2.Options()
    quiet.log_errors = False
    members, excluded = re2.compile(minuend, quiet), re2.compile(subtrahend, quiet)
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
        raise NullResult("class-empty")
    return "[" + "".join(rf"\x{{{low:X}}}-\x{{{high:X}}}" for low, high in ranges) + "]"
