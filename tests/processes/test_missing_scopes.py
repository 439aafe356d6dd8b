"""Elements begun by hand in sub-processes that do not run: the missing scopes are begun around them."""

from __future__ import annotations

import pytest

from engine.core import model
from tests.processes.diagrams import (
    ad_hoc,
    association,
    boundary,
    compensate,
    duration,
    end,
    event_sub_process,
    flows,
    listeners,
    loop,
    mappings,
    message,
    one_process,
    parallel,
    start,
    sub_process,
    user,
)
from tests.processes.player import Player

INNER = sub_process("T", mappings({"n": "=m + 1"}), start("t1"), user("u"), user("v"), end("t2"), flows("t1>u>v>t2"))
NESTED = one_process(
    start(),
    user("a"),
    sub_process("S", mappings({"m": "=1"}), start("s1"), INNER, user("w"), end("s2"), flows("s1>T>w>s2")),
    boundary("q", "S", duration("P1D")),
    user("z"),
    end(),
    flows("s>a>S>z>e q>e"),
)


def begun(player, *elements, scope="P", end_of=(), **variables):
    key = player.key(scope)
    activate = tuple(model.Activation(scope=key, element=one, variables=variables) for one in elements)
    return player.run(model.Modify(activate=activate, terminate=tuple(player.key(each) for each in end_of)))


def started(xml):
    player = Player(xml, round_trips=True)
    player.start()
    return player


def scope_variables(player, element):
    return {one.element: one.variables for one in player.instances()}[element]


def test_the_scopes_on_the_way_are_begun_with_their_mappings_and_events():
    player = started(NESTED)
    begun(player, "v", end_of=["a"], why="decided on paper")

    assert player.open() == "v"
    assert [one.element for one in player.instances()] == ["P", "S", "T", "v"]
    assert scope_variables(player, "S") == {"m": 1}
    assert scope_variables(player, "T") == {"n": 2, "why": "decided on paper"}
    assert [one.element for one in player.subscriptions("timer")] == ["q"]
    for task in ("v", "w", "z"):
        player.do(task)
    assert player.is_done


def test_what_begins_in_one_step_shares_its_scopes():
    player = started(NESTED)
    begun(player, "u", "v", "w", end_of=["a"])
    living = [one.element for one in player.instances()]
    assert (living.count("S"), living.count("T"), player.open()) == (1, 1, "u v w")


def test_a_scope_further_out_has_those_between_begun_anew_beside_the_ones_that_run():
    player = started(NESTED)
    player.do("a")
    begun(player, "v")
    assert [one.element for one in player.instances()].count("S") == 2
    begun_in = player.told(model.Entered)
    assert player.open() == "u v"
    assert begun_in[-1].element == "v"


def test_a_nearer_scope_that_runs_is_used_where_it_is_named():
    player = started(NESTED)
    player.do("a")
    begun(player, "w", scope="S")
    assert [one.element for one in player.instances()].count("S") == 1
    assert player.open() == "u w"


def test_the_timer_around_a_scope_begun_by_hand_ends_it():
    player = started(NESTED)
    begun(player, "u", end_of=["a"])
    player.wait(86_400)
    assert player.is_done


def test_a_token_left_at_a_join_counts_what_the_new_scope_brings():
    inner = sub_process("S", start("s1"), user("u"), end("s2"), flows("s1>u>s2"))
    player = started(
        one_process(
            start(), parallel("p"), user("a"), user("b"), inner, parallel("j"), end(), flows("s>p>a>j>e p>b>S>j")
        )
    )
    player.do("a")
    with pytest.raises(model.CannotModify, match="wait at j"):
        player.run(model.Modify(terminate=(player.key("b"),)))
    begun(player, "u", end_of=["b"])
    player.do("u")
    assert player.is_done


def within(*body, drawn=sub_process):
    return one_process(start(), user("a"), drawn("S", *body), end(), flows("s>a>S>e"))


STEP = (start("s1"), user("u"), end("s2"), flows("s1>u>s2"))


def test_nothing_is_begun_in_a_sub_process_that_undoes_an_activity_never_completed():
    body = (start("s1"), user("u"), sub_process("T", start("t1"), user("v"), flows("t1>v")), flows("s1>u>T"))
    player = started(
        one_process(
            start(),
            user("a"),
            end(),
            boundary("q", "a", compensate()),
            sub_process("H", *body, isForCompensation="true"),
            association("q", "H"),
            flows("s>a>e"),
        )
    )
    before = player.snapshot
    for element in ("H", "u", "T", "v"):
        with pytest.raises(model.CannotModify, match="by hand"):
            begun(player, element)
    assert player.snapshot == before


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        (within(loop("=[1, 2]", "i"), *STEP), "is repeated and does not run"),
        (within(listeners("start:check"), *STEP), "has start listeners"),
        (within(None, user("u"), drawn=ad_hoc), "does not run and cannot be begun around"),
        (within(mappings({"n": "=1 + nothing"}), *STEP), "S cannot be begun"),
        (
            one_process(
                start(),
                user("a"),
                end(),
                event_sub_process("S", start("s1", message("M")), user("u"), end("s2"), flows("s1>u>s2")),
                flows("s>a>e"),
            ),
            "does not run and cannot be begun around",
        ),
    ],
    ids=["repeated", "listeners", "ad-hoc", "failing", "event"],
)
def test_what_cannot_be_begun_around_an_element_is_refused_and_nothing_changes(xml, said):
    player = started(xml)
    before = player.snapshot
    with pytest.raises(model.CannotModify, match=said):
        begun(player, "u")
    assert player.snapshot == before
