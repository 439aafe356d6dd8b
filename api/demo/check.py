"""The proof of the line: the shipped scenarios on real servers over HTTP, what is found beside what is expected."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeVar

import httpx

from api.bootstrap import make_repeatable_keys, open_house
from api.demo.county import set_up
from api.demo.desk import Desk
from api.demo.servers import Servers
from api.scenario.course import Course
from api.scenario.model import Scenario
from api.scenario.reader import read_file, shipped_folder
from api.scenario.report import as_text
from api.scenario.runner import run
from engine.model import SYSTEM
from workflows.casework.commands import SetParameters
from workflows.casework.county import COUNTY_REGION
from workflows.casework.records import Parameter

SHIPPED = ("a10", "a10-edge", "a1")
PATIENCE = 90.0  # seconds until something that should have happened counts as missing
PAUSE = 0.05

Found = TypeVar("Found")
Say = Callable[[str], None]


def shipped(name: str) -> Scenario:
    """Return a scenario of the product by its file's name."""
    return read_file(shipped_folder() / f"{name}.yaml")


class ServedCounty:
    """A county on servers of its own: their clock is a file, and what is under way is waited for."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        self.simulator = httpx.Client(base_url=servers.simulator_url, timeout=30)

    def desk(self, login: str) -> Desk:
        """Return a new desk for somebody, who signs in."""
        return Desk(login, lambda: self._servers.base_url)

    def begin(self, moment: datetime, parameters: tuple[Parameter, ...], *, provisional_calendar: bool) -> None:
        """Set the clock, and the figures of policy that differ; the calendar of the demo is loaded already."""
        self._servers.clock.set(moment)
        if parameters:
            with open_house(self._servers.settings) as house:
                entered = SetParameters(parameters=parameters, region=COUNTY_REGION)
                house.services.engine.execute(entered, actor=SYSTEM)

    def move_to(self, moment: datetime) -> None:
        """Set the clock; the worker fires what became due on the way."""
        self._servers.clock.set(moment)

    def settle(self, is_quiet: Callable[[], bool]) -> None:
        """Wait until it is quiet, or patience is over."""
        self.eventually(lambda: is_quiet() or None)

    def eventually(self, found: Callable[[], Found | None]) -> Found | None:
        """Look again and again, until it is there or patience is over."""
        deadline = datetime.now(UTC).timestamp() + PATIENCE
        while (value := found()) is None and datetime.now(UTC).timestamp() <= deadline:
            time.sleep(PAUSE)
        return value

    def close(self) -> None:
        """Hang up."""
        self.simulator.close()


def check(say: Say) -> bool:
    """Run the shipped scenarios on servers of their own; say the trail, and tell whether everything was as expected."""
    scenarios = [shipped(name) for name in SHIPPED]
    with running_county(min(one.starts_at for one in scenarios), say=say) as servers:
        courses = [run_on(servers, one, say) for one in scenarios]
    facts = [one for course in courses for one in course.comparisons]
    right = sum(one.holds for one in facts)
    say(f"\n{right} / {len(facts)} 项与预期一致。 {right} of {len(facts)} facts are as expected.")
    return all(course.holds for course in courses)


@contextmanager
def running_county(start: datetime, *, say: Say) -> Iterator[Servers]:
    """Yield the servers of a fresh county in an empty folder; everything is gone afterwards."""
    with Servers(start=start) as servers:
        make_repeatable_keys(servers.settings)
        servers.start("agencies")
        say(f"文件夹 folder {servers.folder}")
        with open_house(servers.settings) as house:
            for _ in set_up(house.services.engine, house.services.organisation, now=start):
                pass
        servers.start("serve", "work")
        say(f"服务 servers {servers.base_url} {servers.simulator_url}")
        yield servers


def run_on(servers: Servers, scenario: Scenario, say: Say, *, key: str | None = None) -> Course:
    """Take a scenario through running servers and say its report; `key` tells one hand-in of it from another."""
    county = ServedCounty(servers)
    try:
        course = run(scenario, county, key=key)
    finally:
        county.close()
    for line in as_text(course):
        say(line)
    return course
