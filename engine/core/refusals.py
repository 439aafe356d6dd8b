"""What the core refuses: an exception a kind, raised before anything is changed."""

from __future__ import annotations


class NotOpen(Exception):
    """The command names an element instance or subscription that is not there or does not wait for this."""

    def __init__(self, key: int, asked: str) -> None:
        self.key, self.asked = key, asked
        super().__init__(f"cannot {asked} {key}: it is not open in this process instance; read what is open again")


class Obstacle(str):
    """Why something cannot be done: a text in English, and the same in Chinese beside it."""

    __slots__ = ("zh",)
    zh: str

    def __new__(cls, english: str, chinese: str) -> Obstacle:
        """Make it of both texts."""
        made = super().__new__(cls, english)
        made.zh = chinese
        return made


class CannotModify(Exception):
    """An instance cannot be modified or migrated as asked; nothing was changed, `reasons` names every obstacle."""

    def __init__(self, *reasons: Obstacle) -> None:
        self.reasons = reasons
        super().__init__("; ".join(reasons))


class CannotStart(Exception):
    """The process has no start event that fits the command; `reason` says it in both languages."""

    def __init__(self, reason: Obstacle) -> None:
        self.reason = reason
        super().__init__(reason)
