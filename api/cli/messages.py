"""Commands that send messages to processes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import click

from api.cli.authoring import JsonObjectType
from api.cli.batching import AS_JSON
from api.cli.tables import operating, show_json, show_table
from api.schemas.answers import PublishedAnswer, PublishedAnswerSchema
from engine.commands.messages import LONGEST_LIFE, PublishMessage
from engine.model import SYSTEM

LONGEST = int(LONGEST_LIFE.total_seconds())


@click.group()
def messages() -> None:
    """Messages to processes that wait for them, or begin with them."""


@messages.command("publish")
@click.argument("name")
@click.option("--correlation-key", help="Of whom it is for.")
@click.option("--variables", type=JsonObjectType(), default="{}", help="JSON object, or @file.")
@click.option(
    "--time-to-live",
    default=0,
    show_default=True,
    type=click.IntRange(0, LONGEST),
    help="Seconds it is kept for who begins to wait.",
)
@click.option("--message-id", help="An equal message (name, key, this) is refused while it is kept.")
@click.option("--business-key", help="Number of the case of an instance it starts.")
@click.option("--region", help="Division code of an instance it starts; without it, the whole county.")
@AS_JSON
def publish_message(*, time_to_live: int, as_json: bool, **asked: Any) -> None:
    """Publish a message and say whom it reached at once."""
    command = PublishMessage(**asked, time_to_live=timedelta(seconds=time_to_live))
    with operating() as house:
        reached = house.services.engine.execute(command, actor=SYSTEM)
    if as_json:
        show_json(PublishedAnswerSchema, PublishedAnswer(process_instance_ids=[one.id for one in reached]))
        return
    kept = f"，保留 {time_to_live} 秒 kept for {time_to_live} s" if time_to_live else ""
    click.echo(f"已发送，送达 {len(reached)} 个流程。 Published; instances it reached: {len(reached)}{kept}.")
    if reached:
        show_table(
            ("ID", "PROCESS", "CASE", "STATE"),
            [(one.id, one.process_id, one.business_key, one.state.value) for one in reached],
        )
