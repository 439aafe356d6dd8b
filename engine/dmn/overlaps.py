"""Which rules of a table can match the same values, as far as simple cells let us tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.feel.syntax import AnyTest, ComparisonTest, Interval, Literal, Negation, Node, UnaryTestList
from engine.feel.values import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.dmn.logic import Cell, DecisionTable, Rule

MOST_RULES = 1_500


@dataclass(frozen=True, slots=True)
class Piece:
    """An interval of values of one kind; None at an end means without end."""

    kind: str
    low: Any
    low_included: bool
    high: Any
    high_included: bool


Pieces = tuple[Piece, ...]
ANYTHING: None = None


class _UndecidableError(Exception):
    """The cell is too clever to be compared."""


def overlapping_rules(table: DecisionTable) -> Iterator[tuple[Rule, Rule]]:
    """Pairs of rules that certainly match some values together."""
    rules = [(rule, [_pieces_of(cell) for cell in rule.conditions]) for rule in table.rules[:MOST_RULES]]
    for index, (first, conditions) in enumerate(rules):
        for second, others in rules[index + 1 :]:
            if all(_meet(a, b) for a, b in zip(conditions, others, strict=True)):
                yield first, second


def _meet(a: Pieces | str | None, b: Pieces | str | None) -> bool:
    """Whether two cells share a value; one that cannot be told counts as sharing none."""
    if isinstance(a, str) or isinstance(b, str):
        return False
    if a is None or b is None:
        return True
    return any(_intersect(one, other) for one in a for other in b)


def _intersect(a: Piece, b: Piece) -> bool:
    return a.kind == b.kind and _starts_before_end(a, b) and _starts_before_end(b, a)


def _starts_before_end(a: Piece, b: Piece) -> bool:
    if a.low is None or b.high is None:
        return True
    if a.low == b.high:
        return a.low_included and b.high_included
    return bool(a.low < b.high)


def _pieces_of(cell: Cell) -> Pieces | str | None:
    """The values a cell accepts: pieces, None for anything, or the word for 'cannot be told'."""
    syntax = cell.tests.syntax if cell.tests is not None else None
    if isinstance(syntax, AnyTest):
        return ANYTHING
    if not isinstance(syntax, UnaryTestList):
        return "undecidable"
    try:
        pieces = tuple(piece for test in syntax.tests for piece in _pieces(test))
        return _complement(pieces) if syntax.negated else pieces
    except (_UndecidableError, TypeError):
        return "undecidable"


def _pieces(node: Node) -> Pieces:
    if isinstance(node, ComparisonTest):
        return _comparison(node.operator, _value(node.endpoint))
    if isinstance(node, Interval):
        low, high = _value(node.low), _value(node.high)
        return (Piece(kind_of(low), low, node.low_included, high, node.high_included),)
    value = _value(node)
    return (_point(value),)


def _point(value: Any) -> Piece:
    return Piece(kind_of(value), value, True, value, True)


def _comparison(operator: str, value: Any) -> Pieces:
    kind = kind_of(value)
    if operator == "=":
        return (_point(value),)
    if operator == "!=":
        return _complement((_point(value),))
    if operator in ("<", "<="):
        return (Piece(kind, None, False, value, operator == "<="),)
    return (Piece(kind, value, operator == ">=", None, False),)


def _value(node: Node) -> Any:
    if isinstance(node, Literal) and node.value is not None:
        return node.value
    if isinstance(node, Negation) and isinstance(node.operand, Literal) and kind_of(node.operand.value) == "number":
        return -node.operand.value  # type: ignore[operator]  # of kind number
    raise _UndecidableError


def _complement(pieces: Pieces) -> Pieces:
    """Everything of the same kind outside the pieces."""
    kinds = {piece.kind for piece in pieces}
    if len(kinds) != 1:
        raise _UndecidableError
    if kinds == {"boolean"}:
        return tuple(_point(value) for value in (False, True) if not any(_intersect(_point(value), p) for p in pieces))
    rest: Sequence[Piece] = (Piece(kinds.pop(), None, False, None, False),)
    for piece in pieces:
        rest = [part for whole in rest for part in _without(whole, piece)]
    return tuple(rest)


def _without(whole: Piece, hole: Piece) -> list[Piece]:
    if not _intersect(whole, hole):
        return [whole]
    parts = []
    if hole.low is not None:
        parts.append(Piece(whole.kind, whole.low, whole.low_included, hole.low, not hole.low_included))
    if hole.high is not None:
        parts.append(Piece(whole.kind, hole.high, not hole.high_included, whole.high, whole.high_included))
    return [part for part in parts if _is_possible(part)]


def _is_possible(piece: Piece) -> bool:
    if piece.low is None or piece.high is None:
        return True
    return bool(piece.low < piece.high) or (piece.low == piece.high and piece.low_included and piece.high_included)
