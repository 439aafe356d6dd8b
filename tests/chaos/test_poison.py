"""Jobs that never work, hang or end their worker, and a diagram that never rests: each becomes an incident, alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from sqlalchemy import text

from api.bootstrap import House
from engine.commands.deployments import DeployResources
from engine.commands.process_instances import StartProcessInstance
from engine.model import SYSTEM, Resource
from tests.chaos.cluster import Cluster
from tests.chaos.house import Processes, open_house, until
from tests.chaos.nursery import Nursery
from tests.chaos.receiver import Receiver
from tests.processes.diagrams import (
    catch,
    document,
    duration,
    end,
    exclusive,
    flows,
    job,
    mappings,
    process,
    script,
    start,
)

GOOD = 50
POISON = ("fail", "hang", "kill_the_worker")
WORKERS = ("work1", "work2")
LEASE = 2
DIAGRAMS = {
    "good": (start(), job("tell", mappings(inputs={"number": "=number"})), end(), flows("s>tell>e")),
    **{kind: (start(), job(kind), end(), flows(f"s>{kind}>e")) for kind in POISON},
    "runaway": (
        start(),
        catch("pause", duration("PT0.5S")),
        script("spin", "=true", "again"),
        exclusive("enough"),
        end(),
        flows("s>pause>spin>enough>spin[=again] enough>e[*]"),
    ),
}


@pytest.mark.timeout(300)
def test_poison_jobs_and_a_runaway_become_incidents_and_hold_up_nobody(nursery: Nursery) -> None:
    with (
        Cluster() as cluster,
        Receiver() as receiver,
        Processes(nursery, cluster.url, receiver=receiver.url) as processes,
        open_house(processes.settings) as house,
    ):
        deploy(house)
        for one in (*POISON, "runaway"):
            begin(house, one)
        for number in range(GOOD):
            begin(house, "good", number=number)
        for name in WORKERS:
            processes.work(name, lease=LEASE)
        with started_again_when_they_die(processes):
            until(lambda: ended(house) == {"good": GOOD}, what="the good ones are done")
            until(lambda: len(incidents(house)) > len(POISON), what="the others are incidents", patience=120)
            begin(house, "good", number=GOOD)
            until(lambda: ended(house) == {"good": GOOD + 1}, what="the workers work on")

        assert sorted(incidents(house)) == sorted([("runaway", "step-limit"), *((one, "job") for one in POISON)])
        assert sorted(body["number"] for bodies in receiver.calls.values() for body in bodies[:1]) == list(
            range(GOOD + 1)
        )
        for name in WORKERS:
            processes.stop(name)  # also one in which a job hangs


def deploy(house: House) -> None:
    resources = tuple(
        Resource(name=f"{name}.bpmn", kind="process", content=document(process(*drawn, process_id=f"P_{name}")))
        for name, drawn in DIAGRAMS.items()
    )
    house.services.engine.execute(DeployResources(resources=resources), actor=SYSTEM)


def begin(house: House, name: str, **variables: int) -> None:
    command = StartProcessInstance(
        process_id=f"P_{name}", variables=dict(variables), region="320481", business_key=name
    )
    house.services.engine.execute(command, actor=SYSTEM)


def ended(house: House) -> Counter[str]:
    with house.database.connect() as connection:
        found = connection.execute(text("SELECT business_key FROM process_instance WHERE state = 'completed'"))
        return Counter(found.scalars())


def incidents(house: House) -> list[tuple[str, str]]:
    with house.database.connect() as connection:
        found = connection.execute(
            text(
                "SELECT business_key, kind FROM incident JOIN process_instance ON process_instance.id = "
                "process_instance_id WHERE resolved_at IS NULL"
            )
        )
        return [(row.business_key, row.kind) for row in found]


@contextmanager
def started_again_when_they_die(processes: Processes) -> Iterator[None]:
    """Do what whoever runs servers does: start again what ended."""
    enough = Event()

    def supervise() -> None:
        while not enough.wait(0.1):
            for name in WORKERS:
                if not processes.lives(name):
                    processes.kill(name)
                    processes.start_again(name)

    supervisor = Thread(target=supervise, daemon=True)
    supervisor.start()
    try:
        yield
    finally:
        enough.set()
        supervisor.join()
