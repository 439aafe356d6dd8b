"""Reading an agency's answer with distrust: right request, right persons by name and number, known units, real days.

What passes is turned into the shape the case keeps: sums of the household and records by member number, without
names and identity numbers. What is merely odd (a car under another name, figures too old) is flagged for a person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine.json_values import JsonObject, dump_json
from workflows.casework.correspondence import Inquiry
from workflows.rules.money import round_to_fen

UNITS = {"yuan": Decimal(1), "fen": Decimal("0.01"), "ten_thousand_yuan": Decimal(10_000)}
MONTHLY_ITEMS = {"wage": Decimal(1), "pension": Decimal(1), "taxable_income": Decimal(12)}  # months one sum stands for
ASSET_ITEMS = frozenset({"deposit", "securities", "insurance_value"})
VEHICLE = "vehicle"
PLAIN_ITEMS = frozenset({VEHICLE, "dwelling", "company", "civil_status"})
OLDEST = timedelta(days=92)  # a report relies on figures of three months at most


class AnswerWrong(Exception):
    """The answer is malformed or about somebody else; the text names the fault, never a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    member: int
    item: str
    amount: Decimal | None
    same_name: bool
    reference: str | None


def checked_answer(answer: Any, inquiry: Inquiry) -> JsonObject:
    """Return what the case keeps of an agency's answer.

    Raises:
        AnswerWrong: malformed, for another request, or about other persons (name and number must both match).
    """
    body = _mapping(answer, "the answer")
    _check_heading(body, inquiry)
    _check_subjects(body, inquiry)
    status = body.get("status")
    if status not in ("hit", "no_hit"):
        raise AnswerWrong(f"status must be hit or no_hit, found {type(status).__name__}")
    as_of = _as_of(body, inquiry.today)
    records = _records(body, inquiry) if status == "hit" else []
    remarks = list(_remarks(records, as_of, inquiry.today))
    return {
        "status": status,
        "as_of": as_of.isoformat(),
        **_sums(records),
        "needs_explanation": bool(remarks),
        "remarks": remarks,
        "records": [{"member": record.member, "item": record.item, "amount": record.amount} for record in records],
        "answer_hash": hashlib.sha256(dump_json(body).encode()).hexdigest(),
    }


def _check_heading(body: Mapping[str, Any], inquiry: Inquiry) -> None:
    if body.get("request_id") != str(inquiry.request_id):
        raise AnswerWrong("the answer is for another request")
    if body.get("agency") != inquiry.agency:
        raise AnswerWrong("the answer is of another agency")


def _check_subjects(body: Mapping[str, Any], inquiry: Inquiry) -> None:
    asked = {(subject.identity_number, subject.name) for subject in inquiry.subjects}
    named = {_identity(entry) for entry in _list(body, "subjects")}
    if named != asked:
        raise AnswerWrong(f"the answer is about other persons: {len(named & asked)} of {len(asked)} match")


def _as_of(body: Mapping[str, Any], today: date) -> date:
    try:
        as_of = date.fromisoformat(body["as_of"])
    except (KeyError, TypeError, ValueError):
        raise AnswerWrong("as_of is no date") from None
    if as_of > today:
        raise AnswerWrong("as_of lies in the future")
    return as_of


def _records(body: Mapping[str, Any], inquiry: Inquiry) -> list[_Record]:
    """Return the records, one that came twice with the same reference counted once."""
    numbers = {subject.identity_number: subject for subject in inquiry.subjects}
    records: dict[object, _Record] = {}
    for index, entry in enumerate(_list(body, "records")):
        identity, name = _identity(entry)
        subject = numbers.get(identity)
        if subject is None:
            raise AnswerWrong(f"records[{index}] is about a person nobody asked for")
        reference = entry.get("reference")
        records[(subject.member, reference) if reference else index] = _Record(
            member=subject.member,
            item=_item(entry, index),
            amount=_amount(entry, index),
            same_name=name == subject.name,
            reference=str(reference) if reference else None,
        )
    return list(records.values())


def _item(entry: Mapping[str, Any], index: int) -> str:
    item = entry.get("item")
    if item not in MONTHLY_ITEMS and item not in ASSET_ITEMS and item not in PLAIN_ITEMS:
        raise AnswerWrong(f"records[{index}].item is unknown")
    return str(item)


def _amount(entry: Mapping[str, Any], index: int) -> Decimal | None:
    if entry.get("item") in PLAIN_ITEMS:
        return None
    amount, unit = entry.get("amount"), entry.get("unit")
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal) or amount < 0:
        raise AnswerWrong(f"records[{index}].amount is no sum")
    if unit not in UNITS:
        raise AnswerWrong(f"records[{index}].unit is unknown; {', '.join(UNITS)} are known")
    return round_to_fen(Decimal(amount) * UNITS[unit])


def _sums(records: Iterable[_Record]) -> JsonObject:
    """Return the household's sums; null where the agency said nothing of the kind. Another name's hit counts not."""
    counted = [record for record in records if record.same_name]
    monthly = [record for record in counted if record.item in MONTHLY_ITEMS]
    assets = [record for record in counted if record.item in ASSET_ITEMS]
    income = sum((round_to_fen((r.amount or Decimal(0)) / MONTHLY_ITEMS[r.item]) for r in monthly), Decimal(0))
    return {
        "monthly_income": income if monthly else None,
        "assets": sum((r.amount or Decimal(0) for r in assets), Decimal(0)) if assets else None,
        "has_vehicle": True if any(record.item == VEHICLE for record in counted) else None,
    }


def _remarks(records: Iterable[_Record], as_of: date, today: date) -> Iterable[str]:
    for record in records:
        if not record.same_name:
            yield f"成员{record.member}的“{record.item}”记录姓名不一致，需说明，未计入"
        elif record.item == "company":
            yield f"成员{record.member}名下有市场主体登记，需说明"
    if today - as_of > OLDEST:
        yield f"数据截至 {as_of.isoformat()},已超过三个月，需核实"


def _identity(entry: Any) -> tuple[str, str]:
    fields = _mapping(entry, "a person")
    identity, name = fields.get("identity_number"), fields.get("name")
    if not isinstance(identity, str) or not isinstance(name, str):
        raise AnswerWrong("a person lacks identity_number or name")
    return identity.strip().upper(), name.strip()


def _mapping(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise AnswerWrong(f"{what} is no JSON object")
    return value


def _list(body: Mapping[str, Any], name: str) -> list[Any]:
    value = body.get(name)
    if not isinstance(value, list):
        raise AnswerWrong(f"{name} is no list")
    return value
