"""How a simulated agency spoils its answer: each fault that real ones make, by the name of a mode."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.json_values import JsonObject

STALE_DAY = "2020-01-31"


def spoilt(answer: JsonObject, mode: str) -> JsonObject:
    """Return an answer with the fault of a mode; a mode that is no fault leaves it as it is."""
    fault = FAULTS.get(mode)
    return fault(answer) if fault else answer


def _wrong_person(answer: JsonObject) -> JsonObject:
    return {**answer, "subjects": [{**person, "name": f"{person['name']}甲"} for person in answer["subjects"]]}


def _wrong_unit(answer: JsonObject) -> JsonObject:
    return _with_record(answer, item="deposit", amount=1, unit="mu")


def _other_name(answer: JsonObject) -> JsonObject:
    return {**answer, "records": [{**record, "name": "另一人"} for record in answer["records"]]}


def _stale(answer: JsonObject) -> JsonObject:
    return {**answer, "as_of": STALE_DAY}


def _duplicates(answer: JsonObject) -> JsonObject:
    return {**answer, "records": [*answer["records"], *answer["records"]]}


def _in_fen(answer: JsonObject) -> JsonObject:
    return _in_unit(answer, "fen", Decimal(100))


def _in_ten_thousand(answer: JsonObject) -> JsonObject:
    return _in_unit(answer, "ten_thousand_yuan", Decimal("0.0001"))


def _closed(answer: JsonObject) -> JsonObject:
    return {**answer, "records": [{**record, "state": "closed"} for record in answer["records"]]}


def _joint(answer: JsonObject) -> JsonObject:
    return {**answer, "records": [{**record, "holders": 2} for record in answer["records"]]}


def _held_for_others(answer: JsonObject) -> JsonObject:
    return {**answer, "records": [{**record, "held_for_others": True} for record in answer["records"]]}


def _not_in_register(answer: JsonObject) -> JsonObject:
    return {**answer, "register": [_identity(person) for person in answer["subjects"][1:]]}


def _dead(answer: JsonObject) -> JsonObject:
    if answer["agency"] == "civil_affairs_register":
        return _with_record(answer, item="cremation", value="2026-01-05")
    return _with_record(answer, item="life_state", value="dead")


def _alive(answer: JsonObject) -> JsonObject:
    return _with_record(answer, item="life_state", value="alive")


def _with_record(answer: JsonObject, **record: Any) -> JsonObject:
    return {**answer, "status": "hit", "records": [*answer["records"], {**_identity(answer["subjects"][0]), **record}]}


def _in_unit(answer: JsonObject, unit: str, factor: Decimal) -> JsonObject:
    records = [
        {**record, "amount": Decimal(str(record["amount"])) * factor, "unit": unit}
        if record.get("unit") == "yuan"
        else record
        for record in answer["records"]
    ]
    return {**answer, "records": records}


def _identity(person: JsonObject) -> JsonObject:
    return {"identity_number": person.get("identity_number"), "name": person.get("name")}


FAULTS: Mapping[str, Callable[[JsonObject], JsonObject]] = {
    "wrong_person": _wrong_person,
    "wrong_unit": _wrong_unit,
    "other_name": _other_name,
    "stale": _stale,
    "duplicates": _duplicates,
    "in_fen": _in_fen,
    "in_ten_thousand": _in_ten_thousand,
    "closed": _closed,
    "joint": _joint,
    "held_for_others": _held_for_others,
    "not_in_register": _not_in_register,
    "dead": _dead,
    "alive": _alive,
}
