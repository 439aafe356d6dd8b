"""The comparison of the two implementations would notice a core that is wrong: it is broken here in known ways."""

from __future__ import annotations

from random import Random

import pytest

from engine.core import (
    ad_hoc,
    compensation,
    deadlocks,
    events,
    joins,
    lifecycle,
    multi_instance,
    subscriptions,
    variables,
)
from engine.core.working import Working
from tests.fuzz_processes.__main__ import failure

MOST_PROCESSES = 400


def forgets_tokens_under_way(working, element):
    element.tokens.clear()
    working.scopes_with_tokens.pop(element.key, None)


def keeps_tokens_at_joins(working, element):
    element.epoch += 1
    element.on_their_way = 0


def takes_all_tokens(working, scope, join):
    del scope.tokens[join.id]
    if not scope.tokens:
        working.scopes_with_tokens.pop(scope.key, None)


def goes_on_at_once(scope, join):
    return set()


def does_not_wait_for_what_comes_along_a_flow_that_has_a_token(scope, join):
    upstream, taken = scope.process.upstream[join.id], scope.tokens[join.id]
    places = {child.node.id for child in scope.children.values()} | (scope.tokens.keys() - {join.id})
    missing = [flow.id for flow in join.incoming if flow.id not in taken]
    return {
        place
        for place in places
        if any(place in upstream[flow] for flow in missing) and not any(place in upstream[flow] for flow in taken)
    }


def waits_for_ever(scope, join):
    return False


def fires_once(working, element, fired):
    if fired.kind == "timer":
        working.unsubscribe(element, [fired.key])


def sets_in_the_process(working, element, values):
    *_, process = variables.scope_chain(element)
    for name, value in values.items():
        working.set_variable(process, name, value)


def collects_as_it_comes(child, name, value):
    body = child.scope
    return [value if place == body.body.finished - 1 else one for place, one in enumerate(body.variables[name])]


open_around, broadcast = lifecycle._open_around, events.broadcast


def hands_over_again(working, element):
    open_around(working, element)
    element.has_handed_over = False


def reaches_who_began_to_wait_since(working, signal, before_key):
    broadcast(working, signal, working.next_key)


def takes_no_notice(working):
    pass


def undoes_in_its_own_scope(thrower):
    yield thrower.scope


def undoes_nothing_within(undone):
    return undone


def does_nothing(working, element):
    pass


@pytest.mark.parametrize(
    ("owner", "name", "broken", "operations"),
    [
        (deadlocks, "look", takes_no_notice, "both join user choice"),
        (Working, "drop_tokens", forgets_tokens_under_way, "both stop"),
        (Working, "drop_tokens", keeps_tokens_at_joins, "both stop user"),
        (joins, "consume", takes_all_tokens, "both tangle join user"),
        (joins, "_awaited", goes_on_at_once, "some user"),
        (joins, "_awaited", does_not_wait_for_what_comes_along_a_flow_that_has_a_token, "some both loop"),
        (joins, "_would_wait_for_ever", waits_for_ever, "some both loop"),
        (subscriptions, "rearm", fires_once, "guard handler"),
        (variables, "put", sets_in_the_process, "scope many mapped"),
        (multi_instance, "_with_output", collects_as_it_comes, "many user"),
        (lifecycle, "_open_around", hands_over_again, "narrow"),
        (events, "broadcast", reaches_who_began_to_wait_since, "hear loop catch both"),
        (compensation, "_reached", undoes_in_its_own_scope, "undo handler"),
        (compensation, "_with_all_within", undoes_nothing_within, "undo scope"),
        (subscriptions, "drop_starts", does_nothing, "handler scope"),
        (ad_hoc, "keep_apart", does_nothing, "free handler"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_core_that_is_wrong_is_noticed(owner, name, broken, operations, monkeypatch):
    monkeypatch.setattr(owner, name, broken)
    writer = Random(7)
    for _ in range(MOST_PROCESSES):
        chosen = [writer.choice(operations.split()) for _ in range(writer.randint(1, 8))]
        if failure("tangled", chosen, writer.getrandbits(32)) is not None:
            return
    pytest.fail(f"{MOST_PROCESSES} processes did the same in both")
