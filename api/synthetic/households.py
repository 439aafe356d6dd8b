"""Synthetic households: who lives in them, what they have, what they ask for, and what agencies know of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from api.synthetic import people, shares
from api.synthetic.shares import Kind
from engine.json_values import JsonObject
from workflows.casework.county import TOWNS

PENSION = 143
SELF_CARE = ("eat", "dress", "bed", "toilet", "walk", "bathe")
STATUS = {Kind.DIBAO: "dibao", Kind.TEKUN: "tekun", Kind.EDGE: "edge", Kind.RIGID: "rigid"}
PAPERS = ("application_form", "identity_papers", "authorisation", "truth_promise", "bank_account")


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticHousehold:
    """A household as the window's form takes it, and what agencies know; `hidden` is what it does not tell."""

    kind: Kind
    application: JsonObject
    facts: tuple[JsonObject, ...]
    hidden: str = ""  # assets, income, or nothing


class HouseholdMaker:
    """Makes households one after the other, the same ones for the same seed."""

    def __init__(self, *, seed: int, standard: int) -> None:
        self._random = Random(seed)  # noqa: S311  synthetic people, no secrets
        self._seed = seed
        self._standard = standard
        self._count = 0
        self._used: set[str] = set()

    def recipient(self, kind: Kind, today: date) -> SyntheticHousehold:
        """Return a household that draws something already."""
        return self._household(kind, today, recognised=STATUS[kind], key="old")

    def applicant(self, kind: Kind, today: date) -> SyntheticHousehold:
        """Return a household that comes to the window for something."""
        recognised = "none"
        if kind is Kind.SERVICES:
            recognised = self._random.choices(("none", "dibao", "edge"), (30, 50, 20))[0]
        found = self._household(kind, today, recognised=recognised, key="new")
        return self._with_lack(found)

    def again(self, known: SyntheticHousehold, kind: Kind, today: date) -> SyntheticHousehold:
        """Return a known household that comes with a new need."""
        self._count += 1
        changed = {
            **known.application,
            "submission_key": f"syn-{self._seed}-again-{self._count}",
            "received_on": today.isoformat(),
            **self._occasion(kind, today),
        }
        return SyntheticHousehold(kind=kind, application=changed, facts=())

    def _household(self, kind: Kind, today: date, *, recognised: str, key: str) -> SyntheticHousehold:
        self._count += 1
        town = self._random.choices(TOWNS, shares.TOWN_SHARES)[0]
        members = self._members(kind, today)
        rented = kind is not Kind.TEKUN and self._random.random() < 0.2
        hidden = "" if key == "old" else self._hidden(kind)
        assets = self._random.randrange(500, 9_000, 500) * len(members)
        channel = self._random.choices(("window", "village", "online"), (80, 15, 5))[0]
        application: JsonObject = {
            "submission_key": f"syn-{self._seed}-{key}-{self._count}",
            "channel": channel,
            "proxy": self._proxy(town.name, today) if channel == "village" else None,
            "region": town.region,
            "received_on": today.isoformat(),
            "recognised_status": recognised,
            "household": self._dwelling(town.name, kind, rented=rented, assets=assets),
            "members": members,
            "account": {"bank": "江苏农商银行", "holder": members[0]["name"], "number": people.account(self._random)},
            "documents": self._papers(members, rented=rented),
            "remark": people.MARK,
            **self._occasion(kind, today, members=members, rented=rented),
        }
        facts = tuple(self._facts(members, assets, hidden))
        return SyntheticHousehold(kind=kind, application=application, facts=facts, hidden=hidden)

    def _proxy(self, town: str, today: date) -> JsonObject:
        return {
            "name": people.name(self._random, self._random.choice(people.SURNAMES)),
            "phone": f"1990000{self._random.randrange(10_000):04d}",
            "organisation": f"{town}村委会（合成数据）",
            "mandate": f"WT-{self._count}",
            "mandated_on": today.isoformat(),
        }

    def _members(self, kind: Kind, today: date) -> list[dict[str, Any]]:
        random = self._random
        size = 1 if kind in (Kind.TEKUN, Kind.SHELTER) else random.choices(shares.SIZES, shares.SIZE_SHARES)[0]
        if kind in (Kind.RIGID, Kind.CHILD):
            size = max(size, 2)
        cause = random.choices(shares.CAUSES, shares.CAUSE_SHARES)[0]
        surname = random.choice(people.SURNAMES)
        members = [self._person("self", today, self._head_age(kind), people.name(random, surname))]
        for number in range(1, size):
            minor = kind is Kind.CHILD or random.random() < shares.MINORS * 2.2 or number >= 3
            relation = "child" if minor else "spouse" if number == 1 else "parent"
            age = random.randint(3, 17) if minor else random.randint(30, 85)
            members.append(self._person(relation, today, age, people.name(random, surname if minor else None)))
        members = [self._with_health(one, cause, today, first=index == 0) for index, one in enumerate(members)]
        if kind is Kind.DISABILITY and not any(one.get("card") for one in members):
            members[0] = people.disabled(random, members[0], kind="physical", level=2, today=today)
        if kind is Kind.TEKUN:
            failed = random.choices((0, 2, 5), (55, 25, 20))[0]
            members[0] |= {"failed_self_care": list(SELF_CARE[:failed]), "labour_capacity": "none"}
        return self._with_income(kind, members)

    def _head_age(self, kind: Kind) -> int:
        if kind is Kind.TEKUN:
            return self._random.randint(62, 92)
        if self._random.random() < shares.HEAD_OVER_60:
            return self._random.randint(60, 88)
        return self._random.randint(26, 59)

    def _person(self, relation: str, today: date, age: int, name: str) -> dict[str, Any]:
        random = self._random
        identity = people.identity(random, people.born(random, today, age))
        while identity in self._used:
            identity = people.identity(random, people.born(random, today, age))
        self._used.add(identity)
        person: dict[str, Any] = {
            "name": name,
            "identity_number": identity,
            "relation": relation,
            "phone": people.phone(random) if relation == "self" else "",
            "labour_capacity": "none",
            "employment": "retired" if age >= 60 else "none",
            "basic_pension": PENSION if age >= 60 else 0,
        }
        if 3 <= age <= 17:
            stage, grade = _school(age)
            person |= {"employment": "student", "school_stage": stage, "grade": grade}
        elif age < 60 and random.random() < shares.ABLE * 2.5:
            person |= {"labour_capacity": "full", "employment": "jobless"}
        return person

    def _with_health(self, person: dict[str, Any], cause: str, today: date, *, first: bool) -> dict[str, Any]:
        random = self._random
        if first and cause == "illness":
            return {**person, "serious_illness": True}
        if (first and cause == "disability") or random.random() < shares.SEVERELY_DISABLED * 0.4:
            kind = random.choice(people.SEVERE_KINDS)
            return people.disabled(random, person, kind=kind, level=random.choice((1, 2)), today=today)
        return person

    def _with_income(self, kind: Kind, members: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Give the household an income that leaves the gap of its kind."""
        random = self._random
        per_head = self._income_a_head(kind)
        total = int(per_head * len(members))
        able = [one for one in members if one["labour_capacity"] == "full"]
        if kind in (Kind.EDGE, Kind.RIGID) and not able:
            members[0] |= {"other_monthly_income": total}
            return members
        if able and total and random.random() < max(shares.AT_WORK, 0.5 if kind is Kind.EDGE else 0):
            able[0] |= {"employment": "employed", "net_monthly_wage": total}
        elif total:
            members[0] |= {"other_monthly_income": total}
        return members

    def _income_a_head(self, kind: Kind) -> Decimal:
        standard = Decimal(self._standard)
        if kind is Kind.EDGE:
            return standard * Decimal(str(round(self._random.uniform(1.10, 1.45), 2)))
        if kind is Kind.RIGID:
            return standard * Decimal(str(round(self._random.uniform(1.7, 2.4), 2)))
        if kind in (Kind.TEKUN, Kind.SHELTER, Kind.CHILD):
            return Decimal(self._random.choice((0, 0, 120, 200)))
        gap = min(max(self._random.gauss(shares.GAP_MEAN, shares.GAP_DEVIATION), shares.GAP_LEAST), shares.GAP_MOST)
        return standard * (1 - Decimal(str(round(gap, 3))))

    def _dwelling(self, town: str, kind: Kind, *, rented: bool, assets: int) -> JsonObject:
        random = self._random
        spending = 0
        if kind is Kind.RIGID:
            spending = random.randrange(70_000, 110_000, 1_000)
        return {
            "address": f"{town}幸福路 {random.randint(1, 400)} 号{people.MARK}",
            "tenure": "rented" if rented else "owned",
            "own_area": 0 if rented else random.randint(35, 110),
            "settlement": "town" if random.random() < 0.6 else "village",
            "monthly_rent": random.randrange(300, 900, 50) if rented else 0,
            "assets_declared": assets,
            "has_vehicle": False,
            "yearly_spending": {"medical": spending, "education": 0, "rehabilitation": 0},
        }

    def _occasion(
        self, kind: Kind, today: date, *, members: list[dict[str, Any]] | None = None, rented: bool = False
    ) -> JsonObject:
        """Return the needs of a kind, and the event or bill behind them."""
        random = self._random
        if kind is Kind.URGENT:
            happened = (today - timedelta(days=random.randint(0, 2))).isoformat()
            event = random.choice(("accident", "fire", "illness", "other"))
            return {"needs": ["urgent"], "event": {"kind": event, "happened_on": happened, "place": people.MARK}}
        if kind is Kind.BILL:
            amount = int(random.lognormvariate(0, shares.URGENT_SIGMA) * 3 * shares.URGENT_MEAN)
            return {"needs": ["large_bill"], "bills": [{"kind": "medical", "amount": amount, "reimbursed": 0}]}
        if kind is Kind.SHELTER:
            return {"needs": ["shelter"]}
        if kind is Kind.CHILD:
            return {"needs": ["child"]}
        return {"needs": self._needs(kind, members or [], rented=rented)}

    def _needs(self, kind: Kind, members: list[dict[str, Any]], *, rented: bool) -> list[str]:
        first = {Kind.TEKUN: "care", Kind.DISABILITY: "disability", Kind.SERVICES: ""}.get(kind, "subsistence")
        needs = [first] if first else []
        if any(one.get("school_stage") in ("primary", "junior") for one in members):
            needs.append("education")
        if rented and kind is not Kind.DISABILITY:
            needs.append("housing")
        if any(one["employment"] == "jobless" for one in members):
            needs.append("employment")
        if not needs or (kind is not Kind.TEKUN and any(one.get("serious_illness") for one in members)):
            needs.append("medical")
        return needs

    def _papers(self, members: list[dict[str, Any]], *, rented: bool) -> list[str]:
        papers = [*PAPERS]
        papers += ["rent_contract"] if rented else []
        papers += ["illness_proof"] if any(one.get("serious_illness") for one in members) else []
        papers += ["disability_card"] if any(one.get("card") for one in members) else []
        return papers

    def _with_lack(self, found: SyntheticHousehold) -> SyntheticHousehold:
        """Leave a paper out where the window will have to ask for it."""
        if found.kind in (Kind.URGENT, Kind.SHELTER) or self._random.random() >= shares.CORRECTION:
            return found
        missing = self._random.choice(found.application["documents"][3:])
        kept = [one for one in found.application["documents"] if one != missing]
        return SyntheticHousehold(
            kind=found.kind,
            application={**found.application, "documents": kept},
            facts=found.facts,
            hidden=found.hidden,
        )

    def _hidden(self, kind: Kind) -> str:
        if kind not in (Kind.DIBAO, Kind.EDGE, Kind.RIGID, Kind.TEKUN):
            return ""
        return self._random.choices(
            ("assets", "income", ""),
            (shares.OVER_LIMIT, shares.HIDDEN_INCOME, 1 - shares.OVER_LIMIT - shares.HIDDEN_INCOME),
        )[0]

    def _facts(self, members: list[dict[str, Any]], assets: int, hidden: str) -> list[JsonObject]:
        held = assets + (self._standard * 40 * len(members) if hidden == "assets" else 0)
        more = self._standard * 3 * len(members) if hidden == "income" else 0
        return [
            {
                "identity_number": one["identity_number"],
                "name": one["name"],
                "records": {
                    "bank": _record("deposit", held if one["relation"] == "self" else 0),
                    "social_insurance": _record(
                        "wage", int(one.get("net_monthly_wage", 0)) + (more if one["relation"] == "self" else 0)
                    ),
                },
            }
            for one in members
        ]


def _record(item: str, amount: int) -> list[JsonObject]:
    """Return what an agency holds, nothing when there is nothing."""
    return [{"item": item, "amount": amount, "unit": "yuan"}] if amount else []


def _school(age: int) -> tuple[str, int]:
    if age < 6:
        return "nursery", max(age - 2, 1)
    if age < 12:
        return "primary", age - 5
    if age < 15:
        return "junior", age - 5
    return "senior", age - 14
