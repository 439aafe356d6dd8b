"""`relief simulate`: months of a county's work in minutes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import datetime

import click

from api.scenario.county import county_maker, quiet
from api.simulation.figures import as_text, holds
from api.simulation.plan import Plan
from api.simulation.run import MonthDone, Simulation
from api.synthetic.shares import FULL_SIZE
from engine.json_values import JsonObject, dump_json
from workflows.rules.calendar import YearNotLoaded

FIRST_START = datetime(2026, 7, 1)  # noqa: DTZ001  a day: that of the law of 2026


@click.command()
@click.option("--months", default=24, show_default=True, type=click.IntRange(1, 24))
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same months.")
@click.option(
    "--households",
    default=FULL_SIZE,
    show_default=True,
    type=click.IntRange(1, FULL_SIZE),
    help="Households that draw something at the start; who applies and what happens is scaled by it.",
)
@click.option("--start", default=FIRST_START, show_default="2026-07-01", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--json", "as_object", is_flag=True, help="Write one JSON object to standard output.")
@click.option("--verbose", is_flag=True, help="Also show what the engine logs.")
def simulate(*, months: int, seed: int, households: int, start: datetime, as_object: bool, verbose: bool) -> None:
    """Let a throw-away county of synthetic households live for some months, and look whether its books hold.

    Exit status 0: everything could be done and the books hold; 1: they do not, and the cases are named.
    """
    if not verbose:
        quiet()
    try:
        found = _simulated(Plan(start=start.date(), months=months, households=households, seed=seed))
    except (ConnectionError, YearNotLoaded) as error:
        raise click.ClickException(str(error)) from error
    if as_object:
        click.echo(dump_json(found))
    else:
        for line in as_text(found):
            click.echo(line)
    sys.exit(0 if holds(found) else 1)


def _simulated(plan: Plan) -> JsonObject:
    simulation, households = Simulation.of(plan), plan.households

    def told(done: MonthDone) -> None:
        click.echo(
            f"\r{done.month:%Y-%m} 新申请 handed in {done.handed_in}，完成任务 done {done.tasks_done}，"
            f"待办 open {done.tasks_open}，无法完成 undoable {done.undoable}；{done.seconds:.0f} s，"
            f"{done.tasks_done / max(done.seconds, 1):.1f} 件 tasks/s，"
            f"{1000 * done.seconds / households:.0f} ms/户 a household",
            err=True,
        )

    click.echo("正在建立临时县… Setting up a throw-away county…", err=True)
    with county_maker() as maker:
        return simulation.run(
            maker,
            households=_bar("转入在享家庭 households", plan.households),
            half_days=_bar("半天 half-days", simulation.sessions),
            months=told,
        )


def _bar(label: str, length: int) -> Callable[[Iterator[int]], None]:
    def go(through: Iterator[int]) -> None:
        with click.progressbar(through, length=length, label=label, file=sys.stderr) as bar:
            for _ in bar:
                pass

    return go
