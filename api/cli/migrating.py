"""Commands that let running instances go on by another version of their diagram."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import click

from api.bootstrap import House
from api.cli.authoring import JsonObjectType
from api.cli.batching import AS_JSON, ID, REASON, WAIT, run_or_try
from api.cli.tables import operating, show_json, show_table
from api.schemas.operation_answers import MappingSuggestion, MappingSuggestionSchema
from engine.batches import BatchKind, InstanceFilter
from engine.commands.batches import Asked
from engine.commands.migrations import SuggestMapping
from engine.errors import NotFound
from engine.json_values import JsonObject
from engine.model import SYSTEM

PROCESS = click.option("--process-id", "--process", "process_id", required=True, help="Process id.")
SOURCE = click.option("--from", "source", required=True, type=click.IntRange(1), help="Version they run by.")
TARGET = click.option("--to", "target", required=True, type=click.IntRange(1), help="Version they are to go on by.")
MAPPING = click.option(
    "--mapping",
    type=JsonObjectType(),
    help="Elements with another id there: JSON object, or @file. Without it, the suggestion of `plan` is used.",
)


@click.group("migrate-instances")
def migrate_instances() -> None:
    """Running instances go on by another version: plan, dry run, run, revert."""


@migrate_instances.command()
@PROCESS
@SOURCE
@TARGET
@AS_JSON
def plan(*, process_id: str, source: int, target: int, as_json: bool) -> None:
    """Suggest where each element goes: to the same id and kind, else to the only one of its name and kind."""
    with operating() as house:
        old, new = (version_id(house, process_id, number) for number in (source, target))
        suggestion = suggested(house, old, new)
    if as_json:
        show_json(MappingSuggestionSchema, suggestion)
        return
    show_table(
        ("ELEMENT", "NAME", "KIND", "GOES TO", "BY"),
        [(one.element_id, one.name, one.tag, one.target_id, one.by) for one in suggestion.lines],
    )


@migrate_instances.command("dry-run")
@PROCESS
@SOURCE
@TARGET
@MAPPING
@click.option("--element-id", "--element", "element_id", help="Only instances with a token there.")
@click.option("--business-key", help="Only of this case.")
@AS_JSON
def dry_run(*, as_json: bool, **given: Any) -> None:
    """Say of each instance whether it would move or stay and why. Status 1 when one would stay."""
    with operating() as house:
        asked = asked_of(house, given, reason="dry run")
    run_or_try(asked, dry_run=True, wait=False, as_json=as_json)


@migrate_instances.command()
@PROCESS
@SOURCE
@TARGET
@MAPPING
@click.option("--element-id", "--element", "element_id", help="Only instances with a token there.")
@click.option("--business-key", help="Only of this case.")
@click.option("--all", "everything", is_flag=True, help="All that run by that version; needed without another option.")
@REASON
@WAIT
@AS_JSON
def run(*, everything: bool, reason: str, wait: bool, as_json: bool, **given: Any) -> None:
    """Migrate as a batch. With --wait, status 1 when one stayed."""
    with operating() as house:
        asked = replace(asked_of(house, given, reason=reason), everything=everything)
    run_or_try(asked, dry_run=False, wait=wait, as_json=as_json)


@migrate_instances.command()
@ID
@REASON
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@WAIT
@AS_JSON
def revert(id_: UUID, *, reason: str, dry_run: bool, wait: bool, as_json: bool) -> None:
    """Let everything a batch migrated stand again as before, where nothing has happened since."""
    asked = Asked(kind=BatchKind.REVERT_MIGRATION, parameters={"batch_id": str(id_)}, reason=reason)
    run_or_try(asked, dry_run=dry_run, wait=wait, as_json=as_json)


def asked_of(house: House, given: dict[str, Any], *, reason: str) -> Asked:
    """Return the migration that the options ask for."""
    old, new = (version_id(house, given["process_id"], given[name]) for name in ("source", "target"))
    mapping: JsonObject | None = given["mapping"]
    if mapping is None:
        mapping = dict(suggested(house, old, new).mapping)
    return Asked(
        kind=BatchKind.MIGRATE,
        filter=InstanceFilter(element_id=given["element_id"], business_key=given["business_key"]),
        parameters={"source": str(old), "target": str(new), "mapping": mapping},
        reason=reason,
    )


def suggested(house: House, old: UUID, new: UUID) -> MappingSuggestion:
    """Return the suggested mapping."""
    lines = house.services.engine.execute(SuggestMapping(source=old, target=new), actor=SYSTEM)
    return MappingSuggestion(
        lines=lines, mapping={one.element_id: one.target_id for one in lines if one.by == "name" and one.target_id}
    )


def version_id(house: House, process_id: str, version: int) -> UUID:
    """Return the definition of a version.

    Raises:
        NotFound: it is not deployed.
    """
    for one in house.services.operations.versions(process_id, SYSTEM):
        if one.definition.version == version:
            return one.definition.id
    raise NotFound("process definition", f"{process_id} v{version}")
