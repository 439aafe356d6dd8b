"""Batches, their items, and how instances stood before they were migrated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    case,
    exists,
    func,
    insert,
    null,
    select,
    update,
)
from sqlalchemy import delete as delete_from

from engine.batches import (
    BatchItem,
    BatchKind,
    BatchOperation,
    BatchState,
    InstanceFilter,
    InstanceSnapshot,
    ItemState,
    roles_for,
)
from engine.leases import SUSPECT_AFTER
from engine.model import Actor, InstanceState, Membership
from storage.claims import is_free
from storage.encryption import KeyRing
from storage.instance_filter import in_regions_of, meant
from storage.rows import to_row, to_value
from storage.sealing import InstanceSeals, open_json, seal_json
from storage.tables.engine import incident as incidents
from storage.tables.engine import process_instance as instances
from storage.tables.operations import batch_item as items
from storage.tables.operations import batch_operation as batches
from storage.tables.operations import instance_snapshot as snapshots

AT_WORK = (BatchState.CREATED, BatchState.RUNNING)
RUNNING = (InstanceState.ACTIVE, InstanceState.SUSPENDED)
_STATES = {BatchKind.SUSPEND: (InstanceState.ACTIVE,), BatchKind.RESUME: (InstanceState.SUSPENDED,)}
NOBODY = UUID(int=0)  # the batch of items that are only looked at


class SqlBatches:
    """Batches in PostgreSQL; workers skip items that others are doing."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def select(self, kind: BatchKind, wanted: InstanceFilter, actor: Actor, *, limit: int) -> list[BatchItem]:
        """Return the items a batch would have, oldest instance first."""
        query = _chosen(kind, wanted, actor).order_by(instances.c.started_at, instances.c.id).limit(limit)
        return _items(self._connection.execute(query).mappings())

    def count(self, kind: BatchKind, wanted: InstanceFilter, actor: Actor) -> int:
        """Return how many items a batch would have."""
        chosen = _chosen(kind, wanted, actor).subquery()
        return self._connection.execute(select(func.count()).select_from(chosen)).scalar_one()

    def select_done(self, batch_id: UUID, actor: Actor) -> list[BatchItem]:
        """Return items to undo what a batch of migrations did."""
        query = (
            select(instances.c.id.label("process_instance_id"), null().label("subject_id"))
            .join(items, items.c.process_instance_id == instances.c.id)
            .where(
                items.c.batch_id == batch_id,
                items.c.state == ItemState.DONE,
                in_regions_of(actor, roles_for(BatchKind.REVERT_MIGRATION)),
            )
            .order_by(items.c.number)
        )
        return _items(self._connection.execute(query).mappings())

    def count_done(self, batch_id: UUID) -> int:
        """Return how many items a batch did, in all regions."""
        query = select(func.count()).select_from(items).where(items.c.batch_id == batch_id)
        return self._connection.execute(query.where(items.c.state == ItemState.DONE)).scalar_one()

    def add(self, batch: BatchOperation, wanted: Sequence[BatchItem]) -> None:
        """Keep a new batch."""
        seal, wrapped = self._keys.new_seal()
        row = {
            **to_row(batch),
            "memberships": [to_row(one) for one in batch.memberships],
            "wrapped_key": wrapped,
            "parameters": seal_json(seal, batch.parameters, where=_place(batch.id, "parameters")),
            "reason": seal_json(seal, batch.reason, where=_place(batch.id, "reason")),
            "ended_reason": None,
        }
        self._connection.execute(insert(batches), row)
        self._connection.execute(insert(items), [to_row(item) for item in wanted])

    def get(self, batch_id: UUID) -> BatchOperation | None:
        """Read a batch."""
        row = self._connection.execute(select(batches).where(batches.c.id == batch_id)).mappings().first()
        return None if row is None else opened_batch(self._keys, row)

    def set_state(self, batch_id: UUID, state: BatchState, *, only_from: Sequence[BatchState]) -> bool:
        """Write how far a batch is, if it is in one of these states; it is not over then."""
        statement = update(batches).where(batches.c.id == batch_id, batches.c.state.in_(only_from))
        return self._connection.execute(statement.values(state=state, ended_at=None)).rowcount == 1

    def cancel(self, batch: BatchOperation, *, only_from: Sequence[BatchState]) -> bool:
        """Write that a batch is cancelled, by whom and why, if it is in one of these states."""
        this = batches.c.id == batch.id
        seal = self._keys.seal(self._connection.execute(select(batches.c.wrapped_key).where(this)).scalar_one())
        sealed = seal_json(seal, batch.ended_reason, where=_place(batch.id, "ended_reason"))
        values = {
            **{name: getattr(batch, name) for name in ("state", "ended_at", "ended_by", "ended_by_name")},
            "ended_reason": sealed if batch.ended_reason else None,
        }
        statement = update(batches).where(this, batches.c.state.in_(only_from)).values(values)
        return self._connection.execute(statement).rowcount == 1

    def set_items(self, batch_id: UUID, state: ItemState, *, to: ItemState) -> int:
        """Move all items of one state to another; none of them is anybody's any more."""
        of_state = update(items).where(items.c.batch_id == batch_id, items.c.state == state)
        statement = of_state.values(state=to, claimed_until=None, unanswered=0)
        return self._connection.execute(statement).rowcount

    def set_memberships(self, batch_id: UUID, memberships: Sequence[Membership]) -> None:
        """Write the posts its maker has now."""
        posts = [to_row(one) for one in memberships]
        self._connection.execute(update(batches).where(batches.c.id == batch_id).values(memberships=posts))

    def take(self, batch_id: UUID | None = None) -> BatchItem | None:
        """Lock the next waiting item: of each batch one probe of an index, however many items it has."""
        for candidate in self._connection.execute(_in_turn(batch_id)).scalars().all():
            query = (
                select(items)
                .where(items.c.batch_id == candidate, items.c.state == ItemState.WAITING)
                .order_by(items.c.number)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            row = self._connection.execute(query).mappings().first()
            if row is not None:
                return to_value(BatchItem, row)
        return None

    def claim(self, *, now: datetime, lease: timedelta, limit: int) -> list[BatchItem]:
        """Take waiting items, to each batch its share; a suspect alone, when there is no other."""
        candidates = self._connection.execute(_in_turn(None)).scalars().all()
        share = max(limit // max(len(candidates), 1), 1)
        taken: list[BatchItem] = []
        for candidate in candidates:
            taken += self._claim(candidate, items.c.unanswered < SUSPECT_AFTER, share, now=now, until=now + lease)
            if len(taken) >= limit:
                return taken
        for candidate in [] if taken else candidates:
            suspects = self._claim(candidate, items.c.unanswered >= SUSPECT_AFTER, 1, now=now, until=now + lease)
            if suspects:
                return suspects
        return taken

    def _claim(
        self, batch_id: UUID, which: ColumnElement[bool], limit: int, *, now: datetime, until: datetime
    ) -> list[BatchItem]:
        chosen = (
            select(items.c.number)
            .where(items.c.batch_id == batch_id, items.c.state == ItemState.WAITING, which)
            .where(is_free(items.c.claimed_until, now))
            .order_by(items.c.number)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("chosen")
        )
        statement = (
            update(items)
            .where(items.c.batch_id == batch_id, items.c.number == chosen.c.number)
            .values(claimed_until=until, unanswered=items.c.unanswered + 1)
            .returning(items)
        )
        found = [to_value(BatchItem, row) for row in self._connection.execute(statement).mappings()]
        return sorted(found, key=lambda one: one.number)

    def hold(self, item: BatchItem) -> BatchItem | None:
        """Lock an item that was taken."""
        is_at_work = exists().where(batches.c.id == items.c.batch_id, batches.c.state.in_(AT_WORK))
        query = select(items).where(_is(item), items.c.state == ItemState.WAITING, is_at_work)
        row = self._connection.execute(query.with_for_update(skip_locked=True)).mappings().first()
        return None if row is None else to_value(BatchItem, row)

    def release(self, item: BatchItem, *, until: datetime) -> None:
        """Let an item that was taken wait."""
        self._connection.execute(update(items).where(_is(item)).values(claimed_until=until, unanswered=0))

    def save_item(self, item: BatchItem) -> None:
        """Write what became of an item."""
        values = {name: value for name, value in to_row(item).items() if name not in ("batch_id", "number")}
        self._connection.execute(update(items).where(_is(item)).values(values))

    def finish(self, *, at: datetime) -> int:
        """Complete the batches at work that have nothing waiting any more; of erased instances nothing is kept.

        They are locked first, and only then looked at by a statement of its own: a retry that lets items wait again
        holds its batch, and what it wrote is seen by a statement that begins when it is over. One that is held is
        left to whoever looks next.
        """
        waiting = exists().where(items.c.batch_id == batches.c.id, items.c.state == ItemState.WAITING)
        may_be_over = (
            select(batches.c.id)
            .where(batches.c.state.in_(AT_WORK), ~waiting)
            .order_by(batches.c.id)
            .with_for_update(skip_locked=True)
        )
        held = self._connection.execute(may_be_over).scalars().all()
        if not held:
            return 0
        erased = exists().where(
            items.c.batch_id == batches.c.id,
            instances.c.id == items.c.process_instance_id,
            instances.c.wrapped_key.is_(None),
        )
        statement = (
            update(batches)
            .where(batches.c.id.in_(held), ~waiting)
            .values(
                state=BatchState.COMPLETED,
                ended_at=at,
                parameters=case((erased, null()), else_=batches.c.parameters),
            )
        )
        return self._connection.execute(statement).rowcount


class SqlInstanceSnapshots:
    """Snapshots from before a migration in PostgreSQL, sealed with the key of their instance."""

    def __init__(self, connection: Connection, seals: InstanceSeals) -> None:
        self._connection = connection
        self._seals = seals

    def add(self, snapshot: InstanceSnapshot) -> None:
        """Keep one."""
        sealed = self._seals.sealed_bytes(snapshot.process_instance_id, snapshot.snapshot, _before(snapshot.id))
        self._connection.execute(insert(snapshots), {**to_row(snapshot), "snapshot": sealed})

    def latest(self, process_instance_id: UUID) -> InstanceSnapshot | None:
        """Return the newest of an instance."""
        query = (
            select(snapshots)
            .where(snapshots.c.process_instance_id == process_instance_id)
            .order_by(snapshots.c.version.desc())
            .limit(1)
        )
        row = self._connection.execute(query).mappings().first()
        if row is None:
            return None
        opened = self._seals.opened_bytes(process_instance_id, row["snapshot"], _before(row["id"]))
        return None if opened is None else to_value(InstanceSnapshot, {**row, "snapshot": opened})

    def remove(self, snapshot_id: UUID) -> None:
        """Forget one that was used."""
        self._connection.execute(delete_from(snapshots).where(snapshots.c.id == snapshot_id))


def opened_batch(keys: KeyRing, row: RowMapping) -> BatchOperation:
    """Return the batch of a row; without what was erased."""
    seal = keys.seal(row["wrapped_key"])

    def opened(name: str, otherwise: Any) -> Any:
        sealed = row[name]
        return otherwise if sealed is None else open_json(seal, sealed, where=_place(row["id"], name))

    read = {
        "kind": BatchKind(row["kind"]),
        "state": BatchState(row["state"]),
        "memberships": tuple(Membership(**one) for one in row["memberships"]),
        "parameters": opened("parameters", {}),
        "reason": opened("reason", ""),
        "ended_reason": opened("ended_reason", ""),
    }
    return to_value(BatchOperation, {**row, **read})


def _is(item: BatchItem) -> ColumnElement[bool]:
    return and_(items.c.batch_id == item.batch_id, items.c.number == item.number)


def _in_turn(batch_id: UUID | None) -> Select[Any]:
    """Return the question for the batches at work that have something waiting, the one served longest ago first."""
    of_this = items.c.batch_id == batches.c.id
    last_done = select(items.c.done_at).where(of_this, items.c.done_at.is_not(None)).order_by(items.c.done_at.desc())
    has_waiting = exists().where(of_this, items.c.state == ItemState.WAITING)
    query = select(batches.c.id).where(batches.c.state.in_(AT_WORK), has_waiting)
    if batch_id is not None:
        query = query.where(batches.c.id == batch_id)
    served = last_done.limit(1).scalar_subquery()
    return query.order_by(served.asc().nulls_first(), batches.c.created_at, batches.c.id)


def _chosen(kind: BatchKind, wanted: InstanceFilter, actor: Actor) -> Select[Any]:
    condition = meant(wanted, actor, roles=roles_for(kind))
    states = _STATES.get(kind, RUNNING)
    owner = instances.c.id.label("process_instance_id")
    if kind is not BatchKind.RETRY_INCIDENTS:
        return select(owner, null().label("subject_id")).where(condition, instances.c.state.in_(states))
    query = (
        select(owner, incidents.c.id.label("subject_id"))
        .join(incidents, incidents.c.process_instance_id == instances.c.id)
        .where(condition, instances.c.state.in_(states), incidents.c.resolved_at.is_(None))
    )
    return query if wanted.incident_kind is None else query.where(incidents.c.kind == wanted.incident_kind)


def _items(rows: Any) -> list[BatchItem]:
    return [
        BatchItem(
            batch_id=NOBODY,
            number=number,
            process_instance_id=row["process_instance_id"],
            subject_id=row["subject_id"],
        )
        for number, row in enumerate(rows, start=1)
    ]


def _place(batch_id: UUID, name: str) -> str:
    return f"batch:{batch_id}:{name}"


def _before(snapshot_id: UUID) -> str:
    return f"instance-snapshot:{snapshot_id}"
