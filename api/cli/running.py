"""What commands that run the house share, and those that need no pages: worker, agency simulator, tables."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from api.bootstrap import House, MigrationsPending, NoHouse, migrate_database, open_house, require_house
from api.serving import PortTaken, listening, served_beside, settle_in, told_to_stop, until_stopped
from api.setting_values import SettingsInvalid
from api.settings import Settings
from api.watching.logs import log_to
from engine.job_executor import CLAIM_LEASE, WorkerSettings
from engine.leases import LONGEST_LEASE
from engine.model import SYSTEM
from web import assets
from workflows.casework.shipped_figures import EnterMissingFigures
from workflows.connectors.simulator import Simulator

Command = TypeVar("Command", bound=Callable[..., Any])

HEALTH_LINE = "health at"
ROOT = Path(__file__).parents[2]
PLAIN_FAILURES = (SettingsInvalid, MigrationsPending, PortTaken, assets.AssetsError, ConnectionError)
"""What a person can mend: said as it is, without a trace."""


class WrongSetting(click.ClickException):
    """A setting holds what it may not: wrong usage, as a wrong option is."""

    exit_code = 2


def plainly(error: Exception) -> click.ClickException:
    """Return what a person can mend as it is said: with status 2 for a wrong setting, else 1."""
    said = str(error)
    if isinstance(error, ConnectionError) and "RELIEF_DATABASE_URL" not in said:
        said = (
            f"无法使用数据库，请检查 RELIEF_DATABASE_URL 以及数据库服务器是否运行：{said}\n"
            f"The database cannot be used; check RELIEF_DATABASE_URL and whether its server runs: {said}"
        )
    return WrongSetting(said) if isinstance(error, SettingsInvalid) else click.ClickException(said)


@contextmanager
def the_house() -> Iterator[House]:
    """Open the house of the environment's settings, made where there is none; what is wrong with it is said plainly."""
    try:
        with open_house(Settings.from_environment()) as house:
            yield house
    except PLAIN_FAILURES as error:
        raise plainly(error) from error


@contextmanager
def the_existing_house() -> Iterator[House]:
    """Open the house of the environment's settings; where there is none that is said, and none is made."""
    try:
        require_house(Settings.read())
    except (SettingsInvalid, NoHouse) as error:
        raise plainly(error) from error
    with the_house() as house:
        yield house


@contextmanager
def the_running_house(*, is_made: bool = True) -> Iterator[House]:
    """Open the house and write its events to standard error, one a line; they carry ids, never persons.

    `is_made` says whether an embedded database is made where there is none.
    """
    try:
        settings = Settings.read()
        if not is_made and settings.database_url is None:
            require_house(settings)
        settings = Settings.from_environment()
    except (SettingsInvalid, NoHouse) as error:
        raise plainly(error) from error
    log_to(None, settings.log_format)
    with the_house() as house:
        entered = house.services.engine.execute(EnterMissingFigures(), actor=SYSTEM)
        if entered:
            keys = "、".join(entered)
            click.echo(
                f"已登记本版新增的政策参数，请核对：{keys}。 New figures of policy, please check: {keys}", err=True
            )
        yield house


def health_options(command: Command) -> Command:
    """Let a command tell how it is at a port of its own."""
    port = click.option(
        "--health-port",
        type=click.IntRange(0, 65535),
        help="Also answer /healthz, /readyz and /metrics at a port of their own, with threads of their own.",
    )
    host = click.option("--health-host", default="127.0.0.1", show_default=True, help="Address of that port.")
    return port(host(command))


@contextmanager
def telling(house: House, *, host: str, port: int | None) -> Iterator[None]:
    """Serve the health port, if one is wanted, while the block runs.

    Raises:
        PortTaken: the port is not free.
    """
    if port is None:
        yield
        return
    server = listening(house.services.watch.tower, host=host, port=port, threads=3, trusted_proxies=0)
    with served_beside(server):
        click.echo(f"{HEALTH_LINE} http://{host}:{server.effective_port}/healthz")
        yield


@click.command()
@click.option(
    "--threads", default=8, show_default=True, type=click.IntRange(1, 200), help="Jobs done at the same time."
)
@click.option(
    "--lease",
    default=120,
    show_default=True,
    type=click.IntRange(1, int(LONGEST_LEASE.total_seconds())),
    help="Seconds after which another worker takes over what this one left undone.",
)
@health_options
def work(threads: int, lease: int, health_host: str, health_port: int | None) -> None:
    """Fire timers and do jobs. Any number of these may run, on any number of machines."""
    stop = told_to_stop()
    name = f"{socket.gethostname()}:{os.getpid()}"
    with the_running_house(is_made=False) as house:
        click.echo(f"worker {name} is ready")
        with telling(house, host=health_host, port=health_port):
            sys.stdout.flush()
            settle_in()
            house.worker(_worker_settings(name, threads=threads, lease=timedelta(seconds=lease))).run(stop)


def _worker_settings(name: str, *, threads: int, lease: timedelta) -> WorkerSettings:
    """Return how a worker works; timers and messages are fired at once, so it never needs them longer than a minute."""
    return WorkerSettings(name=name, threads=threads, lease=lease, claim_lease=min(lease, CLAIM_LEASE))


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
    except (SettingsInvalid, ConnectionError) as error:
        raise plainly(error) from error
    click.echo("数据库结构现已是最新。 The tables are of this version now.")
