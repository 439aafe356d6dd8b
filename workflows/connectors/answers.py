"""Reading an agency's answer with distrust: right request, right persons by name and number, known units, real days.

What passes is turned into the shape the case keeps: sums of the household and records by member number, without
names and identity numbers. What is merely odd (a car under another name, figures too old) is flagged for a person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine.json_values import JsonObject, dump_json
from workflows.casework.correspondence import Inquiry
from workflows.connectors.answer_records import (
    ASSET_ITEMS,
    MONTHS_OF,
    OTHER_INCOME,
    VEHICLES,
    WAGES,
    WORK,
    AnswerWrong,
    Record,
    day_of,
    explanation,
    explanations_of,
    household_register,
    identity_of,
    list_of,
    mapping_of,
    read_records,
)

__all__ = ["AnswerWrong", "checked_answer"]
OLDEST = timedelta(days=92)  # where the county says nothing: a report relies on figures of three months at most


def checked_answer(answer: Any, inquiry: Inquiry) -> JsonObject:
    """Return what the case keeps of an agency's answer.

    Raises:
        AnswerWrong: malformed, for another request, or about other persons (name and number must both match).
    """
    body = mapping_of(answer, "the answer")
    _check_heading(body, inquiry)
    _check_subjects(body, inquiry)
    status = body.get("status")
    if status not in ("hit", "no_hit"):
        raise AnswerWrong(f"status must be hit or no_hit, found {type(status).__name__}")
    as_of = day_of(body.get("as_of"), "as_of", latest=inquiry.today)
    records = read_records(list_of(body, "records"), inquiry) if status == "hit" else []
    register = household_register(body, inquiry)
    is_stale = as_of < (inquiry.stale_before or inquiry.today - OLDEST)
    explanations = [*explanations_of(records), *_of_register(register), *_of_age(as_of, is_stale=is_stale)]
    return {
        "status": status,
        "as_of": as_of.isoformat(),
        "stale": is_stale,
        **_sums([record for record in records if record.person in _members(inquiry)]),
        "needs_explanation": bool(explanations),
        "remarks": [one["zh"] for one in explanations],
        "explanations": explanations,
        "records": [{"member": one.person, "item": one.item, "amount": one.amount} for one in records],
        "life": [{"member": one.person, "state": one.life} for one in records if one.life and one.same_name],
        "answer_hash": hashlib.sha256(dump_json(body).encode()).hexdigest(),
    }


def _check_heading(body: Mapping[str, Any], inquiry: Inquiry) -> None:
    if body.get("request_id") != str(inquiry.request_id):
        raise AnswerWrong("the answer is for another request")
    if body.get("agency") != inquiry.agency:
        raise AnswerWrong("the answer is of another agency")


def _check_subjects(body: Mapping[str, Any], inquiry: Inquiry) -> None:
    asked = {(subject.identity_number, subject.name) for subject in inquiry.subjects}
    named = {identity_of(entry) for entry in list_of(body, "subjects")}
    if named != asked:
        raise AnswerWrong(f"the answer is about other persons: {len(named & asked)} of {len(asked)} match")


def _members(inquiry: Inquiry) -> frozenset[int]:
    return frozenset(subject.member for subject in inquiry.subjects if not subject.is_supporter)


def _sums(records: Iterable[Record]) -> JsonObject:
    """Return the household's sums; null where the agency said nothing of the kind. Another name's hit counts not."""
    counted = [record for record in records if record.counts]
    earned = [record for record in counted if record.item in MONTHS_OF and record.item not in OTHER_INCOME]
    other = [record for record in counted if record.item in OTHER_INCOME]
    assets = [record for record in counted if record.item in ASSET_ITEMS]
    vehicles = [record for record in counted if record.item in VEHICLES and not record.exempt]
    return {
        "monthly_income": sum((record.monthly for record in earned), Decimal(0)) if earned else None,
        "other_monthly_income": sum((record.monthly for record in other), Decimal(0)) if other else None,
        "assets": sum((record.amount or Decimal(0) for record in assets), Decimal(0)) if assets else None,
        "has_vehicle": True if vehicles else None,
        "earners": _earners(earned),
    }


def _earners(earned: Sequence[Record]) -> list[JsonObject]:
    """Return by member what the agency found of work, of that in wages, of pensions and of other benefits."""
    found: dict[int, dict[str, Decimal]] = {}
    for record in earned:
        sums = found.setdefault(record.person, dict.fromkeys(("work", "wage", "pension", "benefits"), Decimal(0)))
        kind = "work" if record.item in WORK else "pension" if record.item == "pension" else "benefits"
        sums[kind] += record.monthly
        if record.item in WAGES:
            sums["wage"] += record.monthly
    return [{"member": member, **sums} for member, sums in sorted(found.items())]


def _of_register(register: JsonObject | None) -> Iterable[JsonObject]:
    if register is None:
        return
    for number in register["missing"]:
        yield explanation(
            "not_in_register",
            f"成员{number}不在户籍登记中，需说明",
            f"member {number} is not in the household register",
        )
    if register["undeclared"]:
        count = register["undeclared"]
        zh, en = (
            f"户籍登记中另有 {count} 人未申报，需说明",
            f"in the household register, not declared: {count}",
        )
        yield explanation("undeclared_member", zh, en)


def _of_age(as_of: date, *, is_stale: bool) -> Iterable[JsonObject]:
    if is_stale:
        day = as_of.isoformat()
        yield explanation(
            "stale", f"数据截至 {day}，已超过时限，需核实", f"the figures are of {day}, older than the limit"
        )
