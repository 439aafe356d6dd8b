"""Commands that do one thing to many instances: shown first, asked for, done as a batch, told item by item."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from api.cli.authoring import JsonObjectType
from api.cli.batching import AS_JSON, REASON, WAIT, run_or_try, show_dry_run
from api.cli.operating import filter_of, filtering
from api.cli.tables import operating
from api.schemas.operation_answers import DryRunAnswer
from engine.batches import BatchKind
from engine.commands.batches import Asked, PreviewBatch
from engine.commands.incidents import MAX_RETRIES
from engine.json_values import JsonObject
from engine.model import SYSTEM

Command = TypeVar("Command", bound=Callable[..., Any])


def of_many(command: Command) -> Command:
    """Add the options of a command that works on many: which, why, and how far to go."""
    for option in (
        AS_JSON,
        WAIT,
        click.option("--yes", is_flag=True, help="Do not show and ask first."),
        click.option("--dry-run", is_flag=True, help="Only say what would happen."),
        REASON,
        click.option("--all", "everything", is_flag=True, help="Everything that runs; needed without another option."),
        click.option("--id", "ids", multiple=True, type=click.UUID, help="This instance; may be given often."),
        filtering,
    ):
        command = option(command)
    return command


@click.group()
def bulk() -> None:
    """Do one thing to many instances: cancel, suspend, resume, modify, set retries."""


WITHOUT_PARAMETERS = (
    (BatchKind.CANCEL, "End every instance found with all its open work."),
    (BatchKind.SUSPEND, "Let every instance found rest until it is resumed."),
    (BatchKind.RESUME, "Let every suspended instance found go on; what fell due happens now."),
)
"""What is done to whole instances: kind of the batch, help."""


def _declare(kind: BatchKind, explanation: str) -> None:
    @bulk.command(kind.value, help=f"{explanation} Status 1 when one item would not be done, or with --wait was not.")
    @of_many
    def do(**given: Any) -> None:
        _ask_and_do(kind, {}, given)


for _each in WITHOUT_PARAMETERS:
    _declare(*_each)


@bulk.command("modify")
@click.option("--activate", multiple=True, metavar="ELEMENT", help="Begin this element; may be given often.")
@click.option("--cancel", multiple=True, metavar="ELEMENT", help="End every instance of this element.")
@click.option("--variables", type=JsonObjectType(), default="{}", help="Set these first: JSON object, or @file.")
@of_many
def modify_many(*, activate: tuple[str, ...], cancel: tuple[str, ...], variables: JsonObject, **given: Any) -> None:
    """Begin and end elements and set variables in every instance found. Status as `bulk cancel`."""
    parameters: JsonObject = {
        "activate": [{"element_id": one} for one in activate],
        "cancel_elements": list(cancel),
        "variables": variables,
    }
    _ask_and_do(BatchKind.MODIFY, parameters, given)


@bulk.command("set-retries")
@click.option("--retries", required=True, type=click.IntRange(1, MAX_RETRIES), help="How often they may be tried yet.")
@click.option("--job-element", metavar="ELEMENT", help="Only jobs of this element.")
@of_many
def set_retries_of_many(*, retries: int, job_element: str | None, **given: Any) -> None:
    """Set the retries of the open jobs of every instance found. Status as `bulk cancel`."""
    only: JsonObject = {} if job_element is None else {"element_id": job_element}
    _ask_and_do(BatchKind.SET_RETRIES, {"retries": retries, **only}, given)


def _ask_and_do(kind: BatchKind, parameters: JsonObject, given: dict[str, Any]) -> None:
    reason, everything = given.pop("reason"), given.pop("everything")
    dry_run, yes, wait, as_json = (given.pop(name) for name in ("dry_run", "yes", "wait", "as_json"))
    wanted = filter_of({**given, "ids": given["ids"] or None})
    asked = Asked(kind=kind, filter=wanted, parameters=parameters, reason=reason, everything=everything)
    if not (dry_run or yes):
        if as_json:
            raise click.UsageError("--json 须与 --yes 或 --dry-run 同用。 With --json give --yes or --dry-run.")
        _show_and_ask(asked)
    run_or_try(asked, dry_run=dry_run, wait=wait, as_json=as_json)


def _show_and_ask(asked: Asked) -> None:
    """Show what would happen and let a person decide; nothing was done when they do not want it."""
    with operating() as house:
        asked.check_extent()
        tried = DryRunAnswer.of(house.services.engine.execute(PreviewBatch(asked=asked), actor=SYSTEM))
    show_dry_run(tried, as_json=False)
    if tried.total:
        click.confirm(f"\n对 {tried.total} 项执行？ Do it to all of them ({tried.total})?", abort=True)
