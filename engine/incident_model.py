"""What is stuck, and what was tried at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

INCIDENT_KINDS = (
    "assignment", "call", "condition", "deadlock", "decision", "error-not-caught", "expression", "form", "handler",
    "job", "message", "signal", "step-limit", "timer", "timer-firing",
    "variables-too-large",
)  # fmt: skip
"""What an incident can be of; filters know these, and readers' words for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A place where a process instance is stuck until somebody repairs it.

    A retry that fails again keeps when it was raised first; `failures` counts how often it failed by then.
    """

    id: UUID
    process_instance_id: UUID
    key: int
    definition_id: UUID
    element_id: str
    kind: str
    reason: str
    raised_at: datetime
    resolved_at: datetime | None = None
    last_failed_at: datetime | None = None  # None: a release that did not write it raised it
    failures: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A try that failed: of a job by a worker, or of whatever else became an incident. Append only."""

    process_instance_id: UUID
    key: int
    element_id: str
    kind: str
    reason: str
    at: datetime
    by: str  # the worker, or who asked for the retry
    retries_left: int | None = None
