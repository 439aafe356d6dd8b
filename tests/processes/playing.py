"""Plays a duel: does what is open in random order, repairs, drives it to its end, and counts the tokens."""

from __future__ import annotations

from random import Random

from tests.processes.duel import Duel
from tests.processes.naive.drawing import Element

_NOTHING = Element("", "", "")


def play(xml, choices: Random, *, x=None, most_steps=30, errors=True) -> Duel:
    """Do whatever is open in random order, until it is over or long enough; a given `x` stays what it is."""
    duel = Duel(xml)
    duel.start(x=choices.randint(0, 5) if x is None else x, n=0, items=[5, 6])
    for _ in range(most_steps):
        work, waits = duel.work(), duel.waits()
        if duel.is_over or not (work or waits or duel.ad_hoc() or (errors and duel.stuck())):
            break
        if errors and (choices.random() < 0.12 or not (work or waits)):
            repair(duel, choices)
            continue
        if x is None and choices.random() < 0.1:
            duel.set_variables(choices.randrange(len(duel.lives())), {"x": choices.randint(0, 5)})
            continue
        if x is None and duel.ad_hoc() and choices.random() < 0.1:
            place, heads = choices.choice(duel.ad_hoc())
            duel.begin_parts(place, [choices.choice(heads)], is_anew=choices.random() < 0.3)
            continue
        if not (work or waits):
            continue
        position = choices.randrange(len(work) + (len(waits) + 1) // 2)
        variables = {} if x is not None else _variables(choices)
        if position >= len(work):
            duel.trigger(choices.randrange(len(waits)), variables)
        elif errors and choices.random() < 0.08:
            duel.throw_error(position, choices.choice(["X1", "X2"]))
        else:
            duel.complete(position, variables)
    return duel


def repair(duel: Duel, choices: Random) -> None:
    """Do what an operator may do: fail work, retry, set variables, begin and end elements."""
    lives, elements = duel.lives(), duel.naive.drawing.elements
    kind = choices.choice(["fail", "retry", "set", "begin", "end", "move"])
    if kind == "fail" and duel.work():
        duel.fail(choices.randrange(len(duel.work())))
    elif kind == "retry" and duel.stuck():
        duel.retry(choices.randrange(len(duel.stuck())))
    elif kind == "set":
        duel.set_variables(choices.randrange(len(lives)), {"x": choices.randint(0, 5)})
    elif kind in ("begin", "end", "move"):
        begin, end = _beginning(duel, choices), _ending(duel, choices)
        if kind == "move" and begin is not None and end is not None and elements[begin[1]].tag == "userTask":
            is_within = lives[begin[0]][1] in duel.state.within(lives[end][1])
            duel.modify(begin, None if is_within else end)
        elif kind == "begin" and begin is not None:
            duel.modify(begin, None)
        elif kind == "end" and end is not None:
            duel.modify(None, end)


def _beginning(duel, choices):
    lives, state, elements = duel.lives(), duel.state, duel.naive.drawing.elements
    scopes = [
        (position, state.lives[life_id])
        for position, (_, life_id) in enumerate(lives)
        if elements[state.lives[life_id].element].tag in ("process", "subProcess")
        and not state.lives[life_id].is_body
        and state.lives[life_id].phase == "open"
    ]
    position, scope = choices.choice(scopes)
    undoing = {each.undone_by for each in elements.values()}
    inside = [
        each.id
        for each in elements.values()
        if each.inside == scope.element
        and each.tag not in ("startEvent", "boundaryEvent")
        and not each.is_handler
        and each.id not in undoing
    ]
    return (position, choices.choice(inside)) if inside else None


def _ending(duel, choices):
    state = duel.state
    alone = [
        position
        for position, (_, life_id) in enumerate(duel.lives())
        if state.lives[life_id].parent
        and state.lives[life_id].counter is None
        and not state.lives[life_id].is_process
        and not duel.naive.is_undoing(state, life_id)
    ]
    return choices.choice(alone) if alone else None


def _variables(choices):
    return choices.choice([{}, {"x": choices.randint(0, 5)}, {"x": choices.randint(0, 5), "y": 1}, {"i": 9}])


def finish(duel: Duel, *, most_steps=300) -> None:
    """Do all that is open, the oldest first and work before events, with the value that leads out of every loop."""
    elements = duel.naive.drawing.elements
    for _ in range(most_steps):
        if duel.is_over:
            return
        work = duel.work()
        if work:
            duel.complete(work.index(min(work, key=lambda pair: pair[1])), {"x": 0})
            continue
        tags = [elements[wait.element].tag for _, wait in duel.waits()]
        in_the_way = [tag not in ("startEvent", "boundaryEvent") for tag in tags]
        if True in in_the_way:
            duel.trigger(in_the_way.index(True), {"x": 0})
        elif idle := [each for each in duel.ad_hoc() if not duel.state.children(duel.lives()[each[0]][1])]:
            duel.begin_parts(idle[0][0], idle[0][1][:1])
        else:
            fulfil(duel)


def fulfil(duel: Duel) -> None:
    """Let the first condition that something waits for as its own work come true."""
    elements = duel.naive.drawing.elements
    owner = next(
        each.owner
        for each in duel.state.waits
        if each.kind == "conditional" and elements[each.element].tag == "intermediateCatchEvent"
    )
    position = next(place for place, (_, life_id) in enumerate(duel.lives()) if life_id == owner)
    duel.set_variables(position, {"x": 9})
    duel.set_variables(position, {"x": 0})


def check_tokens(duel: Duel) -> None:
    """Hold what happened against the diagram: every token that came along a flow entered something, and went on.

    Where something was ended or interrupted, tokens went with it: then there is nothing to count.
    """
    drawing, happened = duel.naive.drawing, duel.happened
    starts = [drawing.elements.get(name, _NOTHING) for what, name in happened if what == "entered"]
    if any(each.tag == "startEvent" and each.event is not None and each.interrupts for each in starts):
        return
    if any(what == "ended" or drawing.elements.get(name, _NOTHING).event == "terminate" for what, name in happened):
        return
    for element in drawing.elements.values():
        into = [happened[("flow", each.id)] for each in drawing.into[element.id]]
        bodies = element.loop is not None
        is_counted_twice = bodies or element.ad_hoc is not None
        if not into or is_counted_twice or element.event == "link" or _behind_event_gateway(drawing, element.id):
            continue
        entered = happened[("entered", element.id)]
        if drawing.waits_for_all(element.id):
            assert [entered] * len(into) == into, (element.id, duel.commands)
        elif drawing.waits_for_possible(element.id):
            assert max(into) <= entered <= sum(into), (element.id, duel.commands)
        else:
            assert entered == sum(into), (element.id, duel.commands)
        assert entered == happened[("left", element.id)] + happened[("ended", element.id)], (element.id, duel.commands)
        if element.tag == "parallelGateway":
            out = [happened[("flow", each.id)] for each in drawing.out_of[element.id]]
            assert [entered] * len(out) == out, (element.id, duel.commands)


def _behind_event_gateway(drawing, element_id):
    return any(drawing.elements[each.source].tag == "eventBasedGateway" for each in drawing.into[element_id])
