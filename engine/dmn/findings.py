"""What is wrong with a decision model, said so that the person who drew it can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.dmn.lint_catalogue import RULES
from engine.dmn.messages import DecisionMessage
from engine.feel.errors import Coded
from engine.feel.messages import Message, fill
from engine.findings import Severity

if TYPE_CHECKING:
    from engine.dmn.logic import Place
    from engine.feel.messages import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to mend; line counts from 1 in the XML, 0 means it is not known."""

    severity: Severity
    code: str
    element_id: str
    name: str
    line: int
    message_zh: str
    message_en: str
    advice_zh: str
    advice_en: str


def finding_at(place: Place, code: str, /, **fields: Field) -> Finding:
    """A finding of the catalogue about an element; the fields fill its texts."""
    rule = RULES[code]
    message, advice = (rule.zh, rule.en), (rule.advice_zh, rule.advice_en)
    return Finding(
        severity=rule.severity,
        code=code,
        element_id=place.element_id,
        name=place.name,
        line=place.line,
        message_zh=fill(message, fields, "zh"),
        message_en=fill(message, fields, "en"),
        advice_zh=fill(advice, fields, "zh"),
        advice_en=fill(advice, fields, "en"),
    )


class DmnError(Exception):
    """The document is no decision model that can be decided; carries every finding."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__(self.text("en"))

    def text(self, language: str) -> str:
        """All findings with their lines, in 'zh' or 'en'."""
        if language.startswith("zh"):
            return "；".join(f"第 {found.line} 行：{found.message_zh}" for found in self.findings)
        return "; ".join(f"line {found.line}: {found.message_en}" for found in self.findings)


class UnknownDecisionError(Coded):
    """The model has no such decision or decision service."""

    message_class: ClassVar[type[Message]] = DecisionMessage
