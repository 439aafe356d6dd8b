"""The control-flow patterns of van der Aalst, Russell, ter Hofstede and Mulyar (2006), numbered and named as there.

One small diagram for each of the 43 that BPMN expresses as Camunda 8 runs it, with its exact trace. The table of all
43, with why the others cannot be drawn, is docs/reference/workflow-patterns.md; a test holds it against these cases.
"""

from __future__ import annotations

from tests.processes.case import case
from tests.processes.diagrams import (
    boundary,
    catch,
    duration,
    end,
    event_gateway,
    exclusive,
    flows,
    inclusive,
    loop,
    message,
    one_process,
    parallel,
    receive,
    script,
    start,
    sub_process,
    terminate,
    user,
)

BASIC = [
    case(
        "WCP-1 Sequence",
        one_process(start(), user("a"), user("b"), end(), flows("s>a>b>e")),
        ("", "a"),
        ("do a", {"x": 1}, "b"),
        ("do b", ""),
        count={"s": 1, "a": 1, "b": 1, "e": 1},
        end={"x": 1},
    ),
    case(
        "WCP-2 Parallel Split",
        one_process(start(), parallel("p"), user("a"), user("b"), end("e1"), end("e2"), flows("s>p>a>e1 p>b>e2")),
        ("", "a b"),
        ("do b", "a"),
        ("do a", ""),
        count={"p": 1, "e1": 1, "e2": 1},
    ),
    case(
        "WCP-3 Synchronization",
        one_process(
            start(), parallel("p"), user("a"), user("b"), parallel("j"), user("z"), end(), flows("s>p>a>j>z>e p>b>j")
        ),
        ("", "a b"),
        ("do a", {"x": 1}, "b"),
        ("do b", {"y": 2}, "z"),
        ("do z", ""),
        count={"j": 1, "z": 1, "e": 1},
        end={"x": 1, "y": 2},
    ),
    case(
        "WCP-4 Exclusive Choice",
        one_process(
            start(),
            user("u"),
            exclusive("g"),
            user("a"),
            user("b"),
            user("c"),
            end(),
            flows("s>u>g>a[=x>10]>e g>b[=x>5]>e g>c[*]>e"),
        ),
        ("", "u"),
        ("do u", {"x": 20}, "a"),
        ("do a", ""),
        count={"g": 1, "a": 1, "b": 0, "c": 0},
    ),
    case(
        "WCP-5 Simple Merge",
        one_process(
            start(), exclusive("g"), user("a"), user("b"), exclusive("m"), user("z"), end(),
            flows("s>g>a[=x=1]>m>z>e g>b[*]>m"),
        ),
        ("", "b"),
        ("do b", "z"),
        ("do z", ""),
        start={"x": 2},
        count={"m": 1, "z": 1},
    ),
]  # fmt: skip

BRANCHING = [
    case(
        "WCP-6 Multi-Choice",
        one_process(
            start(), inclusive("o"), user("a"), user("b"), user("c"), end(),
            flows("s>o>a[=x>0]>e o>b[=x>1]>e o>c[=x>2]>e"),
        ),
        ("", "a b"),
        ("do a", "b"),
        ("do b", ""),
        start={"x": 2},
        count={"a": 1, "b": 1, "c": 0, "e": 2},
    ),
    case(
        "WCP-7 Structured Synchronizing Merge",
        one_process(
            start(), inclusive("o"), user("a"), user("b"), user("c"), inclusive("j"), user("z"), end(),
            flows("s>o>a[=x>0]>j>z>e o>b[=x>1]>j o>c[=x>2]>j"),
        ),
        ("", "a b"),
        ("do b", "a"),
        ("do a", "z"),
        ("do z", ""),
        start={"x": 2},
        count={"j": 1, "z": 1, "e": 1},
    ),
    case(
        "WCP-8 Multi-Merge",
        one_process(
            start(), parallel("p"), user("a"), user("b"), exclusive("m"), user("z"), end(), flows("s>p>a>m>z>e p>b>m")
        ),
        ("", "a b"),
        ("do a", "b z"),
        ("do b", "z z"),
        ("do z", "z"),
        ("do z", ""),
        count={"m": 2, "z": 2, "e": 2},
    ),
    case(
        "WCP-29 Cancelling Discriminator",
        one_process(
            start(),
            sub_process(
                "S", start("s1"), parallel("p"), user("a"), user("b"), end("first", terminate()),
                flows("s1>p>a>first p>b>first"),
            ),
            user("z"),
            end(),
            flows("s>S>z>e"),
        ),
        ("", "a b"),
        ("do b", "z"),
        ("do z", ""),
        count={"a": 0, "b": 1, "first": 1, "z": 1},
    ),
    case(
        "WCP-33 Generalized AND-Join",
        one_process(
            start(), parallel("p"), user("a"), user("b"), user("c"), exclusive("m"), parallel("j"), user("z"), end(),
            parallel("d"), exclusive("n"),
            flows("s>p>a>m>j>z>e p>b>m p>c>d>n>j d>n"),
        ),
        ("", "a b c"),
        ("do a", "b c"),
        ("do b", "c"),
        ("do c", "z z"),
        ("do z", "z"),
        ("do z", ""),
        count={"j": 2, "z": 2},
    ),
    case(
        "WCP-37 Local Synchronizing Merge",
        one_process(
            start(), inclusive("o"), user("a"), user("b"), exclusive("g"), user("late"), inclusive("j"), user("z"),
            end(), end("gone"),
            flows("s>o>a[=x>0]>j>z>e o>b[=x>1]>g>late[=stay]>j g>gone[*]"),
        ),
        ("", "a b"),
        ("do a", "b"),
        ("do b", {"stay": False}, "z"),
        ("do z", ""),
        start={"x": 2},
        count={"j": 1, "gone": 1, "late": 0},
    ),
    case(
        "WCP-38 General Synchronizing Merge",
        one_process(
            start(), exclusive("m"), inclusive("o"), user("a"), user("b"), exclusive("g"), inclusive("j"),
            exclusive("h"), end(),
            flows("s>m>o>a[=true]>j>h>e[*] o>b[=true]>g>j[*] g>b[=again] h>m[=more]"),
        ),
        ("", "a b"),
        ("do a", "b"),
        ("do b", {"again": True}, "b"),
        ("do b", {"again": False}, "a b"),
        ("do b", "a"),
        ("do a", {"more": False}, ""),
        start={"more": True},
        count={"j": 2, "b": 3, "a": 2},
    ),
    case(
        "WCP-42 Thread Split",
        one_process(start(), parallel("p"), user("a"), end(), flows("s>p>a>e p>a")),
        ("", "a a"),
        ("do a", "a"),
        ("do a", ""),
        count={"a": 2, "e": 2},
    ),
]  # fmt: skip

ITERATION = [
    case(
        "WCP-10 Arbitrary Cycles",
        one_process(
            start(), exclusive("g"), exclusive("m1"), user("a"), exclusive("m2"), user("b"), exclusive("h"), end(),
            flows("s>g>m1[=x=1]>a>m2>b>h>e[*] g>m2[*] h>m1[=back=1] h>m2[=back=2]"),
        ),
        ("", "b"),
        ("do b", {"back": 1}, "a"),
        ("do a", "b"),
        ("do b", {"back": 2}, "b"),
        ("do b", {"back": 0}, ""),
        start={"x": 2},
        count={"a": 1, "b": 3, "e": 1},
    ),
    case(
        "WCP-21 Structured Loop",
        one_process(
            start(), exclusive("m"), user("a"), exclusive("g"), script("c", "=n+1", "n"), end(),
            flows("s>m>a>c>g>e[*] g>m[=n<3]"),
        ),
        ("", "a"),
        ("do a", "a"),
        ("do a", "a"),
        ("do a", ""),
        start={"n": 0},
        count={"a": 3},
        end={"n": 3},
    ),
]  # fmt: skip

STATE = [
    case(
        "WCP-16 Deferred Choice",
        one_process(
            start(), event_gateway("g"), receive("r", "M"), catch("c", duration("PT1H")), user("x"), user("y"), end(),
            flows("s>g>r>x>e g>c>y>e"),
        ),
        ("", "c r"),
        ("msg M", {"answer": 1}, "x"),
        ("t 7200", "x"),
        ("do x", ""),
        count={"r": 1, "c": 0, "g": 1},
        end={"answer": 1},
    ),
    case(
        "WCP-11 Implicit Termination",
        one_process(start(), parallel("p"), user("a"), user("b"), flows("s>p>a p>b")),
        ("", "a b"),
        ("do b", "a"),
        ("do a", ""),
        count={"a": 1, "b": 1},
    ),
    case(
        "WCP-43 Explicit Termination",
        one_process(
            start(), parallel("p"), user("a"), user("b"), end(), end("all", terminate()), flows("s>p>a>e p>b>all")
        ),
        ("", "a b"),
        ("do b", ""),
        count={"a": 0, "b": 1, "all": 1},
    ),
]  # fmt: skip

CANCELLATION = [
    case(
        "WCP-19 Cancel Activity",
        one_process(
            start(), user("a"), boundary("q", "a", message("M")), user("h"), end(), flows("s>a>e q>h>e")
        ),
        ("", "a"),
        ("msg M", {"why": "no"}, "h"),
        ("do h", ""),
        count={"a": 0, "q": 1, "h": 1},
        end={"why": "no"},
    ),
    case(
        "WCP-25 Cancel Region",
        one_process(
            start(),
            sub_process(
                "S", start("s1"), parallel("p"), user("a"), user("b"), parallel("j"), end("e1"),
                flows("s1>p>a>j>e1 p>b>j"),
            ),
            boundary("q", "S", duration("P1D")),
            user("h"),
            end(),
            flows("s>S>e q>h>e"),
        ),
        ("", "a b"),
        ("do a", "b"),
        ("t 86400", "h"),
        ("do h", ""),
        count={"S": 0, "j": 0, "a": 1, "b": 0, "h": 1},
    ),
    case(
        "WCP-26 Cancel Multiple Instance Activity",
        one_process(
            start(), user("a", loop("=[1,2,3]", "i", "outs", "=i")), boundary("q", "a", message("M")), user("h"),
            end(), flows("s>a>e q>h>e"),
        ),
        ("", "a a a"),
        ("do a#2", "a a"),
        ("msg M", "h"),
        ("do h", ""),
        count={"a": 1, "h": 1},
    ),
    case(
        "WCP-27 Complete Multiple Instance Activity",
        one_process(
            start(), user("a", loop("=[1,2,3]", "i", "outs", "=i", condition="=enough")), user("z"), end(),
            flows("s>a>z>e"),
        ),
        ("", "a a a"),
        ("do a#3", "a a"),
        ("do a#1", {"enough": True}, "z"),
        ("do z", ""),
        start={"enough": False},
        end={"outs": [1, None, 3]},
    ),
]  # fmt: skip

CASES = [*BASIC, *BRANCHING, *ITERATION, *STATE, *CANCELLATION]
