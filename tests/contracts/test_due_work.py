"""What a worker asks at every turn is led by indexes to its answer, however much waits, is in hand, or rests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import event, text

from engine.commands.process_instances import StartProcessInstance
from engine.host import Host
from engine.leases import WantedJobs
from engine.model import SYSTEM
from storage.unit_of_work import SqlUnitOfWork, units_of_work
from tests.engines import REGION, EngineUnderTest, engine_on
from tests.processes.diagrams import boundary, duration, end, flows, job, one_process, start

XML = one_process(start(), job("call"), boundary("b", "call", duration("PT1H")), end(), flows("s>call>e b>e"))
ROWS = 20_000
NO_INSTANCE = "SET session_replication_role = replica"  # rows without their instances: only the plans count here
COPIES = """
INSERT INTO {table} ({columns}, suspended)
SELECT {values}, n % 2 = 0 FROM {table} original, generate_series(1, {rows}) n
"""


def _many(house: EngineUnderTest) -> None:
    """Give the database many jobs, timers and deliveries, half of them of cases that rest."""
    with house.database.begin() as connection:
        connection.execute(text(NO_INSTANCE))
        for table, own in (("job", "id"), ("timer", "process_instance_id")):
            query = text(
                "SELECT column_name FROM information_schema.columns WHERE table_name = :name"
                " AND is_generated = 'NEVER' AND column_name <> 'suspended'"
            )
            columns = list(connection.execute(query, {"name": table}).scalars())
            new = {own: "gen_random_uuid()", "due_at": "due_at + n * interval '1 second'", "key": "n + 100"}
            values = ", ".join(new.get(column, column) for column in columns)
            copies = COPIES.format(table=table, columns=", ".join(columns), values=values, rows=ROWS)
            connection.execute(text(copies))
        connection.execute(text("UPDATE process_instance SET wrapped_key = NULL"))  # nothing is unsealed
        connection.execute(
            text("UPDATE job SET locked_by = 'w', locked_until = due_at + interval '5 minutes' WHERE key % 10 = 1")
        )
        connection.execute(
            text(
                "INSERT INTO delivery (message_id, due_at)"
                f" SELECT n, now() + n * interval '1 second' FROM generate_series(1, {ROWS}) n"
            )
        )
        for table in ("job", "timer", "delivery"):
            connection.execute(text(f"ANALYZE {table}"))


QUESTIONS: dict[str, Callable[[SqlUnitOfWork, EngineUnderTest], object]] = {
    "next due": lambda work, _: work.timers.next_due(job_types=("call", "other")),
    "timers": lambda work, house: work.timers.claim(now=house.clock(), lease=timedelta(minutes=1), limit=100),
    "deliveries": lambda work, house: work.deliveries.claim(now=house.clock(), lease=timedelta(minutes=1), limit=100),
    "jobs": lambda work, house: work.jobs.acquire(
        WantedJobs(worker="w", types=("call", "other"), lease=timedelta(minutes=1), limit=8, suspects=1),
        now=house.clock(),
    ),
    "leases": lambda work, house: work.jobs.expired(now=house.clock(), limit=100),
}


def test_no_question_of_a_worker_reads_a_whole_table(database_url: str) -> None:
    with engine_on(database_url, Host(outside={"call": lambda _: {}}, region="320481")) as house:
        house.deploy(p_bpmn=XML)
        command = StartProcessInstance(process_id="P", variables={}, region=REGION, business_key="1")
        house.engine.execute(command, actor=SYSTEM)
        _many(house)
        plans = {name: _plan(house, ask) for name, ask in QUESTIONS.items()}

    for name, plan in plans.items():
        assert "Index" in plan, name
        for table in ("job", "timer", "delivery", "process_instance"):
            assert f"Seq Scan on {table}" not in plan, f"{name}:\n{plan}"
        assert "Bitmap" not in plan, f"{name}:\n{plan}"


def _plan(house: EngineUnderTest, ask: Callable[[SqlUnitOfWork, EngineUnderTest], object]) -> str:
    """Return how the database answers the last statement of a question, that which reads what is due."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_more: object) -> None:
        if "ready" in statement or "least" in statement or "locked_until <" in statement:
            seen.append((statement, parameters))

    event.listen(house.database, "before_cursor_execute", note)
    with units_of_work(house.database, house.keys)() as work:
        ask(work, house)
    event.remove(house.database, "before_cursor_execute", note)
    [(statement, parameters)] = seen
    with house.database.connect() as connection:
        answer = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
        return "\n".join(answer.scalars())
