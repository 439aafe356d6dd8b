"""What a household tells of its circumstances, sealed with its case; a case that told nothing holds nothing."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from engine.json_values import JsonObject
from storage.encryption import CaseSeal
from storage.sealing import open_json, seal_json
from workflows.casework.circumstances import YearlySpending
from workflows.casework.model import Case


def circumstances_column(case: Case, seal: CaseSeal) -> dict[str, Any]:
    """Return the column with what was told beyond the first questions of the application."""
    told: JsonObject = {}
    if case.household.yearly_spending != YearlySpending():
        told["yearly_spending"] = asdict(case.household.yearly_spending)
    return {"circumstances_sealed": seal_json(seal, told, where=_place(case.id)) if told else None}


def open_circumstances(row: RowMapping, seal: CaseSeal) -> JsonObject:
    """Return what was told, empty when nothing was."""
    sealed = row["circumstances_sealed"]
    found: JsonObject = {} if sealed is None else open_json(seal, sealed, where=_place(row["id"]))
    return found


def yearly_spending(told: JsonObject) -> YearlySpending:
    """Return the spending told of."""
    return YearlySpending(**{kind: Decimal(amount) for kind, amount in told.get("yearly_spending", {}).items()})


def _place(case_id: UUID) -> str:
    return f"circumstances:{case_id}"
