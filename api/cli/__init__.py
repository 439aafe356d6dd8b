"""The `relief` command."""

from __future__ import annotations

import click

from api.cli.authoring import decide, deploy, feel, lint, tck
from api.cli.batching import batches
from api.cli.bench import bench
from api.cli.bilingual import BilingualGroup
from api.cli.demo import demo
from api.cli.history import history
from api.cli.migrating import migrate_instances
from api.cli.operating import incidents, instances
from api.cli.organising import accounts, units
from api.cli.running import agencies, migrate, serve, work
from api.cli.scenario import scenario
from api.cli.simulate import simulate
from api.cli.transferring import import_benefits, synthetic


@click.group(cls=BilingualGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="reliefdesk")
def main() -> None:
    """ReliefDesk (救助通办): one application, every department, no lost case."""


RUNNING = (serve, work, agencies, migrate, demo)
AUTHORING = (deploy, lint, feel, decide, tck, scenario, simulate, synthetic, bench)
OPERATING = (instances, incidents, batches, migrate_instances, history, units, accounts, import_benefits)
for command in (*RUNNING, *AUTHORING, *OPERATING):
    main.add_command(command)
