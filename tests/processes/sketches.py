"""Random diagrams with scopes: sub-processes, called processes, events that interrupt or join in, compensation."""

from __future__ import annotations

from random import Random

from tests.processes import diagrams as draw
from tests.processes.flow_sketches import FLOWS, PLAIN, TANGLES, WILD, Edge, FlowSketch, Node

BLOCKS = (
    *FLOWS,
    "scope",
    "call",
    "free",
    "guard",
    "handler",
    "bail",
    "stop",
    "undo",
    "undo",
    "listen",
    "hear",
    "notice",
)

__all__ = ["BLOCKS", "PLAIN", "TANGLES", "WILD", "sketch"]


class Sketch(FlowSketch):
    """A diagram under construction."""

    def grow_scope(self, edge: Edge, choices: Random) -> None:
        loop = self._loop(choices) if choices.random() < 0.3 else ""
        local = draw.mappings({"x": "=x"}, {"x": "=x"}) if choices.random() < 0.3 else ""
        name = self._node("S", edge.scope, lambda node: draw.sub_process(node, local, loop, "{}"))
        self._insert(edge, self._guarded(name))
        self.scopes.append(name)
        self.hosts[name] = name
        self._body(name)

    def grow_free(self, edge: Edge, choices: Random) -> None:
        """Draw an ad-hoc sub-process of two chains."""
        ids = [f"u{next(self.numbers)}" for _ in range(3)]
        outs, loop = f"outs{next(self.numbers)}", self._loop(choices) if choices.random() < 0.15 else ""
        heads = [f'"{each}"' for each in ids[::2]]
        chosen = choices.choice([[], heads, heads, heads[:1], [heads[0], *heads]])
        active = choices.choice([f"=[{','.join(chosen)}]", "=adHocSubProcessElements.elementId"])
        until = choices.choice([None, None, "=x<4", f"=count({outs})>=2"])
        result = choices.choice(["=x+0", "=y"])
        collects = {"output": outs, "result": result, "condition": until}
        drawn = collects if until or choices.random() < 0.5 else {}
        waits = {"cancelRemainingInstances": "false"} if choices.random() < 0.3 else {}
        name = self._node("F", edge.scope, lambda node: draw.ad_hoc(node, active, loop, "{}", **drawn, **waits))
        self._insert(edge, self._guarded(name))
        self.free.add(name)
        for each in ids:
            self.nodes[each] = Node(draw.user(each), name)
            self._guarded(each)
        self.edges.append(Edge(ids[0], ids[1], name, self._new_region()))

    def grow_call(self, edge: Edge, choices: Random) -> None:
        """Call another process."""
        loop = self._loop(choices) if choices.random() < 0.3 else ""
        local = draw.mappings({"x": "=x"}, {"x": "=x"}) if choices.random() < 0.3 else ""
        process = f"Q{next(self.numbers)}"
        name = self._node("A", edge.scope, lambda node: draw.call(node, process, local, loop))
        self._insert(edge, self._guarded(name))
        self.scopes.append(process)
        self.called.append(process)
        self.hosts[process] = name
        self._body(process)

    def grow_listen(self, edge: Edge, choices: Random) -> None:
        """Let something be asked about before it begins, or before it is left."""
        able = [name for name in self.nodes if name[0] in "utcSAFXhw" and name not in self.heard]
        if not able:
            return
        name = choices.choice(able)
        self.heard.add(name)
        drawn = choices.choice([["start:l1"], ["end:l1"], ["start:l1", "end:l1"], ["start:l1", "start:l2", "end:l1"]])
        self.nodes[name].text = self.nodes[name].text.replace(">", f">{draw.listeners(*drawn)}", 1)

    def grow_undo(self, edge: Edge, choices: Random) -> None:
        """Let an activity be undone, and throw what undoes it or all of a scope."""
        able = [each for each in self.guarded if each not in self.undoable and each not in self.handlers]
        if able:
            host = choices.choice(able)
            scope, event = self.nodes[host].scope, f"b{next(self.numbers)}"
            handler = self._handler(scope, choices)
            self.nodes[event] = Node(
                draw.boundary(event, host, draw.compensate()) + draw.association(event, handler), scope
            )
            self.handlers.add(handler)
            self.undoable.append(host)
        named = choices.choice([None, *self._reached(edge.scope)])
        self._insert(edge, self._node("w", edge.scope, lambda name: draw.throw(name, draw.compensate(named))))

    def _handler(self, scope: str, choices: Random) -> str:
        """Draw what undoes something: a user task, or a sub-process in which again something can be undone."""
        if choices.random() < 0.7:
            return self._node("h", scope, lambda name: draw.user(name, isForCompensation="true"))
        name = self._node("h", scope, lambda name: draw.element("subProcess", name, "{}", isForCompensation="true"))
        self.scopes.append(name)
        self._body(name)
        return name

    def _reached(self, scope: str) -> list[str]:
        """What a compensation event there may name, in its scope and around event sub-processes."""
        inside = [each for each in self.nodes if self.nodes[each].scope == scope]
        found = [each for each in inside if each in self.undoable or self._holds_undoable(each)]
        return found + (self._reached(self.nodes[scope].scope) if scope in self.begun_by else [])

    def _holds_undoable(self, name: str) -> bool:
        is_activity = name in self.free or (self.hosts.get(name) == name and name not in self.begun_by)
        inside = [each for each in self.nodes if self.nodes[each].scope == name]
        return is_activity and any(each in self.undoable or self._holds_undoable(each) for each in inside)

    def grow_guard(self, edge: Edge, choices: Random) -> None:
        """Attach a boundary event; an interrupting one leads back into the region of its activity."""
        if not self.guarded:
            return
        host, (definition, interrupting) = choices.choice(self.guarded), self._event(choices)
        if host in self.scopes or "escalation" not in definition:  # a task throws none
            self._guard(host, definition, interrupting)

    def _may_catch(self, place: str, definition: str) -> bool:
        """Note that an event is caught in a place; say whether it was not yet."""
        if "timer" in definition:
            return True
        is_new = (place, definition) not in self.caught
        self.caught.add((place, definition))
        return is_new

    def _guard(self, host: str, definition: str, interrupting: bool) -> None:
        if not self._may_catch(host, definition):
            return
        after = next((each for each in self.edges if each.source == host and not each.is_fixed), None)
        if after is None:
            return
        name = self._node(
            "q", after.scope, lambda node: draw.boundary(node, host, definition, interrupting=interrupting)
        )
        user = self._user(after.scope)
        if interrupting:
            merge = self._gateway("m", after)
            self._insert(after, merge)
            self._connect(after, user, merge)
        else:
            end = draw.task if after.scope in self.free else draw.end
            self._connect(after, user, self._node("e", after.scope, end), region=self._new_region())
        self._connect(after, name, user, region=after.region if interrupting else self.edges[-1].region)

    def grow_hear(self, edge: Edge, choices: Random) -> None:
        """Throw a signal, and let something that may be running by then listen to it."""
        name = choices.choice(["G1", "G2"])
        if self._may_throw(edge.scope, draw.signal(name)):
            self._insert(edge, self._node("w", edge.scope, lambda node: draw.throw(node, draw.signal(name))))
        if choices.random() < 0.5:
            self._guard(choices.choice(self.guarded), draw.signal(name), choices.random() < 0.5)
        else:
            self._attend(choices.choice(self.scopes), (draw.signal(name), choices.random() < 0.5), choices)

    def grow_notice(self, edge: Edge, choices: Random) -> None:
        """Let a condition at something be true from the beginning now and then, and come true later."""
        definition = draw.conditional(choices.choice(["=x>1", "=x<4", "=x>3"]))
        self._guard(choices.choice(self.guarded), definition, choices.random() < 0.6)

    def grow_handler(self, edge: Edge, choices: Random) -> None:
        """Add an event sub-process to a scope."""
        self._attend(choices.choice([*self.scopes, *sorted(self.free)]), self._event(choices), choices)

    def _attend(self, scope: str, event: tuple[str, bool], choices: Random) -> None:
        definition, interrupting = event
        if not self._may_catch(f"in {scope}", definition):
            return
        attributes = {} if interrupting else draw.NOT_INTERRUPTING
        name = self._node("X", scope, lambda node: draw.event_sub_process(node, "{}"))
        self.begun_by[name] = definition
        self.scopes.append(name)
        drawn = draw.mappings({}, {"n": "=n+1"}) if choices.random() < 0.3 else ""
        start = self._node("x", name, lambda node: draw.start(node, definition, drawn, **attributes))
        user, end = self._user(name), self._node("e", name, draw.end)
        region = self._new_region()
        self.leaves_early.add(region)
        self.edges += [Edge(start, user, name, region), Edge(user, end, name, region)]

    def grow_bail(self, edge: Edge, choices: Random) -> None:
        """Let a token anywhere in a sub-process end in an error that its boundary catches, in its place."""
        scopes = [each for each in self.scopes if each in self.hosts]
        if scopes:
            scope, code = choices.choice(scopes), f"X{next(self.numbers)}"
            self._end_instead(scope, draw.error(code), choices)
            self._guard(self.hosts[scope], draw.error(code), True)

    def grow_stop(self, edge: Edge, choices: Random) -> None:
        """Let a token anywhere end its scope."""
        if edge.scope in self.free:
            return
        self._end_instead(edge.scope, draw.terminate(), choices)

    def _end_instead(self, scope: str, definition: str, choices: Random) -> None:
        edge = choices.choice([each for each in self.edges if each.scope == scope and not each.is_fixed])
        gate, end = self._gateway("g", edge), self._node("e", scope, lambda name: draw.end(name, definition))
        self._insert(edge, gate)
        self.edges[-1].mark = "[*]"
        self._connect(edge, gate, end, mark=f"[=x>{choices.randint(2, 4)}]")

    def _event(self, choices: Random) -> tuple[str, bool]:
        """An event that may interrupt, and whether it does."""
        kind = choices.choice(["timer", "cycle", "message", "error", "error", "escalation", "signal", "conditional"])
        interrupting = kind == "error" or (kind != "cycle" and choices.random() < 0.5)
        definition = {
            "timer": draw.duration(f"PT{choices.randint(1, 3)}H"),
            "cycle": draw.cycle(f"R2/PT{choices.randint(1, 2)}H"),
            "message": draw.message("N"),
            "error": draw.error(choices.choice(["X1", "X2", None])),
            "escalation": draw.escalation(choices.choice(["E1", "E2", None])),
            "signal": draw.signal(choices.choice(["G1", "G2"])),
            "conditional": draw.conditional(choices.choice(["=x>3", "=x=2", "=n>1", "=y>0"])),
        }
        return definition[kind], interrupting


def sketch(operations, choices: Random) -> bytes:
    """Draw a diagram by these rewritings, in this order."""
    drawn = Sketch()
    for operation in operations:
        drawn.grow(operation, choices)
    return drawn.xml()
