"""Process instances at rest: what they know is sealed under a key of each instance, itself wrapped by the county's.

Sealed are variables, the variables of tasks and jobs, drafts, records of decisions and snapshots. An instance whose
key was destroyed reads as if it had known nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, select

from engine.json_values import JsonObject, JsonValue, dump_json, load_json
from engine.model import DecisionEvaluation, Job, ProcessInstance, UserTask
from storage.encryption import CaseSeal, KeyRing, Unreadable
from storage.rows import Row, to_row, to_value
from storage.tables.engine import process_instance

Sealed = TypeVar("Sealed", UserTask, Job, DecisionEvaluation)

_SEALED: dict[type, tuple[str, str]] = {
    UserTask: ("user_task", "variables"),
    Job: ("job", "variables"),
    DecisionEvaluation: ("decision", "record"),
}


def seal_json(seal: CaseSeal, value: JsonValue, *, where: str) -> bytes:
    """Return a JSON value sealed for its place."""
    return seal.encrypt(dump_json(value), where=where)


def open_json(seal: CaseSeal, sealed: bytes, *, where: str) -> Any:  # the caller knows what it asked for
    """Return the JSON value of a place.

    Raises:
        Unreadable: another key, or another place.
    """
    return load_json(seal.decrypt(sealed, where=where))


class InstanceSeals:
    """The seals of process instances in one transaction; each key is read once."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys
        self._seals: dict[UUID, CaseSeal | None] = {}

    def add(self, instance: ProcessInstance) -> dict[str, Any]:
        """Return the row of a new instance with a key of its own."""
        self._seals[instance.id], wrapped = self._keys.new_seal()
        return {**to_row(instance), "snapshot": self.snapshot(instance), "wrapped_key": wrapped}

    def snapshot(self, instance: ProcessInstance) -> bytes | None:
        """Return an instance's snapshot sealed."""
        if instance.snapshot is None:
            return None
        return self._writing(instance.id).encrypt_bytes(instance.snapshot, where=f"snapshot:{instance.id}")

    def instance(self, row: Row) -> ProcessInstance:
        """Return the instance of a row with its snapshot opened."""
        seal = self._unwrapped(row["id"], row["wrapped_key"])
        sealed = row["snapshot"]
        where = f"snapshot:{row['id']}"
        opened = None if sealed is None or seal is None else seal.decrypt_bytes(sealed, where=where)
        return to_value(ProcessInstance, {**row, "snapshot": opened})

    def rows(self, values: Iterable[Sealed]) -> list[dict[str, Any]]:
        """Return the columns of tasks, jobs or decisions, sealed."""
        return [self._row(value) for value in values]

    def values(self, kind: type[Sealed], rows: Iterable[Row]) -> list[Sealed]:
        """Return the tasks, jobs or decisions of rows, opened."""
        found = list(rows)
        self._read(row["process_instance_id"] for row in found)
        name, column = _SEALED[kind]
        return [
            to_value(kind, {**row, column: self.opened(row["process_instance_id"], row[column], _place(name, row))})
            for row in found
        ]

    def jobs(self, rows: Iterable[Row]) -> list[Job]:
        """Return the jobs of rows; one that does not open says why and keeps no other from being done."""
        found = list(rows)
        try:
            return self.values(Job, found)
        except Unreadable:
            return [self._job(row) for row in found]

    def sealed(self, instance_id: UUID, value: JsonValue, where: str) -> bytes:
        """Return a JSON value of an instance sealed for its place."""
        return seal_json(self._writing(instance_id), value, where=where)

    def sealed_bytes(self, instance_id: UUID, content: bytes, where: str) -> bytes:
        """Return bytes of an instance sealed for their place."""
        return self._writing(instance_id).encrypt_bytes(content, where=where)

    def opened_bytes(self, instance_id: UUID, sealed: bytes, where: str) -> bytes | None:
        """Return the bytes of a place; None where the instance's key was destroyed."""
        self._read([instance_id])
        seal = self._seals[instance_id]
        return None if seal is None else seal.decrypt_bytes(sealed, where=where)

    def opened(self, instance_id: UUID, sealed: bytes, where: str) -> Any:
        """Return the JSON value of a place; nothing where the instance's key was destroyed."""
        self._read([instance_id])
        seal = self._seals[instance_id]
        nothing: JsonObject = {}
        return nothing if seal is None else open_json(seal, sealed, where=where)

    def _job(self, row: Row) -> Job:
        try:
            return self.values(Job, [row])[0]
        except Unreadable as fault:
            return to_value(Job, {**row, "variables": {}, "fault": str(fault)})

    def _row(self, value: Sealed) -> dict[str, Any]:
        name, column = _SEALED[type(value)]
        row = to_row(value)
        return {**row, column: self.sealed(value.process_instance_id, row[column], _place(name, row))}

    def _read(self, instance_ids: Iterable[UUID]) -> None:
        missing = {one for one in instance_ids if one not in self._seals}
        if not missing:
            return
        columns = process_instance.c
        query = select(columns.id, columns.wrapped_key).where(columns.id.in_(missing))
        for row in self._connection.execute(query):
            self._unwrapped(row.id, row.wrapped_key)

    def _unwrapped(self, instance_id: UUID, wrapped: bytes | None) -> CaseSeal | None:
        if instance_id not in self._seals:
            self._seals[instance_id] = None if wrapped is None else self._keys.seal(wrapped)
        return self._seals[instance_id]

    def _writing(self, instance_id: UUID) -> CaseSeal:
        self._read([instance_id])
        seal = self._seals[instance_id]
        if seal is None:
            raise ValueError(f"the process instance {instance_id} was erased and takes nothing on any more")
        return seal


def _place(name: str, row: Row) -> str:
    return f"{name}:{row['process_instance_id']}:{row['key']}"


def journal_place(instance_id: UUID, version: int) -> str:
    """Return the place of an entry of the journal."""
    return f"journal:{instance_id}:{version}"


def variable_place(instance_id: UUID, scope_key: int, name: str) -> str:
    """Return the place of a variable."""
    return f"variable:{instance_id}:{scope_key}:{name}"
