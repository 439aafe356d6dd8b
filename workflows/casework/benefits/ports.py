"""What benefits and recognised statuses need from whoever keeps them, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from workflows.casework.benefits.model import Benefit, Entitlement
from workflows.casework.benefits.recognition import CaseLink, Recognition


class Benefits(Protocol):
    """What households were granted, with history.

    To change, suspend, resume or end one: `lock` it, call the method of that name, `save` what it returns.
    """

    def add(self, benefit: Benefit) -> bool:
        """Keep a benefit; say False and keep nothing when its referral granted one already."""
        ...

    def lock(self, benefit_id: UUID) -> Benefit | None:
        """Return a benefit that nobody else changes before this transaction ends."""
        ...

    def get(self, benefit_id: UUID) -> Benefit | None:
        """Return a benefit."""
        ...

    def save(self, benefit: Benefit) -> None:
        """Write the benefit's history and when it is due for its next re-check."""
        ...

    def of_referral(self, referral_id: UUID) -> Benefit | None:
        """Return the benefit a referral granted."""
        ...

    def of_case(self, case_id: UUID) -> Sequence[Benefit]:
        """Return what the household of a case was granted in that case, the oldest first."""
        ...

    def of_household(self, case_id: UUID) -> Sequence[Benefit]:
        """Return what any member of a case was granted in whatever case, the oldest first.

        Until the transaction ends nobody else can ask this for one of these persons, so that two cases cannot each
        grant what excludes the other.
        """
        ...

    def active_on(self, month: date) -> Sequence[Benefit]:
        """Return the benefits in payment or suspended in a month."""
        ...

    def payable_in(self, month: date) -> Sequence[Entitlement]:
        """Return what is owed in a month, by region and case number: the month's roster."""
        ...

    def due_for_recheck(self, day: date, *, region: str) -> Sequence[UUID]:
        """Return the ids of a region's benefits in payment whose re-check is due by a day, the longest due first."""
        ...


class Recognitions(Protocol):
    """The statuses households are recognised as."""

    def add(self, recognition: Recognition) -> None:
        """Keep a status."""
        ...

    def get(self, recognition_id: UUID) -> Recognition | None:
        """Return a status."""
        ...

    def save(self, recognition: Recognition) -> None:
        """Write its validity and why it ended."""
        ...

    def of_case(self, case_id: UUID) -> Sequence[Recognition]:
        """Return the statuses recognised in a case, the oldest first."""
        ...

    def valid_on(self, day: date) -> Sequence[Recognition]:
        """Return every status that holds on a day."""
        ...

    def of_household(self, case_id: UUID, day: date) -> Sequence[Recognition]:
        """Return the statuses that hold on a day for any member of a case, in whatever case they were recognised."""
        ...


class CaseLinks(Protocol):
    """Which cases came of which."""

    def add(self, link: CaseLink) -> None:
        """Keep a link."""
        ...

    def of_case(self, case_id: UUID) -> Sequence[CaseLink]:
        """Return the links from and to a case, the oldest first."""
        ...
