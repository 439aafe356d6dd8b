"""What a test lends the core: definitions of one document, FEEL, and handlers that are given."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.bpmn.reader import read
from engine.core import model
from tests.processes.evaluator import TestEvaluator

NOW = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)


class OneDocument:
    """The processes of one document; the definition id of a process is its own id."""

    def __init__(self, xml):
        self.processes = read(xml).processes

    def get(self, definition):
        return self.processes[definition]

    def called(self, process_id, *, caller, binding, version_tag):
        if process_id not in self.processes:
            raise model.CallFailed(f"there is no process {process_id}")
        return process_id


class GivenHandlers:
    """Handlers by job type; every other type is a job."""

    def __init__(self, **handlers):
        self.handlers = handlers

    def runs_inside(self, job_type):
        return job_type in self.handlers

    def call(self, call):
        return self.handlers[call.type](call)


def environment(definitions, *, now=NOW, handlers=None, evaluator=None, step_limit=10_000):
    return model.Environment(
        now=now,
        definitions=definitions,
        evaluator=evaluator or TestEvaluator(),
        handlers=handlers or GivenHandlers(),
        step_limit=step_limit,
    )
