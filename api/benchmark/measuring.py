"""Rounds of work in turns: the engine, and the bare transaction that writes the same rows, on one database."""

from __future__ import annotations

import gc
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from api.benchmark.case import MeasuredCases, Step
from api.bootstrap import Bench, open_house
from engine.model import ProcessInstance

WARM_UP_CASES = 3

Run = Callable[[], int]  # does the work and returns how many pieces of it there were


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A kind of work: `prepare` makes ready so many cases, which costs nothing, and returns what is measured."""

    name: str
    prepare: Callable[[int], Run]
    cpu_of_client: Callable[[], float] = time.process_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What a number of pieces of work took: seconds on the clock and of CPU, bytes of the server's log."""

    count: int
    seconds: float
    client_cpu: float
    server_cpu: float | None
    wal_bytes: int

    @property
    def rate(self) -> float:
        """Pieces of work a second."""
        return self.count / self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """What one completion says to the database: times it waits for an answer, statements, bytes each way."""

    turns: float
    most_turns: int
    statements: float
    sent: float
    received: float


class Measuring:
    """Measured cases on a bench: recorded once, then done again and again."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        services = bench.house.services
        self.cases = MeasuredCases(services.engine, services.queries)
        self.cases.deploy()
        self.course = self._record()
        self._writer = bench.yardstick.writer()
        self.seconds_by_step: dict[int, list[float]] = defaultdict(list)

    def close(self) -> None:
        """Close the connection for bare transactions."""
        self._writer.close()

    def works(self) -> Iterator[Work]:
        """Go through what is measured on every database."""
        yield Work(name="bare transaction", prepare=self._bare)
        yield Work(name="bare transaction, pipelined", prepare=self._bare_pipelined)
        yield Work(name="completion", prepare=self.completions)
        yield Work(name="claim and completion", prepare=self._claims_and_completions)

    def measured(self, work: Work, cases: int) -> Costs:
        """Do the work for so many cases once and return what it took."""
        run, cpu_of_client = work.prepare(cases), work.cpu_of_client
        costs = self.bench.yardstick.costs
        gc.collect()
        wal, server, client, started = costs.wal_bytes(), costs.cpu_seconds(), cpu_of_client(), time.perf_counter()
        count = run()
        seconds, client = time.perf_counter() - started, cpu_of_client() - client
        server_now = costs.cpu_seconds()
        return Costs(
            count=count,
            seconds=seconds,
            client_cpu=client,
            server_cpu=None if server is None or server_now is None else server_now - server,
            wal_bytes=costs.wal_bytes() - wal,
        )

    def rounds(self, works: Sequence[Work], *, rounds: int, cases: int) -> Iterator[tuple[str, Costs]]:
        """Do all works in turns, so that what else the machine does meets all of them."""
        for work in works:
            self.measured(work, WARM_UP_CASES)
        self.seconds_by_step.clear()
        for number in range(rounds):
            for work in works if number % 2 == 0 else reversed(works):
                yield work.name, self.measured(work, cases)

    def wire(self) -> Wire:
        """Count what the completions of one case say to the database, by an engine that has warmed up."""
        with (
            self.bench.yardstick.relay() as relay,
            open_house(replace(self.bench.settings, database_url=relay.url)) as house,
        ):
            cases = MeasuredCases(house.services.engine, house.services.queries)
            for _ in range(WARM_UP_CASES + 5):  # statements are prepared after a few times
                self._complete_all(cases, self.cases.start(assigned=True))
            instance = self.cases.start(assigned=True)
            found = []
            for number, step in enumerate(self.course):
                before = relay.counts.copy()
                cases.complete(instance, step, number)
                found.append(relay.counts.since(before))
        count = len(found)
        return Wire(
            turns=sum(one.turns for one in found) / count,
            most_turns=max(one.turns for one in found),
            statements=sum(one.statements for one in found) / count,
            sent=sum(one.sent for one in found) / count,
            received=sum(one.received for one in found) / count,
        )

    def wal_after_checkpoint(self, cases: int) -> int | None:
        """Return the bytes of a completion when pages are logged whole; None when we may not ask for a checkpoint."""
        if not self.bench.yardstick.costs.checkpoint():
            return None
        costs = self.measured(Work(name="completion", prepare=self.completions), cases)
        return round(costs.wal_bytes / costs.count)

    def milliseconds_by_task(self) -> Mapping[str, float]:
        """Return the median time of each task's completion in the rounds so far, in order of the case."""
        return {
            self.course[place].task: median(seconds) * 1000 for place, seconds in sorted(self.seconds_by_step.items())
        }

    def completions(self, cases: int) -> Run:
        """Start cases whose tasks the diagram assigns; return what completes all of their tasks."""
        instances = [self.cases.start(assigned=True) for _ in range(cases)]

        def run() -> int:
            done = 0
            for instance in instances:
                for place, step in enumerate(self.course):
                    started = time.perf_counter()
                    self.cases.complete(instance, step, done)
                    self.seconds_by_step[place].append(time.perf_counter() - started)
                    done += 1
            return done

        return run

    def _claims_and_completions(self, cases: int) -> Run:
        instances = [self.cases.start(assigned=False) for _ in range(cases)]

        def run() -> int:
            done = 0
            for instance in instances:
                for step in self.course:
                    self.cases.claim(instance, step)
                    self.cases.complete(instance, step, done)
                    done += 1
            return done

        return run

    def _bare(self, cases: int) -> Run:
        copies = list(self.bare.copies(cases))
        self._writer.begin(copies)
        return lambda: self._writer.run(copies)

    def _bare_pipelined(self, cases: int) -> Run:
        copies = list(self.bare.copies(cases))
        self._writer.begin(copies)
        return lambda: self._writer.run_pipelined(copies)

    def _complete_all(self, cases: MeasuredCases, instance: ProcessInstance) -> None:
        for number, step in enumerate(self.course):
            cases.complete(instance, step, number)

    def _record(self) -> tuple[Step, ...]:
        """Do one case, note which task comes when, and keep its rows after each of them."""
        instance = self.cases.start(assigned=True)
        recorded = [self.bench.yardstick.rows(instance.id)]
        course: list[Step] = []
        while open_tasks := self.cases.open_tasks(instance.id):
            self.cases.complete(instance, open_tasks[0], len(course))
            recorded.append(self.bench.yardstick.rows(instance.id))
            course.append(open_tasks[0])
        self.bare = self.bench.yardstick.bare_case(recorded)
        return tuple(course)
