"""What a check of a diagram, decision or form found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing wrong or doubtful in a resource, with where it stands and what to do."""

    severity: Literal["error", "warning"]
    code: str
    resource: str  # file name
    element_id: str | None
    element_name: str | None
    line: int | None
    message_zh: str
    message_en: str
    advice_zh: str
    advice_en: str
