"""What circulars need from whoever keeps them, inside the caller's transaction."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from workflows.casework.circulars.model import Circular


class Circulars(Protocol):
    """The words of the circulars."""

    def lock(self, month: date) -> Circular:
        """Return a month's circular and keep others from changing it; a new one where nobody wrote any."""
        ...

    def save(self, circular: Circular) -> None:
        """Write the words, and what was published."""
        ...
