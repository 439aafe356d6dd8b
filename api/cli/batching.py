"""Commands for operations on many instances: making them, how far they are, stopping them, trying again."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from uuid import UUID

import click

from api.bootstrap import House
from api.cli.tables import operating, show_json, show_table
from api.schemas.operation_answers import (
    BatchAnswer,
    BatchItemAnswer,
    BatchItemList,
    BatchItemListSchema,
    BatchList,
    BatchListSchema,
    BatchSchema,
    DryRunAnswer,
)
from engine.batches import BatchState, ItemState
from engine.commands.batches import Asked, CancelBatch, CreateBatch, DoBatchItem, PreviewBatch, RetryBatchItems
from engine.json_values import dump_json
from engine.model import SYSTEM
from engine.operation_queries import BatchItemLine
from web.schemas.base import answer_schema

ONE_PAGE = 200
MOST_SHOWN = 50  # items whose outcome is printed when a batch is waited for
DryRunSchema = answer_schema(DryRunAnswer)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="JSON as the API answers.")
GIVEN_REASON = click.option("--reason", help="Why; kept with what is done.")
REASON = click.option("--reason", required=True, help="Why; kept with what is done.")
ID = click.argument("id_", metavar="ID", type=click.UUID)
WAIT = click.option("--wait", is_flag=True, help="Do it here and now instead of leaving it to the workers.")
OVER = (BatchState.COMPLETED, BatchState.CANCELLED)


@click.group()
def batches() -> None:
    """Operations on many instances: how far they are, stopping them, trying again."""


@batches.command("list")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, ONE_PAGE))
@AS_JSON
def list_batches(*, limit: int, as_json: bool) -> None:
    """List batches, newest first."""
    with operating() as house:
        found = [BatchAnswer.of(one) for one in house.services.operations.batches(SYSTEM, offset=0, limit=limit)]
    if as_json:
        show_json(BatchListSchema, BatchList(batches=found))
        return
    show_table(
        ("ID", "KIND", "STATE", "BY", "CREATED", "ITEMS", "REASON"),
        [
            (
                one.id,
                one.kind.value,
                one.state.value,
                one.created_by,
                f"{one.created_at:%Y-%m-%d %H:%M}",
                counted(one),
                one.reason,
            )
            for one in found
        ],
    )


@batches.command("show")
@ID
@click.option("--state", type=click.Choice([one.value for one in ItemState]), help="Only items of this state.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, ONE_PAGE))
@AS_JSON
def show_batch(id_: UUID, *, state: str | None, limit: int, as_json: bool) -> None:
    """Show a batch and what became of its items. Status 1 when one failed."""
    with operating() as house:
        batch = progress_of(house, id_)
        wanted = None if state is None else ItemState(state)
        lines = house.services.operations.batch_items(id_, SYSTEM, state=wanted, offset=0, limit=limit)
    items = BatchItemList(items=[BatchItemAnswer.of(one) for one in lines])
    if as_json:
        click.echo(dump_json({**BatchSchema().dump(batch), **BatchItemListSchema().dump(items)}))
    else:
        show_progress(batch)
        show_items(lines)
    sys.exit(ItemState.FAILED.value in batch.counts)


@batches.command("cancel")
@ID
@GIVEN_REASON
def cancel_batch(id_: UUID, *, reason: str | None) -> None:
    """Do nothing more of a batch; what is done stays done."""
    with operating() as house:
        house.services.engine.execute(CancelBatch(batch_id=id_, reason=reason), actor=SYSTEM)
        show_progress(BatchAnswer.of(house.services.operations.batch(id_, SYSTEM)))


@batches.command("retry")
@ID
@WAIT
def retry_batch(id_: UUID, *, wait: bool) -> None:
    """Do again what failed or was not tried. With --wait, status 1 when one failed again."""
    with operating() as house:
        house.services.engine.execute(RetryBatchItems(batch_id=id_), actor=SYSTEM)
        batch = worked_off(house, id_) if wait else progress_of(house, id_)
    show_progress(batch)
    sys.exit(wait and ItemState.FAILED.value in batch.counts)


def run_or_try(asked: Asked, *, dry_run: bool, wait: bool, as_json: bool) -> None:
    """Make a batch, or say what it would do; with status 1 when an item failed or would fail."""
    with operating() as house:
        if dry_run:
            tried = DryRunAnswer.of(house.services.engine.execute(PreviewBatch(asked=asked), actor=SYSTEM))
            show_dry_run(tried, as_json=as_json)
            sys.exit(bool(tried.counts.keys() - {ItemState.DONE.value}))
        made = house.services.engine.execute(CreateBatch(asked=asked), actor=SYSTEM)
        batch = worked_off(house, made.id) if wait else progress_of(house, made.id)
        lines = house.services.operations.batch_items(made.id, SYSTEM, state=None, offset=0, limit=MOST_SHOWN)
    if as_json:
        show_json(BatchSchema, batch)
    else:
        show_progress(batch)
        if wait:
            show_items(lines)
    if wait and not as_json and batch.total > len(lines):
        click.echo(f"全部结果： The other outcomes: relief batches show {batch.id}")
    sys.exit(wait and bool(batch.counts.keys() - {ItemState.DONE.value}))


def worked_off(house: House, batch_id: UUID) -> BatchAnswer:
    """Do the items of a batch, beside whatever workers there are, and return how it ended."""
    total = progress_of(house, batch_id).total
    with click.progressbar(length=total, label="项 items", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        while True:
            was_there = house.services.engine.execute(DoBatchItem(batch_id=batch_id), actor=SYSTEM)
            if was_there:
                bar.update(1)
                continue
            batch = progress_of(house, batch_id)
            if batch.state in (*OVER, BatchState.SUSPENDED) or ItemState.WAITING.value not in batch.counts:
                return batch


def progress_of(house: House, batch_id: UUID) -> BatchAnswer:
    """Return a batch and how far it is."""
    return BatchAnswer.of(house.services.operations.batch(batch_id, SYSTEM))


def show_dry_run(tried: DryRunAnswer, *, as_json: bool) -> None:
    """Print what would happen, by where the tokens stand."""
    if as_json:
        show_json(DryRunSchema, tried)
        return
    click.echo(f"共 {tried.total} 项，试算 {tried.tried} 项，未保存任何内容。")
    click.echo(f"Items: {tried.total}, tried: {tried.tried}; nothing was kept.")
    for group in tried.groups:
        click.echo(f"\n{group.number} × {', '.join(group.stands_at)}: {group.state.value}")
        for zh, en in zip(group.messages_zh, group.messages_en, strict=False):
            click.echo(f"  {zh}\n  {en}")


def show_items(lines: Sequence[BatchItemLine]) -> None:
    """Print what became of each item."""
    rows = [
        (one.item.number, one.business_key, one.item.state.value, f"{one.item.message_zh} {one.item.message_en}")
        for one in lines
    ]
    show_table(("NO", "CASE", "STATE", "MESSAGE"), rows)


def show_progress(batch: BatchAnswer) -> None:
    """Print how far a batch is."""
    click.echo(f"{batch.id}  {batch.kind.value}  {batch.state.value}  {counted(batch)}")


def counted(batch: BatchAnswer) -> str:
    """Return how many items are in which state."""
    return ", ".join(f"{state} {many}" for state, many in sorted(batch.counts.items())) or "0"
