"""What cannot be handled stops nobody else: damaged rows, runs without end, lines that break, cases that are busy."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import text

from engine.commands.process_instances import StartProcessInstance
from engine.host import Host
from engine.job_executor import JobExecutor, WorkerSettings
from engine.json_values import JsonObject
from engine.model import SYSTEM, Job, ProcessInstance
from tests.engines import REGION, EngineUnderTest, engine_on
from tests.processes.diagrams import catch, duration, end, exclusive, flows, job, one_process, script, start

CALL = one_process(start(), job("call"), end(), flows("s>call>e"))
DAMAGES = {
    "its variables": "UPDATE job SET variables = 'rot'::bytea WHERE process_instance_id = :id",
    "its instance": "UPDATE process_instance SET snapshot = 'rot'::bytea WHERE id = :id",
    "its key": "UPDATE process_instance SET wrapped_key = 'rot'::bytea WHERE id = :id",
}


def begin(house: EngineUnderTest, **variables: object) -> ProcessInstance:
    command = StartProcessInstance(process_id="P", variables=variables, region=REGION, business_key="1")
    return house.engine.execute(command, actor=SYSTEM)


def worker(house: EngineUnderTest, **settings: Any) -> JobExecutor[Any]:
    settings = {"name": "w", "jobs_in_a_turn": 2, **settings}
    return JobExecutor(house.engine, signal=lambda: pytest.fail("nobody waits"), settings=WorkerSettings(**settings))


def states(house: EngineUnderTest) -> Counter[str]:
    with house.database.connect() as connection:
        return Counter(connection.execute(text("SELECT state FROM process_instance")).scalars())


def write(house: EngineUnderTest, statement: str, **values: object) -> None:
    with house.database.begin() as connection:
        connection.execute(text(statement), values)


@pytest.mark.parametrize("damage", sorted(DAMAGES))
def test_a_job_that_does_not_open_stops_no_other(database_url: str, damage: str) -> None:
    done: list[str] = []

    def call(one: Job) -> JsonObject:
        done.append(str(one.process_instance_id))
        return {}

    with engine_on(database_url, Host(outside={"call": call}, region="320481")) as house:
        house.deploy(p_bpmn=CALL)
        bad, *good = [begin(house, a=1) for _ in range(4)]
        write(house, DAMAGES[damage], id=bad.id)
        for _ in range(12):
            worker(house).run_until_idle()
            house.clock.move(hours=2)

        assert states(house) == {"completed": 3, "active": 1}
        assert {str(one.id) for one in good} <= set(done)


def test_a_job_whose_variables_do_not_open_becomes_an_incident_that_says_so(database_url: str) -> None:
    with engine_on(database_url, Host(outside={"call": lambda _: pytest.fail("begun")}, region="320481")) as house:
        house.deploy(p_bpmn=CALL)
        bad = begin(house, a=1)
        write(house, DAMAGES["its variables"], id=bad.id)
        for _ in range(4):
            worker(house).run_until_idle()
            house.clock.move(hours=2)

        [incident] = house.queries.instance(bad.id).incidents
        assert incident.kind == "job"
        assert "无法打开" in incident.reason
        assert "check the key file" in incident.reason


HEAVY = one_process(
    start(),
    catch("t", duration("PT5S")),
    script("x", "=(for i in 1..600000 return i)[1]", "r"),
    script("k", "=k + 1", "k"),
    exclusive("g"),
    end(),
    flows("s>t>x>k>g>e[=k >= limit] g>x[=k < limit]"),
)


def test_a_run_that_computes_without_end_is_an_incident_and_lets_the_others_fire(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.host.MOST_SECONDS", 1)
    with engine_on(database_url) as house:
        house.deploy(p_bpmn=HEAVY)
        heavy, *easy = [begin(house, k=0, limit=limit) for limit in (10_000, 1, 1)]
        house.clock.move(seconds=6)
        worker(house).run_until_idle()

        assert states(house) == {"completed": len(easy), "active": 1}
        [incident] = house.queries.instance(heavy.id).incidents
        assert incident.kind == "step-limit"
        assert "computed for more than" in incident.reason
