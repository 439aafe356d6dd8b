"""PostgreSQL's disk runs full under load: commands say so and keep nothing by halves; with room again work goes on."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.chaos.cluster import Cluster
from tests.chaos.house import Processes, open_house, until
from tests.chaos.ledger import are_over, assert_all_happened_once
from tests.chaos.load import Load, prepare
from tests.chaos.nursery import Nursery
from tests.chaos.receiver import Receiver

DISK = "224m"
SMALL_LOG = ("-c", "max_wal_size=64MB", "-c", "min_wal_size=32MB")
LEASE = 2


@pytest.mark.timeout(300)
def test_a_full_disk_is_told_and_nothing_is_half_written(nursery: Nursery) -> None:
    with (
        small_disk() as disk,
        Cluster(folder=disk, options=SMALL_LOG) as cluster,
        Receiver() as receiver,
        Processes(nursery, cluster.url, receiver=receiver.url) as processes,
        open_house(processes.settings) as house,
    ):
        load = Load(prepare(house, clients=3), lambda: [processes.addresses["serve"]], pace=0.2, ballast=60_000)
        processes.serve("serve")
        processes.work("work", lease=LEASE)
        with load.at_work():
            until(lambda: load.acknowledged > 6, what="work is done")
            with full(disk):
                until(lambda: "storage-full" in codes(load), what="clients are told that the disk is full")
                told = len(load.noted.away)
                until(lambda: len(load.noted.away) > told + 10, what="more clients are told")
            if not cluster.is_there():  # without room for its log PostgreSQL ends, by design
                cluster.kill()
                cluster.start()
            done = load.acknowledged
            until(lambda: load.acknowledged > done + 6, what="work goes on")
        load.finish(lambda: are_over(house, load.numbers))

        assert load.errors == []
        assert codes(load) <= {"storage-full", "unavailable", "outcome-unknown"}
        assert processes.lives("serve")
        assert processes.lives("work")
        assert_all_happened_once(house, load.noted, receiver.calls, begun=load.numbers)


def codes(load: Load) -> set[str]:
    with load.noted.lock:
        return {problem["code"] for problem in load.noted.away}


@contextmanager
def small_disk() -> Iterator[Path]:
    """Mount a disk of its own size, or skip the test where that is not allowed."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    folder = Path(tempfile.mkdtemp(prefix="relief-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=755", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode != 0:
        folder.rmdir()
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Leave no byte free inside the block."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as target:
        block = bytes(1 << 16)
        try:
            while True:
                target.write(block)
        except OSError:
            pass
    try:
        yield
    finally:
        ballast.unlink()
