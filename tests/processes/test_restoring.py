"""A migration is undone: everything stands again as before it, and the case goes on by the old version."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.core import model
from tests.processes.diagrams import (
    boundary,
    compensable,
    compensate,
    conditional,
    duration,
    end,
    flows,
    loop,
    message,
    one_process,
    parallel,
    script,
    start,
    sub_process,
    task_listeners,
    throw,
    user,
)
from tests.processes.test_migration import migrate, versions


def joined(first, join):
    return one_process(
        start(),
        parallel("p"),
        user(first),
        boundary("q", first, duration("P10D")),
        boundary("r", first, message("M", "=1")),
        user("b"),
        parallel(join),
        user("z"),
        end(),
        flows(f"s>p>{first}>{join}>z>e p>b>{join} q>e r>e"),
    )


def nested(outer, inner):
    body = (start("s1"), user(inner, loop("=[1, 2]")), end("e1"), flows(f"s1>{inner}>e1"))
    return one_process(start(), sub_process(outer, *body), end(), flows(f"s>{outer}>e"))


CASES = {
    "subscriptions": (joined("a", "j"), joined("c", "k"), {"a": "c", "j": "k"}, ()),
    "a token at a join": (joined("a", "j"), joined("a", "k"), {"j": "k"}, ("b",)),
    "scopes and rounds": (nested("S", "u"), nested("T", "v"), {"S": "T", "u": "v"}, ()),
}


@pytest.mark.parametrize("name", CASES)
def test_what_moved_stands_again_as_before(name):
    old, new, mapping, done = CASES[name]
    player = versions(old, new)
    player.start()
    for task in done:
        player.do(task)
    before = player.snapshot
    migrate(player, **mapping)
    assert player.snapshot != before
    facts = player.run(model.Restore(snapshot=before))

    assert replace(player.snapshot, next_key=0) == replace(before, next_key=0)
    assert player.snapshot.next_key >= before.next_key
    assert {type(fact) for fact in facts} <= {
        model.Moved,
        model.Subscribed,
        model.SubscriptionMoved,
        model.Unsubscribed,
    }
    migrate(player, **mapping)
    player.run(model.Restore(snapshot=before))
    while work := sorted(player.replayed.work.items()):
        player.run(model.CompleteWork(key=work[0][0], variables={}))
    assert player.is_done


def test_what_can_be_undone_keeps_its_handler():
    def undone(first):
        drawn = (start(), compensable(first), user("b"), throw("t", compensate()), end())
        return one_process(*drawn, flows(f"s>{first}>b>t>e"))

    player = versions(undone("a"), undone("d"))
    player.start()
    player.do("a")
    before = player.snapshot
    migrate(player, a="d", ca="cd")
    player.run(model.Restore(snapshot=before))
    player.do("b")
    assert player.open() == "ca"


def test_what_went_on_since_is_not_undone():
    player = versions(joined("a", "j"), joined("c", "j"))
    player.start()
    before = player.snapshot
    migrate(player, a="c")
    player.do("b")
    after = player.snapshot
    with pytest.raises(model.CannotModify) as refused:
        player.run(model.Restore(snapshot=before))
    assert refused.value.reasons[0].zh
    assert player.snapshot == after


def watched(*added, listener=None):
    """Draw a task whose amount is 5; what is added to it fires when it is migrated."""
    listeners = (task_listeners(listener),) if listener else ()
    return one_process(
        start(), user("a", *listeners), user("z"), *added, end(), flows("s>a>z>e" + (" b>r" if added else ""))
    )


RECKONED = {
    "a canceling listener is waited for": ({}, "canceling:x"),
    "something was reckoned beside": ({"interrupting": False}, None),
}


@pytest.mark.parametrize("name", RECKONED)
def test_what_fired_in_the_migration_itself_is_not_undone(name):
    fires, listener = RECKONED[name]
    rule = boundary("b", "a", conditional("=amount = 5"), **fires)
    player = versions(
        watched(listener=listener), watched(rule, script("r", "=amount + 1", "amount"), listener=listener)
    )
    player.start(amount=5)
    before = player.snapshot
    migrate(player)
    after = player.snapshot
    assert {each.key for each in after.instances} == {each.key for each in before.instances}
    with pytest.raises(model.CannotModify) as refused:
        player.run(model.Restore(snapshot=before))
    assert refused.value.reasons[0].zh
    assert player.snapshot == after


def test_outputs_collected_under_a_new_name_do_not_keep_a_migration_from_being_undone():
    def asked(outputs):
        return one_process(start(), user("a", loop("=[1, 2]", "i", outputs, "=r")), end(), flows("s>a>e"))

    player = versions(asked("old"), asked("new"))
    player.start()
    player.do("a", 1, r=10)
    before = player.snapshot
    migrate(player)
    player.run(model.Restore(snapshot=before))
    player.do("a", 2, r=20)
    assert player.variables()["old"] == [10, 20]
