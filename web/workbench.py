"""The workbench as pages and programs are told of it: findings and changes in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from engine.comparison import Change
from engine.errors import NotFound
from engine.findings import Finding, Severity
from engine.json_values import JsonObject, load_json
from web.labels import in_language
from web.services import services
from workflows.diagram_texts import english_words
from workflows.workbench.model import DefinitionDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """Something wrong or doubtful, in the reader's language; `mark` stands for a warning that is confirmed."""

    severity: Severity
    code: str
    element_id: str | None
    element_name: str | None
    line: int | None
    message: str
    advice: str
    mark: str

    @classmethod
    def of(cls, finding: Finding) -> FindingLine:
        """Say it in the reader's language."""
        return cls(
            severity=finding.severity,
            code=finding.code,
            element_id=finding.element_id,
            element_name=finding.element_name,
            line=finding.line,
            message=in_language(finding.message_zh, finding.message_en),
            advice=in_language(finding.advice_zh, finding.advice_en),
            mark=f"{finding.code}@{finding.element_id or ''}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementDifference:
    """One thing an element says otherwise."""

    aspect: str
    aspect_name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementChange:
    """What became of one element, in the reader's language."""

    kind: str
    element_id: str
    element_name: str
    element_type: str
    type_name: str
    differences: Sequence[ElementDifference]

    @classmethod
    def of(cls, change: Change) -> ElementChange:
        """Say it in the reader's language."""
        return cls(
            kind=change.kind.value,
            element_id=change.element_id,
            element_name=change.element_name,
            element_type=change.element_type,
            type_name=in_language(change.type_zh, change.type_en),
            differences=[
                ElementDifference(
                    aspect=one.aspect,
                    aspect_name=in_language(one.aspect_zh, one.aspect_en),
                    before=one.before,
                    after=one.after,
                )
                for one in change.differences
            ],
        )


def finding_lines(findings: Iterable[Finding]) -> list[FindingLine]:
    """Return findings in the reader's language, errors first."""
    lines = [FindingLine.of(one) for one in findings]
    return sorted(lines, key=lambda one: one.severity != "error")


def found_draft(draft_id: UUID) -> DefinitionDraft:
    """Return a draft.

    Raises:
        NotFound: there is none.
    """
    draft = services().workbench.draft(draft_id)
    if draft is None:
        raise NotFound("definition draft", draft_id)
    return draft


def element_templates(language: str) -> list[JsonObject]:
    """Return our element templates as the modeler takes them, in 'zh' or 'en'."""
    return [_said(one, english_words("templates") if language == "en" else {}) for one in _shipped_templates()]


@cache
def _shipped_templates() -> tuple[JsonObject, ...]:
    folder = files("workflows").joinpath("templates")
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".template.json"))
    return tuple(load_json(folder.joinpath(name).read_text(encoding="utf-8")) for name in names)


def _said(value: Any, words: Mapping[str, str], *, is_text: bool = False) -> Any:  # JSON of any shape
    """Return a template with its texts translated; what the engine reads stays as it is."""
    if isinstance(value, dict):
        return {
            name: _said(one, words, is_text=name in ("name", "label", "description", "documentation"))
            for name, one in value.items()
        }
    if isinstance(value, list):
        return [_said(one, words) for one in value]
    return words.get("".join(value.split()), value) if is_text and isinstance(value, str) else value
