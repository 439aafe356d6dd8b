"""PostgreSQL, servers and workers killed at random points under load: nothing acknowledged is lost or done twice."""

from __future__ import annotations

import time
from random import Random

import pytest

from tests.chaos.cluster import Cluster
from tests.chaos.house import Processes, open_house
from tests.chaos.ledger import are_over, assert_all_happened_once
from tests.chaos.load import Load, prepare
from tests.chaos.nursery import Nursery
from tests.chaos.receiver import Receiver

KILLS = ("postgresql", "serve1", "work1", "postgresql", "work2", "serve2", "postgresql", "work1", "serve1", "work2")
LEASE = 2  # seconds: what a killed worker held is taken over soon


@pytest.mark.timeout(300)
def test_killing_postgresql_servers_and_workers_under_load_loses_and_doubles_nothing(nursery: Nursery) -> None:
    random = Random(11)
    with (
        Cluster() as cluster,
        Receiver() as receiver,
        Processes(nursery, cluster.url, receiver=receiver.url) as processes,
        open_house(processes.settings) as house,
    ):
        load = Load(prepare(house, clients=4), lambda: list(processes.addresses.values()))
        for number in (1, 2):
            processes.serve(f"serve{number}")
            processes.work(f"work{number}", lease=LEASE)
        with load.at_work():
            for victim in random.sample(KILLS, len(KILLS)):
                time.sleep(random.uniform(0.1, 1.5))
                if victim == "postgresql":
                    cluster.kill()
                    cluster.start()
                else:
                    processes.kill(victim)
                    processes.start_again(victim)
        load.finish(lambda: are_over(house, load.numbers))

        assert load.errors == []
        assert len(load.numbers) > len(KILLS)
        assert_all_happened_once(house, load.noted, receiver.calls, begun=load.numbers)
