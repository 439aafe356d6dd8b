"""Random diagrams, grown from `start > user task > end` by rewriting one flow at a time.

A rewriting keeps the number of tokens in a region of the diagram: the branches of a parallel or inclusive block are
regions of their own, choices, loops and jumps stay within one. So a jump may lead from one branch of a choice into
another, over merges and back, and the whole stays sound though it is no longer made of blocks. `WILD` rewritings keep
nothing; both implementations must still do the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from random import Random

from tests.processes import diagrams as draw

PLAIN = ("user", "task", "choice", "both")
TASKS = ("script", "mapped", "many", "catch", "throw", "link")
FLOWS = (*PLAIN, *TASKS, "some", "loop", "events")
TANGLES = ("jump", "jump", "leave")
WILD = ("ending", "tangle", "join", "clash", "narrow")


@dataclass
class Edge:
    source: str
    target: str
    scope: str
    region: int
    mark: str = ""
    is_fixed: bool = False  # between an event gateway and its events


@dataclass
class Node:
    text: str  # with a place for what belongs inside
    scope: str
    inside: str = ""


class FlowSketch:
    """A diagram under construction, by what is drawn within one scope."""

    def __init__(self) -> None:
        self.numbers = count(1)
        self.nodes: dict[str, Node] = {}
        self.edges: list[Edge] = []
        self.regions: dict[int, str] = {}
        self.leaves_early: set[int] = set()  # regions that a token may end in
        self.guarded: list[str] = []  # activities a boundary event may be attached to
        self.scopes: list[str] = [""]
        self.hosts: dict[str, str] = {}  # a scope -> the activity that it is, or that calls it
        self.called: list[str] = []
        self.free: set[str] = set()  # ad-hoc sub-processes, which hold no end event
        self.undoable: list[str] = []  # activities with a compensation event
        self.handlers: set[str] = set()
        self.heard: set[str] = set()  # what has listeners
        self.begun_by: dict[str, str] = {}  # an event sub-process -> its event
        self.caught: set[tuple[str, str]] = set()  # place, event: no two events of one place wait for the same
        self._body("")

    # ---- growing

    def grow(self, operation: str, choices: Random) -> None:
        free = [each for each in self.edges if not each.is_fixed]
        getattr(self, f"grow_{operation}")(choices.choice(free), choices)

    def grow_user(self, edge: Edge, choices: Random) -> None:
        self._insert(edge, self._user(edge.scope))

    def grow_task(self, edge: Edge, choices: Random) -> None:
        self._insert(edge, self._node("t", edge.scope, draw.task))

    def grow_script(self, edge: Edge, choices: Random) -> None:
        self._insert(edge, self._node("c", edge.scope, lambda name: draw.script(name, "=n+1", "n")))

    def grow_mapped(self, edge: Edge, choices: Random) -> None:
        drawn = draw.mappings({"y": "=n+x"}, {"n": "=y+1", "x": "=x"})
        self._insert(edge, self._guarded(self._node("u", edge.scope, lambda name: draw.user(name, drawn))))

    def grow_many(self, edge: Edge, choices: Random) -> None:
        name = self._node("u", edge.scope, lambda name: draw.user(name, self._loop(choices)))
        self._insert(edge, self._guarded(name))

    def grow_catch(self, edge: Edge, choices: Random) -> None:
        name = self._catch(edge.scope, choices, signal=choices.choice(["G1", "G2"]), limit=choices.randint(1, 5))
        self._insert(edge, name)

    def grow_throw(self, edge: Edge, choices: Random) -> None:
        thrown = [draw.escalation("E1"), draw.escalation("E2"), draw.signal("G1"), draw.signal("G2")]
        what = choices.choice([draw.message("OUT"), *(each for each in thrown if self._may_throw(edge.scope, each))])
        self._insert(edge, self._node("w", edge.scope, lambda name: draw.throw(name, what)))

    def grow_link(self, edge: Edge, choices: Random) -> None:
        joins = [each for each in self.nodes if each[0] == "j" and self.nodes[each].scope == edge.scope]
        if edge.scope in self.free and joins:  # its catch event can be begun by itself: one token for the join
            return
        name = f"L{next(self.numbers)}"
        thrower = self._node("w", edge.scope, lambda node: draw.throw(node, draw.link(name)))
        catcher = self._node("k", edge.scope, lambda node: draw.catch(node, draw.link(name)))
        self.edges.append(Edge(catcher, edge.target, edge.scope, edge.region))
        edge.target = thrower

    def grow_choice(self, edge: Edge, choices: Random) -> None:
        split, merge = self._gateway("g", edge), self._gateway("m", edge)
        self._insert(edge, split, merge)
        self._arms(edge, (split, merge), choices, [edge.region] * choices.randint(2, 3), marked=True)

    def grow_both(self, edge: Edge, choices: Random) -> None:
        split = self._node("p", edge.scope, draw.parallel)
        join = self._node("j", edge.scope, draw.parallel)
        self._insert(edge, split, join)
        self._arms(edge, (split, join), choices, self._new_regions(choices), marked=False)

    def grow_some(self, edge: Edge, choices: Random) -> None:
        split = self._node("o", edge.scope, draw.inclusive)
        join = self._node("i", edge.scope, draw.inclusive)
        self._insert(edge, split, join)
        regions = self._new_regions(choices)
        if edge.region in self.leaves_early:  # all arms may leave, and then nothing comes out of the block
            self.leaves_early.update(regions)
        self._arms(edge, (split, join), choices, regions, marked=True)

    def grow_loop(self, edge: Edge, choices: Random) -> None:
        merge, user, gate = self._gateway("m", edge), self._user(edge.scope), self._gateway("g", edge)
        self._insert(edge, merge, gate)
        self.edges[-1].mark = "[*]"
        self._connect(edge, merge, user)
        self._connect(edge, user, gate)
        self._connect(edge, gate, merge, mark=f"[=x>{choices.randint(2, 4)}]")

    def grow_events(self, edge: Edge, choices: Random) -> None:
        gateway = self._node("v", edge.scope, draw.event_gateway)
        merge = self._gateway("m", edge)
        self._insert(edge, gateway, merge)
        signals, limits = choices.sample(["G1", "G2", "G3"], 3), choices.sample(range(1, 6), 3)
        for each in range(choices.randint(2, 3)):  # no two of them wait for the same
            catcher = self._catch(edge.scope, choices, signal=signals[each], limit=limits[each])
            self._connect(edge, gateway, catcher)
            self.edges[-1].is_fixed = True
            self._connect(edge, catcher, merge)

    def grow_ending(self, edge: Edge, choices: Random) -> None:
        """Let an end event throw."""
        ends = [key for key, each in self.nodes.items() if each.text == draw.end(key)]
        if not ends:
            return
        name = choices.choice(ends)
        definition = choices.choice(
            [
                draw.error("X1"),
                draw.error("X2"),
                draw.escalation("E1"),
                draw.terminate(),
                draw.message("OUT"),
                draw.signal("G1"),
                draw.compensate(),
            ]
        )
        self.nodes[name].text = draw.end(name, definition)

    def grow_jump(self, edge: Edge, choices: Random) -> None:
        """Lead from one flow to another of the same region, wherever that is."""
        others = [
            each
            for each in self.edges
            if not each.is_fixed and (each.scope, each.region) == (edge.scope, edge.region) and each is not edge
        ]
        if others:
            self._jump(edge, choices.choice(others), choices)

    def grow_leave(self, edge: Edge, choices: Random) -> None:
        """Let a token end early where nothing waits for it in vain."""
        free = [each for each in self.edges if each.region in self.leaves_early and not each.is_fixed]
        edge = choices.choice(free)
        gate, end = self._gateway("g", edge), self._node("e", edge.scope, draw.end)
        self._insert(edge, gate)
        self.edges[-1].mark = "[*]"
        self._connect(edge, gate, end, mark=f"[=x>{choices.randint(1, 4)}]")

    def grow_tangle(self, edge: Edge, choices: Random) -> None:
        """Lead anywhere in the same scope: tokens may be missing or left over."""
        others = [each for each in self.edges if not each.is_fixed and each.scope == edge.scope and each is not edge]
        if others:
            self._jump(edge, choices.choice(others), choices)

    def grow_join(self, edge: Edge, choices: Random) -> None:
        """Make two flows wait for one another, whether or not both can come."""
        others = [each for each in self.edges if not each.is_fixed and each.scope == edge.scope and each is not edge]
        if not others or edge.scope in self.free:  # what is begun there goes its way alone
            return
        kind = choices.choice([draw.parallel, draw.inclusive])
        join, split = self._node("j", edge.scope, kind), self._node("p", edge.scope, draw.parallel)
        self._insert(edge, join)
        self._insert(choices.choice(others), split)
        self._connect(edge, split, join)

    def grow_narrow(self, edge: Edge, choices: Random) -> None:
        """Let an activity be stuck on its way out when it has handed over."""
        drawn = draw.mappings({}, {"n": "=n+1", "x": "=x"})
        self._insert(edge, self._guarded(self._node("u", edge.scope, lambda name: draw.user(name, drawn))))
        self.edges[-1].mark = f"[=x<{choices.randint(2, 4)}]"

    def grow_clash(self, edge: Edge, choices: Random) -> None:
        """Let a task write over what a multi-instance activity collects."""
        drawn = draw.mappings({}, {f"outs{choices.randint(1, 20)}": choices.choice(['="text"', "=[1]", "=null"])})
        self._insert(edge, self._guarded(self._node("u", edge.scope, lambda name: draw.user(name, drawn))))

    # ---- drawing

    def xml(self) -> bytes:
        others = [draw.process(self._content(each), process_id=each) for each in self.called]
        return draw.document(draw.process(self._content("")), *others)

    def _content(self, scope: str) -> str:
        inside = [
            node.text.replace("{}", self._content(name)) if "{}" in node.text else node.text
            for name, node in self.nodes.items()
            if node.scope == scope
        ]
        chains = " ".join(f"{each.source}>{each.target}{each.mark}" for each in self.edges if each.scope == scope)
        return "".join(inside) + draw.flows(chains)

    # ---- parts

    def _body(self, scope: str) -> None:
        start, user = self._node("s", scope, draw.start), self._user(scope)
        end, region = self._node("e", scope, draw.end), self._new_region()
        self.leaves_early.add(region)
        self.edges += [Edge(start, user, scope, region), Edge(user, end, scope, region)]

    def _node(self, letter: str, scope: str, make) -> str:
        name = f"{letter}{next(self.numbers)}"
        self.nodes[name] = Node(make(name), scope)
        return name

    def _user(self, scope: str) -> str:
        return self._guarded(self._node("u", scope, draw.user))

    def _guarded(self, name: str) -> str:
        self.guarded.append(name)
        return name

    def _gateway(self, letter: str, edge: Edge) -> str:
        return self._node(letter, edge.scope, draw.exclusive)

    def _insert(self, edge: Edge, first: str, last: str | None = None) -> None:
        self.edges.append(Edge(last or first, edge.target, edge.scope, edge.region))
        edge.target = first

    def _connect(self, edge: Edge, source: str, target: str, mark: str = "", region: int | None = None) -> None:
        self.edges.append(Edge(source, target, edge.scope, edge.region if region is None else region, mark))

    def _arms(self, edge: Edge, ends: tuple[str, str], choices: Random, regions: list[int], *, marked: bool) -> None:
        for position, region in enumerate(regions):
            mark = "" if not marked else "[*]" if position == 0 else f"[=x>{choices.randint(0, 4)}]"
            if position and choices.random() < 0.3:
                self._connect(edge, *ends, mark, region)
                continue
            user = self._user(edge.scope)
            self._connect(edge, ends[0], user, mark, region)
            self._connect(edge, user, ends[1], region=region)

    def _jump(self, edge: Edge, target: Edge, choices: Random) -> None:
        merge, gate = self._gateway("m", target), self._gateway("g", edge)
        self._insert(target, merge)
        self._insert(edge, gate)
        self.edges[-1].mark = "[*]"
        self._connect(edge, gate, merge, mark=f"[=x>{choices.randint(1, 4)}]")

    def _new_region(self) -> int:
        return next(self.numbers)

    def _new_regions(self, choices: Random) -> list[int]:
        return [self._new_region() for _ in range(choices.randint(2, 3))]

    def _catch(self, scope: str, choices: Random, *, signal: str, limit: int) -> str:
        kind = choices.choice(["message", "timer", "receive", "signal", "conditional"])
        awaited = f"M{next(self.numbers)}"
        if kind == "receive":
            return self._node("r", scope, lambda name: draw.receive(name, awaited, "=n"))
        definition = {
            "message": draw.message(awaited, "=n"),
            "timer": draw.duration(f"PT{choices.randint(1, 3)}H"),
            "signal": draw.signal(signal),
            "conditional": draw.conditional(f"=x<{limit}"),
        }[kind]
        return self._node("k", scope, lambda name: draw.catch(name, definition))

    def _may_throw(self, scope: str, definition: str) -> bool:
        """In what an event begins only later names are thrown: else it could begin itself, again and again."""
        kind = definition.partition("EventDefinition")[0]
        while scope:
            begun = self.begun_by.get(scope, "")
            if begun.startswith(kind) and definition <= begun:  # what has no name, and catches every one, comes last
                return False
            scope = self.nodes[self.hosts.get(scope, scope)].scope
        return True

    def _loop(self, choices: Random) -> str:
        return draw.loop(
            choices.choice(["=[7,8]", "=[1,2,3]", "=[]", "=items"]),
            choices.choice(["i", None]),
            f"outs{next(self.numbers)}",
            choices.choice(["=x+0", "=loopCounter", "=n+0", "=y"]),
            sequential=choices.random() < 0.5,
            condition=choices.choice([None, "=x>3", "=numberOfCompletedInstances>=2"]),
        )
