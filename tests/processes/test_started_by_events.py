"""A process begun by an event: what the event brought is never lost, also when the process gets stuck at once."""

from __future__ import annotations

from engine.core import model
from engine.core.interpreter import run
from tests.processes.diagrams import (
    duration,
    end,
    event_sub_process,
    flows,
    mappings,
    message,
    one_process,
    start,
    user,
)
from tests.processes.host import OneDocument, environment


def begun_by(xml, **variables):
    surroundings = environment(OneDocument(xml))
    command = model.Start(definition="P", variables={}, start_event="b", event=variables)
    return run(None, command, surroundings), surroundings


def test_what_the_event_brought_passes_through_the_output_mappings():
    mapped = start("b", message("M"), mappings(None, {"total": "=amount + 1"}))
    outcome, _ = begun_by(one_process(mapped, user("u"), end(), flows("b>u>e")), amount=2)

    assert outcome.snapshot.instances[0].variables == {"total": 3}
    assert [each.element for each in outcome.snapshot.instances] == ["P", "u"]
    assert [each.element for each in outcome.facts if isinstance(each, model.FlowTaken)] == ["f_b_u_1"]


def test_a_process_stuck_at_once_keeps_what_the_event_brought_and_begins_there_when_it_is_repaired():
    late = event_sub_process("X", start("x", duration("=limit")), end("y"), flows("x>y"))
    xml = one_process(start("b", message("M")), start(), user("u"), user("v"), end(), late, flows("b>u>e s>v>e"))
    outcome, surroundings = begun_by(xml, amount=2)
    root = outcome.snapshot.instances[0]
    assert (root.incident is not None, root.variables) == (True, {"amount": 2})

    repaired = run(outcome.snapshot, model.SetVariables(scope=root.key, variables={"limit": "P1D"}), surroundings)
    going = run(repaired.snapshot, model.Retry(key=root.key), surroundings)

    assert [each.element for each in going.snapshot.instances] == ["P", "u"]
