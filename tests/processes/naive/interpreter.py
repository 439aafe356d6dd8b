"""The rules: which moves are possible, and what each of them does.

Tokens lie on flows until an element takes them. A parallel gateway takes one from each of its flows as soon as all have
one; an inclusive one takes what is there when nothing else can move and no path leads from anything that lives to a
flow that has no token yet (paths are searched each time, also through boundary events and links). The oldest move goes
first; a scope in which nothing lives or moves any more is left at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tests.processes.naive import ad_hoc, calling, conditions, events, gateways, listeners, rounds, undoing
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
        state, root = State(now=now).born(self.drawing.process, 0, is_process=True)
        return self.settle(self.begin(state.assigned(root, variables), root))

    def complete(self, state: State, life_id: int, variables: Mapping[str, Any]) -> State:
        if state.lives[life_id].phase == "listening":
            return self.settle(listeners.answered(self, state, life_id, variables))
        return self.settle(self.leave(state, life_id, variables))

    def fail(self, state: State, life_id: int, code: str) -> State:
        """A worker or person throws an error at its task."""
        caught = events.throw(self, state, life_id, "error", code)
        return self.give_up(state, life_id) if caught is None else self.settle(caught)

    def give_up(self, state: State, life_id: int) -> State:
        """A worker has no retries left."""
        return state.changed(life_id, phase="stuck", stuck=state.lives[life_id].phase)

    def retry(self, state: State, life_id: int) -> State:
        """Do again what failed."""
        stuck = state.lives[life_id].stuck
        state = state.changed(life_id, phase="open", stuck="")
        if stuck == "leaving":
            return self.settle(self.leave(state, life_id))
        if stuck in ("work", "listening"):
            return state.changed(life_id, phase=stuck)
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
        if end is None:
            return self.settle(state)
        around = state.lives[end].parent
        state = state.ended(end)
        if self.element(state, around).ad_hoc is not None and not state.lives[around].is_part:
            state = ad_hoc.leave_if_over(self, state, around)
        return self.settle(state)

    def begin_parts(self, state: State, life_id: int, chosen: list[str], *, is_anew: bool) -> State:
        """Begin elements in an ad-hoc sub-process by hand."""
        for each in state.children(life_id) if is_anew else ():
            state = state.ended(each.id)
        return self.settle(ad_hoc.begin_parts(self, state, life_id, chosen))

    def assign(self, state: State, life_id: int, variables: Mapping[str, Any]) -> State:
        """Set variables from outside, where each is found."""
        return self.settle(state.merged(life_id, variables))

    def trigger(self, state: State, wait: Wait, variables: Mapping[str, Any]) -> State:
        return self.settle(events.happen(self, state, wait, variables))

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
        ends = list(self._ends(state))
        if ends:
            return ends
        if state.changes or state.fulfilled:
            return [Move(AT_ONCE, "look" if state.changes else "happen")]
        moves = [
            *(Move(each.id, "begin", life=each.id) for each in state.lives.values() if each.phase == "new"),
            *(Move(each.id, "enter", token=each.id) for each in state.tokens if not self._waits(each)),
            *self._full_gateways(state),
        ]
        if not moves and state.signals:
            return [Move(AT_ONCE, "signal")]
        return moves or self._inclusive_gateways(state)

    def fire(self, state: State, move: Move) -> State:
        if move.kind == "finish":
            return self._finish(state, state.lives[move.life])
        if move.kind == "begin":
            return self.begin(state, move.life)
        if move.kind == "look":
            return conditions.look(self, state)
        if move.kind == "happen":
            wait = next((each for each in state.waits if each.id == state.fulfilled[0]), None)
            state = replace(state, fulfilled=state.fulfilled[1:])
            return state if wait is None else events.happen(self, state, wait, {})
        if move.kind == "signal":
            return events.broadcast(self, replace(state, signals=state.signals[1:]), *state.signals[0])
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

    def _ends(self, state: State) -> Iterator[Move]:
        for life in state.lives.values():
            is_scope = self.drawing.elements[life.element].tag in SCOPES and not life.is_body
            if (is_scope or life.is_part) and life.phase == "open" and self._is_empty(state, life):
                yield Move(AT_ONCE, "finish", life=life.id)

    def _is_empty(self, state: State, life: Life) -> bool:
        return not state.children(life.id) and not any(each.scope == life.id for each in state.tokens)

    def _full_gateways(self, state: State) -> Iterator[Move]:
        for scope, gateway in self._gateways_with_tokens(state):
            oldest = gateways.oldest_tokens(state, scope, gateway)
            if self.drawing.waits_for_all(gateway) and len(oldest) == len(self.drawing.into[gateway]):
                yield Move(max(oldest.values()), "merge", life=scope, element=gateway)

    def _inclusive_gateways(self, state: State) -> list[Move]:
        """Those that nothing more can come to; when there is none, those that would wait for ever."""
        ready, stuck = [], []
        for scope, gateway in self._gateways_with_tokens(state):
            if not self.drawing.waits_for_possible(gateway):
                continue
            oldest = gateways.oldest_tokens(state, scope, gateway)
            merge = Move(min(oldest.values()), "merge", life=scope, element=gateway)
            if not gateways.more_may_come(self.drawing, state, scope, gateway):
                ready.append(merge)
            elif gateways.waits_in_a_circle(self.drawing, state, scope, gateway):
                stuck.append(merge)
        return ready or stuck

    def _gateways_with_tokens(self, state: State) -> set[tuple[int, str]]:
        return {(each.scope, each.target) for each in state.tokens if self._waits(each)}

    def _merge(self, state: State, scope: int, gateway: str) -> State:
        taken = set(gateways.oldest_tokens(state, scope, gateway).values())
        state = state.without_tokens(lambda each: each.id in taken)
        state, life_id = state.born(gateway, scope)
        return self.begin(state, life_id)

    # ---- entering

    def begin(self, state: State, life_id: int) -> State:
        life, element = state.lives[life_id], self.element(state, life_id)
        if element.loop is not None and life.counter is None:
            return rounds.begin(self, state, life_id, element)
        for target, source in element.inputs:
            state = state.assigned(life_id, {target: self.evaluate(source, state.seen_by(life_id))})
        return listeners.ask(self, state, life_id, listeners.START) or self.enter(state, life_id)

    def ask_first(self, state: State, life_id: int) -> State | None:
        """Let an event sub-process wait for its start listeners, if it has any."""
        return listeners.ask(self, state, life_id, listeners.START)

    def enter(self, state: State, life_id: int) -> State:
        """Go on after the start listeners."""
        life, element = state.lives[life_id], self.element(state, life_id)
        around = self.drawing.boundary[element.id] if life.counter is None else []
        for each in [*around, *self.drawing.handler_starts[element.id]]:
            state = self.arm(state, life_id, each)
        if conditions.takes_over(self, state, life_id):
            return state.changed(life_id, phase="held")
        state = state.changed(life_id, phase="open")
        acts = {
            "userTask": self._work,
            "serviceTask": self._work,
            "scriptTask": self._script,
            "process": self._scope,
            "subProcess": self._scope,
            "callActivity": self._call,
            "adHocSubProcess": self._ad_hoc,
            "intermediateCatchEvent": self._catch,
            "receiveTask": self._catch,
            "eventBasedGateway": self._first_event,
            "exclusiveGateway": self._first_true,
            "parallelGateway": self._all,
            "intermediateThrowEvent": self._throw,
            "endEvent": self._throw,
        }
        return acts.get(element.tag, self._pass)(state, life_id, element)

    def arm(self, state: State, owner: int, element: Element) -> State:
        wait = Wait(0, owner, element.id, element.event or "")
        seen = state.seen_by(owner)
        if element.time is not None and state.now is not None:
            kind, text = element.time
            repeats, _, every = self.evaluate(text, seen).rpartition("/")
            left = int(repeats[1:]) if len(repeats) > 1 else None
            due = state.now + events.hours(every)
            wait = replace(wait, due=due, left=left, every=every if kind == "Cycle" else None)
        elif element.named is not None:
            around = state.seen_by(state.lives[owner].parent) if element.tag == "boundaryEvent" else seen
            key = None if element.key is None else str(self.evaluate(element.key, around))
            wait = replace(wait, name=element.named, key=key)
        state = state.armed(wait)
        return conditions.at_once(self, state, state.waits[-1]) if wait.kind == "conditional" else state

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

    def _call(self, state: State, life_id: int, element: Element) -> State:
        return calling.call(self, state, life_id, element)

    def _ad_hoc(self, state: State, life_id: int, element: Element) -> State:
        return ad_hoc.begin(self, state, life_id, element)

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
        elif element.event == "signal":
            state = state.tell("sent", element.named or "")
            state = replace(state, signals=(*state.signals, (element.named or "", state.serial)))
        elif element.event == "compensate":
            return undoing.throw(self, state, life_id)
        elif element.event == "escalation":
            state = events.throw(self, state, life_id, "escalation", element.named) or state
        elif element.event == "error":
            caught = events.throw(self, state, life_id, "error", element.named)
            return state.changed(life_id, phase="stuck", stuck="entering") if caught is None else caught
        elif element.event == "terminate":
            scope = state.lives[life_id].parent
            return events.closed(self, state.died([life_id], "left"), scope)
        return self.leave(state, life_id) if life_id in state.lives else state

    # ---- leaving

    def leave(
        self, state: State, life_id: int, results: Mapping[str, Any] | None = None, take: list[Flow] | None = None
    ) -> State:
        life = state.lives[life_id]
        if life.is_part:
            return ad_hoc.close(self, state, life_id)
        if not life.has_given:
            state = self._give(state, life_id, results or {}).changed(life_id, has_given=True)
        return listeners.ask(self, state, life_id, listeners.END) or self.depart(state, life_id, take)

    def _give(self, state: State, life_id: int, results: Mapping[str, Any]) -> State:
        """Hand out what an activity or event brought, by its output mappings where it has some."""
        life, element = state.lives[life_id], self.element(state, life_id)
        state = ad_hoc.hand_over(state, life_id, element)
        if element.outputs or (element.tag, element.event) == ("boundaryEvent", "error"):
            state = state.assigned(life_id, results)
            given: dict[str, Any] = {}
            for target, source in element.outputs:
                given[target] = self.evaluate(source, {**state.seen_by(life_id), **given})
            return state.merged(life.parent if life.counter is None else life_id, given)
        return state.merged(life_id, results)

    def depart(self, state: State, life_id: int, take: list[Flow] | None = None) -> State:
        """Go on after the end listeners."""
        life, element = state.lives[life_id], self.element(state, life_id)
        if life.counter is not None:
            return rounds.leave(self, state, state.lives[life_id], element)
        if ad_hoc.is_part(self, state, life_id):
            return ad_hoc.close(self, state, life_id)
        if undoing.is_thrower(self, state, life.parent):
            return undoing.undone(self, state, life_id)
        flows = self.flows(state, life_id, element) if take is None else take
        if not flows and self.drawing.out_of[element.id]:
            return state.changed(life_id, phase="stuck", stuck="leaving")
        state = undoing.remember(self, state, life_id)
        return self.go_on(state.died([life_id], "left"), life.parent, element, flows)

    def flows(self, state: State, life_id: int, element: Element) -> list[Flow]:
        """Every flow without a condition or with a true one; the default only when there is none."""
        flows, seen = self.drawing.out_of[element.id], state.seen_by(life_id)
        if all(each.condition is None for each in flows):
            return flows
        plain = [each for each in flows if not each.is_default]
        true = [each for each in plain if each.condition is None or self.evaluate(each.condition, seen)]
        return true or [each for each in flows if each.is_default]

    def go_on(self, state: State, scope: int, element: Element, flows: list[Flow]) -> State:
        for flow in flows:
            state = state.moved(scope, flow.target, flow.id)
        if element.event == "link" and element.tag == "intermediateThrowEvent":
            state = state.moved(scope, self.drawing.link_target(element).id)
        return state

    def _finish(self, state: State, life: Life) -> State:
        if life.parent and life.is_process:
            return self.leave(state.died([life.id], "left"), life.parent, life.variables)
        if life.parent:
            return self.leave(state, life.id)
        return replace(state.died([life.id], "left"), end=life.variables)

    def own_variable(self, state: State, life_id: int) -> dict[str, Any]:
        """What is begun in a scope has of its own from the first."""
        return ad_hoc.own_variable(self, state, life_id)

    def is_undoing(self, state: State, life_id: int) -> bool:
        """Say whether this undoes something under a throw event."""
        return undoing.is_thrower(self, state, state.lives[life_id].parent)

    def element(self, state: State, life_id: int) -> Element:
        return self.drawing.elements[state.lives[life_id].element]
