"""What recoveries claim of the payments of a case, so that no yuan is asked back twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal
from uuid import UUID

from workflows.casework.model import ZERO
from workflows.casework.payments.errors import RecoveryTooLarge
from workflows.casework.payments.model import Payment
from workflows.casework.payments.recovery import Recovery
from workflows.rules.money import FEN, format_yuan


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """The payments of a case that arrived, and when each did, by its id."""

    payments: Sequence[Payment]
    at: Mapping[UUID, datetime]

    def counted_by(self, recovery: Recovery) -> list[Payment]:
        """Return what a recovery claims of; what arrived after it was opened, it does not."""
        return [one for one in self.payments if recovery.counts(one, arrived_at=self.at[one.id])]

    def unclaimed(self, recoveries: Collection[Recovery]) -> list[Payment]:
        """Return what no recovery counts."""
        counted = {one.id for recovery in recoveries for one in self.counted_by(recovery)}
        return [one for one in self.payments if one.id not in counted]


def by_month(payments: Iterable[Payment]) -> dict[date, Decimal]:
    """Return what these payments come to in each month, in yuan."""
    sums: dict[date, Decimal] = {}
    for one in payments:
        sums[one.month] = sums.get(one.month, ZERO) + one.amount
    return sums


def asked_back(
    wanted: Sequence[Payment], *, share: Decimal | None, recoveries: Collection[Recovery], arrived: Arrived
) -> dict[date, Decimal]:
    """Return what is asked back of each month of these payments: `share` yuan, or the whole of less or without it.

    Raises:
        RecoveryTooLarge: other recoveries leave less of a month.
    """
    left = left_by_month(wanted, recoveries=recoveries, arrived=arrived)
    asked = {
        month: amount if share is None else min(amount, share) for month, amount in sorted(by_month(wanted).items())
    }
    for month, amount in asked.items():
        if amount > left[month]:
            raise RecoveryTooLarge(month=month, wanted=format_yuan(amount), left=format_yuan(left[month]))
    return asked


def left_by_month(
    wanted: Sequence[Payment], *, recoveries: Collection[Recovery], arrived: Arrived
) -> dict[date, Decimal]:
    """Return what of these payments certainly no recovery claims yet, by month.

    Where a recovery counts other payments of the month too, all it claims may be of the wanted ones.
    """
    ids = {one.id for one in wanted}
    left = by_month(wanted)
    for recovery in recoveries:
        counted = arrived.counted_by(recovery)
        claims, common = _claims(recovery, by_month(counted)), by_month(one for one in counted if one.id in ids)
        for month, amount in common.items():
            left[month] = max(ZERO, left[month] - min(amount, claims[month]))
    return left


def _claims(recovery: Recovery, sums: dict[date, Decimal]) -> dict[date, Decimal]:
    """Return what a recovery claims of each month: the same sum of all, or the whole of a month where less arrived."""
    rest, claims = recovery.wrongly_paid, {}
    for index, (month, amount) in enumerate(sorted(sums.items(), key=lambda each: each[1])):
        claimed = min(amount, rest / (len(sums) - index))
        claims[month] = claimed.quantize(FEN, rounding=ROUND_CEILING)
        rest -= claimed
    return claims
