"""What decisions need from whoever keeps them, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from engine.model import DecisionEvaluation
from workflows.casework.decisions.model import Decision, Minutes, RecordedEvaluation


class Decisions(Protocol):
    """Decisions, numbered without a gap by series and year."""

    def next_number(self, *, series: str, year: int) -> str:
        """Return the next number of a series, like 溧民救〔2026〕17; rolled back with its transaction."""
        ...

    def add(self, decision: Decision) -> None:
        """Keep a decision."""
        ...

    def get(self, decision_id: UUID) -> Decision | None:
        """Return a decision."""
        ...

    def of_case(self, case_id: UUID) -> Sequence[Decision]:
        """Return the decisions of a case, the oldest first."""
        ...

    def record_service(self, decision: Decision) -> None:
        """Write when and how the household was served, and the remedies that run from that day."""
        ...

    def evaluations(self, process_instance_id: UUID) -> Sequence[DecisionEvaluation]:
        """Return how the decision tables of a process instance came out in the transactions before this one."""
        ...

    def last_evaluations(self, decision_id: str, most: int) -> Sequence[RecordedEvaluation]:
        """Return how a decision table came out the last times cases asked it, the newest first."""
        ...

    def add_minutes(self, minutes: Minutes) -> None:
        """Keep the minutes of a collective decision."""
        ...

    def minutes_of(self, case_id: UUID) -> Sequence[Minutes]:
        """Return the minutes of a case, the oldest first."""
        ...
