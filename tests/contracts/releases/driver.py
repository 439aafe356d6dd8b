"""Runs the code of an earlier release, unpacked in a folder, on a database: `driver.py FOLDER URL KEYS NOW`.

Reads a list of steps as JSON from standard input and prints what each gave. It imports what every release has.
"""

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path

FOLDER, URL, KEYS, NOW = sys.argv[1:]
sys.path.insert(0, FOLDER)

from sqlalchemy import text  # noqa: E402

import engine  # noqa: E402
import storage  # noqa: E402
from engine.commands.deployments import DeployResources  # noqa: E402
from engine.commands.incidents import ResolveIncident  # noqa: E402
from engine.commands.jobs import AcquireJobs, CompleteJob, FailJob  # noqa: E402
from engine.commands.messages import CorrelateMessage  # noqa: E402
from engine.commands.process_instances import CancelProcessInstance, SetVariables, StartProcessInstance  # noqa: E402
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask, SaveDraft  # noqa: E402
from engine.executor import Engine  # noqa: E402
from engine.host import Host  # noqa: E402
from engine.job_executor import JobExecutor, WorkerSettings  # noqa: E402
from engine.model import SYSTEM, Actor, Membership, Resource  # noqa: E402
from engine.queries import TaskTab, UserTaskFilter  # noqa: E402
from storage.database import connect  # noqa: E402
from storage.encryption import KeyRing  # noqa: E402
from storage.read_models import SqlQueries  # noqa: E402
from storage.unit_of_work import units_of_work  # noqa: E402

ANN = Actor(id="ann", name="Ann", memberships=(Membership(unit_kind="township", role="clerk", region="320481001"),))


class Release:
    """The steps."""

    def __init__(self):
        self.now = datetime.fromisoformat(NOW)
        self.database = connect(URL)
        keys = KeyRing.load(Path(KEYS))
        self.engine = Engine(units_of_work(self.database, keys), now=lambda: self.now, host=Host())
        self.queries = SqlQueries(self.database, keys)

    def came_from(self):
        return [str(Path(room.__file__).parent.parent.resolve()) for room in (engine, storage)]

    def deploy(self, xml):
        resources = (Resource(name="p.bpmn", kind="process", content=xml.encode()),)
        return self._do(DeployResources(resources=resources)).definitions[0].version

    def start(self, case, **variables):
        command = StartProcessInstance(process_id="P", variables=variables, region="320481001", business_key=case)
        return str(self._do(command).id)

    def open_tasks(self, case):
        return sorted(task.element_id for task in self._view(case).tasks if task.state == "open")

    def complete(self, case, element_id):
        view = self._view(case)
        task = next(one for one in view.tasks if (one.state, one.element_id) == ("open", element_id))
        self._do(ClaimUserTask(user_task_id=task.id), ANN)
        self._do(SaveDraft(user_task_id=task.id, values={"half": 1}), ANN)
        self._do(CompleteUserTask(user_task_id=task.id, values={element_id: True}), ANN)

    def correlate(self, key, **variables):
        self._do(CorrelateMessage(name="GO", correlation_key=key, variables=variables))

    def fail_jobs(self):
        jobs = self._acquired()
        for job in jobs:
            self._do(FailJob(job_id=job.id, worker="old", reason="x", retry_in=timedelta()))
        return len(jobs)

    def do_jobs(self):
        jobs = self._acquired()
        for job in jobs:
            self._do(CompleteJob(job_id=job.id, worker="old", variables={"worked": True}))
        return len(jobs)

    def resolve(self, case, **variables):
        view = self._view(case)
        self._do(SetVariables(process_instance_id=view.instance.id, scope_key=1, variables=variables))
        [incident] = [one for one in view.incidents if one.resolved_at is None]
        self._do(ResolveIncident(incident_id=incident.id))
        return incident.element_id

    def later(self, days):
        self.now += timedelta(days=days)
        executor = JobExecutor(self.engine, signal=None, settings=WorkerSettings(name="old", threads=1))
        return executor.run_until_idle()

    def cancel(self, case):
        self._do(CancelProcessInstance(process_instance_id=self._view(case).instance.id, reason="x"))

    def state(self, case):
        return self._view(case).instance.state

    def listed(self):
        return self.queries.user_tasks(UserTaskFilter(actor=ANN, tab=TaskTab.UNIT)).total

    def _acquired(self):
        return self._do(AcquireJobs(worker="old", types=["work"], lease=timedelta(minutes=1), limit=9))

    def _do(self, command, actor=SYSTEM):
        return self.engine.execute(command, actor=actor)

    def _view(self, case):
        with self.database.connect() as connection:
            query = text("SELECT id FROM process_instance WHERE business_key = :key")
            return self.queries.instance(connection.execute(query, {"key": case}).scalar_one())


release = Release()
results = [getattr(release, name)(*given, **named) for name, given, named in json.load(sys.stdin)]
sys.stdout.write(json.dumps(results))
