"""`relief serve`: pages and API in the foreground."""

from __future__ import annotations

import sys

import click

from api.app import create_app
from api.cli.running import ROOT, health_options, telling, the_running_house
from api.serving import listening, settle_in, until_stopped
from web import assets

READY_LINE = "ReliefDesk listens at"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--threads", default=12, show_default=True, type=click.IntRange(1, 200))
@health_options
def serve(host: str, port: int, threads: int, health_host: str, health_port: int | None) -> None:
    """Serve the pages and the API. Any number of these may run on one database."""
    with the_running_house(threads=threads) as house:
        assets.ensure(ROOT)
        trusted = house.services.settings.trusted_proxies
        server = listening(create_app(house.services), host=host, port=port, threads=threads, trusted_proxies=trusted)
        click.echo(f"{READY_LINE} http://{host}:{server.effective_port}")
        with telling(house, host=health_host, port=health_port):
            sys.stdout.flush()
            settle_in()
            until_stopped(server.run)
        server.close()
