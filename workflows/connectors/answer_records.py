"""The records of an agency's answer: which items there are, what of them counts, what the household must explain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from engine.json_values import JsonObject, dump_json
from workflows.casework.correspondence import Inquiry, Subject
from workflows.rules.money import round_to_fen

UNITS = {"yuan": Decimal(1), "fen": Decimal("0.01"), "ten_thousand_yuan": Decimal(10_000)}
MONTHS_OF = {  # months that one sum stands for
    "wage": Decimal(1),
    "pension": Decimal(1),
    "unemployment_pay": Decimal(1),
    "injury_pay": Decimal(1),
    "letting": Decimal(1),
    "taxable_income": Decimal(12),
    "business": Decimal(12),
}
WAGES = frozenset({"wage", "taxable_income"})
WORK = WAGES | {"business"}
OTHER_INCOME = frozenset({"letting"})  # neither wage nor pension: it comes on top of those
ASSET_ITEMS = frozenset({"deposit", "securities", "insurance_value", "wallet", "company_capital"})
TOLD_SUMS = frozenset({"provident_balance", "provident_base", "reimbursed", "land_subsidy", "honour_pay", "other_aid"})
"""Sums that are told and not counted: what they are for is a decision's."""
VEHICLES = frozenset({"vehicle", "commercial_vehicle"})
LIFE_ITEMS = frozenset({"life_state", "cremation"})
PLAIN_ITEMS = VEHICLES | LIFE_ITEMS | {
    "dwelling", "dwelling_deal", "public_rental", "company", "civil_status", "employer", "insured_state", "vessel",
    "land", "farm_machine", "disability_card", "school_roll", "prison", "dishonest_debtor", "trip",
}  # fmt: skip
ITEMS = frozenset({*MONTHS_OF, *ASSET_ITEMS, *TOLD_SUMS, *PLAIN_ITEMS})
NO_LONGER_HELD = frozenset({"sold", "closed", "cancelled", "deregistered", "scrapped"})
TO_EXPLAIN = {
    "company": ("名下有市场主体登记", "a business is registered"),
    "vessel": ("名下有船舶", "a vessel is registered"),
    "prison": ("正在服刑", "is in prison"),
}


class AnswerWrong(Exception):
    """The answer is malformed or about somebody else; the text names the fault, never a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of a person: what it is, what of its sum counts, and why not all of it."""

    person: int
    item: str
    amount: Decimal | None
    same_name: bool = True
    held: bool = True  # neither sold nor closed
    exempt: bool = False  # a disability vehicle, a small farm machine
    for_others: bool = False
    share_unknown: bool = False
    repeated: bool = False  # came twice without a reference, so it may be two of a kind
    life: str | None = None  # "alive" or "dead"

    @property
    def counts(self) -> bool:
        """Tell whether it is the person's own and still there."""
        return self.same_name and self.held and not self.for_others

    @property
    def monthly(self) -> Decimal:
        """Return the sum a month."""
        return round_to_fen((self.amount or Decimal(0)) / MONTHS_OF[self.item])


def read_records(entries: Iterable[Any], inquiry: Inquiry) -> list[Record]:
    """Return the records, each that came twice once.

    Raises:
        AnswerWrong: an entry cannot be read, or is about a person nobody asked for.
    """
    numbers = {subject.identity_number: subject for subject in inquiry.subjects}
    found: dict[object, Record] = {}
    for index, entry in enumerate(entries):
        identity, name = identity_of(entry)
        subject = numbers.get(identity)
        if subject is None:
            raise AnswerWrong(f"records[{index}] is about a person nobody asked for")
        reference = entry.get("reference")
        key = (subject.member, reference) if reference else dump_json(entry)
        record = _record(entry, f"records[{index}]", subject, name)
        if key in found and not reference:
            record = replace(record, repeated=True)
        found[key] = record
    return list(found.values())


def household_register(body: Mapping[str, Any], inquiry: Inquiry) -> JsonObject | None:
    """Return which members the household register lacks, and how many it has that nobody declared.

    Who they are stays with the police: a person nobody consented for is only counted.
    """
    if "register" not in body:
        return None
    listed = {identity_of(entry)[0] for entry in list_of(body, "register")}
    members = {subject.identity_number: subject.member for subject in inquiry.subjects if not subject.is_supporter}
    return {
        "missing": sorted(number for identity, number in members.items() if identity not in listed),
        "undeclared": len(listed - members.keys()),
    }


def explanations_of(records: Iterable[Record]) -> Iterator[JsonObject]:
    """Return what the household is to explain of the records."""
    for record in records:
        who, what = f"成员{record.person}的“{record.item}”", f"member {record.person}, {record.item}"
        if not record.same_name:
            yield explanation("other_name", f"{who}记录姓名不一致，需说明，未计入", f"{what}: the name differs")
        elif not record.held:
            yield explanation("no_longer_held", f"{who}显示已处置或注销，需提供凭证，未计入", f"{what}: no longer held")
        elif record.for_others:
            yield explanation("held_for_others", f"{who}为代持或代管，需提供凭证，未计入", f"{what}: held for others")
        elif record.item in TO_EXPLAIN:
            zh, en = TO_EXPLAIN[record.item]
            yield explanation(record.item, f"成员{record.person}{zh}，需说明", f"member {record.person}: {en}")
        if record.same_name and record.share_unknown:
            yield explanation("joint", f"{who}为共有，按人数平均计入，需说明份额", f"{what}: joint, share unknown")
        if record.repeated:
            yield explanation("repeated", f"{who}重复出现，只计一次，需核实", f"{what}: came twice, counted once")
    dwellings = [record for record in records if record.item == "dwelling" and record.counts]
    if len(dwellings) > 1:
        zh, en = f"家庭名下有 {len(dwellings)} 处房屋，需说明", f"dwellings the household owns: {len(dwellings)}"
        yield explanation("second_home", zh, en)


def explanation(code: str, zh: str, en: str) -> JsonObject:
    """Return one matter to explain, in both languages."""
    return {"code": code, "zh": zh, "en": en}


def identity_of(entry: Any) -> tuple[str, str]:
    """Return the identity number and the name of an entry about a person."""
    fields = mapping_of(entry, "a person")
    identity, name = fields.get("identity_number"), fields.get("name")
    if not isinstance(identity, str) or not isinstance(name, str):
        raise AnswerWrong("a person lacks identity_number or name")
    return identity.strip().upper(), name.strip()


def mapping_of(value: Any, what: str) -> Mapping[str, Any]:
    """Return a JSON object."""
    if not isinstance(value, dict):
        raise AnswerWrong(f"{what} is no JSON object")
    return value


def list_of(body: Mapping[str, Any], name: str) -> list[Any]:
    """Return a list under a name."""
    value = body.get(name)
    if not isinstance(value, list):
        raise AnswerWrong(f"{name} is no list")
    return value


def _record(entry: Mapping[str, Any], place: str, subject: Subject, name: str) -> Record:
    item = entry.get("item")
    if item not in ITEMS:
        raise AnswerWrong(f"{place}.item is unknown")
    share, share_unknown = _share(entry, place)
    amount = None if item in PLAIN_ITEMS else round_to_fen(_sum(entry, place) * share)
    return Record(
        person=subject.member,
        item=str(item),
        amount=amount,
        same_name=name == subject.name,
        held=entry.get("state") not in NO_LONGER_HELD,
        exempt=entry.get("exempt") is True,
        for_others=entry.get("held_for_others") is True,
        share_unknown=share_unknown,
        life=_life(str(item), entry, place),
    )


def _sum(entry: Mapping[str, Any], place: str) -> Decimal:
    amount, unit = entry.get("amount"), entry.get("unit")
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal) or amount < 0:
        raise AnswerWrong(f"{place}.amount is no sum")
    if unit not in UNITS:
        raise AnswerWrong(f"{place}.unit is unknown; {', '.join(UNITS)} are known")
    return Decimal(amount) * UNITS[unit]


def _share(entry: Mapping[str, Any], place: str) -> tuple[Decimal, bool]:
    """Return the person's part of a joint holding, and whether it was only guessed from the number of holders."""
    share, holders = entry.get("share"), entry.get("holders")
    if share is not None:
        if isinstance(share, bool) or not isinstance(share, int | Decimal) or not 0 < share <= 1:
            raise AnswerWrong(f"{place}.share lies outside 0 to 1")
        return Decimal(share), False
    if holders is None:
        return Decimal(1), False
    if isinstance(holders, bool) or not isinstance(holders, int | Decimal) or holders < 1 or holders != int(holders):
        raise AnswerWrong(f"{place}.holders is no number of persons")
    return 1 / Decimal(holders), holders > 1


def _life(item: str, entry: Mapping[str, Any], place: str) -> str | None:
    if item == "cremation":
        return "dead"
    if item != "life_state":
        return None
    if entry.get("value") not in ("alive", "dead"):
        raise AnswerWrong(f"{place}.value must be alive or dead")
    return str(entry["value"])


def day_of(value: Any, what: str, *, latest: date) -> date:
    """Return a day that is not after another."""
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise AnswerWrong(f"{what} is no date") from None
    if day > latest:
        raise AnswerWrong(f"{what} lies in the future")
    return day
