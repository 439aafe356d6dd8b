"""Listeners that do nothing change nothing: every conformance case again, with listeners wherever they may stand."""

from __future__ import annotations

import pytest
from lxml import etree

from engine.bpmn.checks.listeners import why_never
from engine.bpmn.drawing import Drawing
from engine.core import model
from engine.core.listener_model import EXECUTION_EVENTS, TASK_EVENTS
from engine.feel.analysis import NOTHING_AROUND
from tests.processes import cases_execution_listeners, test_conformance
from tests.processes.diagrams import BPMN, ZEEBE
from tests.processes.host import GivenHandlers
from tests.processes.player import Player
from tests.processes.test_conformance import play

CASES = [each for each in test_conformance.CASES if each not in cases_execution_listeners.CASES]
NAME = "listener"


def with_listeners(xml):
    """Return a document with a listener of every event on every element, two of them where that is allowed."""
    root = etree.fromstring(xml)
    drawing = Drawing(root, "", NOTHING_AROUND)
    for element in (*drawing.processes, *drawing.nodes):
        for event in EXECUTION_EVENTS:
            if why_never(drawing, element, event) is None:
                _add(element, "execution", event, NAME)
                _add(element, "execution", event, f"{NAME}2")
        if element.tag == f"{{{BPMN}}}userTask":
            for event in TASK_EVENTS:
                _add(element, "task", event, NAME)
    return etree.tostring(root)


def _add(element, kind, event, job_type):
    extensions = element.find(f"{{{BPMN}}}extensionElements")
    if extensions is None:
        extensions = etree.Element(f"{{{BPMN}}}extensionElements")
        element.insert(0, extensions)
    holder = extensions.find(f"{{{ZEEBE}}}{kind}Listeners")
    if holder is None:
        holder = etree.SubElement(extensions, f"{{{ZEEBE}}}{kind}Listeners")
    etree.SubElement(holder, f"{{{ZEEBE}}}{kind}Listener", eventType=event, type=job_type)


class ServingPlayer(Player):
    """A player whose workers do the jobs of listeners at once, the oldest first."""

    def run(self, command):
        facts = super().run(command)
        while jobs := sorted(each.listening.job for each in self.instances() if self.listener(each) is not None):
            super().run(model.CompleteWork(key=jobs[0], variables={}))
        return facts


def plays_as_without(player, case):
    for command, variables, expected in case.steps:
        play(player, command, variables if command else case.variables)
        assert player.open() == " ".join(sorted(expected.split())), f"after {command or 'the start'}"
    assert player.is_done is case.is_done
    found = player.variables()
    assert {name: found.get(name) for name in case.end} == case.end
    completed = player.completed()
    assert {name: completed[name] for name in case.completed} == case.completed


@pytest.mark.parametrize("case", CASES, ids=[each.name for each in CASES])
def test_listeners_served_inside_change_nothing(case):
    handlers = GivenHandlers(**{NAME: lambda _: {}, f"{NAME}2": lambda _: {}})
    player = Player(with_listeners(case.xml), round_trips=True, handlers=handlers)
    plays_as_without(player, case)
    assert not [fact for fact in player.told(model.JobOpened) if fact.event is not None]


ENDING = [each for each in CASES if "step limit" not in each.name]
"""With workers in between every command is short: what never ends meets no step limit, it just goes on."""


@pytest.mark.parametrize("case", ENDING, ids=[each.name for each in ENDING])
def test_listeners_served_by_workers_at_once_change_nothing(case):
    player = ServingPlayer(with_listeners(case.xml), round_trips=True)
    plays_as_without(player, case)
    assert [fact for fact in player.told(model.JobOpened) if fact.event is not None]
