"""Everything of one process instance, read in one go for the case page and for operators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Table, select

from engine.model import (
    ActivityInstance,
    DecisionEvaluation,
    Definition,
    EventSubscription,
    HistoryEntry,
    Incident,
    Job,
    Timer,
    UserTask,
)
from engine.queries import DiagramState, InstanceView
from engine.waiting_tokens import WaitingTokens, waiting_tokens
from storage.definitions import SqlDefinitions
from storage.encryption import KeyRing
from storage.journal import FlowOfDefinition, flows_taken, journal_of, root_variables
from storage.rows import to_value
from storage.sealing import InstanceSeals
from storage.tables import engine as tables

Value = TypeVar("Value")


def instance_view(connection: Connection, keys: KeyRing, process_instance_id: UUID) -> InstanceView | None:
    """Return the view, or None where there is no such instance."""
    found = select(tables.process_instance).where(tables.process_instance.c.id == process_instance_id)
    row = connection.execute(found).mappings().first()
    if row is None:
        return None

    seals = InstanceSeals(connection, keys)

    def rows_of(table: Table, *order: str) -> Sequence[RowMapping]:
        query = select(table).where(table.c.process_instance_id == process_instance_id)
        return connection.execute(query.order_by(*(table.c[name] for name in order))).mappings().all()

    def all_of(kind: type[Value], table: Table, *order: str) -> Sequence[Value]:
        return [to_value(kind, one) for one in rows_of(table, *order)]

    activities = all_of(ActivityInstance, tables.activity_instance, "key")
    incidents = all_of(Incident, tables.incident, "raised_at", "key")
    instance = seals.instance(row)
    waiting = waiting_tokens(instance.snapshot)
    journal = journal_of(connection, seals, process_instance_id)
    return InstanceView(
        instance=instance,
        diagrams=[
            _with_waiting(one, waiting)
            for one in _diagrams(connection, process_instance_id, activities, incidents, flows_taken(journal))
        ],
        activities=activities,
        waiting=waiting,
        tasks=seals.values(UserTask, rows_of(tables.user_task, "created_at", "key")),
        jobs=seals.values(Job, rows_of(tables.job, "key")),
        timers=all_of(Timer, tables.timer, "due_at"),
        subscriptions=all_of(EventSubscription, tables.event_subscription, "subscription_key"),
        incidents=incidents,
        decisions=seals.values(DecisionEvaluation, rows_of(tables.decision_evaluation, "id")),
        history=all_of(HistoryEntry, tables.history_entry, "id"),
        variables=root_variables(connection, seals, instance, journal),
    )


def _diagrams(
    connection: Connection,
    process_instance_id: UUID,
    activities: Sequence[ActivityInstance],
    incidents: Sequence[Incident],
    flows: Counter[FlowOfDefinition],
) -> Sequence[DiagramState]:
    """Return one diagram per process definition that took part, in the order they were entered."""
    repository = SqlDefinitions(connection)
    taken = tables.flow_taken
    for row in connection.execute(select(taken).where(taken.c.process_instance_id == process_instance_id)):
        flows[row.definition_id, row.flow_id] += row.times
    diagrams = []
    for definition_id in dict.fromkeys(one.definition_id for one in activities):
        definition = repository.get(definition_id)
        if definition is None:
            continue
        here = [one for one in activities if one.definition_id == definition_id]
        diagrams.append(_diagram(definition, repository.content(definition_id), here, flows, incidents))
    return diagrams


def _diagram(
    definition: Definition,
    xml: bytes,
    activities: Sequence[ActivityInstance],
    flows: Mapping[FlowOfDefinition, int],
    incidents: Sequence[Incident],
) -> DiagramState:
    drawn = list(_drawn(activities))
    return DiagramState(
        definition=definition,
        xml=xml,
        active=Counter(one.element_id for one in drawn if one.left_at is None),
        completed=Counter(one.element_id for one in drawn if one.outcome == "completed"),
        flows={flow: times for (owner, flow), times in flows.items() if owner == definition.id},
        incidents={
            one.element_id: one.reason
            for one in incidents
            if one.definition_id == definition.id and one.resolved_at is None
        },
    )


def _with_waiting(state: DiagramState, waiting: Sequence[WaitingTokens]) -> DiagramState:
    active = Counter(state.active)
    for one in waiting:
        if one.definition_id == state.definition.id:
            active[one.element_id] += one.number
    return replace(state, active=active)


def _drawn(activities: Sequence[ActivityInstance]) -> Iterator[ActivityInstance]:
    """Yield what counts in a drawing: of a loop its rounds, and the loop itself only where it had none.

    What elements begun in an ad-hoc sub-process live under is not drawn.
    """
    with_rounds = {one.element_id for one in activities if one.tag not in ("process", "multiInstanceBody")}
    for one in activities:
        if one.tag not in ("process", "adHocActivation") and not (
            one.tag == "multiInstanceBody" and one.element_id in with_rounds
        ):
            yield one
