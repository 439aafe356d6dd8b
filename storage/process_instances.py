"""Process instances and everything a run of one changes; what they know is sealed on the way in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, exists, select, update

from engine.changes import Changes
from engine.model import ProcessInstance
from storage.changes import ChangeWriter
from storage.kin import numbers_of_kin
from storage.pipeline import Pipeline, Row, Statement
from storage.sealing import InstanceSeals
from storage.statements import insert_into
from storage.tables.engine import process_instance as instances

_COLUMNS = tuple(column.name for column in instances.c)
_this = select(instances).where(instances.c.id == bindparam("instance_id"))
GET = Statement.of(_this)
LOCK = Statement.of(_this.with_for_update(key_share=True))  # rows that name the instance may be added meanwhile
LOCK_AT_ONCE = Statement.of(_this.with_for_update(key_share=True, nowait=True))  # or a lost race
TRY_LOCK = Statement.of(_this.with_for_update(key_share=True, skip_locked=True))
REGION_FOR = Statement.of(
    select(instances.c.region).where(
        instances.c.id == bindparam("instance_id"), instances.c.business_key.not_in(numbers_of_kin(bindparam("login")))
    )
)
ADD = insert_into(instances)
SAVE = Statement.of(
    update(instances)
    .where(instances.c.id == bindparam("instance_id"))
    .values(
        state=bindparam("state"),
        snapshot=bindparam("snapshot"),
        ended_at=bindparam("ended_at"),
        version=bindparam("next_version"),
        waiting_at=bindparam("waiting_at"),
    )
)


class SqlProcessInstances:
    """Process instances in PostgreSQL."""

    def __init__(self, connection: Connection, pipeline: Pipeline, seals: InstanceSeals) -> None:
        self._connection = connection
        self._pipeline = pipeline
        self._seals = seals
        self._changes = ChangeWriter(connection, pipeline, seals)
        self._locked: dict[UUID, int] = {}  # the version each locked instance has by now

    def add(self, instance: ProcessInstance) -> None:
        """Keep a new instance."""
        self._pipeline.write(ADD, self._seals.add(instance))
        self._locked[instance.id] = instance.version

    def get(self, instance_id: UUID) -> ProcessInstance | None:
        """Read without a lock."""
        [rows] = self._pipeline.read((GET, {"instance_id": instance_id}))
        return self._instance(rows[0]) if rows else None

    def region_for(self, instance_id: UUID, login: str) -> str | None:
        """Return in which region an instance lies; None: unknown, or of a case of this person's kin."""
        [rows] = self._pipeline.read((REGION_FOR, {"instance_id": instance_id, "login": login}))
        return str(rows[0][0]) if rows else None

    def lock(self, instance_id: UUID) -> ProcessInstance | None:
        """Read for a change; others wait."""
        [rows] = self._pipeline.read((LOCK, {"instance_id": instance_id}))
        return self.locked(rows[0]) if rows else None

    def locked(self, row: Row) -> ProcessInstance:
        """Take over the row of an instance that this transaction has locked."""
        instance = self._instance(row)
        self._locked[instance.id] = instance.version
        return instance

    def try_lock(self, instance_id: UUID) -> ProcessInstance | None:
        """Read for a change without waiting; None while somebody else changes it."""
        [rows] = self._pipeline.read((TRY_LOCK, {"instance_id": instance_id}))
        return self.locked(rows[0]) if rows else None

    def is_active(self, process_id: str, correlation_key: str) -> bool:
        """Say whether an instance started by a message of this key is active, in any version of the process."""
        running = exists().where(
            instances.c.process_id == process_id,
            instances.c.correlation_key == correlation_key,
            instances.c.ended_at.is_(None),
        )
        return bool(self._connection.execute(select(running)).scalar_one())

    def is_running(self, process_id: str, business_key: str) -> bool:
        """Say whether an instance of this business key has not ended, in any version of the process."""
        wanted = instances.c.process_id == process_id, instances.c.business_key == business_key
        statement = select(exists().where(*wanted, instances.c.ended_at.is_(None)))
        return bool(self._connection.execute(statement).scalar_one())

    def versions(self) -> dict[UUID, int]:
        """Return the versions of what this transaction has locked, to go back to them with a savepoint."""
        return dict(self._locked)

    def go_back_to(self, versions: dict[UUID, int]) -> None:
        """Take the versions as they were; what was locked since is unlocked again."""
        self._locked = dict(versions)

    def save(self, instance: ProcessInstance) -> None:
        """Write state and snapshot as the next version.

        Raises:
            ValueError: this transaction did not lock the instance, or has changed it since it was read.
        """
        if self._locked.get(instance.id) != instance.version:
            raise ValueError(f"process instance {instance.id} was not locked as version {instance.version}")
        values: dict[str, Any] = {
            "instance_id": instance.id,
            "state": instance.state,
            "snapshot": self._seals.snapshot(instance),
            "ended_at": instance.ended_at,
            "next_version": instance.version + 1,
            "waiting_at": list(instance.waiting_at),
        }
        self._pipeline.write(SAVE, values)
        self._locked[instance.id] = instance.version + 1

    def apply(self, changes: Changes) -> None:
        """Write what a run changed."""
        self._changes.write(changes)

    def _instance(self, row: Row) -> ProcessInstance:
        return self._seals.instance(dict(zip(_COLUMNS, row, strict=True)))
