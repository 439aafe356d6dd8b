"""Process instances: started, awaited, listed, cancelled, modified and migrated."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import timedelta
from typing import Any
from uuid import UUID

from api.camunda.fields import TENANT
from api.camunda.lists import ELEMENT_INSTANCES, INCIDENTS, PROCESS_DEFINITIONS, PROCESS_INSTANCES
from api.camunda.operations import answers, camunda, refused
from api.camunda.schemas import CreateInstanceSchema, MigrationSchema, ModificationSchema, NothingSchema
from api.camunda.searches import SearchSchema, filter_of, one_of_list, searched
from api.camunda.sight import require_values_shown
from api.camunda.waiting import DEFAULT_WAIT, place_to_wait, until
from api.services import current
from engine.commands.migrations import MigrateProcessInstance, MigrationPlan
from engine.commands.operations import Activate, ModifyProcessInstance, Move, ScopeVariables
from engine.commands.process_instances import CancelProcessInstance, StartByHand, StartProcessInstance
from engine.core.texts import Words, both
from engine.errors import EngineError
from engine.json_values import JsonObject
from engine.model import ROOT_SCOPE, ProcessInstance
from engine.number_names import inner_number, number_of
from web.authentication import current_actor
from workflows.organisation.rights import Right

REASON = both("经 Camunda 接口提出，未附理由", "asked by Camunda's API, which gives no reason")


NO_ANCESTOR = "-1"  # their word for no scope that is named


class NotCompletedInTime(EngineError):
    """A process instance was started and its end awaited, and it did not come in time; the instance runs on."""

    code = "not-completed-in-time"
    text_zh = "流程已启动（{key}），但未在等待时间内结束，仍在运行。"
    text_en = "The process instance {key} was started and did not end in the time it was waited for; it runs on."

    def __init__(self, key: str) -> None:
        super().__init__(key=key)


@camunda.post("/process-instances")
@answers(Right.ADMINISTER, body=CreateInstanceSchema)
def create_process_instance(body: dict[str, Any]) -> JsonObject:
    """Start a process of the whole county, and wait for its end where that is asked."""
    county = current().engine.host.region
    if body["await_completion"]:
        require_values_shown(current_actor(), county)
    definition = _definition(body)
    starts = body["start_instructions"]
    start = StartProcessInstance(
        process_id=definition["process_id"],
        definition_id=definition.get("definition_id"),
        version=definition.get("version"),
        start_event=starts[0]["element_id"] if starts else None,
        variables=body["variables"] or {},
        region=county,
        business_key=body["business_id"] or "",
    )
    with place_to_wait() if body["await_completion"] else nullcontext():
        started = current().engine.execute(StartByHand(start=start), actor=current_actor())
        variables = _awaited(started, body) if body["await_completion"] else {}
    return _created(started, variables)


@camunda.post("/process-instances/search")
@answers(Right.OPERATE, body=SearchSchema)
def search_process_instances(body: JsonObject) -> JsonObject:
    """List instances."""
    return searched(PROCESS_INSTANCES, body)


@camunda.get("/process-instances/<key>")
@answers(Right.OPERATE)
def get_process_instance(key: str) -> JsonObject:
    """Show an instance."""
    return PROCESS_INSTANCES.write(_instance(key))


@camunda.post("/process-instances/<key>/incidents/search")
@answers(Right.OPERATE, body=SearchSchema)
def search_process_instance_incidents(key: str, body: JsonObject) -> JsonObject:
    """List the incidents of an instance."""
    _instance(key)
    return searched(INCIDENTS, body, filter_of(INCIDENTS.fields, {"processInstanceKey": key}, path=()))


@camunda.post("/process-instances/<key>/cancellation")
@answers(Right.OPERATE, body=NothingSchema)
def cancel_process_instance(key: str, body: JsonObject) -> None:
    """End an instance with all its open work."""
    command = CancelProcessInstance(process_instance_id=_instance(key)["id"], reason=REASON)
    current().engine.execute(command, actor=current_actor())


@camunda.post("/process-instances/<key>/modification")
@answers(Right.OPERATE, body=ModificationSchema)
def modify_process_instance(key: str, body: dict[str, Any]) -> None:
    """Begin and end elements."""
    instance_id = _instance(key)["id"]
    set_first = [each for one in (*body["activate"], *body["move"]) for each in one["variable_instructions"]]
    keys = [one["element_instance_key"] for one in body["terminate"] if one["element_instance_key"] is not None]
    command = ModifyProcessInstance(
        process_instance_id=instance_id,
        reason=REASON,
        activate=tuple(
            Activate(element_id=one["element_id"], scope_key=_scope(instance_id, one["ancestor"]))
            for one in body["activate"]
        ),
        cancel_keys=tuple(_element_key(instance_id, one) for one in keys),
        cancel_elements=tuple(one["element_id"] for one in body["terminate"] if one["element_id"] is not None),
        moves=tuple(_move(instance_id, one) for one in body["move"]),
        variables=tuple(ScopeVariables(scope_key=ROOT_SCOPE, variables=one["variables"]) for one in set_first),
    )
    current().engine.execute(command, actor=current_actor())


@camunda.post("/process-instances/<key>/migration")
@answers(Right.ADMINISTER, body=MigrationSchema)
def migrate_process_instance(key: str, body: dict[str, Any]) -> None:
    """Let an instance go on by another version; every element at which something stands is named, as in Camunda."""
    instance = _instance(key)
    target = one_of_list(PROCESS_DEFINITIONS, "processDefinitionKey", body["target"])
    mapping = {one["source"]: one["target"] for one in body["mapping"]}
    plan = MigrationPlan(source=instance["definition_id"], target=target["id"], mapping=mapping, unnamed="refused")
    command = MigrateProcessInstance(process_instance_id=instance["id"], plan=plan, reason=REASON)
    current().engine.execute(command, actor=current_actor())


def _definition(body: Mapping[str, Any]) -> dict[str, Any]:
    version = body["version"] if body["version"] > 0 else None
    if body["process_definition_key"] is None:
        return {"process_id": body["process_definition_id"], "version": version}
    found = one_of_list(PROCESS_DEFINITIONS, "processDefinitionKey", body["process_definition_key"])
    return {"process_id": found["key"], "definition_id": found["id"], "version": version}


def _created(started: ProcessInstance, variables: JsonObject) -> JsonObject:
    key = number_of(started.definition_id)
    definition = one_of_list(PROCESS_DEFINITIONS, "processDefinitionKey", key)
    return {
        "processInstanceKey": inner_number(started.id, ROOT_SCOPE),
        "processDefinitionId": started.process_id,
        "processDefinitionKey": key,
        "processDefinitionVersion": definition["version"],
        "businessId": started.business_key or None,
        "tenantId": TENANT,
        "variables": variables,
        "tags": [],
    }


def _awaited(started: ProcessInstance, body: Mapping[str, Any]) -> JsonObject:
    key = inner_number(started.id, ROOT_SCOPE)
    asked = timedelta(milliseconds=body["request_timeout"]) or DEFAULT_WAIT

    def ended() -> bool:
        return _instance(key)["ended_at"] is not None

    if not until(ended, at_most=asked):
        raise NotCompletedInTime(key)
    variables = current().queries.instance(started.id).variables
    wanted = body["fetch_variables"]
    return {name: value for name, value in variables.items() if not wanted or name in wanted}


def _instance(key: str) -> Mapping[str, Any]:
    return one_of_list(PROCESS_INSTANCES, "processInstanceKey", key)


def _move(instance_id: UUID, asked: Mapping[str, Any]) -> Move:
    source, scope = asked["source"], asked["scope"] or {"kind": "direct", "ancestor": None}
    is_named = scope["kind"] == "direct" and scope["ancestor"] not in (None, NO_ANCESTOR)
    by_id = source["source_type"] == "byId"
    return Move(
        element_id=source["element_id"] if by_id else None,
        key=None if by_id else _element_key(instance_id, source["element_instance_key"]),
        target=asked["target"],
        scope_key=_element_key(instance_id, scope["ancestor"]) if is_named else None,
        is_around=scope["kind"] != "direct",
    )


def _scope(instance_id: UUID, key: str | None) -> int | None:
    return None if key is None else _element_key(instance_id, key)


def _element_key(instance_id: UUID, key: str) -> int:
    element = one_of_list(ELEMENT_INSTANCES, "elementInstanceKey", key)
    if element["process_instance_id"] != instance_id:
        raise refused(
            ("elementInstanceKey",),
            Words(f"{key} 不属于此流程", f"{key} is of another process instance"),
            code="other-instance",
        )
    found: int = element["key"]
    return found
