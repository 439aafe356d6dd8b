"""`relief demo`: one command from nothing to a running county."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from threading import Event, Thread
from typing import Any

import click

from api.app import create_app
from api.bootstrap import House, open_house
from api.clock import FileClock, system_clock
from api.demo.county import DEMO_PASSWORD, accounts, set_up, steps
from api.demo.seeding import Seeder, Seeding
from api.serving import listening, until_stopped
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
    """Set up the county, serve it at once, and bring cases to every stage meanwhile; runs until told to stop.

    Raises:
        PortTaken: the port is not free.
    """
    with Simulator() as simulator:
        settings = replace(
            Settings.from_environment(),
            agencies_url=simulator.url,
            gateway_url=simulator.url,
            insurer_url=simulator.url,
        )
        with open_house(settings) as house:
            server = listening(
                create_app(house.services),
                host="127.0.0.1",
                port=port,
                threads=12,
                trusted_proxies=settings.trusted_proxies,
            )
            with _bar("县 county", steps()) as bar:
                for _ in set_up(house.services.engine, house.services.organisation, now=system_clock()):
                    bar.update(1)
            _greet(f"http://127.0.0.1:{server.effective_port}")
            with _behind_the_pages(lambda stop: _work(house, settings, simulator.url, cases, seed, stop)):
                until_stopped(server.run)
            server.close()


@contextmanager
def _behind_the_pages(work: Callable[[Event], None]) -> Iterator[None]:
    stop = Event()
    thread = Thread(target=work, args=(stop,), name="behind the pages")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _work(house: House, settings: Settings, simulator_url: str, cases: int, seed: int, stop: Event) -> None:
    """Make the cases that are missing, each along its own past, then do timers and jobs as they come."""
    missing = cases - house.services.casework.cases(CaseFilter(actor=SYSTEM, limit=1)).total
    if missing > 0:
        plan = Seeding(cases=missing, seed=seed, today=system_clock(), simulator_url=simulator_url)
        _seed(settings, plan, stop)
    house.worker(WorkerSettings(name="demo", threads=4)).run(stop)


def _seed(settings: Settings, plan: Seeding, stop: Event) -> None:
    clock = FileClock(settings.data_folder / "seeding-clock")
    clock.set(plan.today)
    with (
        open_house(replace(settings, test_clock=settings.data_folder / "seeding-clock")) as house,
        _bar("案件 cases", plan.cases) as bar,
    ):
        for made, _ in enumerate(Seeder(house, clock, plan).run(), start=1):
            bar.update(1)
            _tell_progress(made, plan.cases)
            if stop.is_set():
                return
    click.echo("案件已齐，可以办理。 The cases are ready.", err=True)


def _tell_progress(made: int, wanted: int) -> None:
    """Say in a log, where no bar is drawn, how far the cases are: at each tenth."""
    if not sys.stderr.isatty() and is_tenth(made, wanted):
        click.echo(f"案件 cases {made} / {wanted}", err=True)


def is_tenth(made: int, wanted: int) -> bool:
    """Say whether another tenth of what is wanted is made by this one."""
    return made * 10 // wanted > (made - 1) * 10 // wanted


def _bar(label: str, length: int) -> AbstractContextManager[Any]:
    return click.progressbar(range(length), length=length, label=label, file=sys.stderr, width=40)


def _greet(url: str) -> None:
    named = {one.login: one for one in accounts()}
    click.echo(f"\n救助通办 ReliefDesk  {url}\n密码 password(所有账号 for all): {DEMO_PASSWORD}\n")
    for login in SHOWN_LOGINS:
        one = named[login]
        click.echo(f"  {login:26} {one.name}  {one.unit_id}/{one.role}")
    click.echo(f"  … 共 {len(named)} 个账号，各镇同此 {len(named)} accounts in all, alike in every town\n")
    sys.stdout.flush()
