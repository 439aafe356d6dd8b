"""Conditional events at their limits: loops without end, cost, starts by name, migration."""

from __future__ import annotations

import cProfile

from engine.bpmn.reader import read
from engine.core import model
from engine.core.interpreter import run
from tests.processes.diagrams import (
    NOT_INTERRUPTING,
    boundary,
    call,
    catch,
    conditional,
    end,
    event_sub_process,
    exclusive,
    flows,
    loop,
    mappings,
    one_process,
    script,
    start,
    sub_process,
    user,
)
from tests.processes.host import GivenDecisions, OneDocument, environment
from tests.processes.player import Player
from tests.processes.test_migration import migrate, versions
from tests.processes.views import open_work

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


def calls_to_start(xml, **variables):
    counted = cProfile.Profile()
    command = model.Start(definition="P", variables=variables)
    definitions = OneDocument(xml)
    counted.enable()
    run(None, command, environment(definitions))
    counted.disable()
    return sum(each.callcount for each in counted.getstats())


WIDE = one_process(
    start(),
    sub_process(
        "S",
        loop("=items", "item"),
        start("s1"),
        user("u", mappings({"a": "=item", "b2": "=item + 1"})),
        boundary("b", "u", conditional("=k > 1")),
        end("e1"),
        flows("s1>u>e1 b>e1"),
    ),
    end(),
    flows("s>S>e"),
)
DEEP = one_process(
    start(),
    exclusive("g"),
    call("c", "P", mappings({"n": "=n - 1"})),
    user("u"),
    end(),
    end("e2"),
    flows("s>g g>c[=n > 0]>e g>u[*]>e2"),
    event_sub_process("X", start("x", conditional("=k > 1"), **NOT_INTERRUPTING), end("ex"), flows("x>ex")),
)


def test_what_conditions_cost_grows_with_their_number_and_no_faster():
    wide = [calls_to_start(WIDE, items=list(range(number)), k=0) for number in (50, 200)]
    assert wide[1] < 5 * wide[0]
    deep = [calls_to_start(DEEP, n=number, k=0) for number in (20, 80)]
    assert deep[1] < 5 * deep[0]


def test_a_condition_is_found_by_what_it_reads_in_the_version_its_element_runs_by():
    def drawn(event, name):
        rule = boundary(event, "a", conditional(f"={name} = 5"))
        return one_process(start(), user("a"), rule, user("z"), end(), flows(f"s>a>e {event}>z>e"))

    for event in ("b", "c"):
        player = versions(drawn("b", "old"), drawn(event, "new"))
        player.start(old=1, new=1)
        before = player.snapshot
        migrate(player, b=event)
        player.set_variables("P", old=5)
        assert player.open() == "a"
        player.set_variables("P", old=1)
        moved = player.snapshot
        player.set_variables("P", new=5)
        assert player.open() == "z"
        player.snapshot, player.replayed = moved, open_work(moved, player.definitions)
        player.run(model.Restore(snapshot=before))
        player.set_variables("P", old=5)
        assert player.open() == "z"
