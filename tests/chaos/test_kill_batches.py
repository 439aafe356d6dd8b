"""Workers killed in the middle of a batch: every item is done, and none twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from api.bootstrap import House, open_house
from api.settings import Settings
from engine.batches import BatchKind
from engine.commands.batches import Asked, CreateBatch
from engine.commands.deployments import DeployResources
from engine.commands.process_instances import StartProcessInstance
from engine.model import SYSTEM, Resource
from storage.tables.engine import history_entry
from storage.tables.operations import batch_item, batch_operation
from tests.processes.diagrams import end, flows, one_process, start, user

ROOT = Path(__file__).parents[2]
CASES = 200
KILLS = 2
STEPS = one_process(start(), user("make"), end(), flows("s>make>e"))


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "api", "work", "--threads", "1"],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert "is ready" in process.stdout.readline()
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        if process.stdout:
            process.stdout.close()


@pytest.mark.timeout(900)
def test_workers_killed_in_the_middle_of_a_batch_do_every_item_once(database_url: str, tmp_path: Path) -> None:
    environment = {"RELIEF_DATABASE_URL": database_url, "RELIEF_DATA_FOLDER": str(tmp_path)}
    with open_house(Settings.from_environment(environment)) as house:
        engine = house.services.engine
        content = STEPS if isinstance(STEPS, bytes) else STEPS.encode()
        resources = (Resource(name="p.bpmn", kind="process", content=content),)
        engine.execute(DeployResources(resources=resources), actor=SYSTEM)
        for number in range(CASES):
            command = StartProcessInstance(process_id="P", variables={}, region="320481", business_key=f"2026-{number}")
            engine.execute(command, actor=SYSTEM)
        engine.execute(CreateBatch(asked=Asked(kind=BatchKind.SUSPEND, reason="x", everything=True)), actor=SYSTEM)
        for kill in range(1, KILLS + 1):
            with worker(environment), worker(environment):
                until(house, lambda done, kill=kill: done >= kill * CASES // (KILLS + 1))
        with worker(environment):
            until(house, lambda done: done == CASES, state="completed")

        with house.database.connect() as connection:
            states = Counter(connection.execute(select(batch_item.c.state)).scalars())
            suspended = Counter(
                connection.execute(
                    select(history_entry.c.process_instance_id).where(history_entry.c.action == "suspended")
                ).scalars()
            )
    assert states == {"done": CASES}
    assert (len(suspended), set(suspended.values())) == (CASES, {1})


def until(house: House, holds: object, state: str | None = None) -> None:
    """Look again and again until so many items are done, and the batch is in a state."""
    assert callable(holds)
    while True:
        with house.database.connect() as connection:
            done = connection.execute(
                select(func.count()).select_from(batch_item).where(batch_item.c.state == "done")
            ).scalar_one()
            found = connection.execute(select(batch_operation.c.state)).scalar_one()
        if holds(done) and state in (None, found):
            return
        time.sleep(0.005)
