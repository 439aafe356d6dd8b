"""The rules by which units give out their tasks."""

from __future__ import annotations

from typing import Any

from api.operations import Operation, operation
from api.resources.blueprint import api
from api.schemas.distribution import RuleBookSchema, RuleListSchema, RulePlaceSchema, RuleRequestSchema, RuleSchema
from api.services import current
from web.authentication import current_actor
from web.distribution import RuleBook, RuleLine, rule_book, rule_line
from web.supervision import named_office
from workflows.casework.distribution.commands import RemoveDistributionRule, SetDistributionRule
from workflows.organisation.rights import Right


@api.get("/distribution-rules")
@operation(
    Operation(
        summary="How the units the caller supervises give out tasks; of one unit also how its rules were changed",
        right=Right.SUPERVISE,
        query=RuleListSchema,
        answer=RuleBookSchema,
    )
)
def list_distribution_rules(query: dict[str, Any]) -> RuleBook:
    """List rules."""
    return rule_book(current_actor(), named_office(query["unit"]))


@api.put("/distribution-rules")
@operation(
    Operation(
        summary="Set the rule of a unit, or of one process or step of its own; the most exact one for a task counts",
        right=Right.SUPERVISE,
        body=RuleRequestSchema,
        answer=RuleSchema,
    )
)
def set_distribution_rule(body: dict[str, Any]) -> RuleLine:
    """Set it."""
    return rule_line(current().engine.execute(SetDistributionRule(**body), actor=current_actor()))


@api.post("/distribution-rules/removal")
@operation(
    Operation(
        summary="Remove a rule; what is wider counts again for its tasks",
        right=Right.SUPERVISE,
        body=RulePlaceSchema,
    )
)
def remove_distribution_rule(body: dict[str, Any]) -> None:
    """Remove it."""
    current().engine.execute(RemoveDistributionRule(**body), actor=current_actor())
