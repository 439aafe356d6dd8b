"""What counts as income after a change of a household: what was verified, what agencies found, or what is declared.

Which of them counts is the decision `counted_income`; here stands what it is asked about, and what it said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine.host import Context
from workflows.casework.deciding import decided
from workflows.casework.means import BENEFITS, OTHER, PENSION, WAGE, found_income
from workflows.casework.model import ZERO, Case, Income
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.records import CheckReport, VerifiedItem, Wage
from workflows.casework.verification.asking import counting_requests
from workflows.rules.money import format_whole_yuan

COUNTED_INCOME = "counted_income"
ITEM_NAMES = {WAGE: "工资", PENSION: "养老金", BENEFITS: "待遇"}
Verified = Collection[tuple[int, str]]
"""Members and the items of theirs that somebody verified: `EARNINGS` and `OTHER`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedIncome:
    """What a household's income comes to, yuan a month, the wages in it, and on what each part rests."""

    monthly_income: Decimal
    wages: tuple[Wage, ...]
    basis: str
    verified: tuple[VerifiedItem, ...]  # since agencies answered


def income_after_change(
    context: Context[CaseworkUnitOfWork], before: Case, case: Case, report: CheckReport | None, *, marked: Verified
) -> CountedIncome:
    """Return what counts of a household as it is now; `before` is the file as it was, `report` the newest version.

    What was verified is `marked`, whether or not it is what the file said; what differs from the file was verified.
    """
    asked = counting_requests(context.unit_of_work.agency_requests.of_case(case.id), report.round) if report else ()
    found = found_income(case, asked, report.survey if report else {})
    told, were = _Rule(context), {one.number: one.person.income for one in before.members}
    verified = {*(report.verified if report else ()), *marked, *_changed(were, case)}
    earned = ZERO
    for one in case.at_home:
        for item, stated in _stated(one.person.income).items():
            key = (one.number, item)
            part = f"第{one.number}人{ITEM_NAMES[item]}"
            earned += told.counted(part, verified=key in verified, stated=stated, found=found.earned[key])
    if found.in_total:
        incomes = {key for key, amount in found.earned.items() if amount or _stated(were[key[0]])[key[1]]}
        told_all = _is_whole(case, verified & found.earned.keys(), incomes)
        earned = told.counted("全家收入", verified=told_all, stated=earned, found=found.in_total)
    others = {one.number: one.person.income.other_monthly_income for one in case.at_home}
    having = {(number, OTHER) for number, now in others.items() if now or were[number].other_monthly_income}
    told_others = _is_whole(case, {key for key in verified if key[1] == OTHER}, having)
    other = told.counted("其他收入", verified=told_others, stated=sum(others.values(), ZERO), found=found.other)
    wages = tuple(
        Wage(
            number=one.number,
            amount=one.person.income.net_monthly_wage if (one.number, WAGE) in verified else found.wages[one.number],
        )
        for one in case.at_home
    )
    return CountedIncome(
        monthly_income=earned + other + found.seen,
        wages=wages,
        basis="；".join(told.lines),
        verified=tuple(VerifiedItem(*one) for one in sorted(verified)),
    )


def _changed(were: Mapping[int, Income], case: Case) -> Iterator[tuple[int, str]]:
    for one in case.at_home:
        now, was = one.person.income, were[one.number]
        yield from ((one.number, item) for item, amount in _stated(now).items() if amount != _stated(was)[item])
        if now.other_monthly_income != was.other_monthly_income:
            yield one.number, OTHER


def _is_whole(case: Case, verified: Verified, incomes: Verified) -> bool:
    """Say whether what agencies told of nobody in particular is known better: every income of its kind was verified.

    Where nobody is known to have one, somebody of everybody at home was.
    """
    if incomes:
        return set(incomes) <= set(verified)
    return {one.number for one in case.at_home} <= {number for number, _item in verified}


class _Rule:
    """The decision, asked part by part, and what it said of each."""

    def __init__(self, context: Context[CaseworkUnitOfWork]) -> None:
        self._context = context
        self.lines: list[str] = []

    def counted(self, part: str, *, verified: bool, stated: Decimal, found: Decimal) -> Decimal:
        said = decided(self._context, COUNTED_INCOME, {"verified": verified, "stated": stated, "found": found})
        amount = Decimal(said["counted"])
        if amount or verified:
            self.lines.append(f"{part} {format_whole_yuan(amount)} 元（{said['basis']}）")
        return amount


def _stated(income: Income) -> Mapping[str, Decimal]:
    """Return what the file says by item; it knows of no benefits that agencies pay."""
    return {WAGE: income.net_monthly_wage, PENSION: income.basic_pension, BENEFITS: ZERO}
