"""What a draft of a decision would change of what cases asked it last."""

from __future__ import annotations

from typing import Any

from api.operations import Operation, operation
from api.resources.blueprint import api
from api.schemas.playing import DecisionReplayAnswerSchema
from api.services import current
from web.authentication import current_actor
from web.decision_replays import DecisionReplayAnswer
from web.schemas.playing import DecisionReplaySchema
from workflows.organisation.rights import Right
from workflows.playing.model import PlaySource
from workflows.playing.replays import ReplayDecision


@api.post("/workbench/decision-replays")
@operation(
    Operation(
        summary="Run what cases asked a decision last on a draft or version: what changes, how often each rule counts",
        right=Right.DEPLOY,
        body=DecisionReplaySchema,
        answer=DecisionReplayAnswerSchema,
    )
)
def replay_decision(body: dict[str, Any]) -> DecisionReplayAnswer:
    """Run them; nothing is kept."""
    source = PlaySource(draft_id=body["draft_id"], definition_id=body["definition_id"])
    command = ReplayDecision(source=source, decision_id=body["decision_id"])
    return DecisionReplayAnswer.of(current().engine.execute(command, actor=current_actor()))
