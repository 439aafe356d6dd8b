"""The lists of Camunda's API over ours: their names for our fields."""

from __future__ import annotations

from collections.abc import Mapping

from api.camunda.choices import (
    ELEMENT_STATES,
    ELEMENT_TYPES,
    ERROR_TYPES,
    INCIDENT_STATES,
    INSTANCE_STATES,
    JOB_KINDS,
    JOB_STATES,
    TASK_STATES,
)
from api.camunda.fields import (
    IN_TENANT,
    NOWHERE,
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
from api.camunda.rows import (
    write_decision,
    write_definition,
    write_element,
    write_incident,
    write_instance,
    write_job,
    write_subscription,
    write_task,
)
from api.camunda.searches import SearchedList
from engine.model import ROOT_SCOPE
from engine.searching import Subject

_INSTANCE = InnerNumber("process_instance_id", ROOT_SCOPE)
_ELEMENT = InnerNumber("process_instance_id", "key")
_DRAWN_IN: Mapping[str, Searched] = {
    "processDefinitionId": Text("process_id"),
    "processDefinitionKey": RowNumber("definition_id"),
    "tenantId": IN_TENANT,
}
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
