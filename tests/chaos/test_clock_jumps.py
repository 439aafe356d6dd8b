"""The clock of the house jumps by an hour and by a day, forward and back, while servers and workers are at work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from api.bootstrap import House
from api.clock import FileClock
from engine.commands.process_instances import StartProcessInstance
from engine.model import SYSTEM
from tests.chaos.cluster import Cluster
from tests.chaos.house import Processes, open_house, until
from tests.chaos.ledger import are_over, assert_all_happened_once
from tests.chaos.load import CASE, Load, prepare
from tests.chaos.nursery import Nursery
from tests.chaos.receiver import Receiver
from tests.processes.diagrams import boundary, cycle, document, duration, end, flows, process, start, user

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
JUMPS = (HOUR, -HOUR, DAY, -DAY, 2 * DAY)
LEASE = 2
REMINDED = document(
    process(
        start(),
        user("read"),
        boundary("remind", "read", cycle("R/PT10M"), interrupting=False),
        boundary("late", "read", duration("PT20M"), interrupting=False),
        end("told"),
        end("noted"),
        end(),
        flows("s>read>e remind>told late>noted"),
        process_id="reminded",
    )
)


@pytest.mark.timeout(300)
def test_a_clock_that_jumps_loses_and_doubles_nothing(nursery: Nursery, tmp_path: Path) -> None:
    clock = FileClock(tmp_path / "clock")
    clock.set(datetime(2026, 6, 15, 1, 0, tzinfo=UTC))
    with (
        Cluster() as cluster,
        Receiver() as receiver,
        Processes(nursery, cluster.url, receiver=receiver.url, clock=tmp_path / "clock") as processes,
        open_house(processes.settings) as house,
    ):
        logins = prepare(house, clients=3, diagrams=(CASE, REMINDED))
        load = Load(logins, lambda: [processes.addresses["serve"]], pace=0.3)
        processes.serve("serve")
        for name in ("work1", "work2"):
            processes.work(name, lease=LEASE)
        with load.at_work():
            for jump in JUMPS:
                done, told = load.acknowledged, len(receiver.calls)
                clock.set(clock() + jump)
                until(lambda done=done: load.acknowledged > done + 4, what=f"work goes on after a jump of {jump}")
                until(lambda told=told: len(receiver.calls) > told + 2, what=f"jobs go on after a jump of {jump}")
        load.finish(lambda: are_over(house, load.numbers))
        assert load.errors == []
        assert_all_happened_once(house, load.noted, receiver.calls, begun=load.numbers)

        missed_timers_fire_once_and_in_order(house, clock)


def missed_timers_fire_once_and_in_order(house: House, clock: FileClock) -> None:
    """An hour is missed: of six reminders one comes, before what was due later; then the next in ten minutes."""
    command = StartProcessInstance(process_id="reminded", variables={}, region="320481", business_key="reminded")
    instance = house.services.engine.execute(command, actor=SYSTEM)
    clock.set(clock() + HOUR)
    until(lambda: "late" in fired(house), what="the timers that were missed have fired")
    assert fired(house) == ["remind", "late"]
    with house.database.connect() as connection:
        due = connection.execute(text("SELECT due_at FROM timer")).scalar_one()
    assert timedelta() < due - instance.started_at - HOUR <= timedelta(minutes=10)

    clock.set(clock() - HOUR)  # what has fired does not fire again, and what is to come is not lost
    clock.set(clock() + HOUR + timedelta(minutes=10))
    until(lambda: len(fired(house)) > 2, what="the next reminder comes")
    assert fired(house) == ["remind", "late", "remind"]


def fired(house: House) -> Sequence[str]:
    with house.database.connect() as connection:
        query = (
            "SELECT element_id FROM history_entry JOIN process_instance ON process_instance.id = process_instance_id "
            "WHERE action = 'timer' AND business_key = 'reminded' ORDER BY history_entry.id"
        )
        return connection.execute(text(query)).scalars().all()
