"""From the specifications of one process to the immutable graph the core runs on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.bpmn import extensions
from engine.bpmn.ai_parameters import read_parameters
from engine.bpmn.compensation import handlers_of, undoes
from engine.bpmn.drawing import is_event_sub_process, is_interrupting
from engine.bpmn.event_definitions import read_event
from engine.bpmn.names import bpmn, extension, local_name, text_of
from engine.bpmn.start_forms import read_start_form
from engine.core.graph import ACTIVATION, EventDefinition, Flow, Node, Process

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml import etree

    from engine.bpmn.specs import FlowNodeSpec


def compile_process(
    element: etree._Element, specs: Sequence[FlowNodeSpec], roots: Mapping[str, etree._Element]
) -> Process:
    """Compile one executable process; `roots` are the messages, signals, errors and escalations of the document."""
    process_id = element.get("id", "")
    drawing = _draw(element, specs, roots)
    nodes = {spec.bpmn_id: _node(spec, drawing) for spec in specs}
    nodes[process_id] = Node(
        id=process_id,
        tag="process",
        name=element.get("name", ""),
        documentation=text_of(element, "documentation") or "",
        event_sub_processes=tuple(drawing.event_sub_processes.get(process_id, ())),
        start_events=tuple(drawing.starts.get(process_id, ())),
        execution_listeners=extensions.read_listeners(element, "executionListener"),
    )
    tag = extension(element, "versionTag")
    return Process(
        id=process_id,
        name=element.get("name", ""),
        properties=extensions.read_properties(element),
        documentation=text_of(element, "documentation") or "",
        version_tag=None if tag is None else tag.get("value"),
        nodes=nodes,
        upstream={join.id: _upstream(join, nodes) for join in nodes.values() if _is_inclusive_join(join)},
    )


@dataclass(slots=True, kw_only=True)
class _Drawing:
    """What stands around each node, by node id."""

    events: dict[str, EventDefinition | None] = field(default_factory=dict)
    incoming: dict[str, list[Flow]] = field(default_factory=dict)
    outgoing: dict[str, list[Flow]] = field(default_factory=dict)
    boundaries: dict[str, list[str]] = field(default_factory=dict)
    event_sub_processes: dict[str, list[str]] = field(default_factory=dict)
    starts: dict[str, list[str]] = field(default_factory=dict)
    heads: dict[str, list[str]] = field(default_factory=dict)
    handlers: dict[str, str] = field(default_factory=dict)
    link_targets: dict[tuple[str, str | None], str] = field(default_factory=dict)


def _draw(process: etree._Element, specs: Sequence[FlowNodeSpec], roots: Mapping[str, etree._Element]) -> _Drawing:
    drawing = _Drawing()
    defaults = {spec.element.get("default") for spec in specs}
    for flow in process.iter(bpmn("sequenceFlow")):
        compiled = _flow(flow, is_default=flow.get("id") in defaults)
        drawing.outgoing.setdefault(compiled.source, []).append(compiled)
        drawing.incoming.setdefault(compiled.target, []).append(compiled)
    for spec in specs:
        drawing.events[spec.bpmn_id] = read_event(spec.element, roots)
    for spec in specs:
        _place(spec, drawing)
    return drawing


def _place(spec: FlowNodeSpec, drawing: _Drawing) -> None:
    element, node_id = spec.element, spec.bpmn_id
    tag, scope, event = local_name(element), _scope(element), drawing.events[node_id]
    if tag == "startEvent":
        drawing.starts.setdefault(scope, []).append(node_id)
    elif tag == "boundaryEvent":
        host = element.get("attachedToRef", "")
        if event is not None and event.kind == "compensate":
            drawing.handlers.update((host, each.get("id", "")) for each in handlers_of(element))
        else:
            drawing.boundaries.setdefault(host, []).append(node_id)
    elif is_event_sub_process(element):
        drawing.event_sub_processes.setdefault(scope, []).append(node_id)
    elif _is_head(element, drawing):
        drawing.heads.setdefault(scope, []).append(node_id)
    if tag == "intermediateCatchEvent" and event is not None and event.kind == "link":
        drawing.link_targets[(scope, event.name)] = node_id


def _is_head(element: etree._Element, drawing: _Drawing) -> bool:
    parent = element.getparent()
    in_ad_hoc = parent is not None and local_name(parent) == "adHocSubProcess"
    return in_ad_hoc and element.get("id") not in drawing.incoming and not undoes(element)


def _flow(element: etree._Element, *, is_default: bool) -> Flow:
    return Flow(
        id=element.get("id", ""),
        source=element.get("sourceRef", ""),
        target=element.get("targetRef", ""),
        name=element.get("name", ""),
        condition=text_of(element, "conditionExpression"),
        is_default=is_default,
    )


def _node(spec: FlowNodeSpec, drawing: _Drawing) -> Node:
    element, node_id = spec.element, spec.bpmn_id
    event, scope = drawing.events[node_id], _scope(element)
    is_throwing_link = event is not None and event.kind == "link" and local_name(element) == "intermediateThrowEvent"
    return Node(
        id=node_id,
        tag=local_name(element),
        name=spec.bpmn_name or "",
        scope=scope,
        documentation=text_of(element, "documentation") or "",
        properties=extensions.read_properties(element),
        incoming=tuple(drawing.incoming.get(node_id, ())),
        outgoing=tuple(drawing.outgoing.get(node_id, ())),
        event=event,
        is_interrupting=is_interrupting(element),
        is_event_sub_process=is_event_sub_process(element),
        attached_to=element.get("attachedToRef"),
        boundary_events=tuple(drawing.boundaries.get(node_id, ())),
        event_sub_processes=tuple(drawing.event_sub_processes.get(node_id, ())),
        start_events=tuple(drawing.starts.get(node_id, ())),
        heads=tuple(drawing.heads.get(node_id, ())),
        link_target=drawing.link_targets[(scope, event.name)] if event is not None and is_throwing_link else None,
        compensation_handler=drawing.handlers.get(node_id),
        loop=extensions.read_loop(element),
        inputs=extensions.read_mappings(element, "input"),
        outputs=extensions.read_mappings(element, "output"),
        user_task=extensions.read_user_task(element),
        start_form=read_start_form(element),
        job=extensions.read_job(element),
        headers=extensions.read_headers(element),
        parameters=read_parameters(extensions.read_mappings(element, "input")),
        script=extensions.read_script(element),
        decision=extensions.read_decision(element),
        called=extensions.read_called_element(element),
        ad_hoc=extensions.read_ad_hoc(element),
        activation=_activation(spec, scope) if local_name(element) == "adHocSubProcess" else None,
        execution_listeners=extensions.read_listeners(element, "executionListener"),
        task_listeners=extensions.read_listeners(element, "taskListener"),
    )


def _activation(spec: FlowNodeSpec, scope: str) -> Node:
    """Return what one element that is begun in an ad-hoc sub-process lives under; it goes by the id as drawn."""
    return Node(id=spec.bpmn_id, tag=ACTIVATION, name=spec.bpmn_name or "", scope=scope)


def _scope(element: etree._Element) -> str:
    parent = element.getparent()
    return "" if parent is None else parent.get("id", "")


def _is_inclusive_join(node: Node) -> bool:
    return node.tag == "inclusiveGateway" and node.is_join


def _upstream(join: Node, nodes: Mapping[str, Node]) -> dict[str, frozenset[str]]:
    """Return for each incoming flow the nodes a token can still come from, not through the join itself.

    A token also comes out of an activity by its boundary events, as in Camunda; the standard's text names flows only.
    """
    link_sources: dict[str, list[str]] = {}
    for node in nodes.values():
        if node.link_target is not None:
            link_sources.setdefault(node.link_target, []).append(node.id)
    reachable: dict[str, frozenset[str]] = {}
    for flow in join.incoming:
        seen, waiting = {flow.source}, [flow.source]
        while waiting:
            node_id = waiting.pop()
            if node_id == join.id:
                continue
            before = [each.source for each in nodes[node_id].incoming] + link_sources.get(node_id, [])
            before += [host] if (host := nodes[node_id].attached_to) is not None else []
            waiting.extend(each for each in before if each not in seen)
            seen.update(before)
        reachable[flow.id] = frozenset(seen)
    return reachable
