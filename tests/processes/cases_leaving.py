"""Conformance cases of the core: leaving."""

from __future__ import annotations

from tests.processes.case import case
from tests.processes.diagrams import (
    end,
    flows,
    loop,
    mappings,
    one_process,
    script,
    start,
    sub_process,
    user,
)

CASES = [
    case(
        "incident while leaving: output mapping of a sub-process whose content ran through",
        one_process(
            start(),
            sub_process(
                "S", mappings({}, {"r": "=gone"}), start("s1"), script("c", "=1", "k"), end("e1"), flows("s1>c>e1")
            ),
            user("z"),
            end(),
            flows("s>S>z>e"),
        ),
        ("", "!S"),
        ("retry S", {"gone": 5}, "z"),
        ("do z", ""),
        end={"r": 5},
    ),
    case(
        "incident while leaving: output mapping of a user task",
        one_process(start(), user("u", mappings({}, {"r": "=form+gone"})), user("z"), end(), flows("s>u>z>e")),
        ("", "u"),
        ("do u", {"form": 1}, "!u"),
        ("retry u", {"gone": 5}, "z"),
        ("do z", ""),
        end={"r": 6},
    ),
    case(
        "incident while leaving: output element of a multi-instance child",
        one_process(start(), user("u", loop("=[1,2]", "i", "outs", "=i*gone")), user("z"), end(), flows("s>u>z>e")),
        ("", "u u"),
        ("do u", "!u u"),
        ("retry u", {"gone": 5}, "u"),
        ("do u", "z"),
        ("do z", ""),
        end={"outs": [5, 10]},
    ),
    case(
        "incident while leaving: condition of a flow out of an activity",
        one_process(start(), user("u"), user("a"), user("b"), end(), flows("s>u>a[=gone>1]>e u>b[=gone<0]>e")),
        ("", "u"),
        ("do u", "!u"),
        ("retry u", {"gone": 5}, "a"),
        ("do a", ""),
    ),
    case(
        "no condition out of an activity is true: an incident, and the flow when one is",
        one_process(start(), user("a"), user("b"), user("c"), end(), flows("s>a>b[=x>1]>e a>c[=x>2]>e")),
        ("", "a"),
        ("do a", {"x": 0}, "!a"),
        ("retry a", {"x": 2}, "b"),
        ("do b", ""),
        count={"a": 1},
    ),
    case(
        "no condition out of a sub-process that is repeated is true: an incident of the whole",
        one_process(
            start(),
            sub_process("S", loop("=[1,2]", "i"), start("s1"), user("u"), end("e1"), flows("s1>u>e1")),
            end(),
            flows("s>S>e[=x>1]"),
        ),
        ("", "u u"),
        ("do u", {"x": 0}, "u"),
        ("do u", "!S"),
        ("retry S", {"x": 2}, ""),
    ),
]
