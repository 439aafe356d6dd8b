"""Commands that run the house: pages and API, the worker, the agency simulator, the database's tables."""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click

from api.app import create_app
from api.bootstrap import House, MigrationsPending, migrate_database, open_house
from api.serving import PortTaken, listening, told_to_stop, until_stopped
from api.settings import SettingInvalid, Settings
from engine.job_executor import WorkerSettings
from web import assets
from workflows.connectors.simulator import Simulator

READY_LINE = "ReliefDesk listens at"
ROOT = Path(__file__).parents[2]
PLAIN_FAILURES = (SettingInvalid, MigrationsPending, PortTaken, assets.AssetsError, ConnectionError)
"""What a person can mend: said as it is, without a trace."""


@contextmanager
def the_house() -> Iterator[House]:
    """Open the house of the environment's settings; what is wrong with them is said plainly, with status 1."""
    try:
        with open_house(Settings.from_environment()) as house:
            yield house
    except PLAIN_FAILURES as error:
        raise click.ClickException(str(error)) from error


def log_to_stderr() -> None:
    """Write events, one a line; they carry ids, never persons."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--threads", default=12, show_default=True, type=click.IntRange(1, 200))
def serve(host: str, port: int, threads: int) -> None:
    """Serve the pages and the API. Any number of these may run on one database."""
    log_to_stderr()
    with the_house() as house:
        assets.ensure(ROOT)
        trusted = house.services.settings.trusted_proxies
        server = listening(create_app(house.services), host=host, port=port, threads=threads, trusted_proxies=trusted)
        click.echo(f"{READY_LINE} http://{host}:{server.effective_port}")
        sys.stdout.flush()
        until_stopped(server.run)
        server.close()


@click.command()
@click.option(
    "--threads", default=8, show_default=True, type=click.IntRange(1, 200), help="Jobs done at the same time."
)
@click.option(
    "--lease",
    default=120,
    show_default=True,
    type=click.IntRange(1, 86_400),
    help="Seconds after which another worker takes over what this one left undone.",
)
def work(threads: int, lease: int) -> None:
    """Fire timers and do jobs. Any number of these may run, on any number of machines."""
    log_to_stderr()
    stop = told_to_stop()
    name = f"{socket.gethostname()}:{os.getpid()}"
    with the_house() as house:
        click.echo(f"worker {name} is ready")
        sys.stdout.flush()
        house.worker(WorkerSettings(name=name, threads=threads, lease=timedelta(seconds=lease))).run(stop)


@click.command()
@click.option("--port", default=8090, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
def agencies(port: int) -> None:
    """Run the agency simulator: agencies, message gateway and insurer as a server of its own."""
    simulator = Simulator(port=port)
    click.echo(f"agencies listen at {simulator.url}")
    sys.stdout.flush()
    until_stopped(simulator.serve_forever)


@click.command()
def migrate() -> None:
    """Bring the database's tables to this version."""
    try:
        migrate_database(Settings.from_environment())
    except (SettingInvalid, ConnectionError) as error:
        raise click.ClickException(str(error)) from error
    click.echo("数据库结构已是最新。 The tables are up to date.")
