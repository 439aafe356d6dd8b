"""SpiffWorkflow alone on the measured case: its state as one row of JSON, loaded and stored around every completion.

The naive peer: no history, no rights, no list but a table of open tasks, no timers. Its scripts are Python.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import psycopg
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import make_url

from api.benchmark.case import PROCESS, TASKS, answers
from api.benchmark.measuring import Measuring, Run, Work

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
SCRIPTS = {
    "Script_Limit": "limit = 1080 * household_size",
    "Script_PerCapita": "income_per_capita = income / household_size",
    "Script_CountAgreed": "agreed = [p1_checked, p2_checked, p3_checked, p4_checked].count(True)",
    "Script_Summary": "conclusion = 'granted in full' if agreed == 4 else 'granted in part'",
}
TABLES = (
    "CREATE TABLE spiff_state (id integer PRIMARY KEY, state text NOT NULL)",
    "CREATE TABLE spiff_open_task (id text PRIMARY KEY, instance integer NOT NULL, name text NOT NULL)",
    "CREATE INDEX spiff_open_task_instance ON spiff_open_task (instance)",
)
Execute = Callable[[str, tuple[Any, ...]], Any]


class Spiff:
    """The naive engine over one connection; `mark` is how the driver writes a parameter."""

    def __init__(self, execute: Execute, commit: Callable[[], None], mark: str) -> None:
        self._execute, self._commit, self._mark = execute, commit, mark
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
        parser = BpmnParser()
        parser.add_bpmn_xml(_diagram())
        self._spec = parser.get_spec(PROCESS)
        self._sub_specs = parser.get_subprocess_specs(PROCESS)
        self._number = 0
        for statement in TABLES:
            execute(statement, ())
        commit()

    def completions(self, cases: int) -> Run:
        numbers = [self._start() for _ in range(cases)]

        def run() -> int:
            done = 0
            for number in numbers:
                for task in TASKS:
                    self._complete(number, task, done)
                    done += 1
            return done

        return run

    def _start(self) -> int:
        self._number += 1
        size = 1 + self._number % 5
        workflow = BpmnWorkflow(self._spec, self._sub_specs)
        workflow.data.update(income=900 * size + self._number % 97, household_size=size)
        workflow.get_next_task(state=TaskState.READY).data.update(workflow.data)
        workflow.do_engine_steps()
        self._sql("INSERT INTO spiff_state VALUES (?, ?)", (self._number, self._serializer.serialize_json(workflow)))
        self._write_open(self._number, workflow)
        self._commit()
        return self._number

    def _complete(self, number: int, name: str, answer: int) -> None:
        (state,) = self._sql("SELECT state FROM spiff_state WHERE id = ?", (number,)).fetchone()
        workflow = self._serializer.deserialize_json(state)
        ready = workflow.get_tasks(state=TaskState.READY, manual=True)
        task = ready[0]
        task.data.update(answers(name, answer))
        task.run()
        workflow.do_engine_steps()
        workflow.refresh_waiting_tasks()
        state = self._serializer.serialize_json(workflow)
        self._sql("UPDATE spiff_state SET state = ? WHERE id = ?", (state, number))
        self._sql("DELETE FROM spiff_open_task WHERE instance = ?", (number,))
        self._write_open(number, workflow)
        self._commit()

    def _write_open(self, number: int, workflow: BpmnWorkflow) -> None:
        for task in workflow.get_tasks(state=TaskState.READY, manual=True):
            self._sql("INSERT INTO spiff_open_task VALUES (?, ?, ?)", (str(task.id), number, task.task_spec.name))

    def _sql(self, statement: str, values: tuple[Any, ...]) -> Any:
        return self._execute(statement.replace("?", self._mark), values)


def _diagram() -> etree._Element:
    """The measured case with Python where ours has FEEL."""
    root = etree.fromstring(files("api.benchmark").joinpath(f"{PROCESS}.bpmn").read_bytes())
    for task in root.iter(f"{BPMN}scriptTask"):
        etree.SubElement(task, f"{BPMN}script").text = SCRIPTS[task.get("id", "")]
    for condition in root.iter(f"{BPMN}conditionExpression"):
        condition.text = (condition.text or "").removeprefix("=")
    for duration in root.iter(f"{BPMN}timeDuration"):
        duration.text = f"'{duration.text}'"
    return root


def on_sqlite(folder: Path) -> Work:
    connection = sqlite3.connect(folder / "spiff.sqlite")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    spiff = Spiff(connection.execute, connection.commit, "?")
    return Work(name="SpiffWorkflow, one row of JSON, SQLite", prepare=spiff.completions)


def on_postgresql(measuring: Measuring) -> Work:
    url = make_url(str(measuring.bench.settings.database_url)).set(drivername="postgresql")
    connection = psycopg.connect(url.render_as_string(hide_password=False), prepare_threshold=0)
    spiff = Spiff(lambda text, values: connection.execute(text.encode(), values), connection.commit, "%s")
    return Work(name="SpiffWorkflow, one row of JSON, PostgreSQL", prepare=spiff.completions)
