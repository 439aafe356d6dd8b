"""Batch operations: what a filter finds is cancelled, resolved, moved or migrated by workers, item by item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from api.camunda.choices import BATCH_ITEM_STATES, BATCH_KINDS, BATCH_STATES
from api.camunda.fields import InnerNumber, Moment, RowNumber, Text
from api.camunda.instances import REASON
from api.camunda.lists import PROCESS_DEFINITIONS, PROCESS_INSTANCES
from api.camunda.operations import answers, camunda, refused
from api.camunda.rows import Row, instance_number, moment
from api.camunda.schemas import BatchMigrationSchema, BatchModificationSchema, BatchSchema, NothingSchema
from api.camunda.searches import SearchedList, SearchSchema, filter_of, one_of_list, searched
from api.services import current
from engine.batches import BatchKind, InstanceFilter
from engine.commands.batches import Asked, CancelBatch, CreateBatch, ResumeBatch, SuspendBatch
from engine.core.texts import Words, both
from engine.json_values import JsonObject, JsonValue
from engine.model import ROOT_SCOPE
from engine.number_names import inner_number, number_of
from engine.operation_errors import BatchNotNarrowed, NothingSelected
from engine.searching import MOST_FOUND, AllOf, AnyOf, Compare, Search, Subject
from web.authentication import current_actor
from web.i18n import in_reader_language
from workflows.organisation.rights import Right

SHOWN = AnyOf(tuple(Compare("kind", "equals", one) for words in BATCH_KINDS.words.values() for one in words))
"""Batches of kinds their API has a word for; its clients stumble over any other word."""


def write_batch(row: Row) -> JsonObject:
    """Write a batch and how far it is."""
    return {
        "batchOperationKey": number_of(row["id"]),
        "state": BATCH_STATES.shown(row["state"]),
        "batchOperationType": BATCH_KINDS.shown(row["kind"]),
        "startDate": moment(row["created_at"]),
        "endDate": moment(row["ended_at"]),
        "actorType": "USER",
        "actorId": row["created_by"],
        "operationsTotalCount": row["items"],
        "operationsFailedCount": row["failed"],
        "operationsCompletedCount": row["done"],
        "errors": [],
    }


def write_item(row: Row) -> JsonObject:
    """Write what became of one item, in words where it did not work."""
    has_failed = BATCH_ITEM_STATES.shown(row["state"]) == "FAILED"
    return {
        "operationType": BATCH_KINDS.shown(row["kind"]),
        "batchOperationKey": number_of(row["batch_id"]),
        "itemKey": inner_number(row["process_instance_id"], row["subject_key"]),
        "processInstanceKey": instance_number(row),
        "rootProcessInstanceKey": instance_number(row),
        "state": BATCH_ITEM_STATES.shown(row["state"]),
        "processedDate": moment(row["done_at"]),
        "errorMessage": in_reader_language(both(row["message_zh"], row["message_en"])) if has_failed else None,
    }


BATCH_OPERATIONS = SearchedList(
    subject=Subject.BATCH_OPERATIONS,
    fields={
        "batchOperationKey": RowNumber("id"),
        "operationType": BATCH_KINDS,
        "state": BATCH_STATES,
        "actorId": Text("created_by"),
        "startDate": Moment("created_at"),
        "endDate": Moment("ended_at"),
    },
    write=write_batch,
)
BATCH_ITEMS = SearchedList(
    subject=Subject.BATCH_ITEMS,
    fields={
        "batchOperationKey": RowNumber("batch_id"),
        "operationType": BATCH_KINDS,
        "itemKey": InnerNumber("process_instance_id", "subject_key"),
        "processInstanceKey": InnerNumber("process_instance_id", ROOT_SCOPE),
        "state": BATCH_ITEM_STATES,
        "processedDate": Moment("done_at"),
    },
    write=write_item,
)


@camunda.post("/process-instances/cancellation")
@answers(Right.OPERATE, body=BatchSchema)
def cancel_process_instances_batch_operation(body: dict[str, Any]) -> JsonObject:
    """End what a filter finds."""
    return _made(BatchKind.CANCEL, _meant(BatchKind.CANCEL, body))


@camunda.post("/process-instances/incident-resolution")
@answers(Right.OPERATE, body=BatchSchema)
def resolve_incidents_batch_operation(body: dict[str, Any]) -> JsonObject:
    """Try again what is stuck in what a filter finds."""
    return _made(BatchKind.RETRY_INCIDENTS, _meant(BatchKind.RETRY_INCIDENTS, body))


@camunda.post("/process-instances/<key>/incident-resolution")
@answers(Right.OPERATE)
def resolve_process_instance_incidents(key: str) -> JsonObject:
    """Try again what is stuck in one instance."""
    return _made(BatchKind.RETRY_INCIDENTS, [one_of_list(PROCESS_INSTANCES, "processInstanceKey", key)])


@camunda.post("/process-instances/modification")
@answers(Right.OPERATE, body=BatchModificationSchema)
def modify_process_instances_batch_operation(body: dict[str, Any]) -> JsonObject:
    """End elements in what a filter finds, and begin others in place of each."""
    moves: list[JsonValue] = [{"element_id": one["source"], "target": one["target"]} for one in body["move"]]
    return _made(BatchKind.MODIFY, _meant(BatchKind.MODIFY, body), {"move": moves})


@camunda.post("/process-instances/migration")
@answers(Right.ADMINISTER, body=BatchMigrationSchema)
def migrate_process_instances_batch_operation(body: dict[str, Any]) -> JsonObject:
    """Let what a filter finds go on by another version; all of it must run by one version now."""
    plan = body["plan"]
    target = one_of_list(PROCESS_DEFINITIONS, "processDefinitionKey", plan["target"])
    found = _meant(BatchKind.MIGRATE, body)
    [source, *others] = {one["definition_id"] for one in found}
    if others:
        words = Words(
            "所选流程由多个版本执行，请在筛选中给出 processDefinitionKey",
            "What is found runs by several versions: name processDefinitionKey in the filter",
        )
        raise refused(("filter", "processDefinitionKey"), words, code="required")
    mapping: JsonObject = {one["source"]: one["target"] for one in plan["mapping"]}
    asked: JsonObject = {"source": str(source), "target": str(target["id"]), "mapping": mapping, "unnamed": "refused"}
    return _made(BatchKind.MIGRATE, found, asked)


@camunda.post("/batch-operations/search")
@answers(Right.OPERATE, body=SearchSchema)
def search_batch_operations(body: JsonObject) -> JsonObject:
    """List batches: one's own, to operators of the county all of them."""
    return searched(BATCH_OPERATIONS, body, SHOWN)


@camunda.post("/batch-operation-items/search")
@answers(Right.OPERATE, body=SearchSchema)
def search_batch_operation_items(body: JsonObject) -> JsonObject:
    """List what became of the items of batches."""
    return searched(BATCH_ITEMS, body, SHOWN)


@camunda.get("/batch-operations/<key>")
@answers(Right.OPERATE)
def get_batch_operation(key: str) -> JsonObject:
    """Show a batch."""
    return write_batch(_batch(key))


@camunda.post("/batch-operations/<key>/cancellation")
@answers(Right.OPERATE, body=NothingSchema)
def cancel_batch_operation(key: str, body: JsonObject) -> None:
    """Do nothing more of a batch."""
    current().engine.execute(CancelBatch(batch_id=_batch(key)["id"], reason=REASON), actor=current_actor())


@camunda.post("/batch-operations/<key>/suspension")
@answers(Right.OPERATE, body=NothingSchema)
def suspend_batch_operation(key: str, body: JsonObject) -> None:
    """Let a batch rest."""
    current().engine.execute(SuspendBatch(batch_id=_batch(key)["id"]), actor=current_actor())


@camunda.post("/batch-operations/<key>/resumption")
@answers(Right.OPERATE, body=NothingSchema)
def resume_batch_operation(key: str, body: JsonObject) -> None:
    """Let a batch go on."""
    current().engine.execute(ResumeBatch(batch_id=_batch(key)["id"]), actor=current_actor())


def _batch(key: str) -> Mapping[str, Any]:
    return one_of_list(BATCH_OPERATIONS, "batchOperationKey", key)


def _meant(kind: BatchKind, body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return what a filter finds that has not ended.

    Raises:
        BatchNotNarrowed: the filter is empty, and the kind is of those that are not done to everything by that.
        RequestInvalid: it finds more than can be named one by one.
        NothingSelected: it finds nothing.
    """
    if not body["filter"] and kind is not BatchKind.RETRY_INCIDENTS:
        raise BatchNotNarrowed(kind)
    asked = filter_of(PROCESS_INSTANCES.fields, body["filter"], path=("filter",))
    where = AllOf((asked, Compare("ended_at", "is-given", False)))
    wanted = Search(actor=current_actor(), subject=Subject.PROCESS_INSTANCES, where=where, limit=MOST_FOUND)
    found = current().search.search(wanted)
    if found.total > MOST_FOUND:
        most = f"{MOST_FOUND:,}"
        words = Words(
            f"筛选结果超过 {most} 个流程，请缩小范围，或使用 /api/v1/batches",
            f"It finds more than {most} process instances: narrow it, or use /api/v1/batches",
        )
        raise refused(("filter",), words, code="filter-too-large")
    if not found.rows:
        raise NothingSelected
    return list(found.rows)


def _made(kind: BatchKind, found: list[Mapping[str, Any]], parameters: JsonObject | None = None) -> JsonObject:
    ids: tuple[UUID, ...] = tuple(one["id"] for one in found)
    asked = Asked(kind=kind, filter=InstanceFilter(ids=ids), parameters=parameters or {}, reason=REASON)
    batch = current().engine.execute(CreateBatch(asked=asked), actor=current_actor())
    return {"batchOperationKey": number_of(batch.id), "batchOperationType": BATCH_KINDS.shown(batch.kind)}
