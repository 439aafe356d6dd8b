"""Input and output mappings: each one stands where it is applied, as in Camunda."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.checks.listeners import is_behind_gateway
from engine.bpmn.drawing import event_kind
from engine.bpmn.names import extension, local_name, zeebe

if TYPE_CHECKING:
    from lxml import etree

    from engine.bpmn.drawing import Drawing

_INPUT, _OUTPUT = "input", "output"
_KINDS = {_INPUT: "输入", _OUTPUT: "输出"}
Why = tuple[str, str]  # in Chinese and English

_FIRES: Why = (
    "事件触发时才被执行，不再求输入；请在输出映射中直接使用事件带来的变量",
    "the event is entered when it has fired, with what it brought; write that into its output mappings",
)
_COMPENSATION: Why = (
    "补偿边界事件不被执行；请改放在补偿活动上",
    "a compensation event at a boundary is never entered; put it on the compensation activity",
)
_UNDOING: Why = (
    "补偿抛出事件只启动补偿活动，其结果归所在范围；请改放在补偿活动上",
    "an event that throws compensation only begins compensation activities; put it on those",
)
_ERROR_END: Why = (
    "错误结束事件不会走到结束；请改放在捕获该错误的事件上",
    "an error end event never completes; put it on the event that catches the error",
)


def check(drawing: Drawing) -> None:
    """Report mappings that would never be applied."""
    for node in drawing.nodes:
        found = extension(node, "ioMapping")
        for kind in _KINDS if found is not None else ():
            mapping = None if found is None else found.find(zeebe(kind))
            why = why_never_applied(drawing, node, kind)
            if mapping is not None and why is not None:
                drawing.report(
                    "mapping-never-applied",
                    mapping,
                    id=node.get("id"),
                    tag=local_name(node),
                    kind_zh=_KINDS[kind],
                    kind_en=kind,
                    reason_zh=why[0],
                    reason_en=why[1],
                )


def why_never_applied(drawing: Drawing, node: etree._Element, kind: str) -> Why | None:
    """Return why mappings of this kind, input or output, are never applied at a node, None where they are."""
    tag, event = local_name(node), event_kind(node)
    if tag == "boundaryEvent" and event == "compensate":
        return _COMPENSATION
    if tag in ("intermediateThrowEvent", "endEvent") and event == "compensate":
        return _UNDOING
    if tag == "endEvent" and event == "error":
        return _ERROR_END if kind == _OUTPUT else None
    is_fired = tag == "boundaryEvent" or (tag == "startEvent" and event != "none") or is_behind_gateway(drawing, node)
    return _FIRES if is_fired and kind == _INPUT else None
