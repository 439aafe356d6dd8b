"""What a test lends the core: definitions of one document, FEEL, and handlers that are given."""

from __future__ import annotations

from datetime import UTC, datetime

from engine import feel
from engine.bpmn.reader import read
from engine.core import model
from engine.expressions import FeelEvaluator

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

    def form(self, form_id, *, caller, binding, version_tag):
        return form_id


class GivenHandlers:
    """Handlers by job type; every other type is a job."""

    def __init__(self, **handlers):
        self.handlers = handlers

    def runs_inside(self, job_type):
        return job_type in self.handlers

    def call(self, call):
        return self.handlers[call.type](call)


class GivenDecisions(FeelEvaluator):
    """FEEL as the engine evaluates it, with decisions that are given: their value by id."""

    def __init__(self, *, now=NOW, **decisions):
        super().__init__(settings=feel.Settings(now=now), roots={}, decisions=lambda *_: None)
        self.given = decisions

    def decide(self, decision_id, scope, *, caller, binding, version_tag):
        if decision_id not in self.given:
            raise model.ExpressionFailed(f"there is no decision {decision_id}")
        return model.Decided(value=self.given[decision_id], record={"inputs": sorted(scope)})


def environment(definitions, *, now=NOW, handlers=None, evaluator=None, step_limit=10_000, is_spent=lambda: False):
    return model.Environment(
        now=now,
        definitions=definitions,
        evaluator=evaluator or GivenDecisions(now=now),
        handlers=handlers or GivenHandlers(),
        step_limit=step_limit,
        is_spent=is_spent,
    )
