"""Expressions: what must be one is one, and every one is FEEL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.names import ZEEBE, attributes_of, bpmn, local_name, namespace, zeebe
from engine.feel import FeelSyntaxError, compile_expression
from engine.feel.analysis import StaticScope, check_expression

if TYPE_CHECKING:
    from lxml import etree

    from engine.bpmn.drawing import Drawing

_MUST_BE_EXPRESSIONS = {
    "script": ("expression",),
    "loopCharacteristics": ("inputCollection", "outputElement"),
    "adHoc": ("activeElementsCollection", "outputElement"),
}
_EXPRESSIONS = {
    **_MUST_BE_EXPRESSIONS,
    "assignmentDefinition": ("assignee", "candidateGroups", "candidateUsers"),
    "taskSchedule": ("dueDate", "followUpDate"),
    "priorityDefinition": ("priority",),
    "formDefinition": ("externalReference",),
    "taskDefinition": ("type", "retries"),
    "executionListener": ("type", "retries"),
    "taskListener": ("type", "retries"),
    "calledDecision": ("decisionId",),
    "calledElement": ("processId",),
    "input": ("source",),
    "output": ("source",),
    "subscription": ("correlationKey",),
    "publishMessage": ("correlationKey", "messageId", "timeToLive"),
}
_TIMES = ("timeDate", "timeDuration", "timeCycle")
_CONDITIONS = ("conditionExpression", "completionCondition", "condition", "loopCondition")
_NAMES = {"message": "name", "signal": "name", "error": "errorCode", "escalation": "escalationCode"}


def check(drawing: Drawing) -> None:
    """Report texts that should be expressions and are not, or that are not FEEL."""
    for process in drawing.processes:
        for element in process.iter():
            _check_element(drawing, element)
    for root in drawing.root.iterchildren(*(bpmn(tag) for tag in _NAMES)):
        _check_text(drawing, root, _NAMES[local_name(root)], root.get(_NAMES[local_name(root)]))
        for element in root.iter(zeebe("subscription")):
            _check_element(drawing, element)


def _check_element(drawing: Drawing, element: etree._Element) -> None:
    tag = local_name(element)
    if namespace(element) == ZEEBE:
        texts = attributes_of(element)
        for name in _EXPRESSIONS.get(tag, ()):
            text = (texts.get(name) or "").strip()
            _check_text(drawing, element, name, text)
            if name in _MUST_BE_EXPRESSIONS.get(tag, ()) and text and not text.startswith("="):
                _report_literal(drawing, element, name, text)
    elif tag in _TIMES:
        _check_text(drawing, element, tag, element.text)
    elif tag in _CONDITIONS:
        text = (element.text or "").strip()
        _check_text(drawing, element, tag, text)
        if not text.startswith("=") and (text or tag != "condition"):  # that it is missing, the check of events tells
            _report_literal(drawing, element, tag, text)


def _check_text(drawing: Drawing, element: etree._Element, where: str, text: str | None) -> None:
    stripped = (text or "").strip()
    if not stripped.startswith("="):
        return
    try:
        compiled = compile_expression(stripped[1:], names=drawing.surroundings.functions)
    except FeelSyntaxError as error:
        drawing.report(
            "feel-syntax",
            element,
            id=_owner_id(element),
            where=where,
            reason_zh=error.text("zh"),
            reason_en=error.text("en"),
            position=error.position + 1,
        )
        return
    around = drawing.surroundings
    scope = StaticScope(names=around.objects, is_open=True, functions=around.functions)
    for mistake in check_expression(compiled.syntax, scope)[1]:
        drawing.report(
            "feel-always-wrong" if mistake.is_certain else "feel-doubtful",
            element,
            id=_owner_id(element),
            where=where,
            reason_zh=mistake.message.text("zh"),
            reason_en=mistake.message.text("en"),
            position=mistake.position + 1,
        )


def _report_literal(drawing: Drawing, element: etree._Element, where: str, text: str) -> None:
    drawing.report("expression-needed", element, id=_owner_id(element), where=where, value=text)


def _owner_id(element: etree._Element) -> str:
    each: etree._Element | None = element
    while each is not None and (each.get("id") is None or namespace(each) == ZEEBE):
        each = each.getparent()
    return "" if each is None else each.get("id", "")
