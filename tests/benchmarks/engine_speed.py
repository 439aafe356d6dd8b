"""The engine's speed: completions beside the bare transaction and rivals, over HTTP, at scale, on two cores."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.benchmark.measuring import Measuring
from api.benchmark.report import (
    COMPLETION,
    grouped,
    is_durable,
    lines,
    machine,
    ratios,
    shares_of_cpu,
    summary,
    wire_figures,
)
from api.bootstrap import open_bench
from api.serving import settle_in
from api.settings import Settings
from tests.benchmarks import flatness
from tests.benchmarks.filling import fill, parked
from tests.benchmarks.machine import CORES, own_server, pin
from tests.benchmarks.over_http import over_http
from tests.benchmarks.rivals import spiff, viewflow_rival
from tests.benchmarks.two_workers import two_workers

Figures = dict[str, Any]
HTTP = "completion over HTTP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is measured."""

    rounds: int
    cases: int
    loops: int
    parked: int
    timers: int
    timer_seconds: float


QUICK = Plan(rounds=3, cases=5, loops=60, parked=3_000, timers=1_000, timer_seconds=5)
FULL = Plan(rounds=7, cases=20, loops=200, parked=1_000_000, timers=100_000, timer_seconds=60)


def measure(plan: Plan, *, database_url: str | None, parked: int | None) -> Figures:
    """Measure all of it, everything on one core but the part that is about two."""
    count = plan.parked if parked is None else parked
    with own_server(database_url) as settings:
        figures = _beside_rivals(plan, settings)
        pin(CORES)
        figures |= _at_scale(plan, settings, count)
    return figures


def _beside_rivals(plan: Plan, settings: Settings) -> Figures:
    with ExitStack() as stack:
        bench = stack.enter_context(open_bench(settings))
        measuring = Measuring(bench)
        stack.callback(measuring.close)
        settle_in()  # as servers and workers do
        _tell("round trips")
        wire = measuring.wire()
        pin(CORES[-1:], bench.yardstick.costs)
        http = stack.enter_context(over_http(measuring))
        folder = Path(bench.settings.data_folder)
        works = [*measuring.works(), http.work(), spiff.on_sqlite(folder), spiff.on_postgresql(measuring)]
        _tell("rounds in turns")
        found = grouped(measuring.rounds(works, rounds=plan.rounds, cases=plan.cases))
        by_task = {name: round(one, 3) for name, one in measuring.milliseconds_by_task().items()}
        figures = {
            "machine": machine(measuring),
            "works": {name: summary(rounds) for name, rounds in found.items()},
            "share_of_the_bare_transaction": ratios(found),
            "wire": wire_figures(wire),
            "wal_bytes_after_a_checkpoint": measuring.wal_after_checkpoint(plan.cases),
            "ms_by_task": by_task,
            "durable": is_durable(bench.yardstick.costs.settings()),
        }
        _tell("loops")
        figures["loops"] = flatness.loops(measuring, loops=plan.loops, cases=3)
        _tell("viewflow")
        figures["viewflow"] = viewflow_rival.linear(bench.settings.database_url, tasks=plan.cases * 10)
        _tell("two workers")
        pin(CORES, bench.yardstick.costs)
        figures["two_workers"] = two_workers(measuring, rounds=plan.rounds, cases=plan.cases)
    return figures


def _at_scale(plan: Plan, settings: Settings, count: int) -> Figures:
    with open_bench(settings) as bench_empty, open_bench(settings) as bench_full:
        empty, full = Measuring(bench_empty), Measuring(bench_full)
        _tell(f"filling in {count} parked cases")
        waiting = min(plan.timers, count // 3)  # the others wait at their first task
        fill(full, parked(full, 4), waiting, due_in_days=30)
        fill(full, parked(full, 0), count - waiting)
        bench_full.yardstick.costs.analyze()
        pin(CORES[-1:], bench_full.yardstick.costs)
        figures: Figures = {"parked_cases": count, "database_bytes": bench_full.yardstick.costs.database_bytes()}
        _tell("beside parked cases")
        figures["parked"] = flatness.with_parked(empty, full, rounds=plan.rounds, cases=max(2, plan.cases // 4))
        _tell("work lists")
        figures["work_list"] = flatness.work_list(full)
        _tell("timers")
        figures["timers"] = flatness.timers(full, seconds=plan.timer_seconds)
        pin(CORES, bench_full.yardstick.costs)
        empty.close()
        full.close()
    return figures


def _tell(step: str) -> None:
    print(f"… {step}", file=sys.stderr, flush=True)


def tables(figures: Figures) -> Iterator[str]:
    """The figures in the Markdown of docs/performance.md."""
    used = figures["machine"]
    settings = ", ".join(f"{name} {value}" for name, value in used["postgresql"].items())
    yield f"{used['cores']} cores, {used['system']}, Python {used['python']}, load {used['load']}."
    yield f"PostgreSQL: {settings}."
    yield ""
    yield "| what | measured | target |"
    yield "|---|---|---|"
    for row in target_rows(figures):
        yield f"| {' | '.join(row)} |"
    yield ""
    yield from lines(figures)
    yield ""
    yield f"viewflow, ten linear tasks, PostgreSQL: {_viewflow(figures['viewflow'])}."


def target_rows(figures: Figures) -> Iterator[tuple[str, str, str]]:
    """What the targets speak of."""
    shares, works = figures["share_of_the_bare_transaction"], figures["works"]
    by_cpu = shares_of_cpu(figures)
    yield "completions, share of the bare transaction", _shares(shares[COMPLETION], by_cpu[COMPLETION]), "≥ 0.50"
    yield "round trips of a completion", f"{figures['wire']['round_trips']}", "≤ 6"
    yield "WAL of a completion", f"{works[COMPLETION]['wal_bytes']} bytes", "≤ 6,000"
    yield "completions over HTTP, share of the bare transaction", _shares(shares[HTTP], by_cpu[HTTP]), "≥ 0.25"
    loops = figures["loops"]
    yield (
        f"completion after {loops['loops']} loops to the first",
        f"{loops['last_to_first']:.2f} ({loops['last_to_first_client_cpu']:.2f} of client CPU)",
        "≤ 1.2",
    )
    for name, found in figures["parked"].items():
        yield (
            f"{name}, rate beside {figures['parked_cases']:,} parked cases to an empty database",
            f"{found['full_to_empty']:.2f} ({found['cpu_ms_empty'] / found['cpu_ms_full']:.2f} by CPU)",
            "≥ 0.85",
        )
    page = figures["work_list"]
    yield (
        "work list page of one unit with counts",
        f"p50 {page['p50_ms']:.0f} ms, p95 {page['p95_ms']:.0f} ms",
        "p95 < 20 ms",
    )
    timers = figures["timers"]
    rate = timers["a_second"] / works[COMPLETION]["a_second"]
    yield (
        f"{timers['due']:,} timers due at once: rate to that of completions",
        f"{rate:.2f} ({timers['a_second']:.0f} a second over {timers['seconds']:.0f} s)",
        "≥ 0.60",
    )
    yield (
        "memory of a worker",
        f"{timers['worker_rss_mb']:.0f} MB (own share {timers['worker_pss_mb']:.0f})",
        "< 150 MB",
    )
    two = figures["two_workers"]
    yield "two workers on two cores to one on one", f"{two['two_to_one']:.2f}" if "two_to_one" in two else "—", "≥ 1.6"


def _shares(clock: float, cpu: float) -> str:
    return f"{clock:.2f} ({cpu:.2f} by CPU)"


def _viewflow(found: Figures) -> str:
    if "skipped" in found:
        return f"skipped, {found['skipped']}"
    return f"{found['a_second']:.0f} a second, client CPU {found['client_ms']:.2f} ms"
