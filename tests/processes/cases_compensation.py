"""Conformance cases of the core: compensation."""

from __future__ import annotations

from tests.processes.case import case
from tests.processes.diagrams import (
    ad_hoc,
    compensable,
    compensate,
    end,
    exclusive,
    flows,
    one_process,
    start,
    sub_process,
    throw,
    user,
)

CASES = [
    case(
        "compensation throw runs the handler of what completed, then goes on",
        one_process(
            start(),
            compensable("a"),
            compensable("b"),
            throw("t", compensate()),
            user("z"),
            exclusive("g"),
            end(),
            flows("s>a>g>b[=more]>t g>t[*] t>z>e"),
        ),
        ("", "a"),
        ("do a", {"more": False}, "ca"),
        ("do ca", "z"),
        ("do z", ""),
    ),
    case(
        "compensation end, all handlers",
        one_process(start(), compensable("a"), compensable("b"), end("e", compensate()), flows("s>a>b>e")),
        ("", "a"),
        ("do a", "b"),
        ("do b", "ca cb"),
        ("do ca", "cb"),
        ("do cb", ""),
    ),
    case(
        "compensation of one activity",
        one_process(
            start(),
            compensable("a"),
            compensable("b"),
            throw("t", compensate("a")),
            user("z"),
            end(),
            flows("s>a>b>t>z>e"),
        ),
        ("", "a"),
        ("do a", "b"),
        ("do b", "ca"),
        ("do ca", "z"),
        ("do z", ""),
    ),
    case(
        "compensation inside a completed sub-process",
        one_process(
            start(),
            sub_process("S", start("s1"), compensable("a"), end("e1"), flows("s1>a>e1")),
            throw("t", compensate()),
            user("z"),
            end(),
            flows("s>S>t>z>e"),
        ),
        ("", "a"),
        ("do a", "ca"),
        ("do ca", "z"),
        ("do z", ""),
    ),
    case(
        "ad-hoc sub-process, chosen elements",
        one_process(start(), ad_hoc("S", "=pick", user("a"), user("b"), user("c")), user("z"), end(), flows("s>S>z>e")),
        ("", "a c"),
        ("do c", "a"),
        ("do a", "z"),
        ("do z", ""),
        start={"pick": ["a", "c"]},
    ),
]
