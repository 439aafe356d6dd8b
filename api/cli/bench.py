"""`relief bench`: how fast this machine and this database complete user tasks."""

from __future__ import annotations

import click

from api.benchmark.measuring import Measuring
from api.benchmark.report import lines, report
from api.bootstrap import open_bench
from api.cli.running import PLAIN_FAILURES, plainly
from api.serving import settle_in
from api.settings import Settings
from engine.json_values import dump_json


@click.command()
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1, 1000), help="Turns of every work.")
@click.option(
    "--cases", default=20, show_default=True, type=click.IntRange(1, 10_000), help="Cases of 14 tasks in a round."
)
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON.")
def bench(rounds: int, cases: int, *, as_json: bool) -> None:
    """Measure completions of user tasks, beside the bare transaction that writes the same rows.

    It works in a database of its own on the server of this installation and drops it afterwards.
    """
    try:
        with open_bench(Settings.from_environment()) as found:
            measuring = Measuring(found)
            settle_in()  # as servers and workers do
            try:
                figures = report(measuring, rounds=rounds, cases=cases)
            finally:
                measuring.close()
    except PLAIN_FAILURES as error:
        raise plainly(error) from error
    click.echo(dump_json(figures) if as_json else "\n".join(lines(figures)))
