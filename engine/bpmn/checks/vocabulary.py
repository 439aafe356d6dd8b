"""Which elements and attributes may stand where. What is not listed would be ignored, so it is refused."""

from __future__ import annotations

from engine.bpmn.names import ACTIVITIES, EVENTS, FLOW_NODES, GATEWAYS, TASKS

ARTIFACTS = frozenset({"association", "textAnnotation", "group"})
DATA = frozenset({"dataObject", "dataObjectReference"})
COMMON = frozenset({"documentation", "extensionElements"})
SCOPE_CONTENT = COMMON | ARTIFACTS | DATA | frozenset(FLOW_NODES) | {"sequenceFlow"}
NODE_CONTENT = COMMON | {"incoming", "outgoing"}
DATA_LINKS = frozenset({"property", "dataInputAssociation", "dataOutputAssociation"})
ACTIVITY_CONTENT = NODE_CONTENT | DATA_LINKS | {"multiInstanceLoopCharacteristics"}
EVENT_DEFINITIONS = frozenset(
    f"{kind}EventDefinition"
    for kind in ("message", "signal", "timer", "error", "escalation", "compensate", "terminate", "link")
)

CHILDREN: dict[str, frozenset[str]] = {
    "process": SCOPE_CONTENT | {"laneSet"},
    "subProcess": SCOPE_CONTENT | ACTIVITY_CONTENT | {"laneSet"},
    "adHocSubProcess": SCOPE_CONTENT | ACTIVITY_CONTENT,
    "sequenceFlow": COMMON | {"conditionExpression"},
    "multiInstanceLoopCharacteristics": COMMON | {"completionCondition"},
    "timerEventDefinition": COMMON | {"timeDate", "timeDuration", "timeCycle"},
    "laneSet": COMMON | {"lane"},
    "lane": COMMON | {"flowNodeRef", "childLaneSet"},
    "childLaneSet": COMMON | {"lane"},
    "textAnnotation": COMMON | {"text"},
    **dict.fromkeys((*TASKS, "callActivity"), ACTIVITY_CONTENT),
    **dict.fromkeys(EVENTS, NODE_CONTENT | DATA_LINKS | EVENT_DEFINITIONS),
    **dict.fromkeys(GATEWAYS, NODE_CONTENT),
}
ANY_CONTENT = ARTIFACTS | DATA | DATA_LINKS | {"documentation", "incoming", "outgoing", "flowNodeRef", "text"}
"""Elements that are drawing only, whatever they hold."""

NODE_ATTRIBUTES = frozenset({"id", "name"})
ATTRIBUTES: dict[str, frozenset[str]] = {
    "process": frozenset({"id", "name", "isExecutable", "processType", "isClosed"}),
    "sequenceFlow": frozenset({"id", "name", "sourceRef", "targetRef", "isImmediate"}),
    "conditionExpression": frozenset({"id", "language", "expressionLanguage"}),
    "completionCondition": frozenset({"id", "language"}),
    "multiInstanceLoopCharacteristics": frozenset({"id", "isSequential"}),
    "boundaryEvent": NODE_ATTRIBUTES | {"attachedToRef", "cancelActivity"},
    "startEvent": NODE_ATTRIBUTES | {"isInterrupting"},
    "eventBasedGateway": NODE_ATTRIBUTES | {"gatewayDirection"},
    "parallelGateway": NODE_ATTRIBUTES | {"gatewayDirection"},
    "exclusiveGateway": NODE_ATTRIBUTES | {"gatewayDirection", "default"},
    "inclusiveGateway": NODE_ATTRIBUTES | {"gatewayDirection", "default"},
    "messageEventDefinition": frozenset({"id", "messageRef"}),
    "signalEventDefinition": frozenset({"id", "signalRef"}),
    "errorEventDefinition": frozenset({"id", "errorRef"}),
    "escalationEventDefinition": frozenset({"id", "escalationRef"}),
    "compensateEventDefinition": frozenset({"id", "activityRef"}),
    "linkEventDefinition": frozenset({"id", "name"}),
    "subProcess": NODE_ATTRIBUTES | {"default", "isForCompensation", "triggeredByEvent"},
    "sendTask": NODE_ATTRIBUTES | {"default", "isForCompensation", "messageRef"},
    "receiveTask": NODE_ATTRIBUTES | {"default", "isForCompensation", "messageRef"},
    "adHocSubProcess": NODE_ATTRIBUTES | {"default", "isForCompensation", "cancelRemainingInstances"},
}
HARMLESS_VALUES: dict[
    str, tuple[str, ...]
] = {  # attributes that change nothing at these values, as some tools write them
    "startQuantity": ("1",),
    "completionQuantity": ("1",),
    "instantiate": ("false",),
    "parallelMultiple": ("false",),
    "eventGatewayType": ("Exclusive",),
    "implementation": ("##unspecified", "##WebService"),
    "ordering": ("Parallel",),
    "waitForCompletion": ("true",),
    "behavior": ("All",),
}


def attributes_of_tag(tag: str) -> frozenset[str] | None:
    """Return the attributes an element may have, None when any will do."""
    if tag in ATTRIBUTES:
        return ATTRIBUTES[tag]
    if tag in ACTIVITIES:
        return NODE_ATTRIBUTES | {"default", "isForCompensation"}
    return NODE_ATTRIBUTES if tag in FLOW_NODES or tag in EVENT_DEFINITIONS else None


_MAPPING = frozenset({"ioMapping", "properties"})
_JOB = _MAPPING | {"taskDefinition", "taskHeaders"}
EXTENSIONS: dict[str, frozenset[str]] = {
    "process": frozenset({"properties", "versionTag"}),
    "userTask": _MAPPING | {"userTask", "assignmentDefinition", "taskSchedule", "priorityDefinition", "formDefinition"},
    "serviceTask": _JOB,
    "sendTask": _JOB | {"publishMessage"},
    "scriptTask": _JOB | {"script"},
    "businessRuleTask": _JOB | {"calledDecision"},
    "callActivity": _MAPPING | {"calledElement"},
    "adHocSubProcess": _MAPPING | {"adHoc"},
    "intermediateThrowEvent": _JOB | {"publishMessage"},
    "endEvent": _JOB | {"publishMessage"},
    "multiInstanceLoopCharacteristics": frozenset({"loopCharacteristics"}),
    "message": frozenset({"subscription", "properties"}),
    **dict.fromkeys(
        ("task", "manualTask", "receiveTask", "subProcess", "startEvent", "boundaryEvent", "intermediateCatchEvent"),
        _MAPPING,
    ),
}
EXTENSIONS_ANYWHERE = frozenset({"properties"})
EXTENSION_ATTRIBUTES: dict[str, frozenset[str]] = {
    "userTask": frozenset(),
    "assignmentDefinition": frozenset({"assignee", "candidateGroups", "candidateUsers"}),
    "taskSchedule": frozenset({"dueDate", "followUpDate"}),
    "priorityDefinition": frozenset({"priority"}),
    "formDefinition": frozenset({"formId", "bindingType", "versionTag"}),
    "taskDefinition": frozenset({"type", "retries"}),
    "taskHeaders": frozenset(),
    "header": frozenset({"key", "value"}),
    "ioMapping": frozenset(),
    "input": frozenset({"source", "target"}),
    "output": frozenset({"source", "target"}),
    "properties": frozenset(),
    "property": frozenset({"name", "value", "id"}),
    "script": frozenset({"expression", "resultVariable"}),
    "calledDecision": frozenset({"decisionId", "resultVariable", "bindingType", "versionTag"}),
    "calledElement": frozenset(
        {"processId", "bindingType", "versionTag", "propagateAllChildVariables", "propagateAllParentVariables"}
    ),
    "loopCharacteristics": frozenset({"inputCollection", "inputElement", "outputCollection", "outputElement"}),
    "subscription": frozenset({"correlationKey"}),
    "publishMessage": frozenset({"correlationKey", "messageId", "timeToLive"}),
    "adHoc": frozenset({"activeElementsCollection"}),
    "versionTag": frozenset({"value"}),
}
EXTENSION_CHILDREN = {"taskHeaders": "header", "properties": "property", "ioMapping": "input output"}
BINDINGS = frozenset({"latest", "deployment", "versionTag"})
ALLOWED_VALUES: dict[str, dict[str, frozenset[str]]] = {
    "formDefinition": {"bindingType": BINDINGS},
    "calledDecision": {"bindingType": BINDINGS},
    "calledElement": {
        "bindingType": BINDINGS,
        "propagateAllChildVariables": frozenset({"true", "false"}),
        "propagateAllParentVariables": frozenset({"true", "false"}),
    },
}

ADVICE: dict[str, tuple[str, str]] = {
    "complexGateway": ("请改用排他、包容或并行网关。", "Use an exclusive, inclusive or parallel gateway."),
    "transaction": ("请改用子流程，并用补偿事件撤销。", "Use a sub-process, and compensation events to undo."),
    "standardLoopCharacteristics": (
        "请改用多实例，或用排他网关画回路。",
        "Use a multi-instance activity, or draw the loop with an exclusive gateway.",
    ),
    "loopCardinality": (
        "请在多实例的输入集合中填写，例如 =for i in 1..3 return i。",
        "Use the input collection of the multi-instance, for example =for i in 1..3 return i.",
    ),
    "dataStoreReference": (
        "请删除数据存储，数据由服务任务读写。",
        "Delete the data store; service tasks read and write.",
    ),
    "conditionalEventDefinition": (
        "请改用消息、信号或定时事件。",
        "Use a message, signal or timer event.",
    ),
    "cancelEventDefinition": ("请改用错误或升级事件。", "Use an error or escalation event."),
    "ioSpecification": ("请改用输入输出映射。", "Use input and output mappings."),
    "potentialOwner": ("请改填候选组。", "Fill in candidate groups instead."),
    "humanPerformer": ("请改填办理人。", "Fill in the assignee instead."),
    "performer": ("请改填办理人。", "Fill in the assignee instead."),
    "calledElement": ("请填写被调用流程(zeebe:calledElement)。", "Fill in the called process (zeebe:calledElement)."),
    "completionCondition": (
        "临时子流程在所选活动都完成后结束，请删除完成条件。",
        "An ad-hoc sub-process ends after all chosen activities; delete the completion condition.",
    ),
    "callConversation": ("请删除会话图。", "Delete the conversation."),
}
GENERAL_ADVICE = (
    "请删除它，或改用受支持的元素（见 BPMN 支持说明）。",
    "Delete it, or use what the page on BPMN support names.",
)
