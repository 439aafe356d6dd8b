"""How long the history of ended instances is kept, and what was removed."""

from __future__ import annotations

from typing import Any

from api.operations import Operation, operation
from api.resources.blueprint import api
from api.schemas.operation_requests import RetentionSchema
from api.schemas.retention_answers import (
    PruningAnswer,
    PruningSchema,
    RetentionAnswer,
    RetentionAnswerSchema,
    RetentionDecisionSchema,
)
from api.services import current
from engine.commands.retention import KeepHistory, PreviewPruning, ReadRetention
from engine.retention import RetentionDecision
from web.authentication import current_actor
from workflows.organisation.rights import Right


@api.get("/history/retention")
@operation(
    Operation(
        summary="For how many days history is kept after the end of an instance, who decided it, what was removed",
        right=Right.DEPLOY,
        answer=RetentionAnswerSchema,
    )
)
def get_retention() -> RetentionAnswer:
    """Show what was decided and removed."""
    return RetentionAnswer.of(current().engine.execute(ReadRetention(), actor=current_actor()))


@api.post("/history/retention")
@operation(
    Operation(
        summary="Decide for how many days history is kept; a shorter time counts after a day, a longer one at once",
        right=Right.DEPLOY,
        body=RetentionSchema,
        answer=RetentionDecisionSchema,
    )
)
def keep_history(body: dict[str, Any]) -> RetentionDecision:
    """Decide it."""
    return current().engine.execute(KeepHistory(**body), actor=current_actor())


@api.get("/history/pruning/preview")
@operation(
    Operation(
        summary="Of how many instances of which processes workers will remove the history now",
        right=Right.DEPLOY,
        answer=PruningSchema,
    )
)
def preview_pruning() -> PruningAnswer:
    """Count them."""
    return PruningAnswer(processes=current().engine.execute(PreviewPruning(), actor=current_actor()))
