"""One diagram on the core and on the naive implementation, and everything compared after every command."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from engine.core import model
from tests.processes.host import NOW, GivenDecisions
from tests.processes.naive.deadlocks import deadlocked
from tests.processes.naive.drawing import Drawing
from tests.processes.naive.interpreter import Naive
from tests.processes.naive.state import State
from tests.processes.player import Player
from tests.processes.views import open_work

TOLD = {model.Entered: "entered", model.Left: "left", model.Terminated: "ended", model.FlowTaken: "flow"}


HOSTED = ("message", "signal", "timer")


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
        if self.state.lives[life_id].phase == "listening":
            return  # a listener throws nothing
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
            lambda: self.naive.assign(self.state, life_id, variables),
            lambda: self.player.run(model.SetVariables(scope=key, variables=variables)),
        )

    def begin_parts(self, position, elements, *, is_anew=False):
        """Begin elements in an ad-hoc sub-process (a position among what lives)."""
        key, life_id = self.lives()[position]
        chosen = tuple(model.AdHocActivity(element=each) for each in elements)
        self._step(
            f"begin {elements} in {self.state.lives[life_id].element} {'anew' if is_anew else ''}",
            lambda: self.naive.begin_parts(self.state, life_id, elements, is_anew=is_anew),
            lambda: self.player.run(model.ActivateAdHoc(scope=key, elements=chosen, cancel_remaining=is_anew)),
        )

    def ad_hoc(self):
        """Positions of the ad-hoc sub-processes in which something can be begun, with what."""
        elements, found = self.naive.drawing.elements, []
        for position, (key, life_id) in enumerate(self.lives()):
            life = self.state.lives[life_id]
            drawn = elements[life.element].ad_hoc
            is_whole = drawn is not None and not (life.is_part or life.is_body) and life.phase == "open"
            is_interrupted = any(self._interrupted(each) for each in self.state.children(life_id))
            if is_whole and not is_interrupted and not self.instances[key].incident:
                found.append((position, drawn["heads"]))
        return found

    def _interrupted(self, life):
        drawing = self.naive.drawing
        return drawing.elements[life.element].is_handler and any(
            each.interrupts for each in drawing.starts[life.element]
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
        owners = {self._owner(key): key for key in open_keys}
        core = [
            (path, owners[owner]) for path, owner in sorted((core_path(self.instances, one), one) for one in owners)
        ]
        naive = sorted(
            (_naive_path(self.state, each.id), each.id)
            for each in self.state.lives.values()
            if each.phase in ("work", "listening")
        )
        assert [path for path, _ in core] == [path for path, _ in naive], self.commands
        return [(key, life_id) for (_, key), (_, life_id) in zip(core, naive, strict=True)]

    def _owner(self, key):
        """Return which element a piece of open work belongs to: the job of a listener has a key of its own."""
        listening = {each.listening.job: each.key for each in self.player.instances() if each.listening is not None}
        return listening.get(key, key)

    def lives(self):
        """Pairs of all that lives, the root first."""
        core = sorted((core_path(self.instances, key), key) for key in self.instances)
        naive = sorted((_naive_path(self.state, life_id), life_id) for life_id in self.state.lives)
        return [(key, life_id) for (_, key), (_, life_id) in zip(core, naive, strict=True)]

    def stuck(self):
        """Pairs of what has an incident."""
        return [pair for pair in self.lives() if self.state.lives[pair[1]].phase == "stuck"]

    def waits(self):
        """Pairs of what a host may trigger: messages, signals and timers."""
        core = sorted(
            ((core_path(self.instances, owner.key), each.element, each.key), each)
            for owner in self.instances.values()
            for each in owner.subscriptions
            if each.kind in HOSTED
        )
        naive = sorted(
            ((_naive_path(self.state, each.owner), each.element, each.id), each)
            for each in self.state.waits
            if each.kind in HOSTED
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
        told.update(("sent", each.name) for each in facts if isinstance(each, model.MessageSent | model.SignalSent))
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
        found = {"lives": Counter(), "waits": Counter(), "tokens": Counter(), "work": Counter(), "undo": Counter()}
        open_keys = {self._owner(key) for key in open_work(self.player.snapshot, self.player.definitions).work}
        for key, each in self.instances.items():
            path = core_path(self.instances, key)
            found["lives"][(path, _text(each.variables), each.incident is not None)] += 1
            found["work"][path] += key in open_keys
            for one in each.subscriptions:
                left = None if one.repeat is None else one.repeat.left
                found["waits"][(path, one.element, one.kind, one.name, one.correlation_key, one.due, left)] += 1
            for within, undo in _with_all_within(each.compensable):
                if undo.handler is not None:
                    found["undo"][(path, within, undo.activity, undo.handler, _text(undo.variables))] += 1
            for flows in each.tokens.values():
                for flow, number in flows.items():
                    found["tokens"][(path, flow)] += number
        return found

    def _naive_view(self):
        found = {"lives": Counter(), "waits": Counter(), "tokens": Counter(), "work": Counter(), "undo": Counter()}
        in_vain = deadlocked(self.naive.drawing, self.state)
        for key, each in self.state.lives.items():
            path = _naive_path(self.state, key)
            found["lives"][(path, _text(each.variables), each.phase == "stuck" or key in in_vain)] += 1
            found["work"][path] += each.phase in ("work", "listening")
            for undo in each.undo:
                found["undo"][(path, undo.within, undo.activity, undo.handler, _text(undo.variables))] += 1
        for one in self.state.waits:
            path = _naive_path(self.state, one.owner)
            left = None if one.every is None else one.left
            found["waits"][(path, one.element, one.kind, one.name, one.key, one.due, left)] += 1
        for token in self.state.tokens:
            found["tokens"][(_naive_path(self.state, token.scope), token.flow)] += 1
        return found


def _with_all_within(compensables, within=()):
    """Everything that can be undone, each with the completed activities it is within."""
    for each in compensables:
        yield within, each
        yield from _with_all_within(each.inner, (*within, each.activity))


def core_path(instances, key):
    """Return where an element instance of the core lives: elements and rounds, the process first."""
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
