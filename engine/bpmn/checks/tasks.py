"""Tasks: each says who or what does it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.bpmn.checks.content import report_element, report_extension
from engine.bpmn.drawing import is_event_sub_process, owner_of
from engine.bpmn.names import bpmn, extension, local_name, text_of, zeebe
from engine.bpmn.start_forms import may_have_form

if TYPE_CHECKING:
    from lxml import etree

    from engine.bpmn.drawing import Drawing

_VARIABLE = re.compile(r"[^\W\d]\w*")
_TARGET = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_ROUNDS = re.compile(r"[1-9]\d{0,8}")
_MESSAGE_THROWS = ("sendTask", "intermediateThrowEvent", "endEvent")
_WITH_JOB = ("serviceTask", "scriptTask", "businessRuleTask", *_MESSAGE_THROWS)
_NEEDED = {
    "serviceTask": ("taskDefinition",),
    "businessRuleTask": ("calledDecision", "taskDefinition"),
    "scriptTask": ("script", "taskDefinition"),
    "callActivity": ("calledElement",),
}
_REQUIRED_ATTRIBUTES = {
    "taskDefinition": ("type",),
    "calledDecision": ("decisionId", "resultVariable"),
    "script": ("expression", "resultVariable"),
    "calledElement": ("processId",),
    "loopCharacteristics": ("inputCollection",),
    "adHoc": (),
    "input": ("source", "target"),
    "output": ("source", "target"),
    "header": ("key",),
    "executionListener": ("eventType", "type"),
    "taskListener": ("eventType", "type"),
    "property": ("name",),
}
_BOUND = ("calledElement", "calledDecision", "formDefinition")
_VARIABLES = {
    "resultVariable": _VARIABLE,
    "inputElement": _VARIABLE,
    "outputCollection": _VARIABLE,
    "target": _TARGET,
}


def check(drawing: Drawing) -> None:
    """Report tasks that do not say what is to be done, by whom, or with what."""
    for node in drawing.nodes:
        _check_implementation(drawing, node)
        _check_sent_along(drawing, node)
        if local_name(node) == "userTask":
            _check_user_task(drawing, node)
        if local_name(node) == "startEvent":
            _check_start_form(drawing, node)
        loop = node.find(bpmn("multiInstanceLoopCharacteristics"))
        if is_event_sub_process(node):
            _check_not_repeated(drawing, node)
        if loop is not None and extension(loop, "loopCharacteristics") is None:
            drawing.report("missing-attribute", node, tag="multiInstance", attribute="inputCollection")
        if local_name(node) == "adHocSubProcess":
            _check_decider(drawing, node)
        for owner in (loop, node if local_name(node) == "adHocSubProcess" else None):
            if owner is not None:
                _check_collected(drawing, owner)
        _check_standard_loop(drawing, node, loop)
    for process in drawing.processes:
        _check_extensions(drawing, process)


def _check_extensions(drawing: Drawing, process: etree._Element) -> None:
    for element in process.iter(*(zeebe(tag) for tag in _REQUIRED_ATTRIBUTES)):
        _check_attributes(drawing, element)
    for element in process.iter(*(zeebe(tag) for tag in (*_REQUIRED_ATTRIBUTES, "adHoc"))):
        _check_variables(drawing, element)
    for element in process.iter(*(zeebe(tag) for tag in _BOUND)):
        if element.get("bindingType") == "versionTag" and not (element.get("versionTag") or "").strip():
            drawing.report("missing-attribute", element, tag=local_name(element), attribute="versionTag")


def _check_implementation(drawing: Drawing, node: etree._Element) -> None:
    tag = local_name(node)
    present = [name for name in _NEEDED.get(tag, ()) if extension(node, name) is not None]
    if tag in _NEEDED and not present:
        needed = " / ".join(_NEEDED[tag])
        drawing.report("no-implementation", node, id=node.get("id"), tag=tag, needed=needed)
    if len(present) > 1:
        drawing.report("two-implementations", node, id=node.get("id"), first=present[0], second=present[1])
    if tag in ("sendTask", "receiveTask") and node.get("messageRef") is None:
        if extension(node, "taskDefinition") is None:
            needed = "messageRef" if tag == "receiveTask" else "messageRef / taskDefinition"
            drawing.report("no-implementation", node, id=node.get("id"), tag=tag, needed=needed)
    elif tag in _MESSAGE_THROWS and extension(node, "taskDefinition") is not None:
        _check_thrown_job(drawing, node)


def _check_decider(drawing: Drawing, node: etree._Element) -> None:
    """Report what the diagram would decide beside the worker of an ad-hoc sub-process."""
    if extension(node, "taskDefinition") is None:
        return
    drawn = extension(node, "adHoc")
    beside = {
        "activeElementsCollection": drawn is not None and drawn.get("activeElementsCollection"),
        "completionCondition": text_of(node, "completionCondition"),
        "cancelRemainingInstances": node.get("cancelRemainingInstances", "true") != "true",
    }
    for name in (name for name, is_drawn in beside.items() if is_drawn):
        drawing.report("two-implementations", node, id=node.get("id"), first="taskDefinition", second=name)


def _check_thrown_job(drawing: Drawing, node: etree._Element) -> None:
    if extension(node, "publishMessage") is not None:
        drawing.report("two-implementations", node, id=node.get("id"), first="publishMessage", second="taskDefinition")
    if local_name(node) != "sendTask" and node.find(bpmn("messageEventDefinition")) is None:
        job = extension(node, "taskDefinition")
        report_extension(drawing, job if job is not None else node, "taskDefinition")


def _check_sent_along(drawing: Drawing, node: etree._Element) -> None:
    """Report headers where no job takes them, and what is said of a message where none is published."""
    has_job = extension(node, "taskDefinition") is not None
    headers, publish = extension(node, "taskHeaders"), extension(node, "publishMessage")
    if headers is not None and not has_job and local_name(node) in _WITH_JOB:
        report_extension(drawing, headers, "taskHeaders")
    publishes = node.find(bpmn("messageEventDefinition")) is not None or node.get("messageRef") is not None
    if publish is not None and not publishes and local_name(node) in _MESSAGE_THROWS and not has_job:
        report_extension(drawing, publish, "publishMessage")


def _check_user_task(drawing: Drawing, node: etree._Element) -> None:
    assignment, form = extension(node, "assignmentDefinition"), extension(node, "formDefinition")
    named = () if assignment is None else ("assignee", "candidateGroups", "candidateUsers")
    if assignment is None or not any((assignment.get(each) or "").strip(" ,") for each in named):
        drawing.report("user-task-without-assignment", node, id=node.get("id"))
    if form is None or not (form.get("formId") or form.get("externalReference")):
        drawing.report("user-task-without-form", node, id=node.get("id"))
    for each in node.iterfind(f"{bpmn('extensionElements')}/{zeebe('properties')}/{zeebe('property')}"):
        if each.get("name") == "distinctFrom":
            for reference in re.split(r"[,\s]+", each.get("value", "").strip()):
                if reference not in drawing.user_tasks:
                    drawing.report("unknown-distinct-from", node, id=node.get("id"), reference=reference)


def _check_start_form(drawing: Drawing, node: etree._Element) -> None:
    """Report a form where nobody begins the process by hand, and one that is not named by its id."""
    form = extension(node, "formDefinition")
    if form is None:
        return
    if not may_have_form(node):
        report_extension(drawing, form, "formDefinition")
    elif not form.get("formId"):
        drawing.report("missing-attribute", node, tag="formDefinition", attribute="formId")


def _check_collected(drawing: Drawing, owner: etree._Element) -> None:
    tag = "adHoc" if local_name(owner) == "adHocSubProcess" else "loopCharacteristics"
    drawn = extension(owner, tag)
    if drawn is None:
        return
    pair = ("outputCollection", "outputElement")
    for name, other in (pair, pair[::-1]):
        if drawn.get(name) and not drawn.get(other):
            drawing.report("missing-attribute", owner, tag=tag, attribute=other)


def _check_standard_loop(drawing: Drawing, node: etree._Element, other: etree._Element | None) -> None:
    loop = node.find(bpmn("standardLoopCharacteristics"))
    if loop is None:
        return
    if other is not None:
        first, second = "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"
        drawing.report("two-implementations", node, id=node.get("id"), first=first, second=second)
    maximum = loop.get("loopMaximum")
    if maximum is None and text_of(loop, "loopCondition") is None:
        drawing.report("loop-without-end", node, id=node.get("id"))
    if maximum is not None and not _ROUNDS.fullmatch(maximum):
        drawing.report("bad-value", node, attribute="loopMaximum", value=maximum, allowed="1, 2, 3 …")


def _check_not_repeated(drawing: Drawing, sub_process: etree._Element) -> None:
    """An event sub-process begins with its event: nothing would repeat it."""
    for tag in ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics"):
        if sub_process.find(bpmn(tag)) is not None:
            report_element(drawing, sub_process, f"{tag} (event sub-process)", tag)


def _check_attributes(drawing: Drawing, element: etree._Element) -> None:
    tag = local_name(element)
    for name in _REQUIRED_ATTRIBUTES[tag]:
        if not (element.get(name) or "").strip():
            drawing.report("missing-attribute", element, tag=tag, attribute=name)


def _check_variables(drawing: Drawing, element: etree._Element) -> None:
    for attribute, pattern in _VARIABLES.items():
        value = element.get(attribute)
        if value and not pattern.fullmatch(value):
            drawing.report("bad-variable-name", element, value=value)
        name = (value or "").partition(".")[0]
        if name in drawing.surroundings.objects:
            owner = owner_of(element).get("id")
            drawing.report("variable-name-taken", element, id=owner, attribute=attribute, name=name)
