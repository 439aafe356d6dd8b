"""Passages of elements, the variables of living scopes, and what waits for messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from hashlib import blake2b
from typing import Any
from uuid import UUID

from flask import request

from api.camunda.fields import TENANT
from api.camunda.instances import REASON
from api.camunda.lists import ELEMENT_INSTANCES, INCIDENTS, MESSAGE_SUBSCRIPTIONS, PROCESS_INSTANCES
from api.camunda.operations import answers, camunda, refused
from api.camunda.schemas import AdHocSchema, SetVariablesSchema
from api.camunda.searches import SearchSchema, filter_of, one_of_list, paged, searched
from api.camunda.sight import require_values_shown
from api.services import current
from engine.commands.ad_hoc import ActivateAdHocElements
from engine.commands.process_instances import SetVariables
from engine.core.repairs import AdHocActivity
from engine.core.texts import Words
from engine.json_values import JsonObject, JsonValue, dump_json
from engine.model import ROOT_SCOPE
from engine.number_names import inner_number
from web.authentication import current_actor
from workflows.organisation.rights import Right

LONGEST_SHOWN = 8_192  # characters of a value in a list, unless it is asked for whole


@camunda.post("/element-instances/search")
@answers(Right.OPERATE, body=SearchSchema)
def search_element_instances(body: JsonObject) -> JsonObject:
    """List passages of elements."""
    return searched(ELEMENT_INSTANCES, body)


@camunda.get("/element-instances/<key>")
@answers(Right.OPERATE)
def get_element_instance(key: str) -> JsonObject:
    """Show a passage."""
    return ELEMENT_INSTANCES.write(_element(key))


@camunda.post("/element-instances/<key>/incidents/search")
@answers(Right.OPERATE, body=SearchSchema)
def search_element_instance_incidents(key: str, body: JsonObject) -> JsonObject:
    """List the incidents of a passage."""
    _element(key)
    return searched(INCIDENTS, body, filter_of(INCIDENTS.fields, {"elementInstanceKey": key}, path=()))


@camunda.put("/element-instances/<key>/variables")
@answers(Right.OPERATE, body=SetVariablesSchema)
def create_element_instance_variables(key: str, body: dict[str, Any]) -> None:
    """Set variables of a scope."""
    element = _element(key)
    command = SetVariables(
        process_instance_id=element["process_instance_id"],
        scope_key=element["key"],
        variables=body["variables"],
        local=body["local"],
        reason=REASON,
    )
    current().engine.execute(command, actor=current_actor())


@camunda.post("/element-instances/ad-hoc-activities/<key>/activation")
@answers(Right.OPERATE, body=AdHocSchema)
def activate_ad_hoc_sub_process_activities(key: str, body: dict[str, Any]) -> None:
    """Begin elements in an ad-hoc sub-process that runs."""
    scope = _element(key)
    chosen = (AdHocActivity(element=one["element_id"], variables=one["variables"] or {}) for one in body["elements"])
    command = ActivateAdHocElements(
        process_instance_id=scope["process_instance_id"],
        scope_key=scope["key"],
        elements=tuple(chosen),
        cancel_remaining=body["cancel_remaining"],
        reason=REASON,
    )
    current().engine.execute(command, actor=current_actor())


@camunda.post("/message-subscriptions/search")
@answers(Right.OPERATE, body=SearchSchema)
def search_message_subscriptions(body: JsonObject) -> JsonObject:
    """List what waits for messages."""
    return searched(MESSAGE_SUBSCRIPTIONS, body)


@camunda.post("/variables/search")
@answers(Right.OPERATE, body=SearchSchema)
def search_variables(body: dict[str, Any]) -> JsonObject:
    """List the variables of one instance: of its living scopes, or of an ended one what it ended with."""
    wanted: dict[str, JsonValue] = dict(body["filter"] or {})
    key = wanted.pop("processInstanceKey", None)
    if not isinstance(key, str):
        words = Words(
            "变量须按一个流程查询，请给出 processInstanceKey", "Variables are listed of one process instance: name it"
        )
        raise refused(("filter", "processInstanceKey"), words, code="required")
    instance = one_of_list(PROCESS_INSTANCES, "processInstanceKey", key)
    require_values_shown(current_actor(), instance["region"])
    return variables_page(instance["id"], _variables_of(instance), wanted, body)


def variables_page(
    instance_id: UUID, values: Iterable[tuple[int, str, JsonValue]], wanted: JsonObject, body: JsonObject
) -> JsonObject:
    """Return a page of variables, given as scope, name and value, by name; a long value is cut unless asked whole."""
    is_whole = request.args.get("truncateValues") == "false"
    found = (_variable(instance_id, scope, name, value, whole=is_whole) for scope, name, value in values)
    items = [one for one in found if all(_fits(one, name, asked) for name, asked in wanted.items())]
    return paged(sorted(items, key=lambda one: (str(one["name"]), str(one["scopeKey"]))), body)


def variable_number(instance_id: UUID, scope: int, name: str) -> str:
    """Return the key of a variable: always the same, and nothing can be looked up by it."""
    place = f"{instance_id}:{scope}:{name}".encode()
    return str(int.from_bytes(blake2b(place, digest_size=10).digest(), "big"))


def _variables_of(instance: Mapping[str, Any]) -> Iterator[tuple[int, str, JsonValue]]:
    operated = current().operations.instance(instance["id"], current_actor())
    if instance["ended_at"] is not None:
        yield from ((ROOT_SCOPE, name, value) for name, value in operated.view.variables.items())
    yield from ((one.scope_key, one.name, one.value) for one in operated.variables)


def _variable(instance_id: UUID, scope: int, name: str, value: JsonValue, *, whole: bool) -> JsonObject:
    text = dump_json(value)
    is_cut = not whole and len(text) > LONGEST_SHOWN
    return {
        "variableKey": variable_number(instance_id, scope, name),
        "name": name,
        "value": text[:LONGEST_SHOWN] if is_cut else text,
        "isTruncated": is_cut,
        "scopeKey": inner_number(instance_id, scope),
        "processInstanceKey": inner_number(instance_id, ROOT_SCOPE),
        "rootProcessInstanceKey": inner_number(instance_id, ROOT_SCOPE),
        "tenantId": TENANT,
    }


def _fits(variable: JsonObject, name: str, asked: JsonValue) -> bool:
    if name not in variable:
        known = ", ".join(sorted(variable))
        raise refused(
            ("filter", name),
            Words(f"此列表不按此字段筛选，可用：{known}", f"This list is not filtered by it; by these: {known}"),
            code="filter-unknown",
        )
    found, tests = variable[name], asked if isinstance(asked, dict) else {"$eq": asked}
    return all(_holds(found, operator, value, name) for operator, value in tests.items())


def _holds(found: JsonValue, operator: str, value: JsonValue, name: str) -> bool:
    if operator in ("$eq", "$neq"):
        return (found == value) is (operator == "$eq")
    if operator in ("$in", "$notIn") and isinstance(value, list):
        return (found in value) is (operator == "$in")
    if operator == "$like" and isinstance(value, str):
        return fnmatchcase(str(found), value)
    raise refused(
        ("filter", name),
        Words(f"不能用“{operator[:20]}”比较", f"It is not compared by {operator[:20]!r}"),
        code="filter-value-wrong",
    )


def _element(key: str) -> Mapping[str, Any]:
    return one_of_list(ELEMENT_INSTANCES, "elementInstanceKey", key)
