"""The `relief` command; each of its commands is loaded when it is called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click

from api.cli.bilingual import BilingualGroup

COMMANDS: Mapping[str, str] = {
    "accounts": "organising",
    "agencies": "running",
    "batches": "batching",
    "bench": "bench",
    "bulk": "bulk",
    "decide": "authoring",
    "demo": "demo",
    "deploy": "authoring",
    "feel": "authoring",
    "history": "history",
    "import-benefits": "transferring",
    "incidents": "operating",
    "instances": "operating",
    "lint": "authoring",
    "messages": "messages",
    "migrate": "running",
    "migrate-instances": "migrating",
    "scenario": "scenario",
    "serve": "serve",
    "simulate": "simulate",
    "synthetic": "transferring",
    "tck": "authoring",
    "units": "organising",
    "work": "running",
}
"""Each command and the module of this package it stands in, under its name with underscores."""


class LoadedWhenCalled(BilingualGroup):
    """Loads the one command that is called: a worker keeps no pages in its memory, and nobody waits for them."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; None where there is none of this name."""
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        found = getattr(import_module(f"{__name__}.{module}"), cmd_name.replace("-", "_"))
        return found if isinstance(found, click.Command) else None


@click.group(cls=LoadedWhenCalled, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="reliefdesk")
def main() -> None:
    """ReliefDesk (救助通办): one application, every department, no lost case."""
