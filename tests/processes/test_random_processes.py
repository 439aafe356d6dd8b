"""Random processes do the same in the core, in the naive implementation and, where it is right, in SpiffWorkflow.

`Duel` compares everything after every command: what lives with its variables, what waits, tokens at joins, open work,
what was entered, left, ended and sent, flows taken; the core's snapshot is stored and read back before every command,
and the sum of its facts is held against the snapshot (`Player.run`).
"""

from __future__ import annotations

import os
from random import Random

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.processes.duel import check_tokens, finish, play
from tests.processes.naive.interpreter import TooManyMoves
from tests.processes.sketches import BLOCKS, PLAIN, TANGLES, WILD, sketch
from tests.processes.spiff import completed_in_spiff

EXAMPLES = int(os.environ.get("RELIEF_TEST_EXAMPLES", "100"))
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
