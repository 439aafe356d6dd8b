"""`relief demo`: a running county to try things in, or the proof of the whole line."""

from __future__ import annotations

import sys

import click

from api.cli.running import PLAIN_FAILURES, ROOT, plainly
from api.demo.check import check
from api.demo.servers import ServerDied
from api.demo.show import show
from web import assets


@click.command()
@click.option("--check", "only_check", is_flag=True, help="Run the scenarios on servers of their own and compare.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--cases", default=240, show_default=True, type=click.IntRange(0, 100_000), help="Synthetic cases.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same county.")
def demo(*, only_check: bool, port: int, cases: int, seed: int) -> None:
    """Run a county with synthetic cases at every stage; with --check, prove the line and leave nothing running."""
    if not only_check:
        try:
            assets.ensure(ROOT)
            show(port=port, cases=cases, seed=seed)
        except PLAIN_FAILURES as error:
            raise plainly(error) from error
        return
    try:
        sys.exit(not check(click.echo))
    except (ServerDied, TimeoutError) as error:
        raise click.ClickException(str(error)) from error
