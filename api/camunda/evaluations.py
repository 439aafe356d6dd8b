"""Expressions and decisions evaluated on their own, for those who draw them."""

from __future__ import annotations

from typing import Any

from api.camunda.fields import TENANT
from api.camunda.lists import DECISION_DEFINITIONS
from api.camunda.operations import answers, camunda
from api.camunda.rows import requirements_number
from api.camunda.schemas import DecisionSchema, ExpressionSchema
from api.camunda.searches import one_of_list
from api.services import current
from engine.commands.evaluations import DecisionOutcome, EvaluateDecision, EvaluateExpression
from engine.ids import new_id
from engine.json_values import JsonObject, JsonValue, dump_json
from engine.number_names import number_of
from web import i18n
from web.authentication import current_actor
from workflows.organisation.rights import Right


@camunda.post("/expression/evaluation")
@answers(Right.DEPLOY, body=ExpressionSchema)
def evaluate_expression(body: dict[str, Any]) -> JsonObject:
    """Evaluate a FEEL expression on the variables given; what came to null is told."""
    command = EvaluateExpression(expression=body["expression"], variables=body["variables"] or {})
    found = current().engine.execute(command, actor=current_actor())
    is_chinese = i18n.language() == "zh"
    warnings: list[JsonValue] = [{"message": one.zh if is_chinese else one.en} for one in found.doubts]
    return {"expression": body["expression"], "result": found.value, "warnings": warnings}


@camunda.post("/decision-definitions/evaluation")
@answers(Right.DEPLOY, body=DecisionSchema)
def evaluate_decision(body: dict[str, Any]) -> JsonObject:
    """Decide on the variables given, by the newest version or the one named."""
    key = body["decision_definition_key"]
    command = EvaluateDecision(
        decision_id=body["decision_definition_id"],
        definition_id=None if key is None else one_of_list(DECISION_DEFINITIONS, "decisionDefinitionKey", key)["id"],
        variables=body["variables"] or {},
    )
    return _outcome(current().engine.execute(command, actor=current_actor()))


def _outcome(found: DecisionOutcome) -> JsonObject:
    definition, evaluation = found.definition, number_of(new_id(current().now()))
    where: JsonObject = {
        "decisionDefinitionId": definition.key,
        "decisionDefinitionKey": number_of(definition.id),
        "decisionDefinitionName": definition.name,
        "decisionDefinitionVersion": definition.version,
        "tenantId": TENANT,
    }
    traces: Any = found.trace["decisions"]
    return {
        **where,
        "decisionRequirementsId": definition.resource_name,
        "decisionRequirementsKey": requirements_number(
            {"deployment_id": definition.deployment_id, "checksum": definition.checksum}
        ),
        "decisionEvaluationKey": evaluation,
        "decisionInstanceKey": evaluation,
        "output": dump_json(found.value),
        "failedDecisionDefinitionId": None,
        "failureMessage": None,
        "evaluatedDecisions": [
            {**where, **_evaluated(one, f"{evaluation}-{number}")} for number, one in enumerate(traces, start=1)
        ],
    }


def _evaluated(trace: dict[str, Any], instance: str) -> JsonObject:
    """Write one decision of the way: it and those it asks stand in one file and have one version each."""
    tables = trace["tables"]
    return {
        "decisionDefinitionId": trace["id"],
        "decisionDefinitionName": trace["name"],
        "decisionDefinitionType": "DECISION_TABLE" if tables else "LITERAL_EXPRESSION",
        "decisionEvaluationInstanceKey": instance,
        "output": dump_json(trace["value"]),
        "evaluatedInputs": [
            {"inputId": one["id"], "inputName": one["label"], "inputValue": dump_json(one["value"])}
            for table in tables
            for one in table["inputs"]
        ],
        "matchedRules": [_matched(rule) for table in tables for rule in table["matched"] if rule["fired"]],
    }


def _matched(rule: dict[str, Any]) -> JsonObject:
    place: JsonObject = {"ruleId": rule["id"], "ruleIndex": rule["index"]}
    outputs: list[JsonValue] = [
        {"outputId": name, "outputName": name, "outputValue": dump_json(value), **place}
        for name, value in rule["outputs"].items()
    ]
    return {**place, "evaluatedOutputs": outputs}
