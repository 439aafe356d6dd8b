"""How personal facts look in lists and on public notices: enough to recognise, too little to misuse."""

from __future__ import annotations


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


def _middle_hidden(text: str, *, head: int, tail: int) -> str:
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]
