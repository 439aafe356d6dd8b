"""Rows of ours as Camunda's API writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from api.camunda.choices import (
    ELEMENT_STATES,
    ELEMENT_TYPES,
    ERROR_TYPES,
    INCIDENT_STATES,
    INSTANCE_STATES,
    JOB_KINDS,
    JOB_STATES,
    LISTENER_EVENTS,
    TASK_STATES,
)
from api.camunda.fields import CHECKSUM_SIGNS, TENANT
from api.camunda.sight import told_of
from api.services import current
from engine.bpmn.start_forms import start_form_of
from engine.core.graph import FormLink
from engine.json_values import JsonObject, JsonValue
from engine.model import ROOT_SCOPE
from engine.number_names import inner_number, number_of
from web.i18n import in_reader_language

Row = Mapping[str, Any]
KEPT = 4_096  # versions of processes whose form is known


def moment(value: datetime | None) -> str | None:
    """Write a time as their clients read it."""
    return None if value is None else value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def instance_number(row: Row, name: str = "process_instance_id") -> str:
    """Return the key of a process instance: that of its own scope, as an element of itself."""
    return inner_number(row[name], ROOT_SCOPE)


def requirements_number(row: Row) -> str:
    """Return the key of the file a decision stands in, by its deployment and the beginning of its checksum."""
    return inner_number(row["deployment_id"], int(row["checksum"][:CHECKSUM_SIGNS], 16))


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
        "hasStartForm": start_form(row) is not None,
        "state": "ACTIVE",
        "tenantId": TENANT,
    }


def start_form(row: Row) -> FormLink | None:
    """Return the form a version of a process is begun with."""
    return _start_form(row["id"], row["key"])


@lru_cache(maxsize=KEPT)
def _start_form(definition_id: UUID, process_id: str) -> FormLink | None:
    """Read it once: what is deployed never changes."""
    return start_form_of(current().search.resource(definition_id), process_id)


def write_form(row: Row) -> JsonObject:
    """Write a version of a form, as it was deployed."""
    return {
        "formKey": number_of(row["id"]),
        "formId": row["key"],
        "version": row["version"],
        "schema": current().search.resource(row["id"]).decode(),
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
