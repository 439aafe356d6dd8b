"""No person draws two benefits in one month that exclude each other, in whatever cases they were granted."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from engine.json_values import JsonValue
from workflows.casework.benefits.errors import BenefitsOverlap
from workflows.casework.benefits.model import Benefit, BenefitVersion
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.standards import Standards

EXCLUSIVE_PROGRAMMES = "exclusive_programmes"
"""The parameter: a list of groups; of the programmes of a group, even of the same one, a person draws one only."""


def require_no_overlap(unit_of_work: CaseworkUnitOfWork, case: Case, wanted: Benefit, standards: Standards) -> None:
    """Check a benefit that is to be granted or changed against all others of its persons.

    Raises:
        BenefitsOverlap: one of them draws something in a month that excludes it; the error names the case.
    """
    excluded = excluded_by(wanted.programme, standards.values.get(EXCLUSIVE_PROGRAMMES))
    if not excluded:
        return
    known = {case.id: case}
    for other in unit_of_work.benefits.of_household(case.id):
        if other.id == wanted.id or other.programme not in excluded:
            continue
        file = known.get(other.case_id) or unit_of_work.cases.get(other.case_id)
        if file is None:
            continue
        known[file.id] = file
        month = _first_common_month(case, wanted, file, other)
        if month is not None:
            raise BenefitsOverlap(programme=wanted.programme, other=other.programme, case=file.number, month=month)


def excluded_by(programme: str, groups: JsonValue) -> frozenset[str]:
    """Return the programmes that exclude one, itself among them; none when it stands in no group."""
    found: set[str] = set()
    for group in groups if isinstance(groups, list | tuple) else ():
        if isinstance(group, list | tuple) and programme in group:
            found.update(str(one) for one in group)
    return frozenset(found)


def _first_common_month(case: Case, wanted: Benefit, file: Case, other: Benefit) -> date | None:
    shared = (
        max(mine.from_month, theirs.from_month)
        for mine in wanted.current
        for theirs in other.current
        if _overlap(mine, theirs) and not identities(case, mine.persons).isdisjoint(identities(file, theirs.persons))
    )
    return min(shared, default=None)


def identities(case: Case, numbers: Collection[int]) -> frozenset[str]:
    """Return the identity numbers of members; of an erased case none are known."""
    return frozenset() if case.erased else frozenset(_of(case, numbers))


def _of(case: Case, numbers: Collection[int]) -> Iterator[str]:
    return (one.person.identity_number for one in case.members if one.number in numbers)


def _overlap(one: BenefitVersion, other: BenefitVersion) -> bool:
    begins_in_time = one.until_month is None or other.from_month <= one.until_month
    return begins_in_time and (other.until_month is None or one.from_month <= other.until_month)
