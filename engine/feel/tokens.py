"""Cut FEEL text into tokens, in one pass, each character looked at a fixed number of times."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.feel.errors import FeelSyntaxError
from engine.feel.messages import Message

_NAME_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME_PART = _NAME_START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_BYTE_ORDER_MARK = "\ufeff"

_TOKEN = re.compile(
    rf"""
    (?P<space>[\s{_BYTE_ORDER_MARK}]+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)
  | (?P<operator>\.\.|\*\*|<=|>=|!=|->)
  | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![{_NAME_START}0-9]))
  | (?P<string>"(?:[^"\\]|\\.)*")
  | (?P<word>[{_NAME_START}][{_NAME_PART}]*)
  | (?P<digits>[0-9]+[{_NAME_PART}]*)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)

RESERVED = frozenset(
    [
        "and", "or", "if", "then", "else", "for", "return", "some", "every", "satisfies", "between", "in",
        "instance", "function", "external", "true", "false", "null",
    ]
)  # fmt: skip
"""Words that end a name made of several words."""

_OPERATORS = frozenset("=<>+-*/()[]{},:.?@")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text: kind is space-free (operator, number, string, word, digits, other or end)."""

    kind: str
    text: str
    position: int
    end: int


def tokenize(text: str) -> list[Token]:
    """All tokens of a text, the last one of kind `end`.

    Raises:
        FeelSyntaxError: a string or comment has no end.
    """
    tokens: list[Token] = []
    position = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "sign"
        position = match.end()
        if kind == "space":
            continue
        found = match.group()
        if kind == "sign":
            kind = _kind_of_sign(found, text=text, position=match.start())
        tokens.append(Token(kind, found, match.start(), match.end()))
    tokens.append(Token("end", "", position, position))
    return tokens


def _kind_of_sign(sign: str, *, text: str, position: int) -> str:
    if sign == '"':
        raise FeelSyntaxError("string-without-end", position=position, source=text)
    if sign == "/" and text.startswith("/*", position):
        raise FeelSyntaxError("comment-without-end", position=position, source=text)
    return "operator" if sign in _OPERATORS else "other"


_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


def unescape(literal: str) -> str:
    """The string a literal with its quotation marks stands for; unknown escapes stay as written."""
    body = literal[1:-1]
    if "\\" not in body:
        return body
    text = _ESCAPE.sub(_unescape_one, body)
    return _join_surrogates(text)


def _unescape_one(match: re.Match[str]) -> str:
    escape = match.group(1)
    if len(escape) > 1:
        code = int(escape[1:], 16)
        return chr(code) if code <= 0x10FFFF else match.group()
    return _SIMPLE_ESCAPES.get(escape, match.group())


def _join_surrogates(text: str) -> str:
    if not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


_FULL_WIDTH = dict(
    zip("（），：；＜＞＝＋－＊／［］｛｝．？“”「」", ["(", ")", *",:;<>=+-*/[]{}.?", *'""""'], strict=True)
)


def full_width_hint(text: str) -> Message | None:
    """A hint when a text holds a full-width sign: to FEEL most of them are letters, to the writer they were signs."""
    sign = next((character for character in text if character in _FULL_WIDTH), None)
    return None if sign is None else Message("full-width-hint", sign=sign, instead=_FULL_WIDTH[sign])


def normalise_name(name: str) -> str:
    """A name with every run of white space as one space."""
    return " ".join(name.split())
