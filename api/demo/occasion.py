"""A task as the person at the desk has it before them, and what an answer to it may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.json_values import JsonObject

Shown = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A task as its page shows it, and today's date at the desk."""

    element_id: str
    shown: Shown
    today: date
    required_fields: tuple[str, ...] = ()


Answer = JsonObject | Callable[[Occasion], JsonObject]
"""The values of a form, or how they are found from what the task shows."""
