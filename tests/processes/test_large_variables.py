"""What an instance may hold: what expressions make beyond it is an incident where it happens."""

from __future__ import annotations

import pytest

from engine import feel
from engine.core import model
from engine.core.limits import MOST_HELD, MOST_WRITTEN
from engine.core.sizes import held_by
from engine.feel.json_form import MOST_CHARACTERS
from tests.processes.diagrams import (
    call,
    end,
    exclusive,
    flows,
    loop,
    mappings,
    one_process,
    script,
    start,
    user,
)
from tests.processes.player import Player

TEXT = "文" * 900_000
COPIES = one_process(
    start(), user("a"), script("x", "=for i in 1..n return base", "r"), user("b"), end(), flows("s>a>x>b>e")
)


def incident(player: Player) -> model.IncidentRaised:
    [raised] = player.told(model.IncidentRaised)
    return raised


def test_one_limit_is_for_what_an_expression_gives_and_for_what_an_instance_holds():
    assert MOST_CHARACTERS == MOST_HELD


def test_an_expression_that_gives_too_many_characters_is_an_incident_at_its_element():
    player = Player(COPIES, round_trips=True)
    player.start(base=TEXT, n=5)
    player.do("a", answer=1)

    assert (incident(player).element, incident(player).kind) == ("x", "expression")
    assert f"结果超过 {MOST_HELD} 个字符" in incident(player).reason
    assert f"more than {MOST_HELD} characters" in incident(player).reason
    assert player.variables()["answer"] == 1

    player.retry("x", n=2)
    assert player.open() == "b"


def test_names_are_counted_as_well_as_texts():
    with pytest.raises(feel.FeelLimitError, match="characters"):
        feel.to_json([{"n" * 1000: 1}] * 5000)


def test_an_instance_gets_no_fuller_than_the_limit_by_expressions():
    player = Player(COPIES, round_trips=True)
    player.start(base=TEXT, n=4)
    player.do("a")

    assert (incident(player).element, incident(player).kind) == ("x", "variables-too-large")
    assert f"上限 {MOST_HELD} 个" in incident(player).reason
    assert f"beyond the limit of {MOST_HELD}" in incident(player).reason
    player.retry("x", base="short")
    assert player.open() == "b"


def test_a_loop_that_doubles_a_list_ends_in_an_incident():
    xml = one_process(
        start(), exclusive("m"), script("x", "=concatenate(r, r)", "r"), exclusive("g"), user("b"), end(),
        flows("s>m>x>g>b[=stop] b>e g>m[*]"),
    )  # fmt: skip
    player = Player(xml)
    player.start(r=["文" * 1000], stop=False)

    assert incident(player).element == "x"
    assert held_by(player.snapshot.instances) <= MOST_HELD
    player.retry("x", r=["文"], stop=True)
    assert player.open() == "b"


def test_a_loop_that_sets_a_large_value_again_and_again_ends_in_an_incident():
    xml = one_process(
        start(), exclusive("m"), script("x", "=substring(r, 1)", "r"), exclusive("g"), user("b"), end(),
        flows("s>m>x>g>b[=stop] b>e g>m[*]"),
    )  # fmt: skip
    player = Player(xml)
    player.start(r=TEXT, stop=False)

    assert (incident(player).element, incident(player).kind) == ("x", "variables-too-large")
    assert f"more than {MOST_WRITTEN} characters" in incident(player).reason
    player.retry("x", stop=True)
    assert player.open() == "b"


def test_many_parts_that_are_small_each_count_together():
    rounds = loop("=[1,2,3,4,5,6]", "v", "out", "=substring(base, 1)")
    player = Player(one_process(start(), user("a", rounds), end(), flows("s>a>e")))
    player.start(base="文" * 700_000)
    for counter in range(1, 5):
        player.do("a", counter)
    assert player.told(model.IncidentRaised) == []

    player.do("a", 5)

    assert (incident(player).element, incident(player).kind) == ("a", "variables-too-large")


def test_what_is_replaced_counts_no_longer():
    xml = one_process(
        start(), exclusive("m"), user("a"), script("x", '=base + "!"', "r"), exclusive("g"), end(),
        flows("s>m>a>x>g>e[=stop] g>m[*]"),
    )  # fmt: skip
    player = Player(xml, round_trips=True)
    player.start(base="文" * 800_000, stop=False)
    for _ in range(12):
        player.do("a")

    assert player.told(model.IncidentRaised) == []


def test_a_process_that_calls_itself_with_all_its_variables_fills_no_more_than_the_limit():
    player = Player(one_process(start(), call("c", "P"), end(), flows("s>c>e")))
    player.start(base=TEXT)

    assert (incident(player).element, incident(player).kind) == ("c", "variables-too-large")
    assert held_by(player.snapshot.instances) <= MOST_HELD


def test_input_mappings_that_copy_a_large_value_are_counted():
    inputs = mappings(inputs={f"i{number}": "=base" for number in range(5)})
    player = Player(one_process(start(), user("a", inputs), end(), flows("s>a>e")))
    player.start(base=TEXT)

    assert (incident(player).element, incident(player).kind) == ("a", "variables-too-large")
