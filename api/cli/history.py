"""Commands for the history of ended instances: how long it is kept, removing it, what was removed."""

from __future__ import annotations

import click

from api.cli.batching import AS_JSON, REASON
from api.cli.tables import operating, show_json, show_table
from api.schemas.retention_answers import (
    PruningAnswer,
    PruningSchema,
    RetentionAnswer,
    RetentionAnswerSchema,
    RetentionDecisionSchema,
)
from engine.commands.retention import KeepHistory, PreviewPruning, PruneHistory, ReadRetention
from engine.json_values import dump_json
from engine.model import SYSTEM
from engine.retention import LONGEST_KEPT

AT_ONCE = 20  # instances in one transaction


@click.group()
def history() -> None:
    """The history of ended instances: how long it is kept, and what was removed."""


@history.command()
@click.option(
    "--process-id", "--process", "process_id", help="Process id; without it, every process with no decision of its own."
)
@click.option("--days", "kept_days", type=click.IntRange(1, LONGEST_KEPT), help="Days after the end of an instance.")
@click.option("--for-ever", is_flag=True, help="Never remove it.")
@REASON
@AS_JSON
def keep(*, process_id: str | None, kept_days: int | None, for_ever: bool, reason: str, as_json: bool) -> None:
    """Decide how long history is kept. A shorter time counts after a day, a longer one at once."""
    if (kept_days is None) is not for_ever:
        raise click.UsageError("--days 或 --for-ever 须给出其一。 Give either --days or --for-ever.")
    command = KeepHistory(process_id=process_id, kept_days=kept_days, reason=reason)
    with operating() as house:
        decision = house.services.engine.execute(command, actor=SYSTEM)
    if as_json:
        show_json(RetentionDecisionSchema, decision)
        return
    since = f"{decision.effective_at:%Y-%m-%d %H:%M} UTC"
    click.echo(f"已设定，自 {since} 起生效。 Decided; in effect from {since}.")


@history.command()
@AS_JSON
def policy(*, as_json: bool) -> None:
    """Show how long history is kept now, and every decision."""
    found = _retention()
    if as_json:
        show_json(RetentionAnswerSchema, found)
        return
    show_table(("PROCESS", "DAYS"), [(one.process_id or "*", _days(one.kept_days)) for one in found.kept])
    if not found.decisions:
        return
    click.echo()
    show_table(
        ("DECIDED", "BY", "PROCESS", "DAYS", "IN EFFECT", "REASON"),
        [
            (
                f"{one.decided_at:%Y-%m-%d %H:%M}",
                one.decided_by,
                one.process_id or "*",
                _days(one.kept_days),
                f"{one.effective_at:%Y-%m-%d %H:%M}",
                one.reason,
            )
            for one in found.decisions
        ],
    )


@history.command()
@click.option("--dry-run", is_flag=True, help="Only say of how many instances.")
@AS_JSON
def prune(*, dry_run: bool, as_json: bool) -> None:
    """Remove all history whose time is over, in small transactions; workers do the same by and by."""
    with operating() as house:
        engine = house.services.engine
        due = PruningAnswer(processes=engine.execute(PreviewPruning(), actor=SYSTEM))
        removed = 0
        while not dry_run and (now := engine.execute(PruneHistory(limit=AT_ONCE), actor=SYSTEM)):
            removed += now
    if as_json:
        click.echo(dump_json({**PruningSchema().dump(due), "removed": removed}))
        return
    show_table(
        ("PROCESS", "DAYS", "ENDED BEFORE", "INSTANCES"),
        [(one.process_id, one.kept_days, f"{one.ended_before:%Y-%m-%d %H:%M}", one.instances) for one in due.processes],
    )
    click.echo(
        "试算，未删除任何内容。 Dry run; nothing was removed."
        if dry_run
        else f"已删除 {removed} 个流程的历史。 Instances whose history was removed: {removed}."
    )


@history.command("removed")
@AS_JSON
def show_removed(*, as_json: bool) -> None:
    """Show what was removed, newest day (UTC) first."""
    found = _retention()
    if as_json:
        show_json(RetentionAnswerSchema, found)
        return
    show_table(
        ("DAY", "PROCESS", "INSTANCES", "ROWS", "ENDED UNTIL"),
        [
            (one.day, one.process_id, one.instances, sum(one.rows.values()), f"{one.ended_until:%Y-%m-%d %H:%M}")
            for one in found.removals
        ],
    )


def _retention() -> RetentionAnswer:
    with operating() as house:
        return RetentionAnswer.of(house.services.engine.execute(ReadRetention(), actor=SYSTEM))


def _days(kept_days: int | None) -> str:
    return "永久 for ever" if kept_days is None else str(kept_days)
