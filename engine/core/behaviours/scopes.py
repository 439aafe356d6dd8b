"""Scopes: processes, sub-processes and called processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core.graph import LoopCharacteristics
from engine.core.lifecycle import begin
from engine.core.model import CallFailed
from engine.core.texts import tell, under
from engine.core.variables import evaluate_name, visible
from engine.core.working import Element, Stuck, Working

if TYPE_CHECKING:
    from engine.core.graph import CalledElement
    from engine.json_values import JsonObject


def process(working: Working, element: Element) -> None:
    """Begin at the start event the command named (a token waits there), else at the none start event."""
    named = list(element.tokens)
    element.tokens.clear()
    for start in named or element.process.none_start_events(element.node.id):
        working.send(element, start)


def sub_process(working: Working, element: Element) -> None:
    """Begin at the none start event; an event sub-process that is entered again begins at its own start event."""
    starts = element.process.none_start_events(element.node.id)
    for start in element.node.start_events if element.node.is_event_sub_process else starts:
        working.send(element, start)


def call_activity(working: Working, element: Element) -> None:
    """Begin the called process under the call activity."""
    called = element.node.called
    if called is None:
        raise Stuck("call", tell("no-process", element=element.node.id))
    process_id = evaluate_name(working, called.process_id, visible(element))
    definitions = working.environment.definitions
    try:
        definition = definitions.called(
            process_id, caller=element.definition, binding=called.binding, version_tag=called.version_tag
        )
    except CallFailed as failure:
        raise Stuck("call", under(process_id, str(failure))) from failure
    found = definitions.get(definition)
    if not found.none_start_events(found.id):
        raise Stuck("call", tell("no-plain-start", process=process_id))
    handed_over = _handed_over(element, called)
    working.need_room(handed_over)
    root = working.create_process(definition, element)
    for name, value in handed_over.items():
        working.set_variable(root, name, value)
    begin(working, root)


def _handed_over(element: Element, called: CalledElement) -> JsonObject:
    """Return what the called process starts with; never the output list of a multi-instance under construction."""
    if not called.propagates_parent_variables:
        return dict(element.variables)
    loop = element.node.loop if element.is_loop_child else None
    hidden = loop.output_collection if isinstance(loop, LoopCharacteristics) else None
    return {name: value for name, value in visible(element).items() if name in element.variables or name != hidden}
