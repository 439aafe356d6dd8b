"""What spot checks need from whoever keeps them, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from engine.model import Actor
from workflows.casework.spot_checks.model import Candidate, Population, Review, SampledCase, SpotCheck


class SpotChecks(Protocol):
    """Draws with their samples and what was found."""

    def candidates(self, population: Population, actor: Actor, /, *, today: date) -> Sequence[Candidate]:
        """Return what a sample may be drawn from: what the actor sees, but for what is under review already."""
        ...

    def count(self, population: Population, actor: Actor, /, *, today: date) -> int:
        """Return how many those are."""
        ...

    def lock_series(self, *, year: int) -> None:
        """Let other draws of a year wait for this transaction, before anything is read for one; no number is taken."""
        ...

    def next_number(self, *, year: int) -> int:
        """Return the next number of a year; others wait for this transaction."""
        ...

    def add(self, spot_check: SpotCheck, *, submission_key: str) -> bool:
        """Keep a new draw; say False and keep nothing when its submission key is known already."""
        ...

    def by_submission_key(self, submission_key: str) -> SpotCheck | None:
        """Return the draw that came of a submission."""
        ...

    def lock(self, spot_check_id: UUID) -> SpotCheck | None:
        """Return a draw and keep others from changing it."""
        ...

    def save(self, spot_check: SpotCheck) -> None:
        """Write when and why it was withdrawn."""
        ...

    def add_item(self, item: SampledCase) -> None:
        """Keep a case of a sample."""
        ...

    def lock_item(self, item_id: UUID) -> SampledCase | None:
        """Return a case of a sample and keep others from changing it."""
        ...

    def save_item(self, item: SampledCase) -> None:
        """Write where its review stands, and what came of it."""
        ...

    def open_courses(self, spot_check_id: UUID) -> Sequence[UUID]:
        """Return the instances of the reviews that are open, always in the same order; they are to be locked first."""
        ...

    def open_items(self, spot_check_id: UUID) -> Sequence[SampledCase]:
        """Return the cases of a sample whose review is open, locked, always in the same order."""
        ...

    def write_review(self, item: SampledCase, review: Review) -> None:
        """Keep what was written of a sampled case, under the key of the case."""
        ...

    def review(self, item: SampledCase) -> Review:
        """Return what was written of a sampled case; nothing of an erased one."""
        ...

    def are_open(self, case_id: UUID) -> bool:
        """Say whether a case is under review by an instance that still runs."""
        ...

    def participants(self, number: str) -> frozenset[str]:
        """Return who did any step of a case and in whose name, reviews of it left out."""
        ...
