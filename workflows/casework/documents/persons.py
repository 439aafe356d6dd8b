"""Who is in a household, as a printed document shows it: identity numbers hidden in the middle, illness in a word."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.casework.county import COUNTY_NAME, TOWN_BY_REGION
from workflows.casework.documents import words
from workflows.casework.model import Case, Member
from workflows.rules.masks import masked_account, masked_identity_number

CENTRE = f"{COUNTY_NAME}居民家庭经济状况核对中心"
BUREAU = f"{COUNTY_NAME}民政局"


def member_line(member: Member) -> Mapping[str, str]:
    """Return the row of a member."""
    person = member.person
    income = person.income
    return {
        "name": person.name,
        "relation": words.word(words.RELATIONS, person.relation),
        "sex": words.word(words.SEXES, member.sex),
        "birth": member.birth_date.isoformat(),
        "identity": masked_identity_number(person.identity_number),
        "health": health(member),
        "work": words.word(words.WORK, person.employment),
        "income": words.money(income.net_monthly_wage + income.other_monthly_income + income.basic_pension),
    }


def health(member: Member) -> str:
    """Return what the office's own papers say of a member's health."""
    found = member.person.health
    said = ["重病"] if found.serious_illness else []
    if found.disability_level:
        level = words.word(words.LEVELS, found.disability_level)
        said.append(f"{level}{words.word(words.DISABILITIES, found.disability_kind)}残疾")
    return "、".join(said) or "健康"


def programmes(case: Case) -> str:
    """Return what was applied for."""
    return "、".join(words.word(words.NEEDS, need) for need in case.needs)


def account(case: Case) -> str:
    """Return the account with its last digits."""
    if case.account is None:
        return ""
    return f"{case.account.bank} {masked_account(case.account.number)}（{case.account.holder}）"


def town(case: Case) -> str:
    """Return the name of the town."""
    found = TOWN_BY_REGION.get(case.region)
    return found.name if found else COUNTY_NAME


def town_office(case: Case) -> str:
    """Return whose seal the papers of the town bear."""
    name = town(case)
    return f"{name}办事处" if name.endswith("街道") else f"{name}人民政府"
