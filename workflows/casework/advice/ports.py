"""What questions to other units need from whoever keeps them, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol
from uuid import UUID

from workflows.casework.advice.model import Advice


class AdviceRegister(Protocol):
    """Questions and what came of them, sealed under the keys of their cases."""

    def add(self, advice: Advice, *, submission_key: str, evidence_ids: Sequence[UUID]) -> bool:
        """Keep a question and what is shown with it; say False and keep nothing when its submission key is known."""
        ...

    def by_submission_key(self, submission_key: str) -> Advice | None:
        """Return the question that came of a submission."""
        ...

    def shown_with(self, advice_id: UUID) -> AbstractSet[UUID]:
        """Return the evidence that is shown with a question."""
        ...

    def get(self, advice_id: UUID) -> Advice | None:
        """Return a question as it stands; None where there is none, or its case was erased."""
        ...

    def lock(self, advice_id: UUID) -> Advice | None:
        """Return a question and keep others from changing it; None where there is none, or its case was erased."""
        ...

    def save(self, advice: Advice) -> None:
        """Write state, answer, end and the process of its course."""
        ...

    def open_of_tasks(self, task_ids: Sequence[UUID]) -> Sequence[Advice]:
        """Return the open questions of tasks; tasks that are known to have none cost nothing."""
        ...

    def keep_open(self, task_id: UUID) -> bool:
        """Say whether a question of a task is open, and keep those that are from being closed; wait for who does."""
        ...

    def are_open(self, case_id: UUID) -> bool:
        """Say whether a question about a case is open."""
        ...
