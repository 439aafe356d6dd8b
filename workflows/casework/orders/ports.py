"""What orders and notices need from whoever keeps them, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from workflows.casework.circulars.ports import Circulars
from workflows.casework.mail.ports import MailRoom
from workflows.casework.orders.model import OrderEvent, SupervisionOrder
from workflows.casework.orders.notices import StaffNotice
from workflows.casework.spot_checks.ports import SpotChecks


class SupervisionOrders(Protocol):
    """The register of orders, and their course."""

    def next_in_series(self, *, region: str, year: int) -> int:
        """Return the next number of a region's series of a year; others of the series wait for this transaction."""
        ...

    def add(self, order: SupervisionOrder, *, submission_key: str) -> bool:
        """Keep a new order; say False and keep nothing when its submission key is known already."""
        ...

    def by_submission_key(self, submission_key: str) -> SupervisionOrder | None:
        """Return the order that came of a submission."""
        ...

    def lock(self, order_id: UUID) -> SupervisionOrder | None:
        """Return an order and keep others from changing it."""
        ...

    def save(self, order: SupervisionOrder) -> None:
        """Write state, due day, level, returns, end and the process of its course."""
        ...

    def are_open(self, matter: str) -> bool:
        """Say whether an order about a case or process is not closed."""
        ...

    def record(self, event: OrderEvent) -> bool:
        """Append to the course of an order; say False and keep nothing when this level was escalated to already."""
        ...


class StaffNotices(Protocol):
    """Notices inside the system with those they go to."""

    def add(self, notice: StaffNotice, recipients: Sequence[str], *, submission_key: str | None = None) -> bool:
        """Keep a notice; say False and keep nothing when its submission key is known already."""
        ...

    def by_submission_key(self, submission_key: str) -> StaffNotice | None:
        """Return the notice that came of a submission."""
        ...

    def holders(self, groups: Sequence[str], *, region: str, matter: str) -> Sequence[str]:
        """Return the logins with a post of one of these groups for a region, but for whom the case's register bars."""
        ...

    def mark_read(self, login: str, notice_ids: Sequence[UUID] | None, *, at: datetime) -> int:
        """Write that somebody read notices of theirs, None meaning all; returns how many were unread."""
        ...


class Supervision(Protocol):
    """Everything supervision keeps, in one transaction."""

    @property
    def orders(self) -> SupervisionOrders:
        """Return the orders."""
        ...

    @property
    def spot_checks(self) -> SpotChecks:
        """Return the spot checks with their samples."""
        ...

    @property
    def circulars(self) -> Circulars:
        """Return the words of the circulars."""
        ...

    @property
    def notices(self) -> StaffNotices:
        """Return the notices."""
        ...

    @property
    def mail(self) -> MailRoom:
        """Return what people chose to be told by mail, and the digests."""
        ...
