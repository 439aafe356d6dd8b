"""Drives an instance of any small diagram to its end: fires what is waited for, then does the work that is open."""

from __future__ import annotations

from engine.core import model
from tests.processes.views import open_work

KINDS = ("message", "signal", "conditional", "timer")
_ENOUGH = 40  # commands: none of these diagrams needs more


def drive(player):
    """Go on until the instance ended or nothing can be done any more."""
    fired, decided = set(), set()
    for _ in range(_ENOUGH):
        if player.is_done or not (_fire(player, fired) or _work(player, decided)):
            return


def _fire(player, fired):
    for kind in sorted(KINDS, key=lambda one: not any(each.element == "x" for each in player.subscriptions(one))):
        for each in sorted(player.subscriptions(kind), key=lambda one: one.element != "x"):
            mark = (kind, each.element)
            if mark in fired:
                continue
            fired.add(mark)
            if kind == "conditional":
                player.run(model.SetVariables(scope=player.instances()[0].key, variables={"ok": True}))
            else:
                player.run(model.Trigger(subscription=each.key))
            return True
    return False


def _work(player, decided):
    keys = open_work(player.snapshot, player.definitions).work
    if keys:
        key = next(iter(keys))
        [definition] = [
            each.definition
            for each in player.instances()
            if key in (each.key, each.job, None if each.listening is None else each.listening.job)
        ]
        node = player.definitions.get(definition).nodes[keys[key]]
        if node.ad_hoc is not None and node.id not in decided:
            decided.add(node.id)
            chosen = tuple(model.AdHocActivity(element=each) for each in node.heads)
            player.run(model.CompleteWork(key=key, variables={}, result=model.AdHocResult(elements=chosen)))
        elif node.ad_hoc is not None:
            player.run(model.CompleteWork(key=key, variables={}, result=model.AdHocResult(is_fulfilled=True)))
        elif node.job is not None and player.subscriptions("error"):
            player.run(model.ThrowError(key=key, code="X"))
        else:
            player.run(model.CompleteWork(key=key, variables={}))
    return bool(keys)
