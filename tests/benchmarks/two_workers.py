"""Two client processes on two cores against one on one core, the database where they are."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from statistics import median
from typing import Any

from api.benchmark.measuring import Measuring
from tests.benchmarks.machine import CORES, pin


class Client:
    """A process that completes cases when told to."""

    def __init__(self, measuring: Measuring, cores: Sequence[int]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.completing"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        settings = measuring.bench.settings
        self._say(
            json.dumps(
                {
                    "url": settings.database_url,
                    "folder": str(settings.data_folder),
                    "cores": list(cores),
                    "course": [asdict(step) for step in measuring.course],
                }
            )
        )

    def prepare(self, cases: int) -> None:
        self._say(str(cases))

    def is_ready(self) -> bool:
        return self._hear() == "ready"

    def go(self) -> None:
        self._say("go")

    def outcome(self) -> dict[str, float]:
        return json.loads(self._hear())

    def stop(self) -> None:
        self._process.communicate(timeout=60)

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _hear(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def two_workers(measuring: Measuring, *, rounds: int, cases: int) -> dict[str, Any]:
    """How much faster two workers on two cores are than one with the database beside it on one core."""
    if len(CORES) < 2:
        return {"skipped": "this process may use one core alone"}
    one_core, two_cores = CORES[:1], CORES[:2]
    pairs: list[tuple[float, float]] = []
    with _clients(measuring, [one_core]) as alone, _clients(measuring, [[core] for core in two_cores]) as both:
        for number in range(rounds + 1):
            rates = {}
            for clients, cores in ((alone, one_core), (both, two_cores))[:: 1 - 2 * (number % 2)]:
                pin_server(measuring, cores)
                rates[len(clients)] = _rate(clients, cases)
            pairs.append((rates[1], rates[2]))
    pin_server(measuring, CORES)
    pairs = pairs[1:]  # the first warms up
    return {
        "a_second_one": median(one for one, _ in pairs),
        "a_second_two": median(two for _, two in pairs),
        "two_to_one": median(two / one for one, two in pairs),
        "two_to_one_at_best": max(two for _, two in pairs) / max(one for one, _ in pairs),
    }


def pin_server(measuring: Measuring, cores: Sequence[int]) -> None:
    own = list(CORES)
    pin(cores, measuring.bench.yardstick.costs)
    pin(own)


def _rate(clients: Sequence[Client], cases: int) -> float:
    for client in clients:
        client.prepare(cases)
    if not all(client.is_ready() for client in clients):
        raise RuntimeError("a client process ended early")
    for client in clients:
        client.go()
    outcomes = [client.outcome() for client in clients]
    return sum(one["count"] for one in outcomes) / max(one["seconds"] for one in outcomes)


@contextmanager
def _clients(measuring: Measuring, cores: Sequence[Sequence[int]]) -> Iterator[list[Client]]:
    clients = [Client(measuring, one) for one in cores]
    try:
        yield clients
    finally:
        for client in clients:
            client.stop()
