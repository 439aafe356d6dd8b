"""What is wrong with a decision model, said so that the person who drew it can mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to mend: severity is "error" or "warning", line counts from 1 in the XML."""

    severity: str
    element_id: str
    name: str
    line: int
    message: str
    advice: str


class DmnError(Exception):
    """The document is no decision model that can be decided; carries every finding."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__("; ".join(f"line {f.line}: {f.message}" for f in findings))


class UnknownDecisionError(Exception):
    """The model has no such decision or decision service."""
