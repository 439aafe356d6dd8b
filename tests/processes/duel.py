"""Plays one random diagram on the core and on the naive implementation, and compares everything after every command."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from engine.core import model
from tests.processes.host import NOW, GivenDecisions
from tests.processes.naive.drawing import Drawing, Element
from tests.processes.naive.interpreter import Naive
from tests.processes.naive.state import State
from tests.processes.player import Player
from tests.processes.views import open_work

TOLD = {model.Entered: "entered", model.Left: "left", model.Terminated: "ended", model.FlowTaken: "flow"}


_NOTHING = Element("", "", "")


class Duel:
    """One process instance, twice."""

    def __init__(self, xml, *, most_moves=400):
        self.player = Player(xml, round_trips=True)
        evaluator = GivenDecisions()
        self.naive = Naive(Drawing(xml), evaluator.evaluate, most_moves=most_moves)
        self.state = State()
        self.happened = Counter()
        self.commands = []

    # ---- commands

    def start(self, **variables):
        self._step("start", lambda: self.naive.start(variables, NOW), lambda: self.player.start(**variables))

    def complete(self, position, variables):
        key, life_id = self.work()[position]
        self._step(
            f"do {self.state.lives[life_id].element} {variables}",
            lambda: self.naive.complete(self.state, life_id, variables),
            lambda: self.player.run(model.CompleteWork(key=key, variables=variables)),
        )

    def throw_error(self, position, code):
        key, life_id = self.work()[position]
        self._step(
            f"err {self.state.lives[life_id].element} {code}",
            lambda: self.naive.fail(self.state, life_id, code),
            lambda: self.player.run(model.ThrowError(key=key, code=code)),
        )

    def trigger(self, position, variables):
        subscription, wait = self.waits()[position]
        if subscription.due is not None:
            self.player.now = max(self.player.now, subscription.due)
        now = self.player.now
        self._step(
            f"trigger {wait.element} {wait.kind} {variables}",
            lambda: self.naive.trigger(replace(self.state, now=now), wait, variables),
            lambda: self.player.run(model.Trigger(subscription=subscription.key, variables=variables)),
        )

    def fail(self, position):
        key, life_id = self.work()[position]
        self._step(
            f"fail {self.state.lives[life_id].element}",
            lambda: self.naive.give_up(self.state, life_id),
            lambda: self.player.run(model.FailWork(key=key, reason="no answer")),
        )

    def retry(self, position):
        key, life_id = self.stuck()[position]
        self._step(
            f"retry {self.state.lives[life_id].element}",
            lambda: self.naive.retry(self.state, life_id),
            lambda: self.player.run(model.Retry(key=key)),
        )

    def set_variables(self, position, variables):
        key, life_id = self.lives()[position]
        self._step(
            f"set {self.state.lives[life_id].element} {variables}",
            lambda: self.state.merged(life_id, variables),
            lambda: self.player.run(model.SetVariables(scope=key, variables=variables)),
        )

    def modify(self, begin, end):
        """Begin an element (a position among what lives, and its id) and end something (a position)."""
        lives = self.lives()
        scope = None if begin is None else lives[begin[0]]
        ended = None if end is None else lives[end]
        activate = () if begin is None else (model.Activation(scope=scope[0], element=begin[1]),)
        command = model.Modify(activate=activate, terminate=() if ended is None else (ended[0],))
        modified = self.naive.modify(
            self.state, None if begin is None else (scope[1], begin[1]), None if ended is None else ended[1]
        )
        if modified is None:
            with pytest.raises(model.CannotModify):
                self.player.run(command)
            return
        self._step(
            f"begin {begin} end {None if ended is None else self.state.lives[ended[1]].element}",
            lambda: modified,
            lambda: self.player.run(command),
        )

    def cancel(self):
        self.player.run(model.Cancel())
        found = self.player.replayed
        assert (found.elements, found.work, found.subscriptions, found.incidents) == ({}, {}, {}, {})

    def _step(self, command, in_naive, in_core):
        self.commands.append(command)
        before = len(self.state.log) if command != "start" else 0
        self.state = in_naive()
        facts = in_core()
        here, there = self._told(facts), Counter(self.state.log[before:])
        assert here == there, f"after {self.commands}: only core {here - there}, only naive {there - here}"
        self.happened.update(here)
        self._compare()

    # ---- what is open, in pairs

    def work(self):
        """Pairs of open work: key in the core, life in the naive implementation."""
        open_keys = open_work(self.player.snapshot, self.player.definitions).work
        core = sorted((_core_path(self.instances, key), key) for key in open_keys)
        naive = sorted(
            (_naive_path(self.state, each.id), each.id) for each in self.state.lives.values() if each.phase == "work"
        )
        assert [path for path, _ in core] == [path for path, _ in naive], self.commands
        return [(key, life_id) for (_, key), (_, life_id) in zip(core, naive, strict=True)]

    def lives(self):
        """Pairs of all that lives, the root first."""
        core = sorted((_core_path(self.instances, key), key) for key in self.instances)
        naive = sorted((_naive_path(self.state, life_id), life_id) for life_id in self.state.lives)
        return [(key, life_id) for (_, key), (_, life_id) in zip(core, naive, strict=True)]

    def stuck(self):
        """Pairs of what has an incident."""
        return [pair for pair in self.lives() if self.state.lives[pair[1]].phase == "stuck"]

    def waits(self):
        """Pairs of what a host may trigger: messages and timers."""
        core = sorted(
            ((_core_path(self.instances, owner.key), each.element, each.key), each)
            for owner in self.instances.values()
            for each in owner.subscriptions
            if each.kind in ("message", "timer")
        )
        naive = sorted(
            ((_naive_path(self.state, each.owner), each.element, each.id), each)
            for each in self.state.waits
            if each.kind in ("message", "timer")
        )
        return [(subscription, wait) for (_, subscription), (_, wait) in zip(core, naive, strict=True)]

    @property
    def instances(self):
        return {each.key: each for each in self.player.instances()}

    @property
    def is_over(self):
        return self.player.is_done

    # ---- comparing

    def _told(self, facts):
        told = Counter((TOLD[type(each)], each.element) for each in facts if type(each) in TOLD)
        told.update(("sent", each.name) for each in facts if isinstance(each, model.MessageSent))
        return told

    def _compare(self):
        core, naive = self._core_view(), self._naive_view()
        for title in core:
            here, there = core[title] - naive[title], naive[title] - core[title]
            assert (here, there) == (Counter(), Counter()), (
                f"after {self.commands}: {title}: only core {here}, only naive {there}"
            )
        assert self.player.is_done is (self.state.end is not None)
        if self.player.is_done:
            assert self.player.variables() == self.state.end, self.commands
            assert (self.state.lives, self.state.tokens, self.state.waits) == ({}, (), ())

    def _core_view(self):
        found = {"lives": Counter(), "waits": Counter(), "tokens": Counter(), "work": Counter()}
        open_keys = open_work(self.player.snapshot, self.player.definitions).work
        for key, each in self.instances.items():
            path = _core_path(self.instances, key)
            found["lives"][(path, _text(each.variables), each.incident is not None)] += 1
            found["work"][path] += key in open_keys
            for one in each.subscriptions:
                left = None if one.repeat is None else one.repeat.left
                found["waits"][(path, one.element, one.kind, one.name, one.correlation_key, one.due, left)] += 1
            for flows in each.tokens.values():
                for flow, number in flows.items():
                    found["tokens"][(path, flow)] += number
        return found

    def _naive_view(self):
        found = {"lives": Counter(), "waits": Counter(), "tokens": Counter(), "work": Counter()}
        for key, each in self.state.lives.items():
            path = _naive_path(self.state, key)
            found["lives"][(path, _text(each.variables), each.phase == "stuck")] += 1
            found["work"][path] += each.phase == "work"
        for one in self.state.waits:
            path = _naive_path(self.state, one.owner)
            left = None if one.every is None else one.left
            found["waits"][(path, one.element, one.kind, one.name, one.key, one.due, left)] += 1
        for token in self.state.tokens:
            found["tokens"][(_naive_path(self.state, token.scope), token.flow)] += 1
        return found


def play(xml, choices: Random, *, x=None, most_steps=30, errors=True) -> Duel:
    """Do whatever is open in random order, until it is over or long enough; a given `x` stays what it is."""
    duel = Duel(xml)
    duel.start(x=choices.randint(0, 5) if x is None else x, n=0, items=[5, 6])
    for _ in range(most_steps):
        work, waits = duel.work(), duel.waits()
        if duel.is_over or not (work or waits or (errors and duel.stuck())):
            break
        if errors and (choices.random() < 0.12 or not (work or waits)):
            repair(duel, choices)
            continue
        position = choices.randrange(len(work) + (len(waits) + 1) // 2)
        variables = {} if x is not None else _variables(choices)
        if position >= len(work):
            duel.trigger(choices.randrange(len(waits)), variables)
        elif errors and choices.random() < 0.08:
            duel.throw_error(position, choices.choice(["X1", "X2"]))
        else:
            duel.complete(position, variables)
    return duel


def repair(duel: Duel, choices: Random) -> None:
    """Do what an operator may do: fail work, retry, set variables, begin and end elements."""
    lives, elements = duel.lives(), duel.naive.drawing.elements
    kind = choices.choice(["fail", "retry", "set", "begin", "end", "move"])
    if kind == "fail" and duel.work():
        duel.fail(choices.randrange(len(duel.work())))
    elif kind == "retry" and duel.stuck():
        duel.retry(choices.randrange(len(duel.stuck())))
    elif kind == "set":
        duel.set_variables(choices.randrange(len(lives)), {"x": choices.randint(0, 5)})
    elif kind in ("begin", "end", "move"):
        begin, end = _beginning(duel, choices), _ending(duel, choices)
        if kind == "move" and begin is not None and end is not None and elements[begin[1]].tag == "userTask":
            is_within = lives[begin[0]][1] in duel.state.within(lives[end][1])
            duel.modify(begin, None if is_within else end)
        elif kind == "begin" and begin is not None:
            duel.modify(begin, None)
        elif kind == "end" and end is not None:
            duel.modify(None, end)


def _beginning(duel, choices):
    lives, state, elements = duel.lives(), duel.state, duel.naive.drawing.elements
    scopes = [
        (position, state.lives[life_id])
        for position, (_, life_id) in enumerate(lives)
        if elements[state.lives[life_id].element].tag in ("process", "subProcess")
        and not state.lives[life_id].is_body
        and state.lives[life_id].phase == "open"
    ]
    position, scope = choices.choice(scopes)
    inside = [
        each.id
        for each in elements.values()
        if each.inside == scope.element and each.tag not in ("startEvent", "boundaryEvent") and not each.is_handler
    ]
    return (position, choices.choice(inside)) if inside else None


def _ending(duel, choices):
    state = duel.state
    alone = [
        position
        for position, (_, life_id) in enumerate(duel.lives())
        if state.lives[life_id].parent and state.lives[life_id].counter is None
    ]
    return choices.choice(alone) if alone else None


def _variables(choices):
    return choices.choice([{}, {"x": choices.randint(0, 5)}, {"x": choices.randint(0, 5), "y": 1}, {"i": 9}])


def finish(duel: Duel, *, most_steps=300) -> None:
    """Do all that is open, the work before the events, with the value that leads out of every loop."""
    elements = duel.naive.drawing.elements
    for _ in range(most_steps):
        if duel.is_over:
            return
        if duel.work():
            duel.complete(0, {"x": 0})
        else:
            tags = [elements[wait.element].tag for _, wait in duel.waits()]
            in_the_way = [tag not in ("startEvent", "boundaryEvent") for tag in tags]
            duel.trigger(in_the_way.index(True), {"x": 0})


def check_tokens(duel: Duel) -> None:
    """Hold what happened against the diagram: every token that came along a flow entered something, and went on.

    Where something was ended, tokens went with it: then there is nothing to count.
    """
    drawing, happened = duel.naive.drawing, duel.happened
    if any(what == "ended" or drawing.elements.get(name, _NOTHING).event == "terminate" for what, name in happened):
        return
    for element in drawing.elements.values():
        into = [happened[("flow", each.id)] for each in drawing.into[element.id]]
        bodies = element.loop is not None
        if not into or bodies or element.event == "link" or _behind_event_gateway(drawing, element.id):
            continue
        entered = happened[("entered", element.id)]
        if drawing.waits_for_all(element.id):
            assert [entered] * len(into) == into, (element.id, duel.commands)
        elif drawing.waits_for_possible(element.id):
            assert max(into) <= entered <= sum(into), (element.id, duel.commands)
        else:
            assert entered == sum(into), (element.id, duel.commands)
        assert entered == happened[("left", element.id)] + happened[("ended", element.id)], (element.id, duel.commands)
        if element.tag == "parallelGateway":
            out = [happened[("flow", each.id)] for each in drawing.out_of[element.id]]
            assert [entered] * len(out) == out, (element.id, duel.commands)


def _behind_event_gateway(drawing, element_id):
    return any(drawing.elements[each.source].tag == "eventBasedGateway" for each in drawing.into[element_id])


def _core_path(instances, key):
    path = ()
    while key:
        each = instances[key]
        path = ((each.element, each.loop_counter or 0), *path)
        key = each.scope
    return path


def _naive_path(state, life_id):
    return tuple((each.element, each.counter or 0) for each in reversed(list(state.outwards(life_id))))


def _text(variables):
    return repr(sorted(variables.items()))
