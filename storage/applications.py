"""An application as a document to be sealed, and back: what was entered on line and does not count yet."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from engine.json_values import JsonObject
from workflows.casework.circumstances import Bill, DisabilityCard, Event, Proxy, Supporter, YearlySpending
from workflows.casework.model import Account, Application, Health, Household, Income, Person


def application_document(application: Application) -> JsonObject:
    """Return an application as JSON: days as texts, sums exact."""
    found: JsonObject = _plain(asdict(application))
    return found


def application_of(document: JsonObject) -> Application:
    """Return the application of a document."""
    household = document["household"]
    amounts = {name: Decimal(household[name]) for name in ("own_area", "monthly_rent", "assets_declared")}
    event, proxy = document.get("event"), document.get("proxy")
    received = document.get("received_on")
    return Application(
        **{
            **document,
            "household": Household(
                **{**household, **amounts, "yearly_spending": YearlySpending(**_sums(household["yearly_spending"]))}
            ),
            "members": tuple(_person(one) for one in document["members"]),
            "needs": tuple(document["needs"]),
            "documents": tuple(document["documents"]),
            "account": Account(**document["account"]) if document["account"] else None,
            "received_on": date.fromisoformat(received) if received else None,
            "supporters": tuple(Supporter(**one) for one in document["supporters"]),
            "event": Event(**{**event, "happened_on": date.fromisoformat(event["happened_on"])}) if event else None,
            "proxy": Proxy(**{**proxy, "mandated_on": date.fromisoformat(proxy["mandated_on"])}) if proxy else None,
            "bills": tuple(
                Bill(kind=one["kind"], amount=Decimal(one["amount"]), reimbursed=Decimal(one["reimbursed"]))
                for one in document["bills"]
            ),
        }
    )


def _person(document: JsonObject) -> Person:
    card = document["card"]
    return Person(
        **{
            **document,
            "income": Income(**_sums(document["income"])),
            "health": Health(**document["health"]),
            "card": DisabilityCard(number=card["number"], expires_on=date.fromisoformat(card["expires_on"]))
            if card
            else None,
            "failed_self_care": tuple(document["failed_self_care"]),
        }
    )


def _sums(values: JsonObject) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    """Return JSON of what a dataclass held: days as texts, tuples as lists."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
