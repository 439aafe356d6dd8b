"""Repositories of the economic check: consents, supporters, objections, and the ledgers beside the questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Table, delete, exists, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.json_values import JsonObject
from storage.case_files import case_seal
from storage.encryption import CaseSeal, KeyRing
from storage.rows import to_row, to_value
from storage.sealing import open_json, seal_json
from storage.tables import verification as tables
from storage.tables.casework import case_file
from workflows.casework.verification.model import (
    AgencyRest,
    Authorisation,
    BankFile,
    ObjectionState,
    RefusedQuery,
    ReportObjection,
    Supporter,
)

OPEN = (ObjectionState.OPEN, ObjectionState.ADMITTED)


class SqlAuthorisations:
    """Signed consents."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, authorisation: Authorisation) -> None:
        """Keep a consent."""
        _added(self._connection, tables.authorisation, self._columns(authorisation))

    def save(self, authorisation: Authorisation) -> None:
        """Write that a consent was withdrawn or replaced."""
        table = tables.authorisation
        changed = self._columns(authorisation)
        self._connection.execute(update(table).where(table.c.id == authorisation.id).values(changed))

    def of_case(self, case_id: UUID) -> Sequence[Authorisation]:
        """Return the consents of a case, by person and time."""
        columns = tables.authorisation.c
        statement = select(tables.authorisation).where(columns.case_id == case_id)
        rows = self._connection.execute(statement.order_by(columns.person, columns.recorded_at, columns.id)).mappings()
        seal = seal_of(self._connection, self._keys, case_id)
        return [to_authorisation(row, seal) for row in rows]

    def _columns(self, authorisation: Authorisation) -> dict[str, Any]:
        values = to_row(authorisation, "guardian", "withdrawal_reason")
        seal = case_seal(self._connection, self._keys, authorisation.case_id)
        for name in ("guardian", "withdrawal_reason"):
            text = getattr(authorisation, name)
            sealed = seal.encrypt(text, where=f"{name}:{authorisation.id}") if text else None
            values[f"{name}_sealed"] = sealed
        return values


class SqlSupporters:
    """Persons outside the home."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, supporter: Supporter) -> bool:
        """Keep one, unless the number is taken."""
        seal = case_seal(self._connection, self._keys, supporter.case_id)
        place = f"{supporter.case_id}:{supporter.number}"
        values = {
            **to_row(supporter, "name", "identity_number"),
            "name_sealed": seal.encrypt(supporter.name, where=f"supporter-name:{place}"),
            "identity_sealed": seal.encrypt(supporter.identity_number, where=f"supporter:{place}"),
            "identity_hash": self._keys.search_hash(supporter.identity_number, kind="identity"),
        }
        return _added(self._connection, tables.supporter, values)

    def of_case(self, case_id: UUID) -> Sequence[Supporter]:
        """Return those of a case by number; none of an erased case."""
        columns = tables.supporter.c
        statement = select(tables.supporter).where(columns.case_id == case_id).order_by(columns.number)
        rows = self._connection.execute(statement).mappings().all()
        seal = seal_of(self._connection, self._keys, case_id) if rows else None
        return [to_supporter(row, seal) for row in rows] if seal else []


class SqlReportObjections:
    """Objections to check reports."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, objection: ReportObjection) -> bool:
        """Keep one, unless another of the case is open."""
        return _added(self._connection, tables.report_objection, self._columns(objection))

    def get(self, objection_id: UUID) -> ReportObjection | None:
        """Return one; None also when its case was erased."""
        table = tables.report_objection
        row = self._connection.execute(select(table).where(table.c.id == objection_id)).mappings().first()
        seal = seal_of(self._connection, self._keys, row["case_id"]) if row else None
        return to_objection(row, seal) if row and seal else None

    def save(self, objection: ReportObjection) -> None:
        """Write how it goes on."""
        table = tables.report_objection
        changed = self._columns(objection)
        self._connection.execute(update(table).where(table.c.id == objection.id).values(changed))

    def of_case(self, case_id: UUID) -> Sequence[ReportObjection]:
        """Return those of a case, oldest first."""
        columns = tables.report_objection.c
        statement = select(tables.report_objection).where(columns.case_id == case_id).order_by(columns.filed_at)
        rows = self._connection.execute(statement).mappings().all()
        seal = seal_of(self._connection, self._keys, case_id) if rows else None
        return [to_objection(row, seal) for row in rows] if seal else []

    def has_open(self, case_id: UUID) -> bool:
        """Tell whether one of the case waits for its answer."""
        columns = tables.report_objection.c
        statement = select(exists().where(columns.case_id == case_id, columns.state.in_(OPEN)))
        return bool(self._connection.execute(statement).scalar_one())

    def _columns(self, objection: ReportObjection) -> dict[str, Any]:
        seal = case_seal(self._connection, self._keys, objection.case_id)
        content: JsonObject = {
            "grounds": objection.grounds,
            "evidence": list(objection.evidence),
            "answer": objection.answer,
        }
        return {
            **to_row(objection, "grounds", "evidence", "answer"),
            "content_sealed": seal_json(seal, content, where=f"objection:{objection.id}"),
        }


class SqlQueryLedger:
    """Refused queries, resting agencies, table files."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def refuse(self, refused: RefusedQuery) -> None:
        """Keep a query that was not let out."""
        _added(self._connection, tables.refused_query, to_row(refused))

    def rest_of(self, agency: str) -> AgencyRest | None:
        """Return how an agency that fails is left in peace."""
        table = tables.agency_rest
        row = self._connection.execute(select(table).where(table.c.agency == agency)).mappings().first()
        return to_value(AgencyRest, row) if row else None

    def count_failure(self, agency: str) -> int:
        """Count one more failure in a row; of two at once neither is lost."""
        table = tables.agency_rest
        counting = upsert(table).values(agency=agency, failures=1)
        counting = counting.on_conflict_do_update(index_elements=["agency"], set_={"failures": table.c.failures + 1})
        return int(self._connection.execute(counting.returning(table.c.failures)).scalar_one())

    def set_rest(self, rest: AgencyRest) -> None:
        """Write until when an agency is left in peace."""
        table = tables.agency_rest
        statement = update(table).where(table.c.agency == rest.agency)
        self._connection.execute(statement.values(failures=rest.failures, rests_until=rest.rests_until))

    def clear_rest(self, agency: str) -> None:
        """Forget the failures of an agency that answered."""
        self._connection.execute(delete(tables.agency_rest).where(tables.agency_rest.c.agency == agency))

    def add_file(self, file: BankFile) -> bool:
        """Keep a table file, unless its number is taken."""
        return _added(self._connection, tables.bank_file, to_row(file))

    def save_file(self, file: BankFile) -> None:
        """Write what was handed out or came back."""
        table = tables.bank_file
        self._connection.execute(update(table).where(table.c.id == file.id).values(to_row(file)))

    def file(self, file_id: UUID) -> BankFile | None:
        """Return a table file, locked until the transaction ends."""
        table = tables.bank_file
        statement = select(table).where(table.c.id == file_id).with_for_update()
        row = self._connection.execute(statement).mappings().first()
        return to_value(BankFile, row) if row else None

    def files_of(self, region: str) -> Sequence[BankFile]:
        """Return the table files of a region, newest first."""
        columns = tables.bank_file.c
        statement = select(tables.bank_file).where(columns.region.startswith(region, autoescape=True))
        rows = self._connection.execute(statement.order_by(columns.created_at.desc(), columns.number)).mappings()
        return [to_value(BankFile, row) for row in rows]


def to_authorisation(row: RowMapping, seal: CaseSeal | None) -> Authorisation:
    """Return the consent of a row; of an erased case nobody's name is left."""
    opened = {
        name: seal.decrypt(row[f"{name}_sealed"], where=f"{name}:{row['id']}")
        for name in ("guardian", "withdrawal_reason")
        if seal and row[f"{name}_sealed"]
    }
    return to_value(Authorisation, {**row, **opened})


def to_supporter(row: RowMapping, seal: CaseSeal) -> Supporter:
    """Return the supporter of a row."""
    place = f"{row['case_id']}:{row['number']}"
    opened = {
        "name": seal.decrypt(row["name_sealed"], where=f"supporter-name:{place}"),
        "identity_number": seal.decrypt(row["identity_sealed"], where=f"supporter:{place}"),
    }
    return to_value(Supporter, {**row, **opened})


def to_objection(row: RowMapping, seal: CaseSeal) -> ReportObjection:
    """Return the objection of a row."""
    content = open_json(seal, row["content_sealed"], where=f"objection:{row['id']}")
    return to_value(ReportObjection, {**row, **content})


def seal_of(connection: Connection, keys: KeyRing, case_id: UUID) -> CaseSeal | None:
    """Return the seal of a case; None once it is erased."""
    statement = select(case_file.c.wrapped_key).where(case_file.c.id == case_id)
    wrapped = connection.execute(statement).scalar_one_or_none()
    return keys.seal(wrapped) if wrapped else None


def _added(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    statement = upsert(table).values(values).on_conflict_do_nothing()
    return connection.execute(statement.returning(literal(1))).first() is not None
