"""Random block-structured diagrams: whatever the order in which people work, each task is done as often as drawn."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import count, pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.core import model
from tests.processes.diagrams import (
    NOT_INTERRUPTING,
    boundary,
    duration,
    end,
    event_sub_process,
    exclusive,
    flows,
    inclusive,
    loop,
    message,
    one_process,
    parallel,
    start,
    sub_process,
    task,
    user,
)
from tests.processes.player import Player

LEAVES = st.sampled_from(["user", "task"])
BLOCKS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["sequence", "both", "any", "first"]), st.lists(inner, min_size=1, max_size=3)),
        st.tuples(st.sampled_from(["scope", "guarded", "attended", "twice", "gated"]), st.tuples(inner)),
    ),
    max_leaves=8,
)


@dataclass(frozen=True)
class Drawn:
    """A block: its nodes and inner flows, where it begins and ends, and how often its tasks and gateways are done."""

    nodes: str
    links: tuple[str, ...]
    first: str
    last: str
    expected: Counter[str]


class Draftsman:
    """Draws blocks with fresh ids."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def draw(self, block: Any) -> Drawn:
        if isinstance(block, str):
            return self._leaf(block)
        kind, parts = block
        inner = [self.draw(part) for part in parts]
        if kind == "sequence":
            return self._sequence(inner)
        if kind in ("both", "any", "first"):
            return self._split(kind, inner)
        return self._scope(kind, inner[0])

    def _id(self, letter: str) -> str:
        return f"{letter}{next(self._numbers)}"

    def _leaf(self, kind: str) -> Drawn:
        element_id = self._id("u" if kind == "user" else "t")
        node = user(element_id) if kind == "user" else task(element_id)
        return Drawn(node, (), element_id, element_id, Counter([element_id]))

    def _sequence(self, inner: list[Drawn]) -> Drawn:
        links = [f"{before.last}>{after.first}" for before, after in pairwise(inner)]
        return Drawn(
            "".join(each.nodes for each in inner),
            (*links, *(link for each in inner for link in each.links)),
            inner[0].first,
            inner[-1].last,
            sum((each.expected for each in inner), Counter()),
        )

    def _split(self, kind: str, inner: list[Drawn]) -> Drawn:
        """Draw a gateway and its join: all branches, all but the last, or the first only."""
        gateway = {"both": parallel, "any": inclusive, "first": exclusive}[kind]
        split, join = self._id("g"), self._id("j")
        taken = {"both": inner, "any": inner[:-1] or inner, "first": inner[:1]}[kind]
        links = []
        for each in inner:
            mark = {True: "[=true]", False: "[=false]"}[each in taken] if kind != "both" and len(inner) > 1 else ""
            links += [f"{split}>{each.first}{mark}", f"{each.last}>{join}"]
        return Drawn(
            gateway(split) + gateway(join) + "".join(each.nodes for each in inner),
            (*links, *(link for each in inner for link in each.links)),
            split,
            join,
            sum((each.expected for each in taken), Counter([split, join])),
        )

    def _scope(self, kind: str, inner: Drawn) -> Drawn:
        scope, first, last = self._id("S"), self._id("s"), self._id("e")
        links = flows(" ".join((f"{first}>{inner.first}", f"{inner.last}>{last}", *inner.links)))
        extra, around, expected = "", "", inner.expected
        if kind == "guarded":
            around = boundary(self._id("q"), scope, duration("PT1H"))
        elif kind == "attended":
            caught, done = self._id("x"), self._id("y")
            extra = event_sub_process(
                self._id("X"),
                start(caught, message("M"), **NOT_INTERRUPTING),
                end(done),
                flows(f"{caught}>{done}"),
            )
        elif kind == "twice":
            extra = loop("=[1,2]", "i", "outs", "=i")
            expected = inner.expected + inner.expected
        elif kind == "gated":
            rounds = loop("=[1,2]", "i", f"outs{scope}", "=i")
            return self._gated(scope, sub_process(scope, rounds, start(first), inner.nodes, end(last), links), inner)
        drawn = sub_process(scope, extra, start(first), inner.nodes, end(last), links)
        return Drawn(drawn + around, (), scope, scope, expected)

    def _gated(self, scope: str, drawn: str, inner: Drawn) -> Drawn:
        """Let a multi-instance go on only once `go` is said, along one of two flows."""
        merge = self._id("j")
        links = (f"{scope}>{merge}[=go and count(outs{scope})=2]", f"{scope}>{merge}[=not(go)]")
        expected = inner.expected + inner.expected + Counter([merge])
        return Drawn(drawn + exclusive(merge), links, scope, merge, expected)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(block=BLOCKS, choices=st.randoms(use_true_random=False), stored=st.booleans())
def test_every_task_is_done_as_often_as_drawn_in_whatever_order(block, choices, stored):
    drawn = Draftsman().draw(block)
    links = flows(" ".join((f"s>{drawn.first}", f"{drawn.last}>e", *drawn.links)))
    player = Player(one_process(start(), drawn.nodes, end(), links), round_trips=stored)
    player.start(go=None)
    messages_left = 10
    while not player.is_done:
        waiting, stuck = player.subscriptions("message"), sorted(player.replayed.incidents)
        if stuck and (not player.replayed.work or choices.random() < 0.3):
            player.run(model.SetVariables(scope=player.instances()[0].key, variables={"go": True}))
            player.run(model.Retry(key=choices.choice(stuck)))
        elif waiting and messages_left and choices.random() < 0.3:
            messages_left -= 1
            player.run(model.Trigger(subscription=choices.choice(waiting).key))
        else:
            player.run(model.CompleteWork(key=choices.choice(sorted(player.replayed.work)), variables={}))
    completed = {name: number for name, number in player.completed().items() if name[0] in "utgj"}
    assert completed == dict(drawn.expected)
    assert (player.replayed.elements, player.replayed.subscriptions, player.replayed.incidents) == ({}, {}, {})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(block=BLOCKS, choices=st.randoms(use_true_random=False))
def test_timers_and_cancellation_at_any_moment_leave_nothing_behind(block, choices):
    drawn = Draftsman().draw(block)
    links = flows(" ".join((f"s>{drawn.first}", f"{drawn.last}>e", *drawn.links)))
    player = Player(one_process(start(), drawn.nodes, end(), links), round_trips=True)
    player.start(go=None)
    for _ in range(choices.randint(0, 5)):
        timers = player.subscriptions("timer")
        if timers and choices.random() < 0.5:
            player.run(model.Trigger(subscription=choices.choice(timers).key))
        elif player.replayed.work:
            player.run(model.CompleteWork(key=choices.choice(sorted(player.replayed.work)), variables={}))
    if not player.is_done:
        player.run(model.Cancel())
    assert (player.replayed.elements, player.replayed.work, player.replayed.subscriptions) == ({}, {}, {})
