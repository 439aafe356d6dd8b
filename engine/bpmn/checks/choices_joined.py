"""Parallel joins behind a choice: a join that wants two ways, of which a token takes but one, waits for ever."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from engine.bpmn.compensation import undoes
from engine.bpmn.drawing import event_kind, is_event_sub_process, is_interrupting
from engine.bpmn.event_definitions import definition_elements
from engine.bpmn.names import FLOW_NODES, bpmn, local_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

    from engine.bpmn.drawing import Drawing

_CHOICES = ("exclusiveGateway", "eventBasedGateway")
_JOINS = ("parallelGateway", "inclusiveGateway")
Way = tuple[str | None, str]  # the sequence flow, none for a way no flow draws, and the node it leads to


def check(drawing: Drawing) -> None:
    """Report a parallel join of which two flows are reached only from one choice, and never both at once.

    Where a choice may be met by a second token, which may take the other way, nothing is said.
    """
    for scope in drawing.scopes():
        if local_name(scope) != "adHocSubProcess":  # there every element may be begun: `ad_hoc_joins`
            _Paths(drawing, scope).report()


class _Paths:
    """The ways of one scope: along flows, to boundary events, from a link to where it goes on."""

    def __init__(self, drawing: Drawing, scope: etree._Element) -> None:
        self._drawing = drawing
        self._nodes = {each.get("id", ""): each for each in scope if local_name(each) in FLOW_NODES}
        self._boundaries: dict[str | None, list[etree._Element]] = {}
        for event in scope.findall(bpmn("boundaryEvent")):
            self._boundaries.setdefault(event.get("attachedToRef"), []).append(event)
        self._catchers: dict[str | None, list[str]] = {}
        for event in scope.findall(bpmn("intermediateCatchEvent")):
            if event_kind(event) == "link":
                self._catchers.setdefault(_link(event), []).append(event.get("id", ""))
        self._ways = {key: list(self._ways_from(node)) for key, node in self._nodes.items()}

    def report(self) -> None:
        """Report every join that waits in vain, with the choice that is to blame."""
        joins = [key for key, node in self._nodes.items() if self._is_join(node, "parallelGateway")]
        choices = {key: self._alternatives(node) for key, node in self._nodes.items()} if joins else {}
        for join in joins:
            for choice, alternatives in choices.items():
                flows = self._never_both(choice, alternatives, join)
                if flows and not self._is_met_twice(choice):
                    node = self._nodes[join]
                    self._drawing.report("join-of-a-choice", node, id=join, choice=choice, flows=", ".join(flows))
                    break

    def _never_both(self, choice: str, alternatives: list[list[Way]], join: str) -> tuple[str, str] | None:
        """Return two flows into the join that need two alternatives of the choice."""
        if len(alternatives) < 2:
            return None
        ends = (choice, join)
        taken = [self._reached(ways, ends) for ways in alternatives]
        if any(choice in nodes and join in nodes for nodes, _ in taken):
            return None  # behind a fork one token may wait at the join while another chooses again
        otherwise = self._reached(((None, key) for key in self._begins()), ends)[1]
        mine = [flow.get("id", "") for flow in self._drawing.into(self._nodes[join])]
        flows = [each for each in mine if each not in otherwise and any(each in found for _, found in taken)]
        return next(
            (pair for pair in combinations(flows, 2) if not any(found.issuperset(pair) for _, found in taken)), None
        )

    def _is_met_twice(self, choice: str) -> bool:
        """Tell whether two tokens may come to a choice: from a fork whose ways are not joined in one place before."""
        joins = [key for key, node in self._nodes.items() if key != choice and self._is_join(node, *_JOINS)]
        for key, node in self._nodes.items():
            if key == choice or not self._is_fork(node) or choice not in self._reached(self._ways[key], ())[0]:
                continue
            if all(choice in self._reached(self._ways[key], (join,))[0] for join in joins):
                return True
        return False

    def _alternatives(self, node: etree._Element) -> list[list[Way]]:
        """Return the ways of which a token takes one; a way may be several that are taken together."""
        ways = self._ways[node.get("id", "")]
        if local_name(node) in _CHOICES:
            return [[way] for way in ways]
        broken_off = {each.get("id", "") for each in self._boundaries.get(node.get("id"), []) if is_interrupting(each)}
        rest = [way for way in ways if way[1] not in broken_off]
        beside = [way for way in rest if way[0] is None]  # events that interrupt nothing come on top of each
        return [rest, *([way, *beside] for way in ways if way[1] in broken_off)]

    def _is_fork(self, node: etree._Element) -> bool:
        is_choice = local_name(node) in _CHOICES
        return not is_choice and any(len(ways) > 1 for ways in self._alternatives(node))

    def _is_join(self, node: etree._Element, *tags: str) -> bool:
        return local_name(node) in tags and len(self._drawing.into(node)) > 1

    def _begins(self) -> list[str]:
        """Return where tokens come from: what nothing leads to."""
        led_to = {target for ways in self._ways.values() for _, target in ways}
        apart = (each for each in self._nodes.values() if not undoes(each) and not is_event_sub_process(each))
        return [key for each in apart if (key := each.get("id", "")) not in led_to]

    def _ways_from(self, node: etree._Element) -> Iterable[Way]:
        for flow in self._drawing.out_of(node):
            if (target := flow.get("targetRef", "")) in self._nodes:
                yield flow.get("id", ""), target
        for event in self._boundaries.get(node.get("id"), []):
            yield None, event.get("id", "")
        if local_name(node) == "intermediateThrowEvent" and event_kind(node) == "link":
            yield from ((None, key) for key in self._catchers.get(_link(node), []))

    def _reached(self, ways: Iterable[Way], ends: tuple[str, ...]) -> tuple[set[str], set[str | None]]:
        """Return the nodes and the flows that are reached along these ways, going on behind none of the ends."""
        waiting, nodes, flows = list(ways), set[str](), set[str | None]()
        while waiting:
            flow, node = waiting.pop()
            flows.add(flow)
            if node not in nodes:
                nodes.add(node)
                waiting += [] if node in ends else self._ways[node]
        return nodes, flows


def _link(event: etree._Element) -> str | None:
    return definition_elements(event)[0].get("name")
