"""What must not grow: a task's cost with a case's past, with the cases that wait, a page's time with open tasks."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from sqlalchemy import text

from api.benchmark.case import GROUP, REGION, answers, caseworker
from api.benchmark.measuring import Measuring, Run, Work
from engine.commands.deployments import DeployResources
from engine.commands.process_instances import StartProcessInstance
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask
from engine.model import SYSTEM, Actor, Membership, ProcessInstance, Resource
from engine.queries import TaskOrder, TaskTab, UserTaskFilter
from tests.benchmarks.filling import REGIONS
from tests.benchmarks.machine import Command

LOOP = "measured_loop"
SPAN = 10  # completions at either end of a long case
PAGE_CALLS = 200
PAGE_SECONDS = 120.0  # pages that take long are asked for less often
Figures = dict[str, Any]


def loops(measuring: Measuring, *, loops: int, cases: int) -> Figures:
    """The last completions of a case that came back so often, in turns with the first ones of a new case."""
    measured = _Loops(measuring)
    early: list[tuple[float, float]] = []
    late: list[tuple[float, float]] = []
    for _ in range(cases):
        old = measured.start()
        for place in range(loops - SPAN):
            measured.complete(old, place)
        new = measured.start()
        for place in range(SPAN):
            early.append(measured.complete(new, place))
            late.append(measured.complete(old, loops - SPAN + place))
    clock = [median(one[0] for one in found) * 1000 for found in (early, late)]
    cpu = [median(one[1] for one in found) * 1000 for found in (early, late)]
    return {
        "loops": loops,
        "first_ms": clock[0],
        "last_ms": clock[1],
        "last_to_first": clock[1] / clock[0],
        "last_to_first_client_cpu": cpu[1] / cpu[0],
    }


class _Loops:
    """A case of one task that comes back as often as its answer says so."""

    def __init__(self, measuring: Measuring) -> None:
        self._measuring = measuring
        self._engine = measuring.bench.house.services.engine
        content = Path(__file__).with_name(f"{LOOP}.bpmn").read_bytes()
        resource = Resource(name=f"{LOOP}.bpmn", kind="process", content=content)
        self._engine.execute(DeployResources(resources=(resource,)), actor=SYSTEM)
        instance = self.start()
        self._keys = [self._open_key(instance)]
        self.complete(instance, 0)
        self._keys.append(self._open_key(instance))
        self.complete(instance, 1)
        self._keys.append(self._open_key(instance))

    def start(self) -> ProcessInstance:
        variables = {"clerk": self._measuring.cases.actor.id}
        start = StartProcessInstance(process_id=LOOP, variables=variables, region=REGION, business_key="loop")
        return self._engine.execute(start, actor=SYSTEM)

    def complete(self, instance: ProcessInstance, place: int) -> tuple[float, float]:
        """Seconds on the clock and of CPU that one completion took."""
        first, second = self._keys[0], self._keys[min(1, len(self._keys) - 1)]
        key = first + place * (second - first)  # every loop takes as many keys
        command = CompleteUserTask(user_task_id=instance.row_id(key), values=answers("u1", place))
        cpu, started = time.process_time(), time.perf_counter()
        self._engine.execute(command, actor=self._measuring.cases.actor)
        return time.perf_counter() - started, time.process_time() - cpu

    def _open_key(self, instance: ProcessInstance) -> int:
        return self._measuring.cases.open_tasks(instance.id)[0].key


def with_parked(empty: Measuring, full: Measuring, *, rounds: int, cases: int) -> Figures:
    """The completion rate beside many parked instances, in turns with an empty database on the same server."""
    kinds = {
        "completion": (empty.completions, full.completions),
        "first task of a random parked case": (_first_tasks(empty), _woken_tasks(full)),
    }
    figures: Figures = {}
    for name, (of_empty, of_full) in kinds.items():
        pairs = []
        for number in range(rounds + 1):
            turns = [(empty, of_empty), (full, of_full)]
            costs = [one.measured(Work(name=name, prepare=work), cases) for one, work in turns[:: 1 - 2 * (number % 2)]]
            pairs.append(costs[:: 1 - 2 * (number % 2)])
        pairs = pairs[1:]  # the first warms up
        figures[name] = {
            "a_second_empty": median(pair[0].rate for pair in pairs),
            "a_second_full": median(pair[1].rate for pair in pairs),
            "full_to_empty": median(pair[1].rate / pair[0].rate for pair in pairs),
            "cpu_ms_empty": median(_cpu_ms(pair[0]) for pair in pairs),
            "cpu_ms_full": median(_cpu_ms(pair[1]) for pair in pairs),
            "wal_bytes_full": round(median(pair[1].wal_bytes / pair[1].count for pair in pairs)),
        }
    return figures


def _cpu_ms(costs: Any) -> float:
    return (costs.client_cpu + (costs.server_cpu or 0)) / costs.count * 1000


def _first_tasks(measuring: Measuring) -> Any:
    def prepare(cases: int) -> Run:
        instances = [measuring.cases.start(assigned=False) for _ in range(cases * 14)]
        return lambda: _claim_and_complete(measuring, [one.row_id(measuring.course[0].key) for one in instances])

    return prepare


def _woken_tasks(measuring: Measuring) -> Any:
    seed = random.Random(7)

    def prepare(cases: int) -> Run:
        query = text(
            "SELECT id FROM user_task WHERE state = 'open' AND assignee IS NULL AND form_id = 'measured_u1' "
            "AND business_key LIKE 'CP%' AND id > :start ORDER BY id LIMIT 1"
        )
        starts = [f"{seed.randrange(16**8 * 19 // 20):08x}-0000-0000-0000-000000000000" for _ in range(cases * 14)]
        with measuring.bench.house.database.connect() as connection:
            found = [connection.execute(query, {"start": start}).scalar() for start in starts]
        ids = list(dict.fromkeys(one for one in found if one is not None))
        return lambda: _claim_and_complete(measuring, ids)

    return prepare


def _claim_and_complete(measuring: Measuring, ids: Sequence[Any]) -> int:
    engine, actor = measuring.bench.house.services.engine, county_worker()
    for number, task_id in enumerate(ids):
        engine.execute(ClaimUserTask(user_task_id=task_id), actor=actor)
        engine.execute(CompleteUserTask(user_task_id=task_id, values=answers("u1", number)), actor=actor)
    return len(ids)


def county_worker() -> Actor:
    return replace(caseworker(), memberships=(_membership("320481"),))


def unit_worker(number: int) -> Actor:
    return Actor(id="reader", name="看件员", memberships=(_membership(f"320481{1 + number % REGIONS:03d}"),))


def _membership(region: str) -> Membership:
    kind, _, role = GROUP.partition("/")
    return Membership(unit_kind=kind, role=role, region=region)


def work_list(measuring: Measuring) -> Figures:
    """Milliseconds for a page of one unit's work list with the counts of all tabs, as the page asks for them."""
    queries = measuring.bench.house.services.queries
    seed = random.Random(11)
    views: dict[str, Figures] = {
        "by due date": {},
        "by name, second page": {"order": TaskOrder.NAME, "offset": 50},
        "filtered by text": {"text": "CP00000"},
        "filtered by element": {"element_id": "Task_ReviewVisit", "order": TaskOrder.CREATED, "descending": True},
    }
    times: dict[str, list[float]] = {name: [] for name in views}
    total = 0
    costs = measuring.bench.yardstick.costs
    server, client = costs.cpu_seconds(), time.process_time()
    began = time.perf_counter()
    for number in range(PAGE_CALLS + len(views)):
        if number >= 10 * len(views) and time.perf_counter() - began > PAGE_SECONDS:
            break
        name = list(views)[number % len(views)]
        actor = unit_worker(seed.randrange(REGIONS))
        started = time.perf_counter()
        page = queries.user_tasks(UserTaskFilter(actor=actor, tab=TaskTab.TO_CLAIM, **views[name]))
        queries.user_task_counts(actor)
        if number >= len(views):
            times[name].append((time.perf_counter() - started) * 1000)
        total = max(total, page.total)
    client, server_now = time.process_time() - client, costs.cpu_seconds()
    everything = [one for found in times.values() for one in found]
    calls = len(everything) + len(views)
    figures = {name: {"p50_ms": median(found), "p95_ms": p95(found)} for name, found in times.items()}
    return {
        "open_tasks_of_a_unit": total,
        "pages": len(everything),
        "p50_ms": median(everything),
        "p95_ms": p95(everything),
        "client_cpu_ms": client / calls * 1000,
        "server_cpu_ms": None if server is None or server_now is None else (server_now - server) / calls * 1000,
        "views": figures,
    }


def p95(found: Sequence[float]) -> float:
    return quantiles(found, n=20)[-1]


def timers(measuring: Measuring, *, seconds: float) -> Figures:
    """How many of the waiting timers, all due at once, a worker fires a second, and how much memory it takes."""
    _all_due(measuring)
    due = _timers_left(measuring)
    log = Path(measuring.bench.settings.data_folder) / "work.log"
    worker = Command(measuring.bench, "work", log=log)
    try:
        samples = list(_samples(measuring, worker, seconds))
    finally:
        worker.stop()
    first, last = samples[0], samples[-1]
    fired = first["left"] - last["left"]
    return {
        "due": due,
        "fired": fired,
        "seconds": last["at"] - first["at"],
        "a_second": fired / (last["at"] - first["at"]),
        "worker_cpu_ms": (last["cpu"] - first["cpu"]) / max(1, fired) * 1000,
        "worker_rss_mb": max(one["RSS"] for one in samples),
        "worker_pss_mb": max(one["PSS"] for one in samples),
    }


def _samples(measuring: Measuring, worker: Command, seconds: float) -> Iterator[dict[str, float]]:
    """Look from the first fired timer until the time is over or nothing is left."""
    waiting = _timers_left(measuring)
    while (left := _timers_left(measuring)) == waiting:
        time.sleep(0.2)
    started = time.perf_counter()
    while True:
        now = time.perf_counter()
        yield {"at": now, "left": left, "cpu": worker.cpu_seconds(), **worker.memory()}
        if left == 0 or now - started > seconds:
            return
        time.sleep(min(1.0, seconds / 5))
        left = _timers_left(measuring)


def _all_due(measuring: Measuring) -> None:
    with measuring.bench.house.database.begin() as connection:
        connection.execute(text("UPDATE timer SET due_at = now() - interval '1 hour' + (due_at - now()) / 100000"))
    with measuring.bench.house.database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE timer"))


def _timers_left(measuring: Measuring) -> int:
    with measuring.bench.house.database.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM timer")).scalar_one())
