"""What a conformance case is: a diagram, commands, and what must be open after each of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Step = tuple[str, dict[str, Any], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One diagram with the trace that Camunda 8 gives, or BPMN 2.0.2 where Camunda says nothing.

    A step is a command, variables, and the open set afterwards: the ids of user tasks, jobs, waiting catch events and
    receive tasks; `!id` is an incident. Commands: `do ID[#loop]`, `msg NAME [key]`, `sig NAME`, `t SECONDS`,
    `err ID CODE`, `fail ID`, `retry ID`, `set ID [local]` (variables
    from outside), `begin ID ELEMENT ... [cancel]` (elements of an ad-hoc sub-process), `decide ID ELEMENT ... [cancel]
    [over]` (by its worker); the empty command starts.
    """

    name: str
    xml: bytes
    variables: dict[str, Any]
    steps: tuple[Step, ...]
    is_done: bool = True
    end: dict[str, Any] = field(default_factory=dict)
    sent: tuple[str, ...] = ()
    completed: dict[str, int] = field(default_factory=dict)
    is_end_exact: bool = False


def case(name, xml, *steps, **expected):
    """Make a case; a step may leave out its variables."""
    full = tuple(each if len(each) == 3 else (each[0], {}, each[1]) for each in steps)
    return Case(
        name=name,
        xml=xml,
        variables=expected.get("start", {}),
        steps=full,
        is_done=expected.get("done", True),
        end=expected.get("end", {}),
        sent=tuple(expected.get("sent", ())),
        completed=expected.get("count", {}),
        is_end_exact=name.startswith(("call activity: nothing", "sub-process: local", "user task input")),
    )
