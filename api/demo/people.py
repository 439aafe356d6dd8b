"""Synthetic households by the shares of a small county; every identity number has a division that no place has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from engine.json_values import JsonObject
from workflows.casework.county import TOWNS, Town

TEST_DIVISION = "320499"  # assigned to no place: such a number can belong to nobody
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗"
GIVEN = ("建国", "秀英", "桂兰", "志强", "小红", "海燕", "文博", "雨欣", "子涵", "浩然", "玉梅", "德明", "春花", "国庆")
TOWN_SHARES = (13, 20, 6, 4, 3, 8, 6, 7, 8, 7, 9, 9)
SIZES = (1, 2, 3, 4, 5)
SIZE_SHARES = (30, 27, 26, 12, 5)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticHousehold:
    """An application as the API takes it, and what the agencies know of its members."""

    application: JsonObject
    facts: tuple[JsonObject, ...]


def identity_number(birth: date, sequence: int, *, division: str = TEST_DIVISION) -> str:
    """Return an identity number with a right check character; an odd sequence is male."""
    body = f"{division}{birth:%Y%m%d}{sequence % 1000:03d}"
    return body + _CHECKS[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


class Households:
    """Makes households, the same ones for the same seed."""

    def __init__(self, *, seed: int, today: date) -> None:
        self._random = Random(seed)  # noqa: S311  synthetic people, no secrets
        self._today = today
        self._sequence = 0
        self._seed = seed

    def next(self, *, received_on: date) -> SyntheticHousehold:
        """Return another household."""
        self._sequence += 1
        town = self._random.choices(TOWNS, TOWN_SHARES)[0]
        size = self._random.choices(SIZES, SIZE_SHARES)[0]
        recognised = self._random.choices(("none", "dibao", "edge"), (62, 28, 10))[0]
        surname = self._random.choice(SURNAMES)
        members = [self._adult("self", surname, recognised)]
        if size > 1:
            members.append(self._adult("spouse", self._random.choice(SURNAMES), recognised))
        members += [self._child(surname) for _ in range(size - len(members))]
        rented = self._random.random() < 0.35
        application: JsonObject = {
            "submission_key": f"demo-{self._seed}-{self._sequence}",
            "channel": self._random.choices(("window", "village", "online"), (80, 15, 5))[0],
            "region": town.region,
            "received_on": received_on.isoformat(),
            "recognised_status": recognised,
            "household": {
                "address": f"{town.name}幸福路 {self._random.randint(1, 300)} 号（合成数据）",
                "tenure": "rented" if rented else "owned",
                "own_area": "0" if rented else str(self._random.randint(35, 110)),
                "settlement": "town" if self._random.random() < 0.6 else "village",
                "monthly_rent": str(self._random.randrange(300, 900, 50)) if rented else "0",
                "assets_declared": str(self._random.randrange(1000, 60000, 1000)),
                "has_vehicle": False,
            },
            "members": members,
            "needs": self._needs(members, rented=rented),
            "account": {"bank": "江苏农商银行", "holder": members[0]["name"], "number": self._account()},
            "documents": self._documents(members, rented=rented),
            "remark": "",
        }
        if application["channel"] == "village":
            application["proxy"] = self._village_helper(town, received_on)
        return SyntheticHousehold(application=application, facts=tuple(self._facts(application)))

    def _village_helper(self, town: Town, received_on: date) -> JsonObject:
        return {
            "name": self._random.choice(SURNAMES) + self._random.choice(GIVEN),
            "phone": f"199{self._random.randint(0, 99_999_999):08d}",
            "organisation": f"{town.name}第{self._random.randint(1, 20)}村村民委员会（合成数据）",
            "mandate": f"委-{self._sequence}",
            "mandated_on": received_on.isoformat(),
        }

    def _adult(self, relation: str, surname: str, recognised: str) -> dict[str, Any]:
        age = self._random.randint(26, 78)
        old = age >= 60
        employed = not old and self._random.random() < 0.5
        ill = self._random.random() < 0.25
        wage = self._random.randrange(1200, 3600 if recognised == "none" else 2200, 100) if employed else 0
        return {
            "name": surname + self._random.choice(GIVEN),
            "identity_number": self._identity(age),
            "relation": relation,
            "phone": f"199{self._random.randint(0, 99_999_999):08d}" if relation == "self" else "",
            "labour_capacity": "none" if old or ill else "full",
            "employment": "employed" if employed else "retired" if old else "jobless",
            "net_monthly_wage": str(wage),
            "basic_pension": "143" if old else "0",
            "school_stage": "none",
            "serious_illness": ill,
        }

    def _child(self, surname: str) -> dict[str, Any]:
        grade = self._random.randint(1, 9)
        return {
            "name": surname + self._random.choice(GIVEN),
            "identity_number": self._identity(grade + 6),
            "relation": "child",
            "labour_capacity": "none",
            "employment": "student",
            "school_stage": "primary" if grade <= 6 else "junior",
            "grade": grade,
        }

    def _identity(self, age: int) -> str:
        birth = self._today - timedelta(days=age * 365 + self._random.randint(20, 340))
        return identity_number(birth, self._random.randint(1, 999))

    def _account(self) -> str:
        body = "622999" + "".join(str(self._random.randint(0, 9)) for _ in range(12))
        digits = [int(digit) for digit in reversed(body)]
        total = sum(sum(divmod(digit * 2, 10)) if index % 2 == 0 else digit for index, digit in enumerate(digits))
        return body + str(-total % 10)

    def _needs(self, members: list[dict[str, Any]], *, rented: bool) -> list[str]:
        needs = ["subsistence"] if self._random.random() < 0.7 else []
        if any(member["school_stage"] != "none" for member in members):
            needs.append("education")
        if rented:
            needs.append("housing")
        if any(member["employment"] == "jobless" for member in members):
            needs.append("employment")
        if not needs or any(member.get("serious_illness") for member in members):
            needs.append("medical")
        return needs

    def _documents(self, members: list[dict[str, Any]], *, rented: bool) -> list[str]:
        papers = ["application_form", "identity_papers", "authorisation", "truth_promise", "bank_account"]
        if rented:
            papers.append("rent_contract")
        if any(member.get("serious_illness") for member in members):
            papers.append("illness_proof")
        if self._random.random() < 0.35:  # the share of applications that need a correction
            papers.remove(self._random.choice(papers[3:]))
        return papers

    def _facts(self, application: JsonObject) -> list[JsonObject]:
        assets = application["household"]["assets_declared"]
        return [
            {
                "identity_number": member["identity_number"],
                "name": member["name"],
                "records": {
                    "bank": _record("deposit", assets if member["relation"] == "self" else "0"),
                    "social_insurance": _record("wage", member.get("net_monthly_wage", "0")),
                },
            }
            for member in application["members"]
        ]


def _record(item: str, amount: str) -> list[JsonObject]:
    """Return what an agency holds, nothing when there is nothing."""
    return [] if amount == "0" else [{"item": item, "amount": int(amount), "unit": "yuan"}]
