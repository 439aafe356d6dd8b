"""What a synthetic household draws already, as a line of the file that a county imports."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from api.synthetic.households import PENSION, HouseholdMaker, SyntheticHousehold
from api.synthetic.shares import FULL_SIZE, RECIPIENTS, Kind
from engine.json_values import JsonObject
from workflows.casework.parameters import TEST_PARAMETERS

OLDEST_DECISION = 8 * 365  # days
AGED, MINOR = 70, 18
EARLIEST_FIGURES = min(one.effective_from for one in TEST_PARAMETERS if one.key == "dibao_standard")


def standard_on(day: date) -> int:
    """Return the test standard of the subsistence allowance on a day, yuan a person and month."""
    return int(figure_on(day, "dibao_standard"))


def figure_on(day: date, key: str) -> Decimal:
    """Return a figure of the test parameters on a day."""
    values = [one for one in TEST_PARAMETERS if one.key == key and one.effective_from <= day]
    return Decimal(str(max(values, key=lambda one: one.effective_from).value))


def households_of(households: int) -> list[Kind]:
    """Return the kinds of so many households by their shares, the largest kinds first."""
    counts = {kind: round(number * households / FULL_SIZE) for kind, number in RECIPIENTS.items()}
    counts[Kind.DIBAO] += households - sum(counts.values())
    return [kind for kind, count in counts.items() for _ in range(count)]


def recipients(*, households: int, seed: int, day: date) -> Iterator[tuple[SyntheticHousehold, JsonObject]]:
    """Yield so many households that draw something, each with its line of an import."""
    maker = HouseholdMaker(seed=seed, standard=standard_on(day))
    random = Random(seed + 7)  # noqa: S311  synthetic people, no secrets
    for number, kind in enumerate(households_of(households), start=1):
        household = maker.recipient(kind, day)
        yield household, line_of(household, number, day, random)


def line_of(household: SyntheticHousehold, number: int, day: date, random: Random) -> JsonObject:
    """Return a household's line: what it draws, since when, and when it is to be looked at again."""
    decided = day - timedelta(days=random.randint(40, OLDEST_DECISION))
    application = household.application
    base, add_ons = sums_of(household, day)
    line: JsonObject = {
        "synthetic": True,
        "programme": household.kind.value,
        "old_number": f"旧系统{application['submission_key'].split('-')[1]}-{number:06d}",
        "decided_on": decided.isoformat(),
        "start_month": (decided.replace(day=1) + timedelta(days=32)).replace(day=1).isoformat(),
        "base": base,
        "add_ons": add_ons,
        "authorised_on": decided.isoformat(),
        "application": {**application, "received_on": decided.isoformat()},
    }
    recheck_on = day + timedelta(days=random.randint(5, 360))
    if household.kind is Kind.DIBAO:
        line["recheck_on"] = recheck_on.isoformat()
    if household.kind is Kind.RIGID:
        line["valid_until"] = (day + timedelta(days=random.randint(20, 340))).isoformat()
    return line


def sums_of(household: SyntheticHousehold, day: date) -> tuple[int, int]:
    """Return base and add-ons a month, in yuan, by the test figures."""
    members, standard = household.application["members"], standard_on(day)
    if household.kind is Kind.TEKUN:
        failed = len(members[0].get("failed_self_care", ()))
        care = "tekun_care_full" if failed >= 4 else "tekun_care_partial" if failed else "tekun_care_none"
        return int(standard * figure_on(day, "tekun_basic_factor")), int(figure_on(day, care))
    if household.kind is not Kind.DIBAO:
        return 0, 0
    gap = max(math.ceil(standard * len(members) - sum(_countable(one, day) for one in members)), 1)
    return gap, sum(_add_on(one, standard, day) for one in members)


def _countable(person: dict[str, Any], day: date) -> Decimal:
    wage = Decimal(person.get("net_monthly_wage", 0))
    cost = min(wage * figure_on(day, "work_cost_rate"), figure_on(day, "work_cost_cap"))
    pension = max(int(person["basic_pension"]) - PENSION, 0)
    return wage - cost + Decimal(person.get("other_monthly_income", 0)) + pension


def _add_on(person: dict[str, Any], standard: int, day: date) -> int:
    born = date.fromisoformat(f"{person['identity_number'][6:10]}-{person['identity_number'][10:12]}-01")
    age = (day - born).days // 365
    if person.get("serious_illness") or 0 < person.get("disability_level", 0) <= 2:
        return int(standard * figure_on(day, "addon_severe_rate"))
    return int(standard * figure_on(day, "addon_age_rate")) if age >= AGED or age < MINOR else 0
