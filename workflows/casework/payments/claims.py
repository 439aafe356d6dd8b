"""What recoveries claim of the payments of a case, so that no yuan is asked back twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal

from workflows.casework.model import ZERO
from workflows.casework.payments.model import Payment
from workflows.casework.payments.recovery import Recovery
from workflows.rules.money import round_to_fen


def by_month(payments: Iterable[Payment]) -> dict[date, Decimal]:
    """Return what these payments come to in each month, in yuan."""
    sums: dict[date, Decimal] = {}
    for one in payments:
        sums[one.month] = sums.get(one.month, ZERO) + one.amount
    return sums


def left_by_month(
    wanted: Sequence[Payment], *, recoveries: Collection[Recovery], out: Sequence[Payment]
) -> dict[date, Decimal]:
    """Return what of these payments no recovery claims yet, by month; `out` is all that left the county for the case.

    Where a recovery counts other payments of the month too, it claims of each in proportion.
    """
    ids = {one.id for one in wanted}
    left = by_month(wanted)
    for recovery in recoveries:
        counted = [one for one in out if recovery.counts(one)]
        sums, common = by_month(counted), by_month(one for one in counted if one.id in ids)
        for month, claimed in _claims(recovery, sums).items():
            if month in common:
                left[month] = max(ZERO, left[month] - round_to_fen(claimed * common[month] / sums[month]))
    return left


def _claims(recovery: Recovery, sums: dict[date, Decimal]) -> dict[date, Decimal]:
    """Return what a recovery claims of each month: the same sum of all, or the whole of a month where less went out."""
    rest, claims = recovery.wrongly_paid, {}
    for index, (month, amount) in enumerate(sorted(sums.items(), key=lambda each: each[1])):
        claims[month] = min(amount, rest / (len(sums) - index))
        rest -= claims[month]
    return claims
