"""Every conformance case: plain, and with the snapshot stored and read back before every command."""

from __future__ import annotations

import pytest

from engine.core import model
from tests.processes import (
    cases_ad_hoc,
    cases_ad_hoc_jobs,
    cases_boundaries,
    cases_compensation,
    cases_conditional,
    cases_errors,
    cases_event_sub_processes,
    cases_events,
    cases_execution_listeners,
    cases_flow,
    cases_leaving,
    cases_loops,
    cases_mixed,
    cases_multi_instance,
    cases_nested,
    cases_scopes,
    cases_workflow_patterns,
    cases_workflow_patterns_instances,
)
from tests.processes.player import Player

MODULES = (
    cases_flow,
    cases_scopes,
    cases_boundaries,
    cases_errors,
    cases_event_sub_processes,
    cases_events,
    cases_execution_listeners,
    cases_multi_instance,
    cases_compensation,
    cases_conditional,
    cases_nested,
    cases_mixed,
    cases_leaving,
    cases_workflow_patterns,
    cases_workflow_patterns_instances,
    cases_loops,
    cases_ad_hoc,
    cases_ad_hoc_jobs,
)
CASES = [each for module in MODULES for each in module.CASES]


@pytest.mark.parametrize("round_trips", [False, True], ids=["plain", "stored"])
@pytest.mark.parametrize("case", CASES, ids=[each.name for each in CASES])
def test_the_core_behaves_as_the_case_says(case, round_trips):
    player = Player(case.xml, round_trips=round_trips)
    for command, variables, expected in case.steps:
        play(player, command, variables if command else case.variables)
        assert player.open() == " ".join(sorted(expected.split())), f"after {command or 'the start'}"
    assert player.is_done is case.is_done
    found = player.variables()
    assert {name: found.get(name) for name in case.end} == case.end
    if case.is_end_exact:
        assert set(found) == set(case.end)
    sent = [fact.name for fact in player.facts if isinstance(fact, model.MessageSent | model.SignalSent)]
    assert tuple(sent) == case.sent
    completed = player.completed()
    assert {name: completed[name] for name in case.completed} == case.completed


def test_there_are_all_the_cases():
    assert len(CASES) == 278
    assert len({each.name for each in CASES}) == 278


def play(player, command, variables):
    word, *rest = command.split() or [""]
    if word == "":
        player.start(**variables)
    elif word == "do":
        element_id, _, loop_counter = rest[0].partition("#")
        player.do(element_id, int(loop_counter) if loop_counter else None, **variables)
    elif word == "msg":
        player.send_message(*rest, **variables)
    elif word == "sig":
        player.send_signal(*rest, **variables)
    elif word == "err":
        player.throw_error(*rest, **variables)
    elif word == "retry":
        player.retry(*rest, **variables)
    elif word == "begin":
        scope, *elements = rest
        is_anew = "cancel" in elements
        player.begin(scope, *(each for each in elements if each != "cancel"), cancel_remaining=is_anew, **variables)
    elif word == "decide":
        scope, *elements = rest
        how = {"is_over": "over" in elements, "cancel_remaining": "cancel" in elements}
        player.decide(scope, *(each for each in elements if each not in ("over", "cancel")), **how, **variables)
    elif word == "fail":
        player.fail(*rest)
    elif word == "set":
        player.set_variables(rest[0], local="local" in rest, **variables)
    elif word == "t":
        player.wait(float(rest[0]))
    else:
        raise AssertionError(f"unknown command {command!r}")
