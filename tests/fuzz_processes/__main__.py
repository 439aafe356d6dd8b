"""Run random processes on the core and on the naive implementation until the time is up; print what differs.

Every fourth process is plain and also run by SpiffWorkflow, every fourth made of blocks, every fourth unstructured
but sound, every fourth tangled. What differs is shortened to the fewest rewritings that still differ.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter
from random import Random

from tests.processes.naive.interpreter import TooManyMoves
from tests.processes.playing import check_tokens, finish, play
from tests.processes.sketches import BLOCKS, PLAIN, TANGLES, WILD, sketch
from tests.processes.spiff import completed_in_spiff

KINDS = {
    "plain": PLAIN,
    "blocks": BLOCKS,
    "unstructured": (*BLOCKS, *TANGLES * 3),
    "tangled": (*BLOCKS, *TANGLES, *WILD),
}


def attempt(kind, operations, seed):
    """Draw and run one process; return the duel, or fail."""
    choices = Random(seed)
    xml = sketch(operations, choices)
    if kind == "plain":
        duel = play(xml, choices, x=choices.randint(0, 5), errors=False, most_steps=300)
        x = duel.state.end["x"] if duel.state.end is not None else 0
        assert completed_in_spiff(xml, choices, x=x) == {
            name for name, number in duel.player.completed().items() if number and name[0] in "ut"
        }, "SpiffWorkflow completes others"
        return duel
    duel = play(xml, choices, errors=kind == "tangled", most_steps=60)
    if kind != "tangled":
        finish(duel, most_steps=1000)
        assert duel.is_over, f"it does not end: {duel.commands[:60]}"
        check_tokens(duel)
    elif not duel.is_over:
        duel.cancel()
    return duel


def failure(kind, operations, seed):
    """Return what goes wrong, None when nothing does."""
    try:
        attempt(kind, operations, seed)
    except TooManyMoves:
        return None
    except Exception:
        return traceback.format_exc(limit=-3)[-3000:]
    return None


def shortened(kind, operations, seed):
    """Leave out rewritings as long as it still goes wrong."""
    position = 0
    while position < len(operations):
        fewer = operations[:position] + operations[position + 1 :]
        if fewer and failure(kind, fewer, seed) is not None:
            operations = fewer
        else:
            position += 1
    return operations


def main() -> int:
    """Run and report."""
    options = argparse.ArgumentParser(prog="python -m tests.fuzz_processes", description=__doc__)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument("--most", type=int, default=20, help="most rewritings of one process")
    given = options.parse_args()
    writer, end, told, broken = Random(given.seed), time.monotonic() + given.minutes * 60, Counter(), []
    print(f"seed {given.seed}, {given.minutes} minutes", flush=True)
    for kind in _turns(end):
        if len(broken) >= 10:
            break
        operations = [writer.choice(KINDS[kind]) for _ in range(writer.randint(1, given.most))]
        seed = writer.getrandbits(32)
        try:
            duel = attempt(kind, operations, seed)
        except TooManyMoves:
            told["in a circle, left out"] += 1
            continue
        except Exception:
            found = shortened(kind, operations, seed)
            broken.append(f"{kind} {found} seed {seed}\n{failure(kind, found, seed)}")
            print(f"BROKEN {broken[-1]}", flush=True)
            continue
        told[kind] += 1
        told["commands"] += len(duel.commands)
        told["element instances"] += sum(number for (what, _), number in duel.happened.items() if what == "entered")
        told["in which an event interrupted or joined in"] += any(name[0] in "Xq" for _, name in duel.happened)
    print(f"{dict(told)}\n{len(broken)} broken")
    return int(bool(broken))


def _turns(end):
    while time.monotonic() < end:
        yield from KINDS


if __name__ == "__main__":
    sys.exit(main())
