"""The lists of Camunda's API over ours: their names for our fields, and a row as it writes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from api.camunda.fields import (
    CHECKSUM_SIGNS,
    IN_TENANT,
    NOWHERE,
    TENANT,
    Choice,
    FileNumber,
    Flag,
    InnerNumber,
    Listed,
    Moment,
    Number,
    RowNumber,
    Searched,
    Text,
)
from api.camunda.searches import SearchedList
from api.camunda.sight import told_of
from engine.json_values import JsonObject, JsonValue
from engine.model import ROOT_SCOPE
from engine.number_names import inner_number, number_of
from engine.searching import Subject
from web.i18n import in_reader_language

Row = Mapping[str, Any]


def moment(value: datetime | None) -> str | None:
    """Write a time as their clients read it."""
    return None if value is None else value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def instance_number(row: Row, name: str = "process_instance_id") -> str:
    """Return the key of a process instance: that of its own scope, as an element of itself."""
    return inner_number(row[name], ROOT_SCOPE)


def requirements_number(row: Row) -> str:
    """Return the key of the file a decision stands in, by its deployment and the beginning of its checksum."""
    return inner_number(row["deployment_id"], int(row["checksum"][:CHECKSUM_SIGNS], 16))


def _upper(word: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word).upper()


_TAGS = (
    "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "userTask",
    "serviceTask", "businessRuleTask", "scriptTask", "sendTask", "receiveTask", "manualTask", "task", "callActivity",
    "subProcess", "adHocSubProcess", "multiInstanceBody", "process", "exclusiveGateway", "parallelGateway",
    "inclusiveGateway", "eventBasedGateway",
)  # fmt: skip
ELEMENT_TYPES = Choice(
    "tag",
    {_upper(tag): (tag,) for tag in _TAGS}
    | {
        "AD_HOC_SUB_PROCESS_INNER_INSTANCE": ("adHocActivation",),
        "EVENT_SUB_PROCESS": (),
        "SEQUENCE_FLOW": (),
        "UNSPECIFIED": (),
        "UNKNOWN": ("transaction", "complexGateway"),
    },
)
ELEMENT_STATES = Choice("state", {"ACTIVE": ("active",), "COMPLETED": ("completed",), "TERMINATED": ("terminated",)})
INSTANCE_STATES = Choice(
    "state", {"ACTIVE": ("active", "suspended"), "COMPLETED": ("completed",), "TERMINATED": ("cancelled",)}
)
TASK_STATES = Choice(
    "state",
    {
        "CREATED": ("open",),
        "COMPLETED": ("completed",),
        "CANCELED": ("cancelled",),
        "CREATING": (),
        "FAILED": (),
        **{_upper(one): (one,) for one in ("assigning", "updating", "completing", "canceling")},
    },
)
JOB_STATES = Choice(
    "state",
    {"CREATED": ("created",), "FAILED": ("failed",)}
    | dict.fromkeys(("CANCELED", "COMPLETED", "ERROR_THROWN", "MIGRATED", "RETRIES_UPDATED", "TIMED_OUT"), ()),
)
JOB_KINDS = Choice(
    "kind",
    {
        "BPMN_ELEMENT": ("service",),
        "EXECUTION_LISTENER": ("executionListener",),
        "TASK_LISTENER": ("taskListener",),
        "AD_HOC_SUB_PROCESS": ("adHocSubProcess",),
    },
)
LISTENER_EVENTS = ("START", "END", "CREATING", "ASSIGNING", "UPDATING", "COMPLETING", "CANCELING")
INCIDENT_STATES = Choice(
    "state", {"ACTIVE": ("active",), "RESOLVED": ("resolved",), "MIGRATED": (), "PENDING": (), "UNKNOWN": ()}
)
ERROR_TYPES = Choice(
    "kind",
    {
        "JOB_NO_RETRIES": ("job",),
        "EXTRACT_VALUE_ERROR": ("assignment", "expression"),
        "CALLED_ELEMENT_ERROR": ("call",),
        "CONDITION_ERROR": ("condition",),
        "DECISION_EVALUATION_ERROR": ("decision",),
        "UNHANDLED_ERROR_EVENT": ("error-not-caught",),
        "FORM_NOT_FOUND": ("form",),
        "UNKNOWN": ("deadlock", "handler", "message", "signal", "step-limit", "timer", "timer-firing"),
        "MESSAGE_SIZE_EXCEEDED": ("variables-too-large",),
        **dict.fromkeys(
            (
                "AD_HOC_SUB_PROCESS_NO_RETRIES", "CALLED_DECISION_ERROR", "EXECUTION_LISTENER_NO_RETRIES",
                "IO_MAPPING_ERROR", "RESOURCE_NOT_FOUND", "TASK_LISTENER_NO_RETRIES", "UNSPECIFIED",
            ),
            (),
        ),
    },
)  # fmt: skip

_INSTANCE = InnerNumber("process_instance_id", ROOT_SCOPE)
_ELEMENT = InnerNumber("process_instance_id", "key")
_DRAWN_IN: Mapping[str, Searched] = {
    "processDefinitionId": Text("process_id"),
    "processDefinitionKey": RowNumber("definition_id"),
    "tenantId": IN_TENANT,
}


def _drawn_in(row: Row) -> JsonObject:
    return {
        "processDefinitionId": row["process_id"],
        "processDefinitionKey": number_of(row["definition_id"]),
        "tenantId": TENANT,
    }


def _in_instance(row: Row) -> JsonObject:
    return {"processInstanceKey": instance_number(row), "rootProcessInstanceKey": instance_number(row)}


def write_definition(row: Row) -> JsonObject:
    """Write a version of a process."""
    return {
        "processDefinitionKey": number_of(row["id"]),
        "processDefinitionId": row["key"],
        "name": row["name"],
        "version": row["version"],
        "versionTag": row["version_tag"],
        "resourceName": row["resource_name"],
        "hasStartForm": False,
        "state": "ACTIVE",
        "tenantId": TENANT,
    }


def write_decision(row: Row) -> JsonObject:
    """Write a version of a decision."""
    return {
        "decisionDefinitionKey": number_of(row["id"]),
        "decisionDefinitionId": row["key"],
        "name": row["name"],
        "version": row["version"],
        "decisionRequirementsId": row["resource_name"],
        "decisionRequirementsKey": requirements_number(row),
        "decisionRequirementsName": row["resource_name"],
        "decisionRequirementsVersion": row["version"],
        "tenantId": TENANT,
    }


def write_instance(row: Row) -> JsonObject:
    """Write a process instance; the processes it calls live in it, so that it has no parent."""
    return {
        **_drawn_in(row),
        "processInstanceKey": instance_number(row, "id"),
        "rootProcessInstanceKey": instance_number(row, "id"),
        "parentProcessInstanceKey": None,
        "parentElementInstanceKey": None,
        "processDefinitionName": row["process_name"],
        "processDefinitionVersion": row["process_version"],
        "processDefinitionVersionTag": row["process_version_tag"],
        "businessId": row["business_key"] or None,
        "startDate": moment(row["started_at"]),
        "endDate": moment(row["ended_at"]),
        "state": INSTANCE_STATES.shown(row["state"]),
        "hasIncident": row["has_incident"],
        "tags": [],
    }


def write_element(row: Row) -> JsonObject:
    """Write a passage of an element."""
    number = inner_number(row["process_instance_id"], row["key"])
    return {
        **_drawn_in(row),
        **_in_instance(row),
        "elementInstanceKey": number,
        "elementId": row["element_id"],
        "elementName": row["element_name"] or row["element_id"],
        "type": ELEMENT_TYPES.shown(row["tag"]),
        "state": ELEMENT_STATES.shown(row["state"]),
        "startDate": moment(row["entered_at"]),
        "endDate": moment(row["left_at"]),
        "hasIncident": row["has_incident"],
        "incidentKey": number if row["has_incident"] else None,
    }


def write_task(row: Row) -> JsonObject:
    """Write a user task."""
    number = inner_number(row["process_instance_id"], row["key"])
    return {
        **_drawn_in(row),
        **_in_instance(row),
        "userTaskKey": number,
        "elementInstanceKey": number,
        "elementId": row["element_id"],
        "name": row["name"],
        "processName": row["process_name"],
        "processDefinitionVersion": row["process_version"],
        "state": TASK_STATES.shown(row["state"]),
        "assignee": row["assignee"],
        "candidateGroups": list[JsonValue](row["candidate_groups"]),
        "candidateUsers": list[JsonValue](row["candidate_users"]),
        "creationDate": moment(row["created_at"]),
        "completionDate": moment(row["completed_at"]),
        "dueDate": moment(row["due_at"]),
        "followUpDate": moment(row["follow_up_at"]),
        "priority": row["priority"],
        "formKey": None if row["form_id"] is None else number_of(row["form_id"]),
        "externalFormReference": None,
        "customHeaders": dict(row["headers"]),
        "tags": [],
    }


def write_job(row: Row) -> JsonObject:
    """Write an open job; of one that is over only the history of its element is left."""
    number = inner_number(row["process_instance_id"], row["key"])
    return {
        **_drawn_in(row),
        **_in_instance(row),
        "jobKey": number,
        "elementInstanceKey": number,
        "elementId": row["element_id"],
        "type": row["type"],
        "kind": JOB_KINDS.shown(row["kind"]),
        "listenerEventType": listener_event(row["event"]),
        "state": JOB_STATES.shown(row["state"]),
        "retries": row["retries"],
        "worker": row["worker"],
        "deadline": moment(row["locked_until"]),
        "hasFailedWithRetriesLeft": row["failures"] > 0,
        "errorMessage": None if row["last_error"] is None else in_reader_language(row["last_error"]),
        "errorCode": None,
        "isDenied": None,
        "deniedReason": None,
        "customHeaders": dict(row["headers"]),
        "creationTime": moment(row["created_at"]),
        "lastUpdateTime": None,
        "endTime": None,
        "tags": [],
    }


def write_incident(row: Row) -> JsonObject:
    """Write an incident."""
    number = inner_number(row["process_instance_id"], row["key"])
    return {
        **_drawn_in(row),
        **_in_instance(row),
        "incidentKey": number,
        "elementInstanceKey": number,
        "elementId": row["element_id"],
        "errorType": ERROR_TYPES.shown(row["kind"]),
        "errorMessage": in_reader_language(row["reason"]),
        "creationTime": moment(row["raised_at"]),
        "state": INCIDENT_STATES.shown(row["state"]),
        "jobKey": number if row["kind"] == "job" else None,
    }


def write_subscription(row: Row) -> JsonObject:
    """Write what waits for a message; the value it waits with may be of a person, as those of variables."""
    number = inner_number(row["process_instance_id"], row["key"])
    return {
        **_drawn_in(row),
        **_in_instance(row),
        "messageSubscriptionKey": number,
        "elementInstanceKey": number,
        "elementId": row["element_id"],
        "processDefinitionName": row["process_name"],
        "processDefinitionVersion": row["process_version"],
        "messageName": row["name"],
        "correlationKey": told_of(row["region"], row["correlation_key"]),
        "messageSubscriptionState": "CREATED",
        "messageSubscriptionType": "PROCESS_EVENT",
        "lastUpdatedDate": moment(row["opened_at"]),
        "extensionProperties": {},
        "toolName": None,
        "inboundConnectorType": None,
    }


def listener_event(event: str | None) -> str:
    """Return their word for what a listener hears."""
    word = (event or "").upper()
    return word if word in LISTENER_EVENTS else "UNSPECIFIED"


PROCESS_DEFINITIONS = SearchedList(
    subject=Subject.PROCESS_DEFINITIONS,
    fields={
        "processDefinitionKey": RowNumber("id"),
        "processDefinitionId": Text("key"),
        "name": Text("name"),
        "version": Number("version"),
        "versionTag": Text("version_tag"),
        "resourceName": Text("resource_name"),
        "isLatestVersion": Flag("is_latest"),
        "tenantId": IN_TENANT,
    },
    write=write_definition,
)
DECISION_DEFINITIONS = SearchedList(
    subject=Subject.DECISION_DEFINITIONS,
    fields={
        "decisionDefinitionKey": RowNumber("id"),
        "decisionDefinitionId": Text("key"),
        "name": Text("name"),
        "version": Number("version"),
        "decisionRequirementsId": Text("resource_name"),
        "decisionRequirementsKey": FileNumber("deployment_id", "checksum"),
        "isLatestVersion": Flag("is_latest"),
        "tenantId": IN_TENANT,
    },
    write=write_decision,
)
PROCESS_INSTANCES = SearchedList(
    subject=Subject.PROCESS_INSTANCES,
    fields={
        **_DRAWN_IN,
        "processInstanceKey": InnerNumber("id", ROOT_SCOPE),
        "rootProcessInstanceKey": InnerNumber("id", ROOT_SCOPE),
        "parentProcessInstanceKey": NOWHERE,
        "parentElementInstanceKey": NOWHERE,
        "processDefinitionName": Text("process_name"),
        "processDefinitionVersion": Number("process_version"),
        "processDefinitionVersionTag": Text("process_version_tag"),
        "businessId": Text("business_key"),
        "startDate": Moment("started_at"),
        "endDate": Moment("ended_at"),
        "state": INSTANCE_STATES,
        "hasIncident": Flag("has_incident"),
    },
    write=write_instance,
)
ELEMENT_INSTANCES = SearchedList(
    subject=Subject.ELEMENT_INSTANCES,
    fields={
        **_DRAWN_IN,
        "processInstanceKey": _INSTANCE,
        "elementInstanceKey": _ELEMENT,
        "elementInstanceScopeKey": InnerNumber("process_instance_id", "scope_key"),
        "elementId": Text("element_id"),
        "elementName": Text("element_name"),
        "type": ELEMENT_TYPES,
        "state": ELEMENT_STATES,
        "startDate": Moment("entered_at"),
        "endDate": Moment("left_at"),
        "hasIncident": Flag("has_incident"),
    },
    write=write_element,
)
USER_TASKS = SearchedList(
    subject=Subject.USER_TASKS,
    fields={
        **_DRAWN_IN,
        "userTaskKey": _ELEMENT,
        "elementInstanceKey": _ELEMENT,
        "processInstanceKey": _INSTANCE,
        "elementId": Text("element_id"),
        "name": Text("name"),
        "state": TASK_STATES,
        "assignee": Text("assignee"),
        "candidateGroup": Listed("candidate_groups"),
        "candidateUser": Listed("candidate_users"),
        "priority": Number("priority"),
        "creationDate": Moment("created_at"),
        "completionDate": Moment("completed_at"),
        "dueDate": Moment("due_at"),
        "followUpDate": Moment("follow_up_at"),
    },
    write=write_task,
)
JOBS = SearchedList(
    subject=Subject.JOBS,
    fields={
        **_DRAWN_IN,
        "jobKey": _ELEMENT,
        "elementInstanceKey": _ELEMENT,
        "processInstanceKey": _INSTANCE,
        "elementId": Text("element_id"),
        "type": Text("type"),
        "kind": JOB_KINDS,
        "state": JOB_STATES,
        "retries": Number("retries"),
        "worker": Text("worker"),
        "deadline": Moment("locked_until"),
        "creationTime": Moment("created_at"),
    },
    write=write_job,
)
INCIDENTS = SearchedList(
    subject=Subject.INCIDENTS,
    fields={
        **_DRAWN_IN,
        "incidentKey": _ELEMENT,
        "elementInstanceKey": _ELEMENT,
        "processInstanceKey": _INSTANCE,
        "elementId": Text("element_id"),
        "errorType": ERROR_TYPES,
        "errorMessage": Text("reason"),
        "state": INCIDENT_STATES,
        "creationTime": Moment("raised_at"),
    },
    write=write_incident,
)
MESSAGE_SUBSCRIPTIONS = SearchedList(
    subject=Subject.MESSAGE_SUBSCRIPTIONS,
    fields={
        **_DRAWN_IN,
        "messageSubscriptionKey": _ELEMENT,
        "processInstanceKey": _INSTANCE,
        "elementInstanceKey": _ELEMENT,
        "elementId": Text("element_id"),
        "messageName": Text("name"),
        "correlationKey": Text("correlation_key"),
        "lastUpdatedDate": Moment("opened_at"),
    },
    write=write_subscription,
)
