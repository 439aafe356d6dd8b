"""A database of an earlier release with running cases is brought to this one, and its cases go on.

`releases/*.json` hold what a release really wrote: its revision, its rows, and a key ring made for the fixture alone.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb
from sqlalchemy import text

from engine.commands.incidents import ResolveIncident
from engine.commands.jobs import AcquireJobs, CompleteJob, EndLease, ExpiredJobs
from engine.commands.messages import CorrelateMessage
from engine.commands.process_instances import SetVariables
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask
from engine.executor import Engine
from engine.host import Host
from engine.job_executor import JobExecutor, WorkerSettings
from engine.model import SYSTEM, InstanceState
from engine.queries import InstanceView
from storage.database import connect, migrate, pending_migrations
from storage.encryption import KeyRing
from storage.read_models import SqlQueries
from storage.unit_of_work import units_of_work
from tests.engines import EngineUnderTest, TestClock, person

RELEASES = sorted((Path(__file__).parent / "releases").glob("*.json"))
ANN = person("ann", "township/clerk")


@pytest.fixture(params=RELEASES, ids=[path.stem for path in RELEASES])
def upgraded(request: pytest.FixtureRequest, database_url: str) -> Iterator[EngineUnderTest]:
    """A house on the tables of an earlier release, with its rows, after `relief migrate`."""
    release = json.loads(request.param.read_text(encoding="utf-8"))
    database = connect(database_url)
    with database.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    migrate(database, revision=release["schema"])
    with database.begin() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        for table, rows in release["tables"].items():
            for row in rows:
                names = ", ".join(f'"{name}"' for name in row)
                places = ", ".join(["%s"] * len(row))
                values = [_value(value) for value in row.values()]
                driver.execute(f'INSERT INTO "{table}" ({names}) OVERRIDING SYSTEM VALUE VALUES ({places})', values)
        for table in ("history_entry", "decision_evaluation"):  # the rows brought their numbers along
            highest = f"(SELECT coalesce(max(id), 0) + 1 FROM {table})"
            driver.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {highest})")
    migrate(database)
    assert pending_migrations(database) == []
    keys = KeyRing.from_bytes(json.dumps(release["keys"]).encode())
    clock = TestClock(datetime.fromisoformat(release["now"]) + timedelta(hours=1))
    host: Host[Any] = Host(region="320481")
    yield EngineUnderTest(
        engine=Engine(units_of_work(database, keys), now=clock, host=host),
        queries=SqlQueries(database, keys),
        clock=clock,
        database=database,
        keys=keys,
    )
    database.dispose()


def _value(stored: Any) -> Any:
    if not isinstance(stored, dict):
        return stored
    match stored:
        case {"$bytes": content}:
            return b64decode(content)
        case {"$at": moment}:
            return datetime.fromisoformat(moment)
        case {"$id": text_of_id}:
            return UUID(text_of_id)
    return Jsonb(stored)


def view_of(house: EngineUnderTest, number: int) -> InstanceView:
    with house.database.connect() as connection:
        query = text("SELECT id FROM process_instance WHERE business_key = :key")
        instance_id = connection.execute(query, {"key": f"SR-2026-{number}"}).scalar_one()
    return house.queries.instance(instance_id)


def open_tasks(house: EngineUnderTest, number: int) -> list[str]:
    return sorted(task.element_id for task in view_of(house, number).tasks if task.state == "open")


def do(house: EngineUnderTest, number: int, element_id: str) -> None:
    task = next(task for task in view_of(house, number).tasks if (task.state, task.element_id) == ("open", element_id))
    if task.assignee is None:
        house.engine.execute(ClaimUserTask(user_task_id=task.id), actor=ANN)
    house.engine.execute(CompleteUserTask(user_task_id=task.id, values={}), actor=ANN)


def work(house: EngineUnderTest) -> int:
    for held in house.engine.execute(ExpiredJobs(limit=9), actor=SYSTEM):  # in hand of a worker of the old release
        house.engine.execute(EndLease(lease=held.lease), actor=SYSTEM)
    acquire = AcquireJobs(worker="w", types=["work"], lease=timedelta(minutes=1), limit=9)
    jobs = house.engine.execute(acquire, actor=SYSTEM)
    for job in jobs:
        house.engine.execute(CompleteJob(lease=job.lease, variables={}), actor=SYSTEM)
    return len(jobs)


def test_there_is_a_fixture_of_every_release() -> None:
    assert [path.stem for path in RELEASES] == ["0.1.0"]


def test_what_an_earlier_release_left_is_shown_whole(upgraded: EngineUnderTest) -> None:
    second = view_of(upgraded, 2)

    assert open_tasks(upgraded, 1) == ["a", "b", "b"]
    assert open_tasks(upgraded, 2) == ["a", "b"]
    assert second.variables == {
        "n": 2,
        "amount": Decimal("1200.50"),
        "name": "张三",
        "six": 6,
        "got": True,
        "note": "eins",
    }
    assert second.diagrams[0].flows["f_s1_b_1"] == 2
    [held] = [task for task in second.tasks if task.state == "open" and task.assignee == "ann"]
    draft = upgraded.queries.draft(held.id, ANN)
    assert draft is not None
    assert draft.values == {"half": "filled"}
    assert [incident.element_id for incident in view_of(upgraded, 3).incidents] == ["g"]


def test_cases_of_an_earlier_release_go_on_to_their_end(upgraded: EngineUnderTest) -> None:
    upgraded.engine.execute(CorrelateMessage(name="GO", correlation_key="k1", variables={"late": True}), actor=SYSTEM)
    assert work(upgraded) == 2  # the job the old release opened, and a new one
    for number, steps in ((1, "a b b"), (2, "a b")):
        for step in steps.split():
            do(upgraded, number, step)
    stuck = view_of(upgraded, 3)
    upgraded.engine.execute(
        SetVariables(process_instance_id=stuck.instance.id, scope_key=1, variables={"missing": False}), actor=SYSTEM
    )
    upgraded.engine.execute(ResolveIncident(incident_id=stuck.incidents[0].id), actor=SYSTEM)

    ended = [view_of(upgraded, number) for number in (1, 2, 3)]
    # nobody set `missing` for the first two: they are where the third one was
    assert [view.instance.state for view in ended] == [
        InstanceState.ACTIVE,
        InstanceState.ACTIVE,
        InstanceState.COMPLETED,
    ]
    assert [[one.element_id for one in view.incidents if one.resolved_at is None] for view in ended] == [
        ["g"],
        ["g"],
        [],
    ]
    assert ended[1].variables["outs"] == [10, 20]
    assert ended[1].diagrams[0].flows["f_b_e1_2"] == 2  # one by each release
    assert ended[2].variables["missing"] is False
    with upgraded.database.connect() as connection:
        left = connection.execute(text("SELECT count(*) FROM user_task WHERE state = 'open'")).scalar_one()
    assert left == 0


def test_timers_of_an_earlier_release_fire(upgraded: EngineUnderTest) -> None:
    upgraded.clock.move(days=31)
    executor = JobExecutor(
        upgraded.engine, signal=lambda: pytest.fail("nobody waits"), settings=WorkerSettings(name="w")
    )
    assert executor.run_until_idle() >= 2

    assert open_tasks(upgraded, 1) == ["a", "late"]
    assert open_tasks(upgraded, 2) == ["a", "late"]
