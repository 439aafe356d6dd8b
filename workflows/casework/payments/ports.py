"""What payments need from whoever keeps them, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from workflows.casework.payments.model import Batch, BatchSums, Death, Hold, Payment, PaymentAttempt, PersonOnFile
from workflows.casework.payments.recovery import Recovery
from workflows.casework.payments.standards import ChangeLine, PriceLink, StandardChange


class Payments(Protocol):
    """Payments and the batches they go to the bank in."""

    def add(self, payment: Payment) -> bool:
        """Keep a new payment; say False and keep nothing when basis, month, kind and cause have one."""
        ...

    def save(self, payments: Sequence[Payment]) -> None:
        """Write state, batch, line, sums and account."""
        ...

    def of_basis(self, basis_id: UUID) -> Sequence[Payment]:
        """Return the payments of a benefit or status by month."""
        ...

    def of_batch(self, batch_id: UUID) -> Sequence[Payment]:
        """Return the lines of a batch in order."""
        ...

    def of_month(self, month: date) -> Sequence[Payment]:
        """Return all payments for a month."""
        ...

    def waiting(self, until: date) -> Sequence[Payment]:
        """Return, and hold, what goes into the next roster: due, or failed and corrected, up to a month."""
        ...

    def of_case(self, case_id: UUID) -> Sequence[Payment]:
        """Return the payments of a case by month."""
        ...

    def add_batch(self, batch: Batch) -> None:
        """Keep a new batch."""
        ...

    def save_batch(self, batch: Batch) -> None:
        """Write state, hands and checksums of a batch."""
        ...

    def batch(self, batch_id: UUID) -> Batch | None:
        """Return a batch."""
        ...

    def batch_numbered(self, number: str) -> Batch | None:
        """Return a batch by its number."""
        ...

    def lock_batch(self, number: str) -> Batch | None:
        """Return a batch by its number and keep others from changing it."""
        ...

    def batches(self, month: date | None = None) -> Sequence[Batch]:
        """Return the batches, the newest first; those of a month, others wait who open one meanwhile."""
        ...

    def batch_sums(self, batch_ids: Collection[UUID]) -> Sequence[BatchSums]:
        """Return what each of these batches that has a line comes to, in no order."""
        ...

    def add_attempts(self, attempts: Sequence[PaymentAttempt]) -> None:
        """Keep that payments went to the bank in a batch; known ones stay."""
        ...

    def answer_attempts(self, attempts: Sequence[PaymentAttempt]) -> None:
        """Write what the bank made of them."""
        ...

    def attempts_of(self, payment_id: UUID) -> Sequence[PaymentAttempt]:
        """Return the attempts of a payment, the first first."""
        ...

    def arrivals(self, case_id: UUID) -> Mapping[UUID, datetime]:
        """Return when the bank said of each payment of a case that it arrived, by its id."""
        ...

    def hold(self, hold: Hold) -> None:
        """Keep a hold."""
        ...

    def save_hold(self, hold: Hold) -> None:
        """Write when a hold was lifted."""
        ...

    def holds_of(self, benefit_ids: Sequence[UUID]) -> Sequence[Hold]:
        """Return the holds of benefits."""
        ...

    def add_death(self, death: Death) -> None:
        """Keep a record of a death."""
        ...

    def persons(self, identity_number: str) -> Sequence[PersonOnFile]:
        """Return the members of cases with an identity number."""
        ...

    def count_of_name(self, name: str) -> int:
        """Return how many members of cases have a name."""
        ...

    def identities(self, case_id: UUID) -> dict[int, str]:
        """Return a stable key of each member of a case, the same for one person in all cases; never shown."""
        ...


class PriceLinks(Protocol):
    """Price figures and whom they were paid to."""

    def add(self, link: PriceLink) -> bool:
        """Keep the figure of a month; say False when the month has one."""
        ...

    def get(self, link_id: UUID) -> PriceLink | None:
        """Return a figure."""
        ...

    def of_month(self, month: date) -> PriceLink | None:
        """Return the figure of a month."""
        ...

    def save(self, link: PriceLink) -> None:
        """Write what it led to."""
        ...

    def all(self) -> Sequence[PriceLink]:
        """Return the figures, the newest month first."""
        ...


class StandardChanges(Protocol):
    """New standards with what they would change."""

    def add(self, change: StandardChange) -> None:
        """Keep a proposal."""
        ...

    def get(self, change_id: UUID) -> StandardChange | None:
        """Return a proposal."""
        ...

    def save(self, change: StandardChange) -> None:
        """Write where it stands."""
        ...

    def all(self) -> Sequence[StandardChange]:
        """Return the proposals, the newest first."""
        ...

    def put_lines(self, change_id: UUID, lines: Sequence[ChangeLine]) -> None:
        """Write lines by their number."""
        ...

    def clear(self, change_id: UUID) -> None:
        """Forget the lines of a preview that is made anew."""
        ...

    def lines(self, change_id: UUID, *, after: int = 0, limit: int | None = None) -> Sequence[ChangeLine]:
        """Return lines in order of their numbers."""
        ...


class Recoveries(Protocol):
    """Money to be paid back."""

    def add(self, recovery: Recovery) -> None:
        """Keep a recovery."""
        ...

    def get(self, recovery_id: UUID) -> Recovery | None:
        """Return a recovery."""
        ...

    def lock(self, recovery_id: UUID) -> Recovery | None:
        """Return a recovery and keep others from changing it."""
        ...

    def save(self, recovery: Recovery) -> None:
        """Write state, sums, plan and receipts."""
        ...

    def of_case(self, case_id: UUID) -> Sequence[Recovery]:
        """Return the recoveries of a case, the oldest first."""
        ...

    def claiming(self, case_id: UUID) -> Sequence[Recovery]:
        """Return those of a case that were not dropped; others wait who open one meanwhile."""
        ...


class Money(Protocol):
    """Everything that is kept of money."""

    @property
    def payments(self) -> Payments:
        """Return payments, batches, holds and deaths."""
        ...

    @property
    def price_links(self) -> PriceLinks:
        """Return the price figures."""
        ...

    @property
    def standard_changes(self) -> StandardChanges:
        """Return the new standards."""
        ...

    @property
    def recoveries(self) -> Recoveries:
        """Return the recoveries."""
        ...
