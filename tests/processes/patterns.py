"""Pieces of diagrams that many cases share."""

from __future__ import annotations

from tests.processes.diagrams import (
    end,
    event_sub_process,
    exclusive,
    flows,
    one_process,
    parallel,
    start,
    sub_process,
    user,
)

REVIEW_LOOP = one_process(
    start(),
    exclusive("m"),
    parallel("p"),
    user("u1"),
    user("u2"),
    parallel("j"),
    exclusive("g"),
    end(),
    flows("s>m>p>u1>j>g>e[*] p>u2>j g>m[=again]"),
)
"""Two reviews at once, joined, and again from the start while `again` is true."""


def failing(definition, *more):
    """Return a sub-process A whose user task ua leads to an end event ea that throws."""
    return sub_process("A", start("sa"), user("ua"), end("ea", definition), flows("sa>ua>ea"), *more)


def handler(element_id, start_id, definition, user_id, *end_definition, **attrs):
    """Return an event sub-process with one user task."""
    end_id = f"{start_id}e"
    return event_sub_process(
        element_id,
        start(start_id, definition, **attrs),
        user(user_id),
        end(end_id, *end_definition),
        flows(f"{start_id}>{user_id}>{end_id}"),
    )
