"""A throw-away county in one process: pages, API, engine, worker and everybody outside, on a clock that is moved.

The county is set up once in a database of its own; every scenario gets a copy, which is gone afterwards.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
from flask import Flask, session

from api.app import create_app
from api.bootstrap import House, Surroundings, make_repeatable_keys, open_house, stop_embedded_database, throw_away
from api.demo.county import PROVISIONAL_YEARS, load_provisional_years, set_up
from api.demo.desk import Desk
from api.scenario.clock import VirtualClock
from api.scenario.outside import ADDRESS, OutsideTransport
from api.settings import Settings
from engine.commands.timers import NextDue
from engine.job_executor import JobExecutor, WorkerSettings
from engine.model import SYSTEM
from web.authentication import start_session
from workflows.casework.commands import LoadCalendarYears, SetParameters
from workflows.casework.county import COUNTY_REGION
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.records import Parameter

TEST_DATABASE = "RELIEF_TEST_DATABASE_URL"
FURNISHED_AT = datetime(2026, 1, 1, tzinfo=UTC)
FIRST_YEAR = 2013
HOUSE = "http://house.county.test"
LONGEST_PAUSE = timedelta(hours=6)  # before somebody silent is asked again: a week of hours is long to live through
JOBS_IN_A_TURN = 20
STUCK = timedelta(hours=6)  # how far time moves over something due that does not happen

Found = TypeVar("Found")


class ThrowAwayCounty:
    """A running county for one scenario."""

    def __init__(self, house: House, app: Flask, clock: VirtualClock, outside: OutsideTransport) -> None:
        self.house = house
        self.app = app
        self.clock = clock
        self.outside = outside
        self.simulator = httpx.Client(base_url=ADDRESS, transport=outside)
        self._engine = house.services.engine
        self._worker: JobExecutor[CaseworkUnitOfWork] = JobExecutor(
            self._engine,
            signal=_Unheard,
            settings=WorkerSettings(
                name="scenario", threads=1, longest_pause=LONGEST_PAUSE, jobs_in_a_turn=JOBS_IN_A_TURN
            ),
        )
        self._job_types = tuple(self._engine.host.outside)

    def desk(self, login: str) -> Desk:
        """Return a new desk for somebody, with a session that the house itself begins."""
        transport = httpx.WSGITransport(app=_with_path_as_wsgi_has_it(self.app))
        return Desk(login, lambda: HOUSE, transport=transport, begin_session=self.begin_session)

    def begin(self, moment: datetime, parameters: tuple[Parameter, ...], *, provisional_calendar: bool) -> None:
        """Set the clock, and the figures of policy that differ."""
        self.clock.time = moment.astimezone(UTC)
        if parameters:
            self._engine.execute(SetParameters(parameters=parameters, region=COUNTY_REGION), actor=SYSTEM)
        if provisional_calendar:
            load_provisional_years(self._engine, ())

    def move_to(self, moment: datetime) -> None:
        """Let time pass: at every moment at which something is due the clock stops and it happens."""
        self._work()
        while (due := self._next_due()) is not None and due < moment:
            before = self.clock.time
            self.clock.set(due)
            if self._worker.run_until_idle() == 0 and due <= before:
                self.clock.set(min(before + STUCK, moment))
            if self.clock.time >= moment.astimezone(UTC):
                break
        self.clock.set(moment)
        self._work()

    def move_by_hours(self, moment: datetime) -> None:
        """Let time pass as `move_to`, but stop at full hours only: what comes due in one happens at its end."""
        end = moment.astimezone(UTC)
        while (due := self._next_due()) is not None and due <= end:
            before = self.clock.time
            self.clock.set(min(_full_hour(due), end))
            if self._turn() == 0 and due <= before:
                self.clock.set(min(before + STUCK, end))
            if self.clock.time >= end:
                break
        self.clock.set(moment)

    def do_what_is_due(self) -> None:
        """Do everything that is due now; where nothing is, that costs one question."""
        while (due := self._next_due()) is not None and due <= self.clock.time:
            if self._turn() == 0:
                return

    def settle(self, is_quiet: Callable[[], bool]) -> None:
        """Do everything that is due now: afterwards it is quiet, whatever one would look at."""
        self._work()

    def eventually(self, found: Callable[[], Found | None]) -> Found | None:
        """Do everything that is due and look once."""
        self._work()
        return found()

    def _turn(self) -> int:
        """Do what is due, and look once for what else a worker does only when timers and jobs are done."""
        return self._worker.take_turn() or self._worker.run_until_idle()

    def _work(self) -> None:
        self._worker.run_until_idle()

    def _next_due(self) -> datetime | None:
        return self._engine.execute(NextDue(job_types=self._job_types), actor=SYSTEM)

    def begin_session(self, login: str) -> dict[str, str]:
        """Return the cookie of a new session, as signing in sets it."""
        account = self.house.services.organisation.account(login)
        if account is None:
            raise LookupError(f"the county has no account {login}")
        with self.app.test_request_context():
            start_session(account)
            response = self.app.make_response("")
            self.app.session_interface.save_session(self.app, session, response)
        cookie = response.headers["Set-Cookie"].split(";", 1)[0]
        name, value = cookie.split("=", 1)
        return {name: value}


class CountyMaker:
    """Makes counties that are alike, each a copy of one that was set up once."""

    def __init__(self, server: Settings, template: Settings) -> None:
        self._server = server
        self._template = template

    @contextmanager
    def county(self, start: datetime) -> Iterator[ThrowAwayCounty]:
        """Yield a fresh county that nobody else uses."""
        clock = VirtualClock(start)
        outside = OutsideTransport(lambda: clock.time)
        surroundings = Surroundings(now=clock, transport=outside)
        with (
            throw_away(self._server, like=self._template) as settings,
            open_house(settings, surroundings) as house,
        ):
            county = ThrowAwayCounty(house, create_app(house.services), clock, outside)
            try:
                yield county
            finally:
                county.simulator.close()


@contextmanager
def county_maker() -> Iterator[CountyMaker]:
    """Set up a county on the test server, or on one of our own, and yield what makes more of them."""
    folder = Path(tempfile.mkdtemp(prefix="relief-scenario-"))
    folder.chmod(0o755)  # the server runs as a user of its own when we are root
    server = Settings(
        database_url=os.environ.get(TEST_DATABASE) or None,
        data_folder=folder,
        secret_key="scenario" * 8,
        key_file=folder / "keys.json",
        agencies_url=ADDRESS,
        gateway_url=ADDRESS,
        insurer_url=ADDRESS,
    )
    make_repeatable_keys(server)
    try:
        with throw_away(server) as template:
            _furnish(template)
            yield CountyMaker(server, template)
    finally:
        stop_embedded_database(server)
        shutil.rmtree(folder, ignore_errors=True)


def _furnish(template: Settings) -> None:
    surroundings = Surroundings(now=VirtualClock(FURNISHED_AT), transport=OutsideTransport())
    with open_house(template, surroundings) as house:
        services = house.services
        for _ in set_up(
            services.engine, services.organisation, now=FURNISHED_AT, password=None, provisional_calendar=False
        ):
            pass
        years = LoadCalendarYears(first_year=FIRST_YEAR, last_year=max(PROVISIONAL_YEARS), region=COUNTY_REGION)
        services.engine.execute(years, actor=SYSTEM)


def _full_hour(moment: datetime) -> datetime:
    """Return the moment where it is a full hour, else the next one."""
    hour = moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return hour if hour >= moment else hour + timedelta(hours=1)


def _with_path_as_wsgi_has_it(app: Flask) -> Callable[..., Iterable[bytes]]:
    """Return the application for a caller that puts a path into the environment as text: WSGI wants its bytes."""

    def called(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"].encode().decode("latin-1")
        return app({**environ, "PATH_INFO": path}, start_response)

    return called


class _Unheard:
    """The worker is run by hand and waits for nobody."""

    def wait(self, timeout: timedelta) -> bool:
        """Return at once."""
        return not timeout

    def leads(self) -> bool:
        """Be the only worker."""
        return True

    def close(self) -> None:
        """Hold nothing."""


def quiet() -> None:
    """Let what goes wrong on purpose in a scenario not fill the terminal; the report says what matters."""
    logging.getLogger("engine").setLevel(logging.CRITICAL)
