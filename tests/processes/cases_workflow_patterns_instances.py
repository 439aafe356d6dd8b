"""Control-flow patterns: several instances of one activity, triggers, recursion, and ending a whole case."""

from __future__ import annotations

from tests.processes.case import case
from tests.processes.diagrams import (
    NOT_INTERRUPTING,
    call,
    catch,
    end,
    exclusive,
    flows,
    loop,
    mappings,
    message,
    one_process,
    parallel,
    script,
    signal,
    start,
    sub_process,
    terminate,
    user,
)
from tests.processes.patterns import handler

CASES = [
    case(
        "WCP-12 Multiple Instances without Synchronization",
        one_process(
            start(), exclusive("m"), script("c", "=n+1", "n"), parallel("p"), user("a"), exclusive("g"), user("z"),
            end(), end("e2"),
            flows("s>m>c>p>a>e p>g>m[=n<3] g>z[*]>e2"),
        ),
        ("", "a a a z"),
        ("do z", "a a a"),
        ("do a", "a a"),
        ("do a", "a"),
        ("do a", ""),
        start={"n": 0},
        count={"a": 3, "z": 1},
    ),
    case(
        "WCP-13 Multiple Instances with a Priori Design-Time Knowledge",
        one_process(start(), user("a", loop("=[1,2,3]", "i", "outs", "=v")), user("z"), end(), flows("s>a>z>e")),
        ("", "a a a"),
        ("do a#3", {"v": "c"}, "a a"),
        ("do a#2", {"v": "b"}, "a"),
        ("do a#1", {"v": "a"}, "z"),
        ("do z", ""),
        end={"outs": ["a", "b", "c"]},
    ),
    case(
        "WCP-14 Multiple Instances with a Priori Run-Time Knowledge",
        one_process(
            start(), user("u"), user("a", loop("=items", "i", "outs", "=i*10")), user("z"), end(), flows("s>u>a>z>e")
        ),
        ("", "u"),
        ("do u", {"items": [1, 2]}, "a a"),
        ("do a#2", "a"),
        ("do a#1", "z"),
        ("do z", ""),
        end={"outs": [10, 20]},
    ),
    case(
        "WCP-15 Multiple Instances without a Priori Run-Time Knowledge",
        one_process(
            start(),
            sub_process(
                "S", start("s1"), user("a", loop("=[1,2]", "i")), end("e1"), flows("s1>a>e1"),
                handler("X", "x", message("MORE"), "b", **NOT_INTERRUPTING),
            ),
            user("z"),
            end(),
            flows("s>S>z>e"),
        ),
        ("", "a a"),
        ("msg MORE", "a a b"),
        ("do a", "a b"),
        ("msg MORE", "a b b"),
        ("do a", "b b"),
        ("do b", "b"),
        ("do b", "z"),
        ("do z", ""),
        count={"a": 3, "b": 2, "S": 1, "z": 1},
    ),
    case(
        "WCP-20 Cancel Case",
        one_process(
            start(), parallel("p"), user("a"), user("b"), end(), flows("s>p>a>e p>b>e"),
            handler("X", "x", message("STOP"), "h", terminate()),
        ),
        ("", "a b"),
        ("do a", "b"),
        ("msg STOP", "h"),
        ("do h", ""),
        count={"a": 1, "b": 0, "h": 1, "P": 1},
    ),
    case(
        "WCP-22 Recursion",
        one_process(
            start(), user("u"), exclusive("g"),
            call("c", "P", mappings({"n": "=n-1"}), propagateAllParentVariables="false"),
            end(),
            flows("s>u>g>c[=n>0]>e g>e[*]"),
        ),
        ("", "u"),
        ("do u", "u"),
        ("do u", "u"),
        ("do u", ""),
        start={"n": 2},
        count={"u": 3, "c": 2, "P": 3, "e": 3},
        end={"n": 2},
    ),
    case(
        "WCP-23 Transient Trigger",
        one_process(start(), user("a"), catch("c", signal("S")), end(), flows("s>a>c>e")),
        ("", "a"),
        ("sig S", "a"),
        ("do a", "c"),
        ("sig S", ""),
        count={"c": 1},
    ),
    case(
        "WCP-35 Cancelling Partial Join for Multiple Instances",
        one_process(
            start(), user("a", loop("=[1,2,3]", "i", condition="=numberOfCompletedInstances>=2")), user("z"), end(),
            flows("s>a>z>e"),
        ),
        ("", "a a a"),
        ("do a", "a a"),
        ("do a", "z"),
        ("do z", ""),
        count={"a": 3, "z": 1},
    ),
]  # fmt: skip
