"""Conditional events at their limits: loops without end, cost, starts by name, migration."""

from __future__ import annotations

from engine.bpmn.reader import read
from engine.core import model
from tests.processes.diagrams import (
    NOT_INTERRUPTING,
    boundary,
    catch,
    conditional,
    end,
    event_sub_process,
    flows,
    mappings,
    one_process,
    script,
    start,
    user,
)
from tests.processes.host import GivenDecisions
from tests.processes.player import Player

COUNTING = event_sub_process(
    "X",
    start("x", conditional("=n > 0"), **NOT_INTERRUPTING),
    script("c", "=n + 1", "n"),
    end("y"),
    flows("x>c>y"),
)
"""Fires by what it sets itself, for ever."""


def test_an_event_that_fires_by_what_it_sets_itself_stops_at_the_step_limit():
    player = Player(one_process(start(), user("u"), end(), flows("s>u>e"), COUNTING), round_trips=True, step_limit=100)
    player.start(n=0)
    player.set_variables("P", n=1)
    incidents = player.told(model.IncidentRaised)
    assert incidents
    assert {each.kind for each in incidents} == {"step-limit"}
    assert 1 < player.variables()["n"] < 110


def test_so_does_one_whose_mapping_sets_it_without_a_token_moving():
    drawn = boundary("q", "u", conditional("=n > 0"), mappings({}, {"n": "=n + 1"}), interrupting=False)
    player = Player(one_process(start(), user("u"), drawn, end(), flows("s>u>e")), round_trips=True, step_limit=100)
    player.start(n=0)
    player.set_variables("P", n=1)
    [incident] = player.told(model.IncidentRaised)
    assert (incident.element, incident.kind) == ("q", "step-limit")
    player.do("u")
    player.retry("q")
    assert player.is_done


class Counting(GivenDecisions):
    """Counts what is evaluated."""

    def __init__(self):
        super().__init__()
        self.evaluated = []

    def evaluate(self, text, scope):
        self.evaluated.append(text)
        return super().evaluate(text, scope)


def test_a_condition_is_evaluated_only_when_what_it_reads_changes():
    counting = Counting()
    player = Player(one_process(start(), catch("c", conditional("=x > 1")), end(), flows("s>c>e")), evaluator=counting)
    player.start(x=0)
    player.set_variables("P", y=1, z=2)
    player.set_variables("P", x=0)
    assert counting.evaluated == ["=x > 1"]
    player.set_variables("P", x=1)
    assert counting.evaluated == ["=x > 1", "=x > 1"]


def test_a_process_can_be_started_at_a_conditional_start_event_by_name():
    xml = one_process(start("x", conditional("=ready")), user("u"), end(), flows("x>u>e"))
    player = Player(xml)
    player.start("x", ready=True)
    assert player.open() == "u"


def test_after_a_migration_the_condition_of_the_new_version_counts():
    def version(condition):
        guarded = boundary("q", "u", conditional(condition))
        return one_process(start(), user("u"), guarded, user("h"), end(), flows("s>u>e q>h>e"))

    player = Player(version("=x > 10"), round_trips=True)
    player.start(x=0)
    [compiled] = read(version("=x > 5")).processes.values()
    player.definitions.processes = {**player.definitions.processes, "new": compiled}
    player.run(model.Migrate(source="P", target="new"))
    player.set_variables("P", x=6)
    assert player.open() == "h"


def test_a_conditional_event_that_is_new_in_a_version_and_true_fires_with_the_migration():
    player = Player(one_process(start(), user("u"), end(), flows("s>u>e")), round_trips=True)
    player.start(x=6)
    guarded = boundary("q", "u", conditional("=x > 5"))
    [compiled] = read(
        one_process(start(), user("u"), guarded, user("h"), end(), flows("s>u>e q>h>e"))
    ).processes.values()
    player.definitions.processes = {**player.definitions.processes, "new": compiled}
    player.run(model.Migrate(source="P", target="new"))
    assert player.open() == "h"
