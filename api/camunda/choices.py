"""Camunda's words for what is one of few: kinds and states of elements, tasks, jobs and incidents."""

from __future__ import annotations

import re

from api.camunda.fields import Choice


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
                "IO_MAPPING_ERROR", "RESOURCE_NOT_FOUND", "TASK_LISTENER_NO_RETRIES",
                "UNSPECIFIED",
            ),
            (),
        ),
    },
)  # fmt: skip
BATCH_KINDS = Choice(
    "kind",
    {
        "CANCEL_PROCESS_INSTANCE": ("cancel",),
        "MIGRATE_PROCESS_INSTANCE": ("migrate",),
        "MODIFY_PROCESS_INSTANCE": ("modify",),
        "RESOLVE_INCIDENT": ("retry-incidents",),
    }
    | dict.fromkeys(
        (
            "ADD_VARIABLE", "DELETE_DECISION_DEFINITION", "DELETE_DECISION_INSTANCE", "DELETE_PROCESS_DEFINITION",
            "DELETE_PROCESS_INSTANCE", "UPDATE_VARIABLE",
        ),
        (),
    ),
)  # fmt: skip
BATCH_STATES = Choice(
    "state",
    {
        "CREATED": ("created",),
        "ACTIVE": ("running",),
        "SUSPENDED": ("suspended",),
        "CANCELED": ("cancelled",),
        "COMPLETED": ("completed",),
        "PARTIALLY_COMPLETED": (),
        "FAILED": (),
    },
)
BATCH_ITEM_STATES = Choice(
    "state",
    {
        "ACTIVE": ("waiting",),
        "COMPLETED": ("done",),
        "CANCELED": ("cancelled",),
        "FAILED": ("failed", "not-tried"),
    },
)
