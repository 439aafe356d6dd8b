"""The rules: which moves are possible, and what each of them does.

Tokens lie on flows until an element takes them. A parallel gateway takes one from each of its flows as soon as all have
one; an inclusive one takes what is there when nothing else can move and no path leads from anything that lives to a
flow that has no token yet (paths are searched each time, also through boundary events and links). The oldest move goes
first; a scope in which nothing lives or moves any more is left at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from tests.processes.naive import gateways
from tests.processes.naive.drawing import SCOPES, Drawing, Element, Flow
from tests.processes.naive.state import Life, State, Token, Wait

Evaluate = Callable[[str, Mapping[str, Any]], Any]
AT_ONCE = 0


class TooManyMoves(Exception):
    """The diagram runs in a circle without waiting."""


@dataclass(frozen=True, order=True)
class Move:
    """What can happen next: `rank` is the age of what it needs."""

    rank: int
    kind: str
    life: int = 0
    token: int = 0
    element: str = ""


class Naive:
    """Runs one diagram."""

    def __init__(self, drawing: Drawing, evaluate: Evaluate, *, most_moves: int = 400) -> None:
        self.drawing = drawing
        self.evaluate = evaluate
        self.most_moves = most_moves

    # ---- commands: each gives the next state in which everything waits

    def start(self, variables: Mapping[str, Any], now: datetime) -> State:
        state, root = State(now=now).born(self.drawing.process, 0)
        return self.settle(self.begin(state.assigned(root, variables), root))

    def complete(self, state: State, life_id: int, variables: Mapping[str, Any]) -> State:
        return self.settle(self.leave(state, life_id, variables))

    def fail(self, state: State, life_id: int, code: str) -> State:
        """A worker or person throws an error at its task."""
        caught = self.throw(state, life_id, "error", code)
        return self.give_up(state, life_id) if caught is None else self.settle(caught)

    def give_up(self, state: State, life_id: int) -> State:
        """A worker has no retries left."""
        return state.changed(life_id, phase="stuck", stuck="work")

    def retry(self, state: State, life_id: int) -> State:
        """Do again what failed."""
        stuck = state.lives[life_id].stuck
        state = state.changed(life_id, phase="open", stuck="")
        if stuck == "leaving":
            return self.settle(self.leave(state, life_id))
        if stuck == "work":
            return state.changed(life_id, phase="work")
        return self.settle(self.begin(state, life_id))

    def modify(self, state: State, begin: tuple[int, str] | None, end: int | None) -> State | None:
        """Begin an element in a scope by hand, then end something that lives; None: that would leave tokens alone."""
        if gateways.leaves_alone(self.drawing, state, begin, end):
            return None
        if begin is not None:
            scope, element_id = begin
            taken = set(gateways.oldest_tokens(state, scope, element_id).values())
            state = state.without_tokens(lambda each: each.id in taken)
            state, _ = state.born(element_id, scope)
        return self.settle(state if end is None else state.ended(end))

    def trigger(self, state: State, wait: Wait, variables: Mapping[str, Any]) -> State:
        return self.settle(self.happen(state, wait, variables))

    def settle(self, state: State) -> State:
        for _ in range(self.most_moves):
            moves = self.enabled(state)
            if not moves:
                return state
            state = self.fire(state, min(moves))
        raise TooManyMoves

    # ---- the two halves

    def enabled(self, state: State) -> list[Move]:
        """All moves that are possible now."""
        moves = [
            *self._begins_and_ends(state),
            *(Move(each.id, "enter", token=each.id) for each in state.tokens if not self._waits(each)),
            *self._full_gateways(state),
        ]
        return moves or list(self._inclusive_gateways(state))

    def fire(self, state: State, move: Move) -> State:
        if move.kind == "finish":
            return self._finish(state, state.lives[move.life])
        if move.kind == "begin":
            return self.begin(state, move.life)
        if move.kind == "merge":
            return self._merge(state, move.life, move.element)
        token = next(each for each in state.tokens if each.id == move.token)
        state = state.without_tokens(lambda each: each is token)
        state, life_id = state.born(token.target, token.scope)
        return self.begin(state, life_id)

    # ---- what is enabled

    def _waits(self, token: Token) -> bool:
        if token.flow is None:
            return False
        return self.drawing.waits_for_all(token.target) or self.drawing.waits_for_possible(token.target)

    def _begins_and_ends(self, state: State) -> Iterator[Move]:
        for life in state.lives.values():
            if life.phase == "new":
                yield Move(life.id, "begin", life=life.id)
            is_scope = self.drawing.elements[life.element].tag in SCOPES and not life.is_body
            if is_scope and life.phase == "open" and self._is_empty(state, life):
                yield Move(AT_ONCE, "finish", life=life.id)

    def _is_empty(self, state: State, life: Life) -> bool:
        return not state.children(life.id) and not any(each.scope == life.id for each in state.tokens)

    def _full_gateways(self, state: State) -> Iterator[Move]:
        for scope, gateway in self._gateways_with_tokens(state):
            oldest = gateways.oldest_tokens(state, scope, gateway)
            if self.drawing.waits_for_all(gateway) and len(oldest) == len(self.drawing.into[gateway]):
                yield Move(max(oldest.values()), "merge", life=scope, element=gateway)

    def _inclusive_gateways(self, state: State) -> Iterator[Move]:
        for scope, gateway in self._gateways_with_tokens(state):
            oldest = gateways.oldest_tokens(state, scope, gateway)
            waits = self.drawing.waits_for_possible(gateway)
            if waits and not gateways.more_may_come(self.drawing, state, scope, gateway):
                yield Move(min(oldest.values()), "merge", life=scope, element=gateway)

    def _gateways_with_tokens(self, state: State) -> set[tuple[int, str]]:
        return {(each.scope, each.target) for each in state.tokens if self._waits(each)}

    def _merge(self, state: State, scope: int, gateway: str) -> State:
        taken = set(gateways.oldest_tokens(state, scope, gateway).values())
        state = state.without_tokens(lambda each: each.id in taken)
        state, life_id = state.born(gateway, scope)
        return self.begin(state, life_id)

    # ---- entering

    def begin(self, state: State, life_id: int) -> State:
        life, element = state.lives[life_id], self._element(state, life_id)
        if element.loop is not None and life.counter is None:
            return self._begin_rounds(state, life_id, element)
        for target, source in element.inputs:
            state = state.assigned(life_id, {target: self.evaluate(source, state.seen_by(life_id))})
        around = self.drawing.boundary[element.id] if life.counter is None else []
        for each in [*around, *self.drawing.handler_starts[element.id]]:
            state = self.arm(state, life_id, each)
        state = state.changed(life_id, phase="open")
        acts = {
            "userTask": self._work,
            "serviceTask": self._work,
            "scriptTask": self._script,
            "process": self._scope,
            "subProcess": self._scope,
            "intermediateCatchEvent": self._catch,
            "receiveTask": self._catch,
            "eventBasedGateway": self._first_event,
            "exclusiveGateway": self._first_true,
            "parallelGateway": self._all,
            "intermediateThrowEvent": self._throw,
            "endEvent": self._throw,
        }
        return acts.get(element.tag, self._pass)(state, life_id, element)

    def _begin_rounds(self, state: State, life_id: int, element: Element) -> State:
        loop = element.loop or {}
        items = tuple(self.evaluate(loop["inputCollection"], state.seen_by(life_id)))
        state = state.changed(life_id, phase="open", is_body=True, items=items)
        if "outputCollection" in loop:
            state = state.assigned(life_id, {loop["outputCollection"]: [None] * len(items)})
        for _ in items[:1] if loop["one_by_one"] else items:
            state = self._next_round(state, life_id)
        for each in self.drawing.boundary[element.id]:
            state = self.arm(state, life_id, each)
        return state if items else self._leave_body(state, life_id)

    def _next_round(self, state: State, body_id: int) -> State:
        body, element = state.lives[body_id], self._element(state, body_id)
        state = state.changed(body_id, begun=body.begun + 1)
        local = {"loopCounter": body.begun + 1}
        if "inputElement" in (element.loop or {}):
            local[(element.loop or {})["inputElement"]] = body.items[body.begun]
        state, _ = state.born(element.id, body_id, counter=body.begun + 1, variables=local)
        return state

    def arm(self, state: State, owner: int, element: Element) -> State:
        wait = Wait(0, owner, element.id, element.event or "")
        seen = state.seen_by(owner)
        if element.time is not None and state.now is not None:
            kind, text = element.time
            repeats, _, every = self.evaluate(text, seen).rpartition("/")
            left = int(repeats[1:]) if len(repeats) > 1 else None
            due = state.now + _hours(every)
            wait = replace(wait, due=due, left=left, every=every if kind == "Cycle" else None)
        elif element.named is not None:
            key = None if element.key is None else str(self.evaluate(element.key, seen))
            wait = replace(wait, name=element.named, key=key)
        return state.armed(wait)

    # ---- one method for each tag that does more than pass

    def _pass(self, state: State, life_id: int, element: Element) -> State:
        return self.leave(state, life_id)

    def _work(self, state: State, life_id: int, element: Element) -> State:
        return state.changed(life_id, phase="work")

    def _script(self, state: State, life_id: int, element: Element) -> State:
        text, target = element.script or ("", "")
        return self.leave(state, life_id, {target: self.evaluate(text, state.seen_by(life_id))})

    def _scope(self, state: State, life_id: int, element: Element) -> State:
        [begin] = [each for each in self.drawing.starts[element.id] if each.event is None]
        return state.moved(life_id, begin.id)

    def _catch(self, state: State, life_id: int, element: Element) -> State:
        return self.leave(state, life_id) if element.event in (None, "link") else self.arm(state, life_id, element)

    def _first_event(self, state: State, life_id: int, element: Element) -> State:
        for flow in self.drawing.out_of[element.id]:
            state = self.arm(state, life_id, self.drawing.elements[flow.target])
        return state

    def _first_true(self, state: State, life_id: int, element: Element) -> State:
        seen, flows = state.seen_by(life_id), self.drawing.out_of[element.id]
        true = [each for each in flows if each.condition and self.evaluate(each.condition, seen)]
        taken = true or [each for each in flows if not each.condition]
        return self.leave(state, life_id, take=taken[:1])

    def _all(self, state: State, life_id: int, element: Element) -> State:
        return self.leave(state, life_id, take=self.drawing.out_of[element.id])

    def _throw(self, state: State, life_id: int, element: Element) -> State:
        if element.event == "message":
            state = state.tell("sent", element.named or "")
        elif element.event == "escalation":
            state = self.throw(state, life_id, "escalation", element.named) or state
        elif element.event == "error":
            caught = self.throw(state, life_id, "error", element.named)
            return state.changed(life_id, phase="stuck", stuck="entering") if caught is None else caught
        elif element.event == "terminate":
            scope = state.lives[life_id].parent
            return state.died([life_id], "left").emptied(scope)
        return self.leave(state, life_id) if life_id in state.lives else state

    # ---- leaving

    def leave(
        self, state: State, life_id: int, results: Mapping[str, Any] | None = None, take: list[Flow] | None = None
    ) -> State:
        life, element = state.lives[life_id], self._element(state, life_id)
        if element.outputs:
            state = state.assigned(life_id, results or {})
            given: dict[str, Any] = {}
            for target, source in element.outputs:
                given[target] = self.evaluate(source, {**state.seen_by(life_id), **given})
            state = state.merged(life.parent, given)
        else:
            state = state.merged(life_id, results or {})
        if life.counter is not None:
            return self._leave_round(state, state.lives[life_id], element)
        flows = self._flows(state, life_id, element) if take is None else take
        return self._go_on(state.died([life_id], "left"), life.parent, element, flows)

    def _flows(self, state: State, life_id: int, element: Element) -> list[Flow]:
        """Every flow without a condition or with a true one; the default only when there is none."""
        flows, seen = self.drawing.out_of[element.id], state.seen_by(life_id)
        if all(each.condition is None for each in flows):
            return flows
        plain = [each for each in flows if not each.is_default]
        true = [each for each in plain if each.condition is None or self.evaluate(each.condition, seen)]
        return true or [each for each in flows if each.is_default]

    def _go_on(self, state: State, scope: int, element: Element, flows: list[Flow]) -> State:
        for flow in flows:
            state = state.moved(scope, flow.target, flow.id)
        if element.event == "link" and element.tag == "intermediateThrowEvent":
            state = state.moved(scope, self.drawing.link_target(element).id)
        return state

    def _leave_round(self, state: State, life: Life, element: Element) -> State:
        loop, seen, body = element.loop or {}, state.seen_by(life.id), state.lives[life.parent]
        value = self.evaluate(loop["outputElement"], seen) if "outputElement" in loop else None
        figures = {
            "numberOfInstances": len(body.items),
            "numberOfActiveInstances": len(state.children(body.id)) - 1,
            "numberOfCompletedInstances": body.finished + 1,
            "numberOfTerminatedInstances": 0,
        }
        is_enough = loop["until"] is not None and self.evaluate(loop["until"], {**seen, **figures})
        if "outputCollection" in loop and _is_overwritten(body.variables[loop["outputCollection"]], life):
            return state.changed(life.id, phase="stuck", stuck="leaving")
        state = state.died([life.id], "left").changed(body.id, finished=body.finished + 1)
        if "outputCollection" in loop:
            values = list(state.lives[body.id].variables[loop["outputCollection"]])
            values[(life.counter or 0) - 1] = value
            state = state.assigned(body.id, {loop["outputCollection"]: values})
        if is_enough:
            return self._leave_body(state.emptied(body.id), body.id)
        if loop["one_by_one"] and body.begun < len(body.items):
            return self._next_round(state, body.id)
        return self._leave_body(state, body.id) if body.finished + 1 == len(body.items) else state

    def _leave_body(self, state: State, body_id: int) -> State:
        body, element = state.lives[body_id], self._element(state, body_id)
        name = (element.loop or {}).get("outputCollection")
        if name is not None:
            state = state.merged(body.parent, {name: body.variables[name]})
        flows = self._flows(state, body_id, element)
        return self._go_on(state.died([body_id], "left"), body.parent, element, flows)

    def _finish(self, state: State, life: Life) -> State:
        if life.parent:
            return self.leave(state, life.id)
        return replace(state.died([life.id], "left"), end=life.variables)

    # ---- events

    def throw(self, state: State, life_id: int, kind: str, code: str | None) -> State | None:
        """Look outwards for who catches it: event sub-processes before boundaries, a named code before any code."""
        for life in state.outwards(life_id):
            catching = [each for each in state.waits if each.owner == life.id and each.kind == kind]
            catching = [each for each in catching if each.name in (None, code)]
            if catching:
                return self.happen(state, min(catching, key=self._nearness), {})
        return None

    def _nearness(self, wait: Wait) -> tuple[bool, bool, int]:
        return self.drawing.elements[wait.element].tag == "boundaryEvent", wait.name is None, wait.id

    def happen(self, state: State, wait: Wait, variables: Mapping[str, Any]) -> State:
        element, owner = self.drawing.elements[wait.element], state.lives[wait.owner]
        if element.tag == "startEvent":
            return self._start_handler(state, wait, element, variables)
        if element.tag == "boundaryEvent":
            state = state.ended(owner.id) if element.interrupts else self._again(state, wait)
        elif self._element(state, owner.id).tag == "eventBasedGateway":
            [flow] = [each for each in self.drawing.out_of[owner.element] if each.target == element.id]
            state = state.died([owner.id], "left").tell("flow", flow.id)
        else:
            return self.leave(state.without_waits(lambda each: each is wait), owner.id, variables)
        state, event_id = state.born(element.id, owner.parent, phase="open")
        return self.leave(state, event_id, variables)

    def _start_handler(self, state: State, wait: Wait, element: Element, variables: Mapping[str, Any]) -> State:
        scope = state.lives[wait.owner]
        state = state.changed(scope.id, phase="open", stuck="")  # it may have been stuck on its way out
        if element.interrupts:
            starts = {each.id for each in self.drawing.handler_starts[scope.element]}
            state = state.emptied(scope.id)
            state = state.without_waits(lambda each: each.owner == scope.id and each.element in starts)
        else:
            state = self._again(state, wait)
        state, handler = state.born(element.inside, scope.id, phase="open")
        state, event_id = state.born(element.id, handler, phase="open")
        state = self.leave(state, event_id, variables)
        for each in self.drawing.handler_starts[element.inside]:  # they may read what the start event handed over
            state = self.arm(state, handler, each)
        return state

    def _again(self, state: State, wait: Wait) -> State:
        """A timer that fired is over, or waits for its next time; everything else goes on waiting."""
        if wait.due is None or state.now is None:
            return state
        state = state.without_waits(lambda each: each is wait)
        if wait.every is None or wait.left == 1:
            return state
        due = wait.due + _hours(wait.every)
        while due <= state.now:
            due += _hours(wait.every)
        return state.armed(replace(wait, due=due, left=None if wait.left is None else wait.left - 1))

    def _element(self, state: State, life_id: int) -> Element:
        return self.drawing.elements[state.lives[life_id].element]


def _hours(text: str) -> timedelta:
    """These diagrams count in hours: PT3H."""
    return timedelta(hours=int(text.removeprefix("PT").removesuffix("H")))


def _is_overwritten(collected: Any, life: Life) -> bool:
    return not isinstance(collected, list) or len(collected) < (life.counter or 0)
