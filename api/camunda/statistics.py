"""How often the elements of one instance were passed, and which flows were taken, as its diagram shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from api.camunda.choices import ELEMENT_STATES
from api.camunda.fields import TENANT
from api.camunda.lists import PROCESS_INSTANCES
from api.camunda.operations import answers, camunda
from api.camunda.rows import instance_number
from api.camunda.searches import one_of_list
from api.services import current
from engine.json_values import JsonObject, JsonValue
from engine.model import ActivityInstance
from engine.number_names import number_of
from workflows.organisation.rights import Right


@camunda.get("/process-instances/<key>/statistics/element-instances")
@answers(Right.OPERATE)
def get_process_instance_statistics(key: str) -> JsonObject:
    """Count the passages of each element that the process of an instance draws."""
    instance = _instance(key)
    view = current().queries.instance(instance["id"])
    passed: dict[str, Counter[str]] = {}
    for one in view.activities:
        if one.definition_id == instance["definition_id"]:
            passed.setdefault(one.element_id, Counter())[_state(one)] += 1
    stuck = Counter(
        one.element_id
        for one in view.incidents
        if one.resolved_at is None and one.definition_id == instance["definition_id"]
    )
    items: list[JsonValue] = [
        {
            "elementId": element_id,
            "active": states["ACTIVE"],
            "completed": states["COMPLETED"],
            "canceled": states["TERMINATED"],
            "incidents": stuck[element_id],
        }
        for element_id, states in sorted(passed.items())
        if element_id != instance["process_id"]
    ]
    return {"items": items}


@camunda.get("/process-instances/<key>/sequence-flows")
@answers(Right.OPERATE)
def get_process_instance_sequence_flows(key: str) -> JsonObject:
    """List the flows that were taken in the process of an instance."""
    instance = _instance(key)
    number = instance_number(instance, "id")
    items: list[JsonValue] = [
        {
            "sequenceFlowId": f"{number}_{flow_id}",
            "processInstanceKey": number,
            "rootProcessInstanceKey": number,
            "processDefinitionKey": number_of(instance["definition_id"]),
            "processDefinitionId": instance["process_id"],
            "elementId": flow_id,
            "tenantId": TENANT,
        }
        for flow_id in sorted(_flows(instance["id"], instance["definition_id"]))
    ]
    return {"items": items}


def _flows(instance_id: UUID, definition_id: UUID) -> Iterator[str]:
    for diagram in current().queries.instance(instance_id).diagrams:
        if diagram.definition.id == definition_id:
            yield from diagram.flows


def _state(one: ActivityInstance) -> str:
    return ELEMENT_STATES.shown("active" if one.left_at is None else one.outcome or "")


def _instance(key: str) -> Mapping[str, Any]:
    return one_of_list(PROCESS_INSTANCES, "processInstanceKey", key)
