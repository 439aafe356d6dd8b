"""The zeebe extensions of an element, read into the nouns of the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.names import attributes_of, bpmn, extension, local_name, read_boolean, text_of, zeebe
from engine.core.graph import (
    AdHoc,
    CalledDecision,
    CalledElement,
    Listener,
    LoopCharacteristics,
    Script,
    StandardLoop,
    TaskDefinition,
    UserTaskDefinition,
    VariableMapping,
)
from engine.feel import FeelSyntaxError, compile_expression
from engine.feel.syntax import Name, Path

if TYPE_CHECKING:
    from lxml import etree


def read_properties(element: etree._Element) -> dict[str, str]:
    """Read zeebe:properties."""
    found = extension(element, "properties")
    entries = [] if found is None else found.findall(zeebe("property"))
    return {each.get("name", ""): each.get("value", "") for each in entries}


def read_mappings(element: etree._Element, kind: str) -> tuple[VariableMapping, ...]:
    """Read the input or output mappings."""
    found = extension(element, "ioMapping")
    entries = [] if found is None else found.findall(zeebe(kind))
    drawn = [attributes_of(each) for each in entries]
    return tuple(VariableMapping(source=each.get("source", ""), target=each.get("target", "")) for each in drawn)


def read_user_task(element: etree._Element) -> UserTaskDefinition | None:
    """Read who may do a user task, by when, with which form."""
    if local_name(element) != "userTask":
        return None
    attributes = {
        name: attributes_of(found) if (found := extension(element, name)) is not None else {}
        for name in ("assignmentDefinition", "taskSchedule", "priorityDefinition", "formDefinition")
    }
    assignment, schedule = attributes["assignmentDefinition"], attributes["taskSchedule"]
    form = attributes["formDefinition"]
    return UserTaskDefinition(
        assignee=assignment.get("assignee") or None,
        candidate_groups=assignment.get("candidateGroups") or None,
        candidate_users=assignment.get("candidateUsers") or None,
        due_date=schedule.get("dueDate") or None,
        follow_up_date=schedule.get("followUpDate") or None,
        priority=attributes["priorityDefinition"].get("priority") or None,
        form_id=form.get("formId") or None,
        external_form=form.get("externalReference") or None,
        form_binding=form.get("bindingType", "latest"),
        form_version_tag=form.get("versionTag") or None,
    )


def read_job(element: etree._Element) -> TaskDefinition | None:
    """Read the job type and retries."""
    found = extension(element, "taskDefinition")
    if found is None:
        return None
    drawn = attributes_of(found)
    return TaskDefinition(type=drawn.get("type", ""), retries=drawn.get("retries") or None)


def read_headers(element: etree._Element) -> dict[str, str]:
    """Read zeebe:taskHeaders."""
    found = extension(element, "taskHeaders")
    entries = [] if found is None else found.findall(zeebe("header"))
    return {each.get("key", ""): each.get("value", "") for each in entries}


def read_listeners(element: etree._Element, kind: str) -> tuple[Listener, ...]:
    """Read the execution listeners (`executionListener`) or task listeners (`taskListener`) of an element."""
    found = extension(element, f"{kind}s")
    entries = [] if found is None else found.findall(zeebe(kind))
    return tuple(
        Listener(
            event=each.get("eventType", ""),
            type=each.get("type", ""),
            retries=each.get("retries") or None,
        )
        for each in map(attributes_of, entries)
    )


def read_script(element: etree._Element) -> Script | None:
    """Read the expression of a script task."""
    found = extension(element, "script")
    if found is None:
        return None
    drawn = attributes_of(found)
    return Script(expression=drawn.get("expression", ""), result_variable=drawn.get("resultVariable", ""))


def read_decision(element: etree._Element) -> CalledDecision | None:
    """Read the decision of a business rule task."""
    found = extension(element, "calledDecision")
    if found is None:
        return None
    drawn = attributes_of(found)
    return CalledDecision(
        decision_id=drawn.get("decisionId", ""),
        result_variable=drawn.get("resultVariable", ""),
        binding=drawn.get("bindingType", "latest"),
        version_tag=drawn.get("versionTag") or None,
    )


def read_called_element(element: etree._Element) -> CalledElement | None:
    """Read the process of a call activity."""
    found = extension(element, "calledElement")
    if found is None:
        return None
    drawn = attributes_of(found)
    return CalledElement(
        process_id=drawn.get("processId", ""),
        binding=drawn.get("bindingType", "latest"),
        version_tag=drawn.get("versionTag") or None,
        propagates_parent_variables=read_boolean(found, "propagateAllParentVariables", default=True),
        propagates_child_variables=read_boolean(found, "propagateAllChildVariables", default=True),
    )


def read_loop(element: etree._Element) -> LoopCharacteristics | StandardLoop | None:
    """Read how an activity is repeated."""
    standard = element.find(bpmn("standardLoopCharacteristics"))
    if standard is not None:
        maximum = standard.get("loopMaximum")
        return StandardLoop(
            condition=text_of(standard, "loopCondition"),
            maximum=None if maximum is None else int(maximum),
            tests_before=read_boolean(standard, "testBefore", default=False),
        )
    characteristics = element.find(bpmn("multiInstanceLoopCharacteristics"))
    if characteristics is None:
        return None
    found = extension(characteristics, "loopCharacteristics")
    attributes = {} if found is None else attributes_of(found)
    return LoopCharacteristics(
        input_collection=attributes.get("inputCollection", ""),
        input_element=attributes.get("inputElement") or None,
        output_collection=attributes.get("outputCollection") or None,
        output_element=attributes.get("outputElement") or None,
        output_variable=_variable_of(attributes.get("outputElement")),
        completion_condition=text_of(characteristics, "completionCondition"),
        is_sequential=read_boolean(characteristics, "isSequential", default=False),
    )


def read_ad_hoc(element: etree._Element) -> AdHoc | None:
    """Read what is begun in an ad-hoc sub-process, when it is over, and what it collects."""
    if local_name(element) != "adHocSubProcess":
        return None
    found = extension(element, "adHoc")
    attributes = {} if found is None else attributes_of(found)
    return AdHoc(
        active_elements=attributes.get("activeElementsCollection") or None,
        completion_condition=text_of(element, "completionCondition"),
        cancels_remaining=read_boolean(element, "cancelRemainingInstances", default=True),
        output_collection=attributes.get("outputCollection") or None,
        output_element=attributes.get("outputElement") or None,
        output_variable=_variable_of(attributes.get("outputElement")),
    )


def _variable_of(text: str | None) -> str | None:
    """Return the variable an expression names, itself or by a path of its properties; None for any other."""
    if not text or not text.startswith("="):
        return None
    try:
        node = compile_expression(text[1:]).syntax
    except FeelSyntaxError:  # it calls functions of the host
        return None
    while isinstance(node, Path):
        node = node.base
    return node.name if isinstance(node, Name) else None
