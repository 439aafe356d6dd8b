"""From rounds to figures: medians and bests, and the ratio to the bare transaction of the same run."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median

from api.benchmark.measuring import Costs, Measuring, Wire
from engine.json_values import JsonObject

BARE = "bare transaction"
COMPLETION = "completion"


def summary(rounds: Sequence[Costs]) -> JsonObject:
    """Return the figures of one kind of work: the median round, and the best, which noise touched least."""
    servers = [one.server_cpu / one.count * 1000 for one in rounds if one.server_cpu is not None]
    return {
        "a_second": median(one.rate for one in rounds),
        "a_second_at_best": max(one.rate for one in rounds),
        "client_ms": median(one.client_cpu / one.count * 1000 for one in rounds),
        "client_ms_at_least": min(one.client_cpu / one.count * 1000 for one in rounds),
        "server_ms": median(servers) if servers else None,
        "server_ms_at_least": min(servers) if servers else None,
        "wal_bytes": round(median(one.wal_bytes / one.count for one in rounds)),
        "rounds": len(rounds),
        "count": sum(one.count for one in rounds),
    }


def ratios(works: Mapping[str, Sequence[Costs]], limit: str = BARE) -> JsonObject:
    """Return how fast each work is as a share of the limit: the median over rounds that ran side by side."""
    return {
        name: median(ours.rate / bare.rate for ours, bare in zip(rounds, works[limit], strict=True))
        for name, rounds in works.items()
        if name != limit
    }


def grouped(rounds: Iterable[tuple[str, Costs]]) -> dict[str, list[Costs]]:
    """Return rounds by the name of their work."""
    found: dict[str, list[Costs]] = {}
    for name, costs in rounds:
        found.setdefault(name, []).append(costs)
    return found


def machine(measuring: Measuring) -> JsonObject:
    """Return what the figures were taken on."""
    return {
        "cores": os.cpu_count(),
        "cores_used": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
        "postgresql": dict(measuring.bench.yardstick.costs.settings()),
    }


def wire_figures(wire: Wire) -> JsonObject:
    """Return what one completion says to the database."""
    return {
        "round_trips": round(wire.turns, 2),
        "most_round_trips": wire.most_turns,
        "statements": round(wire.statements, 2),
        "bytes_sent": round(wire.sent),
        "bytes_received": round(wire.received),
    }


def report(measuring: Measuring, *, rounds: int, cases: int) -> JsonObject:
    """Measure everything that `relief bench` tells."""
    wire = measuring.wire()
    works = grouped(measuring.rounds(list(measuring.works()), rounds=rounds, cases=cases))
    by_task = measuring.milliseconds_by_task()
    return {
        "machine": machine(measuring),
        "rounds": rounds,
        "cases_a_round": cases,
        "works": {name: summary(found) for name, found in works.items()},
        "share_of_the_bare_transaction": ratios(works),
        "wire": wire_figures(wire),
        "wal_bytes_after_a_checkpoint": measuring.wal_after_checkpoint(cases),
        "ms_by_task": {name: round(one, 3) for name, one in by_task.items()},
        "durable": is_durable(measuring.bench.yardstick.costs.settings()),
    }


def lines(figures: JsonObject) -> Iterator[str]:
    """Return the figures as a table for people, in Markdown."""
    yield "| | a second | best round | of the limit | of it by CPU | client CPU ms | server CPU ms | WAL bytes |"
    yield "|---|---|---|---|---|---|---|---|"
    shares = _object(figures["share_of_the_bare_transaction"])
    by_cpu = shares_of_cpu(figures)
    for name, found in _object(figures["works"]).items():
        one = _object(found)
        cells = (
            f"{one['a_second']:.0f}",
            f"{one['a_second_at_best']:.0f}",
            "1" if name not in shares else f"{shares[name]:.2f}",
            f"{by_cpu[name]:.2f}",
            f"{one['client_ms']:.2f}",
            "" if one["server_ms"] is None else f"{one['server_ms']:.2f}",
            f"{one['wal_bytes']}",
        )
        yield f"| {name} | {' | '.join(cells)} |"
    wire = _object(figures["wire"])
    yield ""
    yield (
        f"A completion: {wire['round_trips']} round trips (at most {wire['most_round_trips']}), {wire['statements']} "
        f"statements, {wire['bytes_sent']} bytes sent, {wire['bytes_received']} received; "
        f"WAL right after a checkpoint {figures['wal_bytes_after_a_checkpoint'] or 'unknown'} bytes."
    )
    by_task = _object(figures["ms_by_task"])
    yield "Milliseconds by task: " + ", ".join(f"{name} {one:.1f}" for name, one in by_task.items()) + "."
    if not figures["durable"]:
        yield "fsync or synchronous_commit is off: these commits would not survive a power cut."


def shares_of_cpu(figures: JsonObject) -> dict[str, float]:
    """Return the limit's CPU time, client and server, as a share of each work's: what a quiet core would show."""
    works = {name: _object(one) for name, one in _object(figures["works"]).items()}
    cpu = {name: float(one["client_ms"]) + float(one["server_ms"] or 0) for name, one in works.items()}
    return {name: cpu[BARE] / one for name, one in cpu.items()}


def is_durable(settings: Mapping[str, str]) -> bool:
    """Say whether what is committed survives a power cut."""
    return settings["fsync"] == "on" and settings["synchronous_commit"] != "off"


def _object(value: object) -> JsonObject:
    if not isinstance(value, dict):
        raise TypeError(f"not an object: {value!r}")
    return value
