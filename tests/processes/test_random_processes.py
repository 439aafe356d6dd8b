"""Random processes do the same in the core, in the naive implementation and, where it is right, in SpiffWorkflow.

`Duel` compares everything after every command: what lives with its variables, what waits, tokens at joins, open work,
what was entered, left, ended and sent, flows taken; the core's snapshot is stored and read back before every command,
and the sum of its facts is held against the snapshot (`Player.run`).
"""

from __future__ import annotations

import os
from collections import Counter
from random import Random

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from engine.core import model
from tests.processes.duel import core_path
from tests.processes.host import GivenDecisions
from tests.processes.naive.interpreter import TooManyMoves
from tests.processes.player import Player
from tests.processes.playing import check_tokens, finish, play
from tests.processes.sketches import BLOCKS, PLAIN, TANGLES, WILD, sketch
from tests.processes.spiff import completed_in_spiff
from tests.processes.views import open_work

EXAMPLES = int(os.environ.get("RELIEF_TEST_EXAMPLES", "100"))
INDEPENDENT_OF_ORDER = (*PLAIN, "some", "loop", "scope", "link", "mapped")
SEEDS = st.integers(0, 2**32).map(Random)

bounded = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def rewritings(*names):
    return st.lists(st.sampled_from(names), min_size=1, max_size=14)


def compared(xml, choices, **more):
    """Play a diagram on both; one that runs in a circle without waiting is left out."""
    try:
        duel = play(xml, choices, **more)
    except TooManyMoves:
        assume(False)
        raise
    return duel


@bounded
@given(operations=rewritings(*BLOCKS), choices=SEEDS)
def test_processes_made_of_blocks_do_the_same_in_both_and_end(operations, choices):
    duel = compared(sketch(operations, choices), choices, errors=False)
    finish(duel)
    assert duel.is_over, duel.commands


@bounded
@given(operations=rewritings(*BLOCKS, *TANGLES * 3), choices=SEEDS)
def test_unstructured_sound_processes_do_the_same_in_both_and_no_token_is_lost_or_doubled(operations, choices):
    duel = compared(sketch(operations, choices), choices, errors=False)
    finish(duel)
    assert duel.is_over, duel.commands
    check_tokens(duel)


@bounded
@given(operations=rewritings(*BLOCKS, *TANGLES, *WILD), choices=SEEDS)
def test_unsound_processes_and_uncaught_errors_do_the_same_in_both_and_cancelling_leaves_nothing(operations, choices):
    duel = compared(sketch(operations, choices), choices)
    if not duel.is_over:
        duel.cancel()


@settings(bounded, max_examples=EXAMPLES // 3)
@given(operations=rewritings(*PLAIN), choices=SEEDS)
def test_plain_processes_complete_the_same_tasks_in_spiffworkflow(operations, choices):
    xml = sketch(operations, choices)
    x = choices.randint(0, 5)
    duel = compared(xml, choices, x=x, errors=False, most_steps=200)
    assert duel.is_over
    done = {name for name, number in duel.player.completed().items() if number and name[0] in "ut"}
    assert completed_in_spiff(xml, choices, x=x) == done


class Unreliable(GivenDecisions):
    """Fails at one of five expressions."""

    def __init__(self, choices):
        super().__init__()
        self.choices = choices

    def evaluate(self, text, scope):
        if self.choices.random() < 0.2:
            raise model.ExpressionFailed("not now")
        return super().evaluate(text, scope)


def retry_everything(player):
    while stuck := [each.key for each in player.instances() if each.incident is not None]:
        player.run(model.Retry(key=stuck[0]))


def done(player):
    """What completed and which flows were taken, how often."""
    return Counter(
        (type(fact), fact.element) for fact in player.facts if isinstance(fact, model.Left | model.FlowTaken)
    )


def open_places(player):
    """Return the open work by the rounds it is in: after a retry instances come in another order."""
    instances = {each.key: each for each in player.instances()}
    open_keys = open_work(player.snapshot, player.definitions).work
    return sorted((core_path(instances, key), key) for key in open_keys)


@bounded
@given(operations=rewritings(*INDEPENDENT_OF_ORDER), choices=SEEDS)
@example(operations=["loop", "scope", "loop", "loop", "scope"], choices=Random(528))
@example(operations=["choice", "scope", "scope", "both", "scope", "scope", "choice", "both"], choices=Random(422455))
def test_failures_that_are_retried_change_nothing(operations, choices):
    xml = sketch(operations, choices)
    reliable = Player(xml)
    unreliable = Player(xml, round_trips=True, evaluator=Unreliable(Random(choices.random())))
    variables = {"x": choices.randint(0, 5), "n": 0, "items": [5, 6]}
    for player in (reliable, unreliable):
        player.start(**variables)
    for _ in range(60):
        retry_everything(unreliable)
        assert unreliable.open() == reliable.open()
        assert done(unreliable) == done(reliable)
        if reliable.is_done:
            break
        places = [open_places(player) for player in (reliable, unreliable)]
        assert [place for place, _ in places[0]] == [place for place, _ in places[1]]
        position = choices.randrange(len(places[0]))
        variables = {"x": choices.randint(0, 3)}
        for player, found in zip((reliable, unreliable), places, strict=True):
            player.run(model.CompleteWork(key=found[position][1], variables=variables))
    assert unreliable.variables().get("x") == reliable.variables().get("x")
