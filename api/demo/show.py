"""`relief demo`: one command from nothing to a running county."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from threading import Event, Thread
from typing import Any

import click
import waitress

from api.app import create_app
from api.bootstrap import House, open_house
from api.clock import FileClock, system_clock
from api.demo.county import DEMO_PASSWORD, accounts, set_up, steps
from api.demo.seeding import Seeder, Seeding
from api.settings import Settings
from engine.job_executor import WorkerSettings
from engine.model import SYSTEM
from workflows.casework.queries import CaseFilter
from workflows.connectors.simulator import Simulator

SHOWN_LOGINS = (
    "licheng.clerk",
    "licheng.surveyor1",
    "licheng.surveyor2",
    "licheng.reviewer",
    "civil-affairs.checker",
    "civil-affairs.clerk",
    "civil-affairs.reviewer",
    "education.clerk",
    "education.reviewer",
    "housing.clerk",
    "housing.reviewer",
    "employment.clerk",
    "medical.clerk",
    "supervisor",
    "administrator",
)


def show(*, port: int, cases: int, seed: int) -> None:
    """Set up what is missing, make the cases, then serve until told to stop."""
    with Simulator() as simulator:
        settings = replace(
            Settings.from_environment(),
            agencies_url=simulator.url,
            gateway_url=simulator.url,
            insurer_url=simulator.url,
        )
        _prepare(settings, simulator_url=simulator.url, cases=cases, seed=seed)
        with open_house(settings) as house, _worker(house):
            server = waitress.create_server(
                create_app(house.services), host="127.0.0.1", port=port, threads=12, ident=None
            )
            _greet(f"http://127.0.0.1:{server.effective_port}")
            with suppress(KeyboardInterrupt):
                server.run()
            server.close()


def _prepare(settings: Settings, *, simulator_url: str, cases: int, seed: int) -> None:
    clock_file = settings.data_folder / "seeding-clock"
    clock = FileClock(clock_file)
    clock.set(system_clock())
    today = system_clock()
    try:
        with open_house(replace(settings, test_clock=clock_file)) as house:
            services = house.services
            with _bar("县 county", steps()) as bar:
                for _ in set_up(services.engine, services.organisation, now=today):
                    bar.update(1)
            missing = cases - services.casework.cases(CaseFilter(actor=SYSTEM, limit=1)).total
            if missing <= 0:
                return
            plan = Seeding(cases=missing, seed=seed, today=today, simulator_url=simulator_url)
            with _bar("案件 cases", missing) as bar:
                for _ in Seeder(house, clock, plan).run():
                    bar.update(1)
    finally:
        clock_file.unlink(missing_ok=True)


@contextmanager
def _worker(house: House) -> Iterator[None]:
    stop = Event()
    worker = house.worker(WorkerSettings(name="demo", threads=4))
    thread = Thread(target=worker.run, args=(stop,), name="worker")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _bar(label: str, length: int) -> AbstractContextManager[Any]:
    return click.progressbar(range(length), length=length, label=label, file=sys.stderr, width=40)


def _greet(url: str) -> None:
    named = {one.login: one for one in accounts()}
    click.echo(f"\n救助通办 ReliefDesk  {url}\n密码 password(所有账号 for all): {DEMO_PASSWORD}\n")
    for login in SHOWN_LOGINS:
        one = named[login]
        click.echo(f"  {login:26} {one.name}  {one.unit_id}/{one.role}")
    click.echo(f"  … 共 {len(named)} 个账号,各镇同此 {len(named)} accounts in all, alike in every town\n")
    sys.stdout.flush()
