"""Which elements and attributes may stand where. What is not listed would be ignored, so it is refused."""

from __future__ import annotations

import re

from engine.bpmn.names import ACTIVITIES, EVENTS, FLOW_NODES, GATEWAYS, TASKS
from engine.core.listener_model import EXECUTION_EVENTS, TASK_EVENTS

ARTIFACTS = frozenset({"association", "textAnnotation", "group"})
DATA = frozenset({"dataObject", "dataObjectReference", "dataStoreReference", "ioSpecification"})
COMMON = frozenset({"documentation", "extensionElements"})
SCOPE_CONTENT = COMMON | ARTIFACTS | DATA | frozenset(FLOW_NODES) | {"sequenceFlow"}
NODE_CONTENT = COMMON | {"incoming", "outgoing"}
DATA_LINKS = frozenset(
    {
        "property",
        "ioSpecification",
        "dataInput",
        "dataOutput",
        "inputSet",
        "outputSet",
        "dataInputAssociation",
        "dataOutputAssociation",
    }
)
ACTIVITY_CONTENT = NODE_CONTENT | DATA_LINKS | {"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"}
EVENT_DEFINITIONS = frozenset(
    f"{kind}EventDefinition"
    for kind in ("message", "signal", "timer", "conditional", "error", "escalation", "compensate", "terminate", "link")
)

TOP_LEVEL = frozenset(
    {
        "documentation",
        "extensionElements",
        "message",
        "signal",
        "error",
        "escalation",
        "collaboration",
        "process",
        # what the document only describes: nothing refers to it that runs
        "category",
        "correlationProperty",
        "dataStore",
        "endPoint",
        "globalBusinessRuleTask",
        "globalManualTask",
        "globalScriptTask",
        "globalTask",
        "globalUserTask",
        "import",
        "interface",
        "itemDefinition",
        "partnerEntity",
        "partnerRole",
        "resource",
    }
)

CHILDREN: dict[str, frozenset[str]] = {
    "process": SCOPE_CONTENT | {"laneSet"},
    "subProcess": SCOPE_CONTENT | ACTIVITY_CONTENT | {"laneSet"},
    "adHocSubProcess": SCOPE_CONTENT | ACTIVITY_CONTENT | {"completionCondition", "laneSet"},
    "sequenceFlow": COMMON | {"conditionExpression"},
    "multiInstanceLoopCharacteristics": COMMON | {"completionCondition"},
    "standardLoopCharacteristics": COMMON | {"loopCondition"},
    "timerEventDefinition": COMMON | {"timeDate", "timeDuration", "timeCycle"},
    "conditionalEventDefinition": COMMON | {"condition"},
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

MOVES_DATA = frozenset({"assignment", "transformation"})
"""What data associations hold that says what to do with data, not only where it is drawn."""

EXPRESSIONS = frozenset(
    {
        "conditionExpression",
        "completionCondition",
        "loopCondition",
        "condition",
        "timeDate",
        "timeDuration",
        "timeCycle",
    }
)
ONCE = EXPRESSIONS | {"extensionElements", "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"}
"""Elements of which the first alone would be read."""

NODE_ATTRIBUTES = frozenset({"id", "name"})
ATTRIBUTES: dict[str, frozenset[str]] = {
    "process": frozenset({"id", "name", "isExecutable", "processType", "isClosed", "definitionalCollaborationRef"}),
    "sequenceFlow": frozenset({"id", "name", "sourceRef", "targetRef", "isImmediate"}),
    **dict.fromkeys(EXPRESSIONS, frozenset({"id", "language", "expressionLanguage", "evaluatesToTypeRef"})),
    "multiInstanceLoopCharacteristics": frozenset({"id", "isSequential"}),
    "standardLoopCharacteristics": frozenset({"id", "testBefore", "loopMaximum"}),
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
    "message": NODE_ATTRIBUTES | {"itemRef"},
    "signal": NODE_ATTRIBUTES | {"structureRef"},
    "error": NODE_ATTRIBUTES | {"errorCode", "structureRef"},
    "escalation": NODE_ATTRIBUTES | {"escalationCode", "structureRef"},
}
HARMLESS_VALUES: dict[
    str, tuple[str, ...]
] = {  # attributes that change nothing at these values, as some tools write them
    "startQuantity": ("1",),
    "completionQuantity": ("1",),
    "instantiate": ("false", "0"),
    "parallelMultiple": ("false", "0"),
    "eventGatewayType": ("Exclusive",),
    "ordering": ("Parallel",),
    "waitForCompletion": ("true", "1"),
    "behavior": ("All",),
}
LANGUAGE_ATTRIBUTES = frozenset({"language", "expressionLanguage", "scriptFormat"})
FEEL_LANGUAGE = re.compile(r"(.*[/:#])?feel(/\d{8})?/?", re.IGNORECASE)
"""FEEL as modelers name it: feel, https://www.omg.org/spec/DMN/20191111/FEEL/, http://www.omg.org/spec/FEEL/20140401."""


BOOLEAN_ATTRIBUTES = frozenset(
    {
        "isExecutable",
        "isForCompensation",
        "triggeredByEvent",
        "cancelActivity",
        "isInterrupting",
        "isSequential",
        "testBefore",
        "cancelRemainingInstances",
    }
)


def attributes_of_tag(tag: str) -> frozenset[str] | None:
    """Return the attributes an element may have, None when any will do."""
    if tag in ATTRIBUTES:
        return ATTRIBUTES[tag]
    if tag in ACTIVITIES:
        return NODE_ATTRIBUTES | {"default", "isForCompensation"}
    return NODE_ATTRIBUTES if tag in FLOW_NODES or tag in EVENT_DEFINITIONS else None


_LISTENERS = frozenset({"executionListeners"})
_MAPPING = frozenset({"ioMapping", "properties"}) | _LISTENERS
_JOB = _MAPPING | {"taskDefinition", "taskHeaders"}
EXTENSIONS: dict[str, frozenset[str]] = {
    "process": frozenset({"properties", "versionTag"}) | _LISTENERS,
    "userTask": _MAPPING
    | {"userTask", "assignmentDefinition", "taskSchedule", "priorityDefinition", "formDefinition", "taskListeners"}
    | {"taskHeaders"},
    "serviceTask": _JOB,
    "sendTask": _JOB | {"publishMessage"},
    "scriptTask": _JOB | {"script"},
    "businessRuleTask": _JOB | {"calledDecision"},
    "callActivity": _MAPPING | {"calledElement"},
    "adHocSubProcess": _JOB | {"adHoc"},
    "intermediateThrowEvent": _JOB | {"publishMessage"},
    "endEvent": _JOB | {"publishMessage"},
    "startEvent": _MAPPING | {"formDefinition"},
    "multiInstanceLoopCharacteristics": frozenset({"loopCharacteristics"}),
    "conditionalEventDefinition": frozenset({"conditionalFilter"}),
    "message": frozenset({"subscription", "properties"}),
    **dict.fromkeys(
        ("task", "manualTask", "receiveTask", "subProcess", "boundaryEvent", "intermediateCatchEvent"),
        _MAPPING,
    ),
    **dict.fromkeys(GATEWAYS, frozenset({"properties"}) | _LISTENERS),
}
HARMLESS_NAMES = frozenset({"scriptFormat", "implementation"})
"""Attributes that only describe: what is run is said by an extension that must be there."""
EXTENSIONS_ANYWHERE = frozenset({"properties"})
EXTENSION_ATTRIBUTES: dict[str, frozenset[str]] = {
    "userTask": frozenset(),
    "assignmentDefinition": frozenset({"assignee", "candidateGroups", "candidateUsers"}),
    "taskSchedule": frozenset({"dueDate", "followUpDate"}),
    "priorityDefinition": frozenset({"priority"}),
    "formDefinition": frozenset({"formId", "bindingType", "versionTag", "externalReference"}),
    "taskDefinition": frozenset({"type", "retries"}),
    "taskHeaders": frozenset(),
    "header": frozenset({"key", "value", "id"}),
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
    "adHoc": frozenset({"activeElementsCollection", "outputCollection", "outputElement"}),
    "conditionalFilter": frozenset({"variableNames", "variableEvents"}),
    "publishMessage": frozenset({"correlationKey", "messageId", "timeToLive"}),
    "versionTag": frozenset({"value"}),
    "executionListeners": frozenset(),
    "executionListener": frozenset({"eventType", "type", "retries"}),
    "taskListeners": frozenset(),
    "taskListener": frozenset({"eventType", "type", "retries"}),
}
MODELER_ATTRIBUTES = "modeler"
"""How the names of attributes begin that only a modeler reads: which element template or configuration it took."""
EXTENSION_CHILDREN = {
    "taskHeaders": "header",
    "properties": "property",
    "ioMapping": "input output",
    "executionListeners": "executionListener",
    "taskListeners": "taskListener",
}
BINDINGS = frozenset({"latest", "deployment", "versionTag"})
ALLOWED_VALUES: dict[str, dict[str, frozenset[str]]] = {
    "formDefinition": {"bindingType": BINDINGS},
    "calledDecision": {"bindingType": BINDINGS},
    "calledElement": {
        "bindingType": BINDINGS,
        "propagateAllChildVariables": frozenset({"true", "false"}),
        "propagateAllParentVariables": frozenset({"true", "false"}),
    },
    "executionListener": {"eventType": frozenset(EXECUTION_EVENTS)},
    "taskListener": {"eventType": frozenset(TASK_EVENTS)},
}

ADVICE: dict[str, tuple[str, str]] = {
    "multiInstanceLoopCharacteristics": (
        "请在事件子流程里放一个多实例的子流程。",
        "Put a repeated sub-process into the event sub-process.",
    ),
    "standardLoopCharacteristics": (
        "请在事件子流程里放一个循环的子流程。",
        "Put a repeated sub-process into the event sub-process.",
    ),
    "taskHeaders": (
        "任务头随作业发出：请填写作业类型，或删除任务头。",
        "Headers go with a job: fill in its type, or delete them.",
    ),
    "publishMessage": (
        "此处不发布消息：请删除，或改用消息事件。",
        "No message is published here: delete it, or use a message event.",
    ),
    "complexGateway": ("请改用排他、包容或并行网关。", "Use an exclusive, inclusive or parallel gateway."),
    "transaction": ("请改用子流程，并用补偿事件撤销。", "Use a sub-process, and compensation events to undo."),
    "loopCardinality": (
        "请在多实例的输入集合中填写，例如 =for i in 1..3 return i。",
        "Use the input collection of the multi-instance, for example =for i in 1..3 return i.",
    ),
    "cancelEventDefinition": ("请改用错误或升级事件。", "Use an error or escalation event."),
    "potentialOwner": ("请改填候选组。", "Fill in candidate groups instead."),
    "humanPerformer": ("请改填办理人。", "Fill in the assignee instead."),
    "performer": ("请改填办理人。", "Fill in the assignee instead."),
    "calledElement": ("请填写被调用流程(zeebe:calledElement)。", "Fill in the called process (zeebe:calledElement)."),
    "choreography": ("请改画流程或协作图。", "Draw a process or a collaboration instead."),
    "conversation": ("请改画流程或协作图。", "Draw a process or a collaboration instead."),
    "eventDefinitionRef": ("请把事件定义直接画在事件中。", "Draw the definition in the event itself."),
    "parallelMultiple": (
        "请画几个事件，用并行网关连起来。",
        "Draw several events and join them with a parallel gateway.",
    ),
    "eventGatewayType": ("事件网关只取最先发生的事件。", "An event-based gateway takes the first event only."),
    "instantiate": (
        "请在前面画一个消息开始事件。",
        "Draw a message start event in front instead.",
    ),
    "formKey": (
        "请把表单单独部署，并在此填写表单 id(formId)；由其他系统显示的表单请填 externalReference。",
        "Deploy the form as a file of its own and fill in its id (formId), or externalReference for a foreign form.",
    ),
    "userTaskForm": (
        "请把内嵌表单存为单独的表单文件部署，并在用户任务中填写其 id(formId)。",
        "Save the embedded form as a file of its own, deploy it, and fill in its id (formId) in the user task.",
    ),
    "taskDefinition": ("此处不由外部程序办理，请删除。", "No job worker serves this element: delete it."),
    "variableEvents": (
        "流程的条件开始事件只在有人要求时判断，请删除。",
        "The conditional start event of a process is looked at when somebody asks: delete it.",
    ),
    "businessId": (
        "被调用流程与调用方属于同一案件，没有自己的业务编号，请删除。",
        "The called process lives in the case of its caller and has no business id of its own: delete it.",
    ),
    "assignment": (
        "此处不搬运数据：请改用输入、输出映射(zeebe:ioMapping)。",
        "No data is moved by it: use input and output mappings (zeebe:ioMapping).",
    ),
    "transformation": (
        "此处不搬运数据：请改用输入、输出映射(zeebe:ioMapping)。",
        "No data is moved by it: use input and output mappings (zeebe:ioMapping).",
    ),
    "jobPriorityDefinition": (
        "作业没有优先级，按到期先后办理，请删除。",
        "Jobs have no priority, they are taken in the order in which they are due: delete it.",
    ),
    "agentDefinition": (
        "请填写作业类型(zeebe:taskDefinition)，由作业程序决定。",
        "Give the task or ad-hoc sub-process a job type (zeebe:taskDefinition); its worker decides.",
    ),
    "linkedResources": ("请删除，服务任务不读取所附资源。", "Delete it; service tasks read no linked resources."),
}
GENERAL_ADVICE = (
    "请删除它，或改用受支持的元素（见 BPMN 支持说明）。",
    "Delete it, or use what the page on BPMN support names.",
)
