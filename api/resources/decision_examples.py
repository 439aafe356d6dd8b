"""Examples of a decision: kept with it, run on a draft or version with the rules that fire."""

from __future__ import annotations

from typing import Any

from api.operations import Operation, operation
from api.resources.blueprint import api
from api.schemas.playing import DecisionExamplesSchema, ExampleResultsSchema
from api.services import current
from web.authentication import accepts_body_up_to, current_actor
from web.decision_examples import ExampleResultsAnswer
from web.schemas.playing import ExampleRunSchema, KeptExamplesSchema
from web.uploads import MAX_UPLOAD
from workflows.organisation.rights import Right
from workflows.playing.examples import KeepExamples, ReadExamples, RunExamples
from workflows.playing.model import DecisionExamples, Example, PlaySource


@api.get("/workbench/decisions/<decision_id>/examples")
@operation(
    Operation(
        summary="The examples of a decision: those kept, else (version 0) those that come with the product",
        right=Right.DEPLOY,
        answer=DecisionExamplesSchema,
    )
)
def get_decision_examples(decision_id: str) -> DecisionExamples:
    """Show them."""
    found: DecisionExamples = current().engine.execute(ReadExamples(decision_id=decision_id), actor=current_actor())
    return found


@api.put("/workbench/decisions/<decision_id>/examples")
@accepts_body_up_to(MAX_UPLOAD)
@operation(
    Operation(
        summary="Keep examples of a decision in the place of the version they were made from",
        right=Right.DEPLOY,
        body=KeptExamplesSchema,
        answer=DecisionExamplesSchema,
    )
)
def keep_decision_examples(decision_id: str, body: dict[str, Any]) -> DecisionExamples:
    """Keep them."""
    rows = [Example.from_json(one) for one in body["rows"]]
    command = KeepExamples(decision_id=decision_id, version=body["version"], rows=rows)
    kept: DecisionExamples = current().engine.execute(command, actor=current_actor())
    return kept


@api.post("/workbench/example-results")
@accepts_body_up_to(MAX_UPLOAD)
@operation(
    Operation(
        summary="Run examples of a decision on a draft or version, those given or those kept, with the rules that fire",
        right=Right.DEPLOY,
        body=ExampleRunSchema,
        answer=ExampleResultsSchema,
    )
)
def run_decision_examples(body: dict[str, Any]) -> ExampleResultsAnswer:
    """Run them."""
    rows = None if body["rows"] is None else [Example.from_json(one) for one in body["rows"]]
    source = PlaySource(draft_id=body["draft_id"], definition_id=body["definition_id"])
    command = RunExamples(source=source, decision_id=body["decision_id"], rows=rows)
    return ExampleResultsAnswer.of(current().engine.execute(command, actor=current_actor()))
