"""What work costs in steps of the budget: one step stands for about a microsecond, measured, not guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.feel.syntax import Filter, For, FunctionDefinition, Node, Quantified

if TYPE_CHECKING:
    from collections.abc import Mapping

POWER = 40
WIDE_MOMENT = 20
NEW_PATTERN = 1_000
MATCH = 5
DEFINED_CALL = 3
CALL = 3
CALLS: Mapping[str, int] = {
    "log": 60,
    "exp": 40,
    "range": 30,
    "uuid": 20,
    "from json": 10,
    "replace": 10,
    "split": 10,
    "extract": 10,
    "date and time": 10,
    "time": 6,
    "date": 6,
    "duration": 6,
    "cycle": 6,
    "years and months duration": 6,
    "decimal": 6,
    "number": 6,
    "sqrt": 5,
}
"""The built-ins that cost more than other calls."""

THOROUGH = frozenset(
    [
        "sum", "mean", "median", "mode", "stddev", "product", "min", "max", "sort", "list contains", "index of",
        "is", "string", "to json", "flatten", "context", "union", "distinct values", "duplicate values",
    ]
)  # fmt: skip
"""The built-ins that look at every member of their arguments, at every depth: they pay for each."""

PIECEMEAL = frozenset(["split", "extract", "partition", "get entries", "from json"])
"""The built-ins whose result is made of new pieces: they pay for each."""


_REPEATED: Mapping[type[Node], str] = {
    For: "body",
    Quantified: "condition",
    Filter: "condition",
    FunctionDefinition: "body",
}
"""The part that is evaluated any number of times: every time pays for itself."""


def cost_of(node: object) -> int:
    """What evaluating a tree once costs: a step for every two nodes, besides what its loops and calls pay for."""
    count = 0
    pending = [node]
    while pending:
        part = pending.pop()
        if isinstance(part, Node):
            count += 1
            paid_apart = _REPEATED.get(type(part))
            pending.extend(getattr(part, name) for name in type(part).__dataclass_fields__ if name != paid_apart)
        elif isinstance(part, tuple):
            pending.extend(part)
    return 1 + count // 2
