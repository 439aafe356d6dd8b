"""Listeners: each one stands where Camunda runs it, and no two of an element are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.drawing import event_kind
from engine.bpmn.names import GATEWAYS, bpmn, extension, local_name, zeebe
from engine.core.listener_model import END, START

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

    from engine.bpmn.drawing import Drawing

_KINDS = ("executionListener", "taskListener")
Why = tuple[str, str, str, str]  # reason and advice, each in Chinese and English

_START_EVENT: Why = (
    "开始事件在执行前没有可等待的时刻",
    "a start event has begun when it is entered",
    "请改放在流程或子流程的 start 监听器中。",
    "Put it on the process or sub-process as a start listener.",
)
_BOUNDARY: Why = (
    "边界事件触发后才被执行",
    "a boundary event is entered when it has fired",
    "请改放在所附活动的 start 监听器中，或用 end 监听器。",
    "Put it on the activity as a start listener, or use an end listener.",
)
_BEHIND_GATEWAY: Why = (
    "事件网关之后的事件触发后才被执行",
    "an event behind an event-based gateway is entered when it has fired",
    "请改放在事件网关的 start 监听器中，或用 end 监听器。",
    "Put it on the gateway as a start listener, or use an end listener.",
)
_GATEWAY: Why = (
    "网关选定去向后立即离开",
    "a gateway leaves at once when it has chosen",
    "请改放在后一个元素的 start 监听器中。",
    "Put it on the next element as a start listener.",
)
_ERROR_END: Why = (
    "错误结束事件不会走到结束",
    "an error end event never completes",
    "请改放在捕获该错误的事件上。",
    "Put it on the event that catches the error.",
)
_COMPENSATION: Why = (
    "补偿边界事件不被执行",
    "a compensation event at a boundary is never entered",
    "请改放在补偿活动上。",
    "Put it on the compensation activity.",
)


def check(drawing: Drawing) -> None:
    """Report listeners that would never run, that are drawn twice, or whose retries mean nothing."""
    for element in (*drawing.processes, *drawing.nodes):
        drawn = [each for kind in _KINDS for each in _listeners(element, kind)]
        seen: set[tuple[str, str]] = set()
        for listener in drawn:
            _check_position(drawing, element, listener)
            _check_retries(drawing, element, listener)
            event, job_type = listener.get("eventType", ""), listener.get("type", "").strip()
            if (event, job_type) in seen:
                drawing.report("duplicate-listener", listener, id=element.get("id"), event=event, type=job_type)
            if local_name(listener) == "executionListener":
                seen.add((event, job_type))


def _listeners(element: etree._Element, kind: str) -> Iterable[etree._Element]:
    found = extension(element, f"{kind}s")
    return [] if found is None else found.iterfind(zeebe(kind))


def _check_position(drawing: Drawing, element: etree._Element, listener: etree._Element) -> None:
    event = listener.get("eventType", "")
    why = why_never(drawing, element, event)
    if why is None:
        return
    reason_zh, reason_en, advice_zh, advice_en = why
    drawing.report(
        "listener-never-runs",
        listener,
        id=element.get("id"),
        tag=local_name(element),
        event=event,
        reason_zh=reason_zh,
        reason_en=reason_en,
        advice_zh=advice_zh,
        advice_en=advice_en,
    )


def why_never(drawing: Drawing, element: etree._Element, event: str) -> Why | None:
    """Return why execution listeners of this event would never run at an element, None where they do."""
    tag = local_name(element)
    if tag == "boundaryEvent" and event_kind(element) == "compensate":
        return _COMPENSATION
    if event == START and tag in ("startEvent", "boundaryEvent"):
        return _START_EVENT if tag == "startEvent" else _BOUNDARY
    if event == START and tag in ("intermediateCatchEvent", "receiveTask") and is_behind_gateway(drawing, element):
        return _BEHIND_GATEWAY
    if event == END and tag in GATEWAYS:
        return _GATEWAY
    return _ERROR_END if event == END and tag == "endEvent" and event_kind(element) == "error" else None


def is_behind_gateway(drawing: Drawing, element: etree._Element) -> bool:
    """Say whether an element waits behind an event-based gateway, and is entered when it has fired."""
    sources = (drawing.node(flow.get("sourceRef")) for flow in drawing.into(element))
    return any(source is not None and source.tag == bpmn("eventBasedGateway") for source in sources)


def _check_retries(drawing: Drawing, element: etree._Element, listener: etree._Element) -> None:
    retries = (listener.get("retries") or "").strip()
    if retries and not retries.startswith("=") and not retries.isdecimal():
        drawing.report("listener-retries", listener, id=element.get("id"), value=retries)
