"""The built-in functions, one module a family."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.feel.builtins import (
    collecting,
    contexts,
    conversion,
    dates,
    interchange,
    lists,
    numeric,
    range_text,
    ranges,
    statistics,
    strings,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.feel.builtins.collecting import CollectingFunction
    from engine.feel.builtins.registry import BuiltIn

BEYOND_THE_STANDARD = frozenset(
    [
        "assert", "cycle", "duplicate values", "extract", "from base64", "from json", "fromAi", "get or else",
        "is blank", "is defined", "is empty", "last day of month", "partition", "random number", "to base64",
        "to json", "trim", "uuid",
    ]
)  # fmt: skip
"""What Camunda's FEEL adds to the functions of the standard, and its editors complete."""

BUILT_INS: Mapping[str, BuiltIn | CollectingFunction] = {
    **numeric.FUNCTIONS,
    **strings.FUNCTIONS,
    **lists.FUNCTIONS,
    **collecting.FUNCTIONS,
    **statistics.FUNCTIONS,
    **contexts.FUNCTIONS,
    **ranges.FUNCTIONS,
    **dates.FUNCTIONS,
    **conversion.FUNCTIONS,
    **range_text.FUNCTIONS,
    **interchange.FUNCTIONS,
}
