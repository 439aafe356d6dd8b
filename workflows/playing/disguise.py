"""Personal data replaced in a copy: the same text by the same one, of the same shape, and nothing left to read.

What rules compare stays: true and false, amounts, days and moments, divisions, and texts that stand in what is deployed
(codes, answers of forms). Of an identity number the birth date and the sex stay, as ages follow from them. Everything
else that is text is replaced sign by sign. The key is made for one copy and kept nowhere, so that nobody can try
numbers out.
"""

from __future__ import annotations

import hmac
import html
import re
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Any
from uuid import UUID

from engine.json_values import JsonValue
from workflows.rules.identity import check_digit

_DAY = r"\d{4}-\d\d-\d\d"
_TIME = r"\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?(@[A-Za-z_/]+)?(\[[A-Za-z_/]+\])?"
_KEPT = re.compile(rf"{_DAY}(T{_TIME})?|{_TIME}|-?P[\dYMWDTHS.]+|-?\d{{1,6}}(\.\d+)?|-?\d{{1,10}}\.\d{{1,2}}|")
_IDENTITY_NUMBER = re.compile(r"\d{17}[\dXx]")
_DIVISION = re.compile(r"\d{6}(\d{3})?")
_PLAIN_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_QUOTED = (re.compile(r'="([^"<>]{1,80})"'), re.compile(r'(?<!=)"([^"<>=]{1,80})"'))
_ESCAPED = re.compile(r"(?:&#34;|&quot;|\\\")(.{1,80}?)(?:&#34;|&quot;|\\\")")
_DIGITS, _LOWER, _UPPER = "0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SIGNS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
_LONGEST_AMOUNT = 10**10  # a whole number beyond it is no amount but a number of somebody


def quoted_texts(contents: Iterable[bytes]) -> frozenset[str]:
    """Return the texts that stand in files between quotes: codes that rules compare, answers that forms offer."""
    found: set[str] = set()
    for content in contents:
        text = content.decode("utf-8", errors="replace")
        for pattern in (*_QUOTED, _ESCAPED):
            found |= {html.unescape(one) for one in pattern.findall(text)}
    return frozenset(found)


class Disguise:
    """How one copy is told; `known` are texts that are nobody's, `is_place` says which digits are a division."""

    def __init__(self, key: bytes, *, known: frozenset[str], is_place: Callable[[str], bool]) -> None:
        self._key = key
        self._known = known
        self._is_place = is_place

    def value(self, value: JsonValue) -> Any:  # JSON of the same shape
        """Return a value without anything personal."""
        if isinstance(value, dict):
            return {self._name(name): self.value(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self.value(one) for one in value]
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _LONGEST_AMOUNT:
            return self._number(value)
        return value

    def text(self, text: str) -> str:
        """Return a text that is nobody's as it is, every other one replaced."""
        if text in self._known or _KEPT.fullmatch(text) or (_DIVISION.fullmatch(text) and self._is_place(text)):
            return text
        if _IDENTITY_NUMBER.fullmatch(text):
            return self._identity_number(text)
        return self._id(text) or self._signs(text)

    def replaced(self, text: str) -> str:
        """Return another text of the same shape, whatever it is."""
        return self._signs(text)

    def _name(self, name: str) -> str:
        return name if _PLAIN_NAME.fullmatch(name) else self.text(name)

    def _identity_number(self, number: str) -> str:
        """Return a number of the same birth date and sex, of the same division, with its check digit."""
        last = number[16]
        parity = [one for one in _DIGITS if (int(one) - int(last)) % 2 == 0 and one != last]
        stream = self._stream(number)
        middle = "".join(_another(one, _DIGITS, next(stream)) for one in number[14:16])
        body = f"{number[:14]}{middle}{parity[next(stream) % len(parity)]}"
        return body + check_digit(body)

    def _id(self, text: str) -> str | None:
        try:
            UUID(text)
        except ValueError:
            return None
        return str(UUID(bytes=hmac.digest(self._key, text.encode(), sha256)[:16], version=4))

    def _number(self, value: int) -> int:
        """Return another number of as many digits."""
        [first, *others] = list(str(abs(value)))
        head = _another(first, _DIGITS[1:], next(self._stream(str(value))))
        return int(head + self._signs("".join(others))) * (1 if value > 0 else -1)

    def _signs(self, text: str) -> str:
        """Return a text with another sign of the same kind at each place; only gaps and marks stay."""
        return "".join(_other_sign(one, number) for one, number in zip(text, self._stream(text), strict=False))

    def _stream(self, text: str) -> Iterator[int]:
        """Yield numbers that follow from the text alone, for whoever has the key."""
        block = 0
        while True:
            yield from hmac.digest(self._key, f"{block} {text}".encode("utf-8", errors="replace"), sha256)
            block += 1


def _other_sign(sign: str, number: int) -> str:
    for alphabet in (_DIGITS, _LOWER, _UPPER):
        if sign in alphabet:
            return _another(sign, alphabet, number)
    return _another(sign, _SIGNS, number) if sign.isalnum() else sign


def _another(sign: str, alphabet: str, number: int) -> str:
    """Return a sign of the alphabet that is not this one."""
    others = alphabet.replace(sign, "")
    return others[number % len(others)]
