"""What the API answers to a deployment: the definitions in it, and what the checks found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.findings import Finding, Severity
from engine.model import Definition, Deployment
from web.schemas.base import answer_schema


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceFinding:
    """One thing wrong or doubtful in a file, in the language of the reader."""

    severity: Severity
    code: str
    resource: str
    element_id: str | None
    element_name: str | None
    line: int | None
    message: str
    advice: str

    @classmethod
    def of(cls, finding: Finding, language: str) -> ResourceFinding:
        """Say it in 'zh' or 'en'."""
        chinese = language == "zh"
        return cls(
            severity=finding.severity,
            code=finding.code,
            resource=finding.resource,
            element_id=finding.element_id,
            element_name=finding.element_name,
            line=finding.line,
            message=finding.message_zh if chinese else finding.message_en,
            advice=finding.advice_zh if chinese else finding.advice_en,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentAnswer:
    """What was deployed together, and what is doubtful in it."""

    id: UUID
    deployed_at: datetime
    deployed_by: str
    definitions: Sequence[Definition]
    warnings: Sequence[ResourceFinding]

    @classmethod
    def of(cls, deployment: Deployment, language: str) -> DeploymentAnswer:
        """Show a deployment, its warnings in 'zh' or 'en'."""
        return cls(
            id=deployment.id,
            deployed_at=deployment.deployed_at,
            deployed_by=deployment.deployed_by,
            definitions=deployment.definitions,
            warnings=[ResourceFinding.of(one, language) for one in deployment.warnings],
        )


DeploymentSchema = answer_schema(DeploymentAnswer)
