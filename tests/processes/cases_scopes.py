"""Conformance cases of the core: scopes."""

from __future__ import annotations

from tests.processes.case import case
from tests.processes.diagrams import (
    call,
    called,
    document,
    end,
    flows,
    mappings,
    one_process,
    process,
    script,
    start,
    sub_process,
    user,
)

CASES = [
    case(
        "sub-process: local input, result propagates",
        one_process(
            start(),
            sub_process(
                "S",
                mappings({"y": "=x*10"}),
                start("s1"),
                user("u"),
                script("c", "=y+1", "r"),
                end("e1"),
                flows("s1>u>c>e1"),
            ),
            end(),
            flows("s>S>e"),
        ),
        ("", "u"),
        ("do u", ""),
        start={"x": 1},
        end={"x": 1, "r": 11},
    ),
    case(
        "user task input and output mappings",
        one_process(start(), user("u", mappings({"a": "=x"}, {"res": "=form+a"})), end(), flows("s>u>e")),
        ("", "u"),
        ("do u", {"form": 5}, ""),
        start={"x": 1},
        end={"x": 1, "res": 6},
    ),
    case(
        "nested sub-processes",
        one_process(
            start(),
            sub_process(
                "S",
                start("s1"),
                sub_process("T", start("s2"), user("u"), end("e2"), flows("s2>u>e2")),
                user("v"),
                end("e1"),
                flows("s1>T>v>e1"),
            ),
            user("w"),
            end(),
            flows("s>S>w>e"),
        ),
        ("", "u"),
        ("do u", "v"),
        ("do v", "w"),
        ("do w", ""),
    ),
    case(
        "call activity: variables in and out",
        document(
            process(start(), call("c", "Q"), user("z"), end(), flows("s>c>z>e")),
            called(start("qs"), user("qu"), script("qc", "=x+1", "y"), end("qe"), flows("qs>qu>qc>qe")),
        ),
        ("", "qu"),
        ("do qu", "z"),
        ("do z", ""),
        start={"x": 1},
        end={"x": 1, "y": 2},
    ),
    case(
        "call activity: nothing back unless mapped",
        document(
            process(start(), call("c", "Q", propagateAllChildVariables="false"), end(), flows("s>c>e")),
            called(start("qs"), user("qu"), end("qe"), flows("qs>qu>qe")),
        ),
        ("", "qu"),
        ("do qu", {"y": 2}, ""),
        start={"x": 1},
        end={"x": 1},
    ),
    case(
        "call activity: called process with implicit end",
        document(
            process(start(), call("c", "Q"), user("z"), end(), flows("s>c>z>e")),
            called(start("qs"), user("qu"), flows("qs>qu")),
        ),
        ("", "qu"),
        ("do qu", "z"),
        ("do z", ""),
    ),
]
