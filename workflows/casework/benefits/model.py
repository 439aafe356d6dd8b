"""A benefit and its history: versions that each hold from a month to a month, never two at once.

Months are written by their first day; `until_month` is the last month a version holds in, None while it goes on. What a
later act replaced is kept and marked superseded, so that both "what was paid in March" and "what did we believe in
April about March" can be answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NoReturn
from uuid import UUID

from workflows.casework.benefits.errors import BenefitStateWrong
from workflows.casework.days import months_later
from workflows.casework.model import ZERO, Account


class BenefitState(StrEnum):
    """How a benefit stands in a month."""

    NOT_STARTED = "not_started"
    IN_PAYMENT = "in_payment"
    SUSPENDED = "suspended"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitVersion:
    """What a benefit is from a month on: whom it counts, its sums in yuan a month, and why."""

    number: int
    from_month: date
    base: Decimal
    add_ons: Decimal
    persons: tuple[int, ...]  # the members it counts, by number
    reason: str
    recorded_at: datetime
    until_month: date | None = None
    suspended: bool = False  # nothing is paid, the sums are those to go on with
    decision_id: UUID | None = None
    superseded_at: datetime | None = None

    @property
    def amount(self) -> Decimal:
        """Return the whole sum of a month."""
        return self.base + self.add_ons

    def holds_in(self, month: date) -> bool:
        """Say whether this version is the one that counts in a month."""
        if self.superseded_at is not None or month < self.from_month:
            return False
        return self.until_month is None or month <= self.until_month


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Why a benefit is changed, by which decision and when."""

    reason: str
    at: datetime
    decision_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is to be paid each month, in yuan, and which members it counts."""

    base: Decimal
    add_ons: Decimal
    persons: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """What a household is granted; `amount`, `base`, `add_ons` and `start_month` are those it began with.

    `changed`, `suspended`, `resumed` and `ended` return the benefit with one more act in its history.
    """

    id: UUID
    case_id: UUID
    referral_id: UUID
    programme: str
    amount: Decimal
    amount_period: str
    base: Decimal
    add_ons: Decimal
    start_month: date  # the first day of the month
    granted_at: datetime
    recheck_class: str | None = None  # how stable the household's circumstances are: A, B or C
    recheck_due_on: date | None = None
    versions: tuple[BenefitVersion, ...] = ()

    @property
    def current(self) -> tuple[BenefitVersion, ...]:
        """Return the versions that no later act replaced, in order of months."""
        return tuple(sorted(_standing(self.versions), key=lambda one: one.from_month))

    @property
    def last_month(self) -> date | None:
        """Return the last month of the benefit, None while no end is set."""
        return self.current[-1].until_month if self.current else None

    def version_in(self, month: date) -> BenefitVersion | None:
        """Return the version that counts in a month."""
        return next((one for one in self.versions if one.holds_in(month)), None)

    def state_in(self, month: date) -> BenefitState:
        """Return how the benefit stands in a month; one that was undone before it began has ended."""
        version = self.version_in(month)
        if version is not None:
            return BenefitState.SUSPENDED if version.suspended else BenefitState.IN_PAYMENT
        is_to_begin = self.current and month < self.current[0].from_month
        return BenefitState.NOT_STARTED if is_to_begin else BenefitState.ENDED

    def amount_in(self, month: date) -> Decimal:
        """Return what is due in a month, in yuan."""
        version = self.version_in(month)
        return ZERO if version is None or version.suspended else version.amount

    def drawn_version(self, month: date) -> BenefitVersion:
        """Return the version that counts in a month: what is paid, or rests and is to be gone on with.

        Raises:
            BenefitStateWrong: it has not begun by that month, or has ended.
        """
        return self._drawn(month, "read what is paid", "读取应发金额")

    def opened(self, persons: tuple[int, ...], act: Act) -> Benefit:
        """Return a new benefit with its first version."""
        terms = Terms(base=self.base, add_ons=self.add_ons, persons=persons)
        return replace(self, versions=(_version(1, self.start_month, terms, act),))

    def changed(self, month: date, terms: Terms, act: Act) -> Benefit:
        """Return the benefit with other sums from a month on, until the end set before.

        One that is suspended stays so, and is resumed with these sums.

        Raises:
            BenefitStateWrong: it has not begun by that month, or has ended.
        """
        held = self._drawn(month, "change the amount", "变更金额")
        return self._followed(month, terms, act, until=self.last_month, suspended=held.suspended)

    def suspended(self, month: date, act: Act) -> Benefit:
        """Return the benefit with nothing paid from a month on.

        Raises:
            BenefitStateWrong: it is not in payment in that month.
        """
        held = self._require(month, BenefitState.IN_PAYMENT, "suspend it", "暂停发放")
        return self._followed(month, _terms(held), act, until=self.last_month, suspended=True)

    def resumed(self, month: date, act: Act) -> Benefit:
        """Return the benefit with its sums paid again from a month on.

        Raises:
            BenefitStateWrong: it is not suspended in that month.
        """
        held = self._require(month, BenefitState.SUSPENDED, "resume it", "恢复发放")
        return self._followed(month, _terms(held), act, until=self.last_month)

    def ended(self, last_month: date, act: Act) -> Benefit:
        """Return the benefit with nothing after a month; an end before its first month undoes it as a whole.

        Raises:
            BenefitStateWrong: it has ended by then already.
        """
        after = months_later(last_month, 1)
        if self.state_in(after) == BenefitState.ENDED:
            self._refuse(after, BenefitState.ENDED, "end it", "停发")
        return replace(self, versions=self._cut(after, act))

    def _followed(self, month: date, terms: Terms, act: Act, *, until: date | None, suspended: bool = False) -> Benefit:
        kept = self._cut(month, act)
        next_one = replace(
            _version(len(kept) + 1, month, terms, act),
            until_month=until,
            suspended=suspended,
        )
        return replace(self, versions=(*kept, next_one))

    def _cut(self, month: date, act: Act) -> tuple[BenefitVersion, ...]:
        """Return the history with nothing standing from a month on; what reached over it stands up to it."""
        kept: list[BenefitVersion] = []
        shortened: list[BenefitVersion] = []
        before = months_later(month, -1)
        for one in self.versions:
            reaches = one.until_month is None or one.until_month >= month
            if one.superseded_at is not None or not reaches:
                kept.append(one)
                continue
            kept.append(replace(one, superseded_at=act.at))
            if one.from_month < month:
                shortened.append(replace(one, until_month=before, recorded_at=act.at))
        numbered = (replace(one, number=len(kept) + index) for index, one in enumerate(shortened, start=1))
        return (*kept, *numbered)

    def _require(self, month: date, state: BenefitState, action: str, action_zh: str) -> BenefitVersion:
        version = self.version_in(month)
        if version is None or self.state_in(month) != state:
            self._refuse(month, self.state_in(month), action, action_zh)
        return version

    def _drawn(self, month: date, action: str, action_zh: str) -> BenefitVersion:
        version = self.version_in(month)
        if version is None:
            self._refuse(month, self.state_in(month), action, action_zh)
        return version

    def _refuse(self, month: date, state: BenefitState, action: str, action_zh: str) -> NoReturn:
        raise BenefitStateWrong(benefit=self.id, month=month, state=state, action=action, action_zh=action_zh)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """What a benefit owes in one month, and to whom: a line of the month's roster."""

    benefit_id: UUID
    case_id: UUID
    case_number: str
    region: str
    programme: str
    month: date
    version: int
    persons: tuple[int, ...]
    base: Decimal
    add_ons: Decimal
    payee: Account | None  # None: no account is on file, or the persons were erased

    @property
    def amount(self) -> Decimal:
        """Return the whole sum, in yuan."""
        return self.base + self.add_ons


def _standing(versions: Iterable[BenefitVersion]) -> Iterable[BenefitVersion]:
    return (one for one in versions if one.superseded_at is None)


def _terms(version: BenefitVersion) -> Terms:
    return Terms(base=version.base, add_ons=version.add_ons, persons=version.persons)


def _version(number: int, month: date, terms: Terms, act: Act) -> BenefitVersion:
    return BenefitVersion(
        number=number,
        from_month=month,
        base=terms.base,
        add_ons=terms.add_ons,
        persons=terms.persons,
        reason=act.reason,
        recorded_at=act.at,
        decision_id=act.decision_id,
    )
