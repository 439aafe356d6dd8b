"""What the rows say is open is exactly what the snapshots hold open, in a county of cases at every stage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from api.bootstrap import House, open_house
from api.clock import FileClock
from api.demo.county import set_up
from api.demo.seeding import Seeder, Seeding
from api.settings import Settings
from engine.core import codec
from engine.definitions import DefinitionCache, InstanceDefinitions
from engine.journal import JournalLine
from storage.definitions import SqlDefinitions
from storage.encryption import KeyRing
from storage.journal import journal_of
from storage.sealing import InstanceSeals
from storage.tables import engine as tables
from tests.processes.views import open_work
from workflows.connectors.simulator import Simulator

START = datetime.fromisoformat("2026-06-15T16:00:00+08:00")
CASES = 25


@pytest.fixture
def county(database_url: str, tmp_path: Path, cheap_passwords: None) -> Iterator[House]:
    clock = FileClock(tmp_path / "clock")
    clock.set(START)
    with Simulator() as simulator:
        settings = replace(
            Settings.from_environment({"RELIEF_DATA_FOLDER": str(tmp_path), "RELIEF_DATABASE_URL": database_url}),
            test_clock=tmp_path / "clock",
            agencies_url=simulator.url,
            gateway_url=simulator.url,
            insurer_url=simulator.url,
        )
        with open_house(settings) as house:
            list(set_up(house.services.engine, house.services.organisation, now=START))
            plan = Seeding(cases=CASES, seed=11, today=START, simulator_url=simulator.url)
            assert len(list(Seeder(house, clock, plan).run())) == CASES
            yield house


def test_rows_and_snapshots_agree_on_everything_open(county: House) -> None:
    with county.database.connect() as connection:
        definitions = InstanceDefinitions(DefinitionCache(), SqlDefinitions(connection))
        instances = connection.execute(select(tables.process_instance)).mappings().all()
        assert {row["state"] for row in instances} == {"active", "completed"}
        seals = InstanceSeals(connection, KeyRing.load(county.services.settings.data_folder / "keys.json"))
        for row in instances:
            instance = seals.instance(row)
            snapshot = None if instance.snapshot is None else codec.decode(instance.snapshot)
            held = open_work(snapshot, definitions)

            def keys(table: str, column: str, *conditions: object, of: UUID = row["id"]) -> set[int]:
                source = tables.metadata.tables[table]
                query = select(source.c[column]).where(source.c.process_instance_id == of, *conditions)
                return set(connection.execute(query).scalars())

            assert keys("user_task", "key", tables.user_task.c.state == "open") | keys("job", "key") == set(held.work)
            assert keys("timer", "subscription_key") | keys("event_subscription", "subscription_key") == {
                key for key, one in held.subscriptions.items() if one.kind in ("timer", "message", "signal")
            }
            assert keys("incident", "key", tables.incident.c.resolved_at.is_(None)) == set(held.incidents)
            assert keys("activity_instance", "key", tables.activity_instance.c.left_at.is_(None)) == set(held.elements)
            journal = journal_of(connection, seals, row["id"])
            assert [entry.version for entry in journal] == list(range(2, row["version"] + 1))
            stored = variables_after(line for entry in journal for line in entry.lines)
            assert {scope: stored.get(scope, {}) for scope in held.variables} == held.variables


def variables_after(lines: Iterable[JournalLine]) -> dict[int, dict[str, object]]:
    """Add up what the journal tells of variables, scope by scope."""
    scopes: dict[int, dict[str, object]] = {}
    for line in lines:
        if line.kind == "variable-set":
            scopes.setdefault(line.key, {})[line.more["name"]] = line.more["value"]
        elif line.kind in ("left", "terminated"):
            scopes.pop(line.key, None)
    return scopes
