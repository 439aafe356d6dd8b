"""What a household tells of its circumstances, sealed with its case; a case that told nothing holds nothing."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from engine.json_values import JsonObject
from storage.encryption import CaseSeal
from storage.sealing import open_json, seal_json
from workflows.casework.circumstances import NO_SPENDING, Bill, DisabilityCard, Event, Proxy, Supporter, YearlySpending
from workflows.casework.model import Case, Person


def circumstances_column(case: Case, seal: CaseSeal) -> dict[str, Any]:
    """Return the column with what was told beyond the first questions of the application."""
    told: JsonObject = {}
    if case.household.yearly_spending != NO_SPENDING:
        told["yearly_spending"] = asdict(case.household.yearly_spending)
    if case.supporters:
        told["supporters"] = [asdict(one) for one in case.supporters]
    if case.event is not None:
        told["event"] = {**asdict(case.event), "happened_on": case.event.happened_on.isoformat()}
    if case.bills:
        told["bills"] = [asdict(one) for one in case.bills]
    if case.proxy is not None:
        told["proxy"] = {**asdict(case.proxy), "mandated_on": case.proxy.mandated_on.isoformat()}
    if case.household.division:
        told["division"] = case.household.division
    return {"circumstances_sealed": seal_json(seal, told, where=_place(case.id)) if told else None}


def open_circumstances(row: RowMapping, seal: CaseSeal | None) -> JsonObject:
    """Return what was told, empty when nothing was or nobody can read it any more."""
    sealed = row["circumstances_sealed"]
    if sealed is None or seal is None:
        return {}
    found: JsonObject = open_json(seal, sealed, where=_place(row["id"]))
    return found


def yearly_spending(told: JsonObject) -> YearlySpending:
    """Return the spending told of."""
    return YearlySpending(**{kind: Decimal(amount) for kind, amount in told.get("yearly_spending", {}).items()})


def circumstances_of(told: JsonObject) -> dict[str, Any]:
    """Return the fields of a case that were told of."""
    event, proxy = told.get("event"), told.get("proxy")
    return {
        "proxy": Proxy(**{**proxy, "mandated_on": date.fromisoformat(proxy["mandated_on"])}) if proxy else None,
        "supporters": tuple(Supporter(**one) for one in told.get("supporters", ())),
        "event": Event(**{**event, "happened_on": date.fromisoformat(event["happened_on"])}) if event else None,
        "bills": tuple(
            Bill(kind=one["kind"], amount=Decimal(one["amount"]), reimbursed=Decimal(one["reimbursed"]))
            for one in told.get("bills", ())
        ),
    }


def personal_circumstances(person: Person) -> JsonObject:
    """Return what a member told beyond the first questions, as it is sealed among their facts."""
    told: JsonObject = {}
    if person.card is not None:
        told["card"] = {"number": person.card.number, "expires_on": person.card.expires_on.isoformat()}
    if person.failed_self_care:
        told["failed_self_care"] = list(person.failed_self_care)
    return told


def open_personal(facts: JsonObject) -> dict[str, Any]:
    """Return the fields of a member that were told beyond the first questions."""
    told = facts.get("card")
    card = DisabilityCard(number=told["number"], expires_on=date.fromisoformat(told["expires_on"])) if told else None
    return {"card": card, "failed_self_care": tuple(facts.get("failed_self_care", ()))}


def _place(case_id: UUID) -> str:
    return f"circumstances:{case_id}"
