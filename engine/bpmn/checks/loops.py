"""What can be seen never to wait: circles of elements that only pass on, and a process that calls itself at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.drawing import event_kind
from engine.bpmn.names import ZEEBE, bpmn, extension, local_name, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from engine.bpmn.drawing import Drawing

_CHOICES = ("exclusiveGateway", "inclusiveGateway")
_PASSING = ("task", "manualTask", *_CHOICES)
_LOOPS = (bpmn("multiInstanceLoopCharacteristics"), bpmn("standardLoopCharacteristics"))


def check(drawing: Drawing) -> None:
    """Report circles that are certain to run for ever, and processes that are certain to call themselves."""
    ahead = {node.get("id", ""): list(_certain(drawing, node)) for node in drawing.nodes}
    for circle in _circles(ahead):
        first = drawing.by_id[circle[0]]
        drawing.report("loop-never-waits", first, id=circle[0], others=" → ".join([*circle, circle[0]]))
    for process in drawing.processes:
        _check_calls(drawing, process, ahead)


def _certain(drawing: Drawing, node: etree._Element) -> Iterator[str]:
    """Yield where a token that enters a node is certain to go on to at once; nothing where it waits or may choose."""
    if _may_wait(drawing, node):
        return
    flows = drawing.out_of(node)
    for flow in flows:
        is_choice = local_name(node) in _CHOICES and len(flows) > 1
        if not is_choice and text_of(flow, "conditionExpression") is None and node.get("default") is None:
            yield flow.get("targetRef", "")


def _may_wait(drawing: Drawing, node: etree._Element) -> bool:
    tag = local_name(node)
    listens = extension(node, "executionListeners") is not None
    if listens or any(node.find(loop) is not None for loop in _LOOPS):
        return True
    if tag == "startEvent":
        return False
    if tag == "parallelGateway":
        return len(drawing.into(node)) > 1
    if tag == "intermediateThrowEvent":
        return event_kind(node) in ("link", "compensate", "escalation") or _has_job(node)
    if tag == "scriptTask":
        return extension(node, "script") is None
    if tag == "businessRuleTask":
        return extension(node, "calledDecision") is None
    return tag not in _PASSING


def _has_job(node: etree._Element) -> bool:
    return next(node.iter(f"{{{ZEEBE}}}taskDefinition"), None) is not None


def _circles(ahead: dict[str, list[str]]) -> Iterator[list[str]]:
    """Yield circles of certain steps, one for each element where one closes."""
    done: set[str] = set()
    for begin in ahead:
        path: list[str] = []
        places: dict[str, int] = {}
        waiting = [(begin, 0)]
        while waiting:
            node, depth = waiting.pop()
            for left in path[depth:]:
                done.add(left)
                places.pop(left)
            del path[depth:]
            if node in places:
                yield path[places[node] :]
            elif node in ahead and node not in done:
                places[node] = depth
                path.append(node)
                waiting.extend((each, depth + 1) for each in ahead[node])
        done.update(path)


def _check_calls(drawing: Drawing, process: etree._Element, ahead: dict[str, list[str]]) -> None:
    starts = [one for one in process.findall(bpmn("startEvent")) if event_kind(one) == "none"]
    waiting = [one.get("id", "") for one in starts]
    seen = set(waiting)
    while waiting:
        node = drawing.node(waiting.pop())
        if node is None:
            continue
        called = extension(node, "calledElement") if local_name(node) == "callActivity" else None
        is_loop = any(node.find(loop) is not None for loop in _LOOPS)
        if called is not None and called.get("processId") == process.get("id") and not is_loop:
            drawing.report("calls-itself", node, id=node.get("id"), process=process.get("id"))
        for each in ahead[node.get("id", "")]:
            if each not in seen:
                seen.add(each)
                waiting.append(each)
