"""What temporary relief needs from whoever keeps its claims, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from workflows.casework.relief.model import ReliefClaim, ReliefPayment


class ReliefClaims(Protocol):
    """Claims to temporary relief; a referral has one at most."""

    def add(self, claim: ReliefClaim) -> bool:
        """Keep a new claim; say False and keep nothing when its referral has one."""
        ...

    def get(self, claim_id: UUID) -> ReliefClaim | None:
        """Return a claim."""
        ...

    def of_referral(self, referral_id: UUID) -> ReliefClaim | None:
        """Return the claim of a referral."""
        ...

    def save(self, claim: ReliefClaim) -> None:
        """Write state, event, latest payment and file of a claim."""
        ...

    def add_payment(self, payment: ReliefPayment) -> None:
        """Keep a payment of a claim beside those made before."""
        ...

    def of_other_cases(self, case_id: UUID) -> Sequence[ReliefClaim]:
        """Return the claims any member of a case made in other cases, the oldest first."""
        ...

    def paid_in_year(self, case_id: UUID, year: int) -> Decimal:
        """Return what any member of a case was paid in a year of the county's calendar in whatever case, in yuan.

        Every payment counts in the year it was made in, whatever year its claim was made or paid off in.

        Until the transaction ends nobody else can ask this for one of these persons.
        """
        ...
