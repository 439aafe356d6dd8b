"""Ad-hoc sub-processes: elements are begun in them by name, each with its flow under an activation of its own.

By Camunda 8.9: without elements to begin it waits. What `outputElement` gives is collected, and the completion
condition is looked at, whenever an activation is over. Without a condition the sub-process is over with the last
activation; with one it is over once that is fulfilled, after ending the activations that still run or, by
`cancelRemainingInstances="false"`, after waiting for them. An interrupting event sub-process ends it with itself.
Where a job type is drawn, its worker decides all of that: see `ad_hoc_jobs`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core import subscriptions, termination
from engine.core.graph import ACTIVATION, AdHoc
from engine.core.model import ActivateAdHoc, CannotModify, NotOpen, Obstacle, Stage
from engine.core.texts import discreet, tell
from engine.core.variables import describe, evaluate, evaluate_condition, evaluate_list, put, visible
from engine.core.working import Stuck

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.core.working import Element, Working
    from engine.json_values import JsonObject, JsonValue

CHOICES = "adHocSubProcessElements"


def begin(working: Working, element: Element) -> None:
    """Tell what can be begun, and begin what was chosen."""
    drawn = _drawn(element)
    working.set_variable(element, CHOICES, choices(element))
    if drawn.output_collection is not None:
        working.set_variable(element, drawn.output_collection, [])
    if element.node.job is not None:
        working.undecided[element.key] = element
        return
    text = drawn.active_elements
    chosen = [] if text is None else evaluate_list(working, text, visible(element))
    for each in chosen:
        if not isinstance(each, str) or each not in element.node.heads:
            shown = discreet(str(each))
            raise Stuck("expression", tell("no-choice", text=text or "", chosen=shown, element=element.node.id))
    for each in chosen:
        activate(working, element, each, {})


def choices(element: Element) -> list[JsonObject]:
    """Return what can be begun in an ad-hoc sub-process, with what is drawn about it."""
    nodes = [element.process.nodes[head] for head in element.node.heads]
    return [
        {
            "elementId": node.id,
            "elementName": node.name,
            "documentation": node.documentation,
            "properties": dict(node.properties),
            **({"parameters": [dict(each) for each in node.parameters]} if node.parameters else {}),
        }
        for node in nodes
    ]


def place_for(working: Working, scope: Element) -> Element:
    """Return where an element that is begun by hand in a scope lives: in an ad-hoc sub-process, a new activation."""
    if scope.node.activation is None:
        return scope
    activation = working.create(scope.node.activation, scope)
    activation.stage = Stage.ACTIVE
    keep_apart(working, activation)
    return activation


def keep_apart(working: Working, part: Element) -> None:
    """Give a part that begins in an ad-hoc sub-process its own variable for the output element, null at first."""
    own = _drawn(part.scope).output_variable if part.scope is not None and is_part(part) else None
    if own is not None:
        working.set_variable(part, own, None)


def activate(working: Working, scope: Element, element_id: str, variables: JsonObject) -> None:
    """Begin an element in an ad-hoc sub-process; the variables are seen by it and by what follows it alone."""
    activation = place_for(working, scope)
    for name, value in variables.items():
        working.set_variable(activation, name, value)
    working.send(activation, element_id)


def activate_more(working: Working, command: ActivateAdHoc) -> None:
    """Begin further elements while the sub-process runs, after ending those that still run when that is asked.

    Raises:
        NotOpen: no ad-hoc sub-process with this key is running.
        CannotModify: an element cannot be begun in it, or is named twice.
    """
    scope = working.elements.get(command.scope)
    if scope is None or not is_open(scope):
        raise NotOpen(command.scope, "begin elements in")
    names = [each.element for each in command.elements]
    unknown = [each for each in dict.fromkeys(names) if each not in scope.node.heads]
    twice = [each for each in dict.fromkeys(names) if names.count(each) > 1]
    if unknown or twice:
        heads = ", ".join(scope.node.heads)
        raise CannotModify(
            *(
                Obstacle(
                    f"{each} cannot be begun in {scope.node.id}; it holds {heads}",
                    f"{each} 不能在 {scope.node.id} 中启动；可选的有 {heads}",
                )
                for each in unknown
            ),
            *(Obstacle(f"{each} is named twice", f"{each} 被列出两次") for each in twice),
        )
    if command.cancel_remaining:
        for child in list(scope.children.values()):
            termination.terminate(working, child)
    for each in command.elements:
        activate(working, scope, each.element, each.variables)


def is_open(element: Element) -> bool:
    """Say whether this is an ad-hoc sub-process in which elements can be begun."""
    is_scope = element.node.ad_hoc is not None and not element.is_loop_body
    is_interrupted = any(child.node.is_event_sub_process and _interrupts(child) for child in element.children.values())
    return is_scope and element.stage is Stage.ACTIVE and element.incident is None and not is_interrupted


def is_part(element: Element) -> bool:
    """Say whether this is an activation or an event sub-process of an ad-hoc sub-process."""
    scope = element.scope
    in_ad_hoc = scope is not None and scope.node.ad_hoc is not None and not scope.is_loop_body
    return in_ad_hoc and (element.node.tag == ACTIVATION or element.node.is_event_sub_process)


def evaluate_part(working: Working, part: Element) -> tuple[JsonValue, bool]:
    """Evaluate the output of a part that is about to leave, and whether the sub-process is over with it.

    Raises:
        Stuck: an expression failed.
    """
    scope = part.scope
    if scope is None:
        raise TypeError(f"element instance {part.key} is outside of an ad-hoc sub-process")
    drawn, value = _drawn(scope), None
    seen: tuple[JsonObject, ...] = ()
    if drawn.output_collection is not None:
        value = None if drawn.output_element is None else evaluate(working, drawn.output_element, visible(part))
        seen = ({drawn.output_collection: [*_collected(scope, drawn.output_collection), value]},)
    if part.node.is_event_sub_process and _interrupts(part):
        return value, True
    if scope.is_fulfilled or drawn.completion_condition is None:
        return value, scope.is_fulfilled
    return value, evaluate_condition(working, drawn.completion_condition, visible(scope, *seen))


def close_part(working: Working, scope: Element, _part: Element, *, value: JsonValue, is_last: bool) -> bool:
    """Take in what a part gave that left; say whether the sub-process is over."""
    drawn = _drawn(scope)
    if drawn.output_collection is not None:
        collected = _collected(scope, drawn.output_collection)
        working.set_variable(scope, drawn.output_collection, [*collected, value])
    scope.is_fulfilled = is_last
    if scope.node.job is not None and not is_last:
        working.undecided[scope.key] = scope
        return False
    if is_last and drawn.cancels_remaining:
        subscriptions.drop_starts(working, scope)
        termination.terminate_children(working, scope)  # canceling listeners may keep some of it alive a while
    return not scope.children and may_end(scope)


def may_end(scope: Element) -> bool:
    """Say whether an ad-hoc sub-process in which nothing lives any more is over; any other scope is."""
    drawn = scope.node.ad_hoc
    return drawn is None or scope.is_fulfilled or (drawn.completion_condition is None and scope.node.job is None)


def hand_over(working: Working, element: Element) -> None:
    """Give what was collected to the scope around."""
    name = None if element.node.ad_hoc is None else element.node.ad_hoc.output_collection
    if name is not None and name in element.variables and element.scope is not None:
        put(working, element.scope, {name: element.variables[name]})


def _collected(scope: Element, name: str) -> Sequence[JsonValue]:
    """Return what was collected so far.

    Raises:
        Stuck: somebody set the variable to something else.
    """
    value = scope.variables.get(name, [])
    if not isinstance(value, list | tuple):
        raise Stuck("expression", tell("list-needed", text=name, found=describe(value)))
    return value


def _drawn(element: Element) -> AdHoc:
    if element.node.ad_hoc is None:
        raise TypeError(f"{element.node.id} is no ad-hoc sub-process")
    return element.node.ad_hoc


def _interrupts(sub_process: Element) -> bool:
    nodes = sub_process.process.nodes
    return any(nodes[start].is_interrupting for start in sub_process.node.start_events)
