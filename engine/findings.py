"""What a check of a diagram, decision or form found, and how the catalogues of such findings are written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A kind of finding; the texts have fields in braces."""

    severity: Severity
    zh: str
    en: str
    advice_zh: str
    advice_en: str


def error_rule(zh: str, en: str, advice_zh: str, advice_en: str) -> Rule:
    """A kind of finding with which nothing can be deployed."""
    return Rule(severity="error", zh=zh, en=en, advice_zh=advice_zh, advice_en=advice_en)


def warning_rule(zh: str, en: str, advice_zh: str, advice_en: str) -> Rule:
    """A kind of finding that is doubtful and stops nothing."""
    return Rule(severity="warning", zh=zh, en=en, advice_zh=advice_zh, advice_en=advice_en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing wrong or doubtful in a resource, with where it stands and what to do."""

    severity: Severity
    code: str
    resource: str  # file name
    element_id: str | None
    element_name: str | None
    line: int | None
    message_zh: str
    message_en: str
    advice_zh: str
    advice_en: str

    @property
    def mark(self) -> str:
        """Return what stands for this finding when somebody says that it is meant: one mark for each thing found."""
        told = hashlib.sha256(self.message_zh.encode()).hexdigest()[:8]
        return f"{self.code}@{self.element_id or ''}#{told}"
