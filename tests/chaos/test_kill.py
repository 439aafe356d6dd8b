"""Servers and workers killed at random points: nothing acknowledged is lost, nothing is done twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from threading import Event, Thread

import httpx
import pytest
from sqlalchemy import text

from api.bootstrap import open_house
from api.demo.check import run_on, running_county, shipped
from api.demo.servers import Servers
from api.scenario.course import Course

KILLS = 20
ONCE, AGAIN = "a1", "a10-edge"  # one grants a benefit, which nobody has twice; the other may come as often as it likes
SHORT_START = 1.0  # seconds a server takes to start where nothing else is going on
VICTIMS = (("serve",), ("work",), ("serve", "work"))


class Killer:
    """Kills and restarts servers at random points, as often as asked.

    What was started lives as long as a start takes, more or less: on a busy machine too it gets something done.
    """

    def __init__(self, servers: Servers, *, seed: int) -> None:
        self._servers = servers
        self._random = Random(seed)
        self._stop = Event()
        self._thread = Thread(target=self._run)
        self._start_takes = SHORT_START
        self.kills = 0
        self.error: BaseException | None = None

    def _run(self) -> None:
        try:
            while self.kills < KILLS and not self._stop.wait(self._random.uniform(0.05, 1.5) * self._start_takes):
                victims = self._random.choice(VICTIMS)
                self._servers.kill(*victims)
                self.kills += 1
                began = time.monotonic()
                self._servers.start(*victims)
                self._start_takes = max(SHORT_START, (time.monotonic() - began) / len(victims))
        except BaseException as error:
            self.error = error
            raise

    @contextmanager
    def at_work(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._stop.set()
            self._thread.join()


@pytest.mark.timeout(2400)
def test_killing_server_and_worker_at_twenty_random_points_loses_and_doubles_nothing(cheap_passwords: None) -> None:
    once, again = shipped(ONCE), shipped(AGAIN)
    courses: list[Course] = []
    with running_county(min(once.starts_at, again.starts_at), say=print) as servers:
        killer = Killer(servers, seed=7)
        with killer.at_work():
            courses.append(run_on(servers, again, print, key="first"))
            courses.append(run_on(servers, once, print, key="once"))
            while killer.kills < KILLS and killer.error is None:
                courses.append(run_on(servers, again, print, key=f"round-{len(courses)}"))

        assert killer.error is None
        assert killer.kills == KILLS
        assert [course.failure for course in courses if course.failure] == []
        assert [one for course in courses for one in course.comparisons if not one.holds] == []
        assert_every_letter_was_sent_once(servers)
        assert_nothing_is_left_open(servers, cases=len(courses), rechecks=1)


def assert_every_letter_was_sent_once(servers: Servers) -> None:
    """The gateway took each letter under one key, however often a killed worker's job was repeated."""
    ledger = httpx.get(f"{servers.simulator_url}/simulator/ledger").json()
    texts = [(message["to"], message["text"]) for message in ledger["messages"]]
    assert len(texts) == len(set(texts))
    with open_house(servers.settings) as house, house.database.connect() as connection:
        written = connection.execute(text("SELECT count(*) FROM notice WHERE sent_at IS NOT NULL")).scalar_one()
        asked = connection.execute(text("SELECT count(*) FROM agency_request")).scalar_one()
    assert len(texts) == written
    asking = {(call["place"], call["key"]) for call in ledger["calls"] if call["place"] != "insurer"}
    assert len(asking) == asked


def assert_nothing_is_left_open(servers: Servers, *, cases: int, rechecks: int) -> None:
    """Every case is closed; beside the re-checks that wait for their day no task, job, timer or incident is left."""
    with open_house(servers.settings) as house, house.database.connect() as connection:
        count = {
            name: connection.execute(text(f"SELECT count(*) FROM {query}")).scalar_one()
            for name, query in {
                "cases": "case_file",
                "closed": "case_file WHERE status = 'closed'",
                "ended": "process_instance WHERE process_id = 'relief_case' "
                "AND state = 'completed' AND snapshot IS NULL",
                "waiting re-checks": "process_instance WHERE process_id = 'periodic_recheck' AND state = 'active'",
                "timers": "timer WHERE element_id = 'Event_RecheckDue'",
                "subscriptions": "event_subscription WHERE element_id = 'Event_RecheckAsked'",
                "others": "process_instance WHERE process_id <> 'periodic_recheck' AND state <> 'completed'",
                "open tasks": "user_task WHERE state = 'open'",
                "jobs": "job",
                "other timers": "timer WHERE element_id <> 'Event_RecheckDue'",
                "other subscriptions": "event_subscription WHERE element_id <> 'Event_RecheckAsked'",
                "incidents": "incident",
                "unfinished activities": "activity_instance JOIN process_instance i ON i.id = process_instance_id "
                "WHERE left_at IS NULL AND process_id <> 'periodic_recheck'",
                "tasks done twice": "(SELECT 1 FROM history_entry WHERE action = 'completed' "
                "GROUP BY process_instance_id, details ->> 'task' HAVING count(*) > 1) AS twice",
            }.items()
        }
    done = dict.fromkeys(("cases", "closed", "ended"), cases)
    waiting = dict.fromkeys(("waiting re-checks", "timers", "subscriptions"), rechecks)
    assert count == {**dict.fromkeys(count, 0), **done, **waiting}
