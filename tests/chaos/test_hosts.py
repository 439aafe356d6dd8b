"""Two hosts with a server and a worker each on one PostgreSQL: one is cut off, comes back, and the other dies."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import text

from storage.database import connect
from tests.chaos.cluster import Cluster
from tests.chaos.hosts import Hosts, need_hosts
from tests.chaos.house import Processes, open_house, until
from tests.chaos.ledger import are_over, assert_all_happened_once
from tests.chaos.load import Load, prepare
from tests.chaos.nursery import Nursery
from tests.chaos.receiver import Receiver

LEASE = 2
LOCKS_ARE_FREE_WITHIN = "60s"  # the lines of a vanished host end after ten seconds; without that, after two hours


@pytest.mark.timeout(300)
def test_a_host_cut_off_and_a_host_killed_lose_and_double_nothing(nursery: Nursery) -> None:
    need_hosts()
    with (
        Hosts(2) as hosts,
        Cluster(address=hosts.address, clients=hosts.clients) as cluster,
        Receiver(address=hosts.address) as receiver,
        Processes(nursery, cluster.url, receiver=receiver.url) as processes,
        open_house(processes.settings) as house,
    ):
        load = Load(prepare(house, clients=3), lambda: list(processes.addresses.values()), pace=0.2, answer_within=3)
        first, second = hosts.names
        for name in hosts.names:
            processes.serve(f"serve {name}", address=hosts.address_of(name), namespace=name)
            processes.work(f"work {name}", lease=LEASE, namespace=name)
        with load.at_work():
            for name in hosts.names:
                until(lambda name=name: receiver.calls_from(hosts.address_of(name)) > 0, what=f"{name} does jobs")

            hosts.cut(first)
            done, told = load.acknowledged, receiver.calls_from(hosts.address_of(second))
            until(lambda: load.acknowledged > done + 6, what="completions go on elsewhere")
            until(lambda: receiver.calls_from(hosts.address_of(second)) > told + 3, what="jobs go on elsewhere")

            hosts.join(first)
            told = receiver.calls_from(hosts.address_of(first))
            until(lambda: receiver.calls_from(hosts.address_of(first)) > told, what="the host that was cut off works")

            hosts.cut(second)
            for kind in ("serve", "work"):
                processes.kill(f"{kind} {second}")
            done = load.acknowledged
            until(lambda: load.acknowledged > done + 3, what="completions go on after the other host died")
        load.finish(lambda: are_over(house, load.numbers))

        assert load.errors == []
        assert_all_happened_once(house, load.noted, receiver.calls, begun=load.numbers)


@pytest.mark.timeout(200)
def test_what_a_vanished_host_held_is_free_soon_and_its_own_calls_end() -> None:
    need_hosts()
    with Hosts(1) as hosts, Cluster(address=hosts.address, clients=hosts.clients) as cluster:
        [name] = hosts.names
        database = connect(cluster.url)
        holding = hosts.run_on(name, database.connect)
        holding.execute(text("SELECT pg_advisory_xact_lock(1)"))
        hosts.cut(name)

        with psycopg.connect(cluster.url) as elsewhere:
            elsewhere.execute(f"SET lock_timeout = '{LOCKS_ARE_FREE_WITHIN}'")
            elsewhere.execute("SELECT pg_advisory_xact_lock(1)")
        with pytest.raises(ConnectionError):
            holding.execute(text("SELECT 1"))
        with pytest.raises(ConnectionError):
            hosts.run_on(name, database.connect)
        holding.close()
        database.dispose()
