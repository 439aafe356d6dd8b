"""A county at work over the shipped diagrams on PostgreSQL: staff do tasks by element id, the job executor the rest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from api.demo.occasion import Occasion
from api.demo.staff import answer
from engine.commands.deployments import RESOURCE_KINDS, DeployResources
from engine.commands.user_tasks import AssignUserTask, CompleteUserTask
from engine.job_executor import JobExecutor, WorkerSettings
from engine.model import SYSTEM, Actor, Resource, UserTask
from engine.queries import TaskTab, UserTaskFilter
from storage.casework_read_models import SqlCaseworkQueries
from tests.applications import plain_dibao
from tests.casework import CaseworkUnderTest
from tests.engines import engine_on, person
from workflows.casework.commands import LoadCalendarYears, SetParameters, SubmitApplication
from workflows.casework.county import COUNTY_REGION
from workflows.casework.days import local_day
from workflows.casework.model import Case
from workflows.casework.parameters import TEST_PARAMETERS
from workflows.connectors.http import HttpAgencies, HttpConnector, HttpInsurer, HttpMessageGateway
from workflows.connectors.simulator import Simulator
from workflows.host import Connectors, build_host

WORKFLOWS = Path(__file__).parents[1] / "workflows"
SHIPPED = sorted(path for path in WORKFLOWS.glob("*/*") if path.suffix in RESOURCE_KINDS)
SYSTEM_SIGHT = UserTaskFilter(actor=SYSTEM, tab=TaskTab.UNIT, limit=200)


@dataclass(slots=True, kw_only=True)
class Office(CaseworkUnderTest):
    """The whole line at work."""

    url: str

    def submit(self, **changes: Any) -> Case:
        case: Case = self.run(SubmitApplication(application=plain_dibao(**changes)), actor=SYSTEM)
        self.work()
        return case

    def work(self) -> None:
        engine = self.under_test.engine
        JobExecutor(engine, signal=_no_signal, settings=WorkerSettings(name="worker")).run_until_idle()

    def until(self, moment: str) -> None:
        """Let time pass to a moment, with everything that happens by itself."""
        self.at(moment)
        self.work()

    def open(self) -> dict[str, UserTask]:
        queries = self.under_test.queries
        tasks = [queries.user_task(task.id, SYSTEM) for task in queries.user_tasks(SYSTEM_SIGHT).tasks]
        return {task.element_id: task for task in tasks}

    def done(self, element_id: str, by: Actor | None = None, **values: Any) -> None:
        """Let somebody do a task as its staff would; answers given here come before the usual ones."""
        task = self.open()[element_id]
        worker = by or worker_for(task)
        self.run(AssignUserTask(user_task_id=task.id, assignee=worker), actor=SYSTEM)
        shown = dict(task.variables)
        usual = answer(Occasion(element_id=element_id, shown=shown, today=local_day(self.under_test.clock())))
        self.run(CompleteUserTask(user_task_id=task.id, values={**usual, **values}), actor=worker)
        self.work()

    def due(self, element_id: str) -> str | None:
        due_at = self.open()[element_id].due_at
        return None if due_at is None else self.local(due_at)[:10]

    def refuses(self, refusal: type[Exception], element_id: str, by: Actor, **values: Any) -> None:
        try:
            self.done(element_id, by, **values)
        except refusal:
            return
        raise AssertionError(f"{element_id} was not refused")

    def ledger(self) -> dict[str, Any]:
        found: dict[str, Any] = httpx.get(f"{self.url}/simulator/ledger").json()
        return found


@contextmanager
def office_on(database_url: str) -> Iterator[Office]:
    """Open the office on a migrated database with everything shipped deployed."""
    with Simulator() as simulator:
        connector = HttpConnector(simulator.url)
        outside = Connectors(
            agencies=HttpAgencies(connector), gateway=HttpMessageGateway(connector), insurer=HttpInsurer(connector)
        )

        def execute(command: Any) -> Any:
            return under_test.engine.execute(command, actor=SYSTEM)

        with engine_on(database_url, build_host(outside, execute=execute)) as under_test:
            execute(LoadCalendarYears(first_year=2025, last_year=2026, region=COUNTY_REGION))
            execute(SetParameters(parameters=TEST_PARAMETERS, region=COUNTY_REGION))
            execute(DeployResources(resources=tuple(_resource(path) for path in SHIPPED)))
            questions = SqlCaseworkQueries(under_test.database, under_test.keys, now=under_test.clock)
            yield Office(under_test=under_test, questions=questions, url=simulator.url)
        connector.close()


def worker_for(task: UserTask) -> Actor:
    """Somebody new for every task, so that nobody meets their own work."""
    return person(f"staff-{task.element_id}", *task.candidate_groups, region=COUNTY_REGION)


def _no_signal() -> Any:
    raise AssertionError("nobody waits in these tests")


def _resource(path: Path) -> Resource:
    return Resource(name=path.name, kind=RESOURCE_KINDS[path.suffix], content=path.read_bytes())
