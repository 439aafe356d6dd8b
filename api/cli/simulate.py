"""`relief simulate`: months of a county's work in minutes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, datetime, time

import click

from api.scenario.county import county_maker, quiet
from api.scenario.course import LOCAL
from api.simulation.figures import figures
from api.simulation.office import SimulatedOffice
from api.simulation.plan import Plan, session_count, sessions
from engine.json_values import JsonObject, dump_json
from workflows.rules.calendar import WorkingCalendar, YearNotLoaded, seed_days

FIRST_START = datetime(2026, 3, 1)  # noqa: DTZ001  a day: the figures of policy of the demo begin in 2026
HOUSEHOLDS_A_MONTH = 20


@click.command()
@click.option("--months", default=1, show_default=True, type=click.IntRange(1, 24), help="Thirty days each.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same months.")
@click.option("--households", type=click.IntRange(1, 100_000), help="How many apply; 20 a month unless said.")
@click.option("--start", default=FIRST_START, show_default="2026-03-01", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--json", "as_object", is_flag=True, help="Write one JSON object to standard output.")
def simulate(*, months: int, seed: int, households: int | None, start: datetime, as_object: bool) -> None:
    """Let synthetic households apply to a throw-away county for some months, let everybody work, and count the results.

    Exit status 0: everything that came up could be done; 1: something is stuck, or nobody could do a task.
    """
    plan = Plan(start=start.date(), months=months, households=households or HOUSEHOLDS_A_MONTH * months, seed=seed)
    quiet()
    try:
        found = _simulated(plan)
    except (ConnectionError, YearNotLoaded) as error:
        raise click.ClickException(str(error)) from error
    if as_object:
        click.echo(dump_json(found))
    else:
        for line in _as_text(found):
            click.echo(line)
    sys.exit(1 if found["incidents"] or found["tasks_undoable"] else 0)


def _simulated(plan: Plan) -> JsonObject:
    calendar = _calendar(plan.start, plan.end)
    length = session_count(plan, calendar)
    click.echo("正在建立临时县… Setting up a throw-away county…", err=True)
    begin = datetime.combine(plan.start, time(8, 0), LOCAL)
    with county_maker() as maker, maker.county(begin) as county:
        office = SimulatedOffice(county, plan)
        with click.progressbar(sessions(plan, calendar), length=length, label="半天 half-days", file=sys.stderr) as bar:
            for session in bar:
                office.live(session)
        return figures(county, plan, office.work)


def _calendar(start: date, end: date) -> WorkingCalendar:
    return WorkingCalendar(days=seed_days(start.year, end.year))


def _as_text(found: JsonObject) -> Iterator[str]:
    yield f"{found['start']} – {found['end']}  种子 seed {found['seed']}  收到申请 handed in {found['handed_in']}"
    yield "案件 cases: " + _row(found["cases"])
    yield f"逾期 late {found['late']}，办结天数中位数 median days to close {found['median_days_to_close'] or '—'}"
    for programme, row in found["referrals"].items():
        yield f"  {programme:20} {_row(row['outcomes'])}  {_row(row['granted'])}"
    yield f"完成任务 tasks done {sum(found['tasks_done'].values())}，异常 incidents {found['incidents']}"
    for what, count in found["tasks_undoable"].items():
        yield f"  无法完成 undoable {what} ×{count}"


def _row(counted: JsonObject) -> str:
    return "，".join(f"{name} {count}" for name, count in counted.items()) or "—"
