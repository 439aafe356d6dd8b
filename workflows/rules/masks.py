"""How personal facts look in lists and on public notices: enough to recognise, too little to misuse."""

from __future__ import annotations

import re
from typing import Any

_IDENTITY_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<![0-9A-Za-z])1\d{10}(?![0-9A-Za-z])")
_ACCOUNT = re.compile(r"(?<![0-9A-Za-z])\d{15,19}(?![0-9A-Za-z])")


def masked_name(name: str) -> str:
    """Keep the first and the last sign of a name (`张*三`); of a name of two signs only the first (`张*`)."""
    if len(name) <= 2:
        return name[:1] + "*" * (len(name) - 1)
    return name[0] + "*" * (len(name) - 2) + name[-1]


def masked_identity_number(number: str) -> str:
    """Keep the division and the last four (`320481********1234`), for lists inside; public notices show none."""
    return _middle_hidden(number, head=6, tail=4)


def masked_phone(number: str) -> str:
    """Keep the first three and the last four digits (`138****5678`)."""
    return _middle_hidden(number, head=3, tail=4)


def masked_account(number: str) -> str:
    """Keep the last four digits (`************7890`)."""
    return _middle_hidden(number, head=0, tail=4)


def with_masked_numbers(value: Any) -> Any:
    """Return a JSON value whose texts show no whole identity number, phone or account number."""
    if isinstance(value, dict):
        return {name: with_masked_numbers(one) for name, one in value.items()}
    if isinstance(value, list):
        return [with_masked_numbers(one) for one in value]
    if not isinstance(value, str):
        return value
    value = _IDENTITY_NUMBER.sub(lambda found: masked_identity_number(found[0]), value)
    value = _PHONE.sub(lambda found: masked_phone(found[0]), value)
    return _ACCOUNT.sub(lambda found: masked_account(found[0]), value)


def _middle_hidden(text: str, *, head: int, tail: int) -> str:
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]
