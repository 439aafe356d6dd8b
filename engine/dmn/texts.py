"""Compile the FEEL of a model; a text that is no FEEL keeps its error instead of stopping the reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.dmn.logic import Cell, FeelText
from engine.feel import FeelSyntaxError, compile_expression, compile_unary_tests

if TYPE_CHECKING:
    from engine.dmn.logic import Place


def compile_text(text: str, place: Place, *, names: frozenset[str]) -> FeelText:
    """Compile an expression."""
    try:
        expression = compile_expression(text, names=names)
    except FeelSyntaxError as error:
        return FeelText(place=place, text=text, expression=None, error=error)
    return FeelText(place=place, text=text, expression=expression, error=None)


def compile_cell(text: str, place: Place, *, names: frozenset[str]) -> Cell:
    """Compile unary tests; an empty cell tests nothing."""
    try:
        tests = compile_unary_tests(text or "-", names=names)
    except FeelSyntaxError as error:
        return Cell(place=place, text=text, tests=None, error=error)
    return Cell(place=place, text=text or "-", tests=tests, error=None)
