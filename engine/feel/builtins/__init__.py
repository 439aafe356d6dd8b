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

    from engine.feel.values import FeelFunction

BUILT_INS: Mapping[str, FeelFunction] = {
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
