"""Operations on many instances: dry run, batch, progress, outcome of each item."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.operations import Operation, operation
from api.resources.applications import IDEMPOTENCY_KEY, submission_key
from api.resources.blueprint import api
from api.schemas.operation_answers import (
    BatchAnswer,
    BatchItemAnswer,
    BatchItemList,
    BatchItemListSchema,
    BatchList,
    BatchListSchema,
    BatchMade,
    BatchMadeSchema,
    DryRunAnswer,
)
from api.schemas.operation_answers import BatchSchema as BatchAnswerSchema
from api.schemas.operation_requests import BatchItemListSchema as ItemQuerySchema
from api.schemas.operation_requests import BatchSchema, GivenReasonSchema
from api.schemas.requests import PageSchema
from api.services import current
from engine.batches import BatchOperation, InstanceFilter
from engine.commands.batches import (
    Asked,
    CancelBatch,
    CreateBatch,
    PreviewBatch,
    ResumeBatch,
    RetryBatchItems,
    SuspendBatch,
)
from web.authentication import current_actor
from workflows.organisation.rights import Right


@api.post("/batches")
@operation(
    Operation(
        summary="Do something to every instance a filter finds; a dry run tries it and keeps nothing. "
        "The same Idempotency-Key makes one batch",
        right=Right.OPERATE,
        body=BatchSchema,
        answer=BatchMadeSchema,
        headers=(IDEMPOTENCY_KEY,),
    )
)
def create_batch(body: dict[str, Any]) -> BatchMade:
    """Make a batch, or try it."""
    return made(body)


@api.get("/batches")
@operation(Operation(summary="Batches, newest first", right=Right.OPERATE, query=PageSchema, answer=BatchListSchema))
def list_batches(query: dict[str, Any]) -> BatchList:
    """List batches."""
    return BatchList(batches=[BatchAnswer.of(one) for one in current().operations.batches(current_actor(), **query)])


@api.get("/batches/<uuid:batch_id>")
@operation(Operation(summary="A batch and how far it is", right=Right.OPERATE, answer=BatchAnswerSchema))
def get_batch(batch_id: UUID) -> BatchAnswer:
    """Show a batch."""
    return BatchAnswer.of(current().operations.batch(batch_id, current_actor()))


@api.get("/batches/<uuid:batch_id>/items")
@operation(
    Operation(
        summary="What became of each item",
        right=Right.OPERATE,
        query=ItemQuerySchema,
        answer=BatchItemListSchema,
    )
)
def list_batch_items(batch_id: UUID, query: dict[str, Any]) -> BatchItemList:
    """List the items of a batch."""
    found = current().operations.batch_items(batch_id, current_actor(), **query)
    return BatchItemList(items=[BatchItemAnswer.of(one) for one in found])


@api.post("/batches/<uuid:batch_id>/cancellation")
@operation(
    Operation(
        summary="Do nothing more of a batch",
        right=Right.OPERATE,
        body=GivenReasonSchema,
        body_required=False,
        answer=BatchAnswerSchema,
    )
)
def cancel_batch(batch_id: UUID, body: dict[str, Any]) -> BatchAnswer:
    """Cancel a batch."""
    return shown(current().engine.execute(CancelBatch(batch_id=batch_id, **body), actor=current_actor()))


@api.post("/batches/<uuid:batch_id>/suspension")
@operation(Operation(summary="Let a batch rest", right=Right.OPERATE, answer=BatchAnswerSchema))
def suspend_batch(batch_id: UUID) -> BatchAnswer:
    """Suspend a batch."""
    return shown(current().engine.execute(SuspendBatch(batch_id=batch_id), actor=current_actor()))


@api.post("/batches/<uuid:batch_id>/resumption")
@operation(Operation(summary="Let a suspended batch go on", right=Right.OPERATE, answer=BatchAnswerSchema))
def resume_batch(batch_id: UUID) -> BatchAnswer:
    """Resume a batch."""
    return shown(current().engine.execute(ResumeBatch(batch_id=batch_id), actor=current_actor()))


@api.post("/batches/<uuid:batch_id>/retry")
@operation(Operation(summary="Do again what failed or was not tried", right=Right.OPERATE, answer=BatchAnswerSchema))
def retry_batch(batch_id: UUID) -> BatchAnswer:
    """Retry the failed items of a batch."""
    return shown(current().engine.execute(RetryBatchItems(batch_id=batch_id), actor=current_actor()))


def made(body: dict[str, Any]) -> BatchMade:
    """Make the batch a body asks for, once for each Idempotency-Key, or try it; a trial makes nothing to repeat."""
    given = dict(body.get("filter") or {})
    ids = given.pop("ids", None)
    asked = Asked(
        kind=body["kind"],
        filter=InstanceFilter(**given, ids=None if ids is None else tuple(ids)),
        parameters=body["parameters"],
        reason=body["reason"],
        everything=body.get("everything", False),
    )
    engine, actor = current().engine, current_actor()
    if body["dry_run"]:
        tried = engine.execute(PreviewBatch(asked=asked, tried=body["tried"]), actor=actor)
        return BatchMade(batch=None, dry_run=DryRunAnswer.of(tried))
    create = CreateBatch(asked=asked, submission_key=submission_key())
    return BatchMade(batch=shown(engine.execute(create, actor=actor)), dry_run=None)


def shown(batch: BatchOperation) -> BatchAnswer:
    """Return a batch with how far it is."""
    return BatchAnswer.of(current().operations.batch(batch.id, current_actor()))
