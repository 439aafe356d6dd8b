"""What counts as income after a change of a household: what was verified, what agencies found, or what is declared.

Which of them counts is the decision `counted_income`; here stands what it is asked about, and what it said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine.host import Context
from workflows.casework.deciding import decided
from workflows.casework.means import found_income
from workflows.casework.model import ZERO, Case, Income
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.records import CheckReport, Wage
from workflows.casework.verification.asking import counting_requests
from workflows.rules.money import format_whole_yuan

COUNTED_INCOME = "counted_income"
OTHER = 0
"""Stands for rents and the like among the members whose earnings were verified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedIncome:
    """What a household's income comes to, yuan a month, the wages in it, and on what each part rests."""

    monthly_income: Decimal
    wages: tuple[Wage, ...]
    basis: str
    verified: tuple[int, ...]  # members whose earnings were verified since agencies answered, and `OTHER`


def income_after_change(
    context: Context[CaseworkUnitOfWork], before: Case, case: Case, report: CheckReport | None
) -> CountedIncome:
    """Return what counts of a household as it is now; `before` is the file as it was, `report` the newest version."""
    asked = counting_requests(context.unit_of_work.agency_requests.of_case(case.id), report.round) if report else ()
    found = found_income(case, asked, report.survey if report else {})
    told, were = _Rule(context), {one.number: one.person.income for one in before.members}
    verified = set(report.verified if report else ()) | _changed(were, case)
    earned = ZERO
    for one in case.at_home:
        own = sum(_earnings(one.person.income), ZERO)
        earned += told.counted(
            f"第{one.number}人", verified=one.number in verified, stated=own, found=found.earned[one.number]
        )
    if found.in_total:
        earned = told.counted("全家收入", verified=bool(verified - {OTHER}), stated=earned, found=found.in_total)
    stated = sum((one.person.income.other_monthly_income for one in case.at_home), ZERO)
    other = told.counted("其他收入", verified=OTHER in verified, stated=stated, found=found.other)
    wages = tuple(
        Wage(
            number=one.number,
            amount=one.person.income.net_monthly_wage if one.number in verified else found.wages[one.number],
        )
        for one in case.at_home
    )
    return CountedIncome(
        monthly_income=earned + other + found.seen,
        wages=wages,
        basis="；".join(told.lines),
        verified=tuple(sorted(verified)),
    )


def _changed(were: Mapping[int, Income], case: Case) -> set[int]:
    now = {one.number: one.person.income for one in case.at_home}
    changed = {number for number, income in now.items() if _earnings(income) != _earnings(were[number])}
    is_other = any(income.other_monthly_income != were[number].other_monthly_income for number, income in now.items())
    return changed | ({OTHER} if is_other else set())


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


def _earnings(income: Income) -> tuple[Decimal, Decimal]:
    return income.net_monthly_wage, income.basic_pension
