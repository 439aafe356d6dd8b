"""Decisions in PostgreSQL: reasons, calculation and trace sealed under the case's key; numbers without a gap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.json_values import JsonObject
from engine.model import DecisionEvaluation
from storage.case_files import case_seal
from storage.encryption import ERASED, CaseSeal, KeyRing
from storage.rows import to_row, to_value
from storage.sealing import InstanceSeals, open_json, seal_json
from storage.tables import engine
from storage.tables.casework import case_file
from storage.tables.decisions import case_decision, collective_minutes, decision_counter
from workflows.casework.decisions.model import (
    Decision,
    DecisionKind,
    Minutes,
    RecordedEvaluation,
    Remedy,
    RemedyKind,
)

_SEALED = ("reasons", "calculation", "trace")
_OF_MINUTES = ("matter", "place", "participants", "discussion")


class SqlDecisions:
    """Decisions."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def next_number(self, *, series: str, year: int) -> str:
        """Return the next number; others who want one wait for this transaction."""
        statement = upsert(decision_counter).values(series=series, year=year, last=1)
        counted = statement.on_conflict_do_update(
            constraint="pk_decision_counter", set_={"last": decision_counter.c.last + 1}
        )
        count = self._connection.execute(counted.returning(decision_counter.c.last)).scalar_one()
        return f"{series}〔{year}〕{count:03d}"

    def add(self, decision: Decision) -> None:
        """Keep a decision."""
        seal = case_seal(self._connection, self._keys, decision.case_id)
        content = {"reasons": decision.reasons, "calculation": decision.calculation, "trace": list(decision.trace)}
        row = {
            **to_row(decision, *_SEALED),
            "remedies": [_remedy_row(one) for one in decision.remedies],
            "content_sealed": seal_json(seal, content, where=f"decision:{decision.id}"),
        }
        self._connection.execute(upsert(case_decision).values(row))

    def get(self, decision_id: UUID) -> Decision | None:
        """Return a decision."""
        found = self._all(case_decision.c.id == decision_id)
        return found[0] if found else None

    def of_case(self, case_id: UUID) -> Sequence[Decision]:
        """Return the decisions of a case."""
        return self._all(case_decision.c.case_id == case_id)

    def record_service(self, decision: Decision) -> None:
        """Write service and remedies."""
        values = {
            "served_on": decision.served_on,
            "served_how": decision.served_how,
            "remedies": [_remedy_row(one) for one in decision.remedies],
        }
        self._connection.execute(update(case_decision).where(case_decision.c.id == decision.id).values(values))

    def evaluations(self, process_instance_id: UUID) -> Sequence[DecisionEvaluation]:
        """Return the evaluations of an instance in order."""
        table = engine.decision_evaluation
        statement = select(table).where(table.c.process_instance_id == process_instance_id).order_by(table.c.id)
        rows = self._connection.execute(statement).mappings().all()
        return InstanceSeals(self._connection, self._keys).values(DecisionEvaluation, rows)

    def last_evaluations(self, decision_id: str, most: int) -> Sequence[RecordedEvaluation]:
        """Return the newest evaluations of a decision."""
        table, instance = engine.decision_evaluation, engine.process_instance
        statement = (
            select(table, instance.c.business_key)
            .join(instance, instance.c.id == table.c.process_instance_id)
            .where(table.c.decision_id == decision_id)
            .order_by(table.c.id.desc())
            .limit(most)
        )
        rows = self._connection.execute(statement).mappings().all()
        found = InstanceSeals(self._connection, self._keys).values(DecisionEvaluation, rows)
        return [
            RecordedEvaluation(evaluation=one, case_number=row["business_key"])
            for one, row in zip(found, rows, strict=True)
        ]

    def add_minutes(self, minutes: Minutes) -> None:
        """Keep minutes."""
        seal = case_seal(self._connection, self._keys, minutes.case_id)
        content = {name: getattr(minutes, name) for name in _OF_MINUTES} | {"participants": list(minutes.participants)}
        sealed = seal_json(seal, content, where=f"minutes:{minutes.id}")
        row = {**to_row(minutes, *_OF_MINUTES), "content_sealed": sealed}
        self._connection.execute(upsert(collective_minutes).values(row))

    def minutes_of(self, case_id: UUID) -> Sequence[Minutes]:
        """Return the minutes of a case; of an erased one nothing is left to read."""
        statement = (
            select(collective_minutes, case_file.c.wrapped_key)
            .join(case_file, case_file.c.id == collective_minutes.c.case_id)
            .where(collective_minutes.c.case_id == case_id, case_file.c.wrapped_key.is_not(None))
            .order_by(collective_minutes.c.recorded_at)
        )
        rows = self._connection.execute(statement).mappings().all()
        return [_minutes(row, self._keys.seal(row["wrapped_key"])) for row in rows]

    def _all(self, condition: Any) -> list[Decision]:
        statement = (
            select(case_decision, case_file.c.wrapped_key)
            .join(case_file, case_file.c.id == case_decision.c.case_id)
            .where(condition)
            .order_by(case_decision.c.decided_at, case_decision.c.number)
        )
        rows = self._connection.execute(statement).mappings().all()
        return [to_decision(row, self._keys.seal(row["wrapped_key"]) if row["wrapped_key"] else None) for row in rows]


def to_decision(row: RowMapping, seal: CaseSeal | None) -> Decision:
    """Return the decision of a row; of an erased case the reasons and the trace are gone."""
    content: JsonObject = {"reasons": ERASED, "calculation": ERASED, "trace": []}
    if seal is not None:
        content = open_json(seal, row["content_sealed"], where=f"decision:{row['id']}")
    return to_value(
        Decision,
        {
            **row,
            "kind": DecisionKind(row["kind"]),
            "articles": tuple(row["articles"]),
            "remedies": tuple(_remedy(one) for one in row["remedies"]),
            "reasons": content["reasons"],
            "calculation": content["calculation"],
            "trace": tuple(content["trace"]),
        },
    )


def _minutes(row: RowMapping, seal: CaseSeal) -> Minutes:
    content = open_json(seal, row["content_sealed"], where=f"minutes:{row['id']}")
    return to_value(Minutes, {**row, **content, "participants": tuple(content["participants"])})


def _remedy_row(remedy: Remedy) -> JsonObject:
    return {
        "kind": remedy.kind.value,
        "authority": remedy.authority,
        "until": remedy.until.isoformat() if remedy.until else None,
        "year_not_loaded": remedy.year_not_loaded,
    }


def _remedy(row: JsonObject) -> Remedy:
    return Remedy(
        kind=RemedyKind(row["kind"]),
        authority=row["authority"],
        until=date.fromisoformat(row["until"]) if row["until"] else None,
        year_not_loaded=None if row["year_not_loaded"] is None else int(row["year_not_loaded"]),
    )
