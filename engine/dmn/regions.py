"""The values a cell of a decision table accepts, as far as simple cells let us tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

from engine.feel import Session, Settings
from engine.feel.arithmetic import negate
from engine.feel.builtins import BUILT_INS
from engine.feel.errors import NullResult
from engine.feel.printer import print_value
from engine.feel.syntax import AnyTest, Call, ComparisonTest, Interval, Literal, Name, Negation, Node, UnaryTestList
from engine.feel.values import YearsMonths, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.dmn.logic import Cell

_TIMELESS = Settings(now=datetime(1970, 1, 1, tzinfo=UTC))
MAKERS = frozenset(["date", "duration"])
"""Built-ins whose calls with literals are constants."""

_COMPARABLE = (Decimal, str, bool, date, timedelta, YearsMonths)


class Unbounded(Enum):
    """What a cell accepts when it is no list of intervals: anything at all, or nobody can tell."""

    ANYTHING = "anything"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class Piece:
    """An interval of values of one kind; None at an end means without end."""

    kind: str
    low: Any
    low_included: bool
    high: Any
    high_included: bool

    @property
    def text(self) -> str:
        """As FEEL writes it in a cell."""
        if self.low is None and self.high is None:
            return "-"
        if self.high is None:
            return f"{'>=' if self.low_included else '>'} {print_value(self.low)}"
        if self.low is None:
            return f"{'<=' if self.high_included else '<'} {print_value(self.high)}"
        if self.low == self.high:
            return print_value(self.low)
        opening, closing = "[" if self.low_included else "(", "]" if self.high_included else ")"
        return f"{opening}{print_value(self.low)}..{print_value(self.high)}{closing}"


Region = tuple[Piece, ...] | Unbounded


class _UntoldError(Exception):
    """The cell is too clever to be compared."""


def region_of(cell: Cell, makers: frozenset[str] = frozenset()) -> Region:
    """The values a cell accepts; an empty tuple when no value can pass.

    makers: built-ins such as `date` whose calls count as the value they make; a model may give their names to others.
    """
    syntax = cell.tests.syntax if cell.tests is not None else None
    if isinstance(syntax, AnyTest):
        return Unbounded.ANYTHING
    if not isinstance(syntax, UnaryTestList):
        return Unbounded.UNTOLD
    try:
        pieces = tuple(piece for test in syntax.tests for piece in _pieces(test, makers))
        return complement(pieces) if syntax.negated else pieces
    except (_UntoldError, NullResult, TypeError):
        return Unbounded.UNTOLD


def point(value: Any) -> Piece:
    """The piece of one value."""
    return Piece(kind_of(value), value, True, value, True)


def shared(a: Piece, b: Piece) -> Piece | None:
    """What two pieces have in common."""
    if a.kind != b.kind:
        return None
    low, low_included = max((a.low, a.low_included), (b.low, b.low_included), key=_by_low)
    high, high_included = min((a.high, a.high_included), (b.high, b.high_included), key=_by_high)
    found = Piece(a.kind, low, low_included, high, high_included)
    return found if is_possible(found) else None


def _by_low(end: tuple[Any, bool]) -> tuple[bool, Any, bool]:
    value, included = end
    return (value is not None, 0 if value is None else value, not included)


def _by_high(end: tuple[Any, bool]) -> tuple[bool, Any, bool]:
    value, included = end
    return (value is None, 0 if value is None else value, included)


def complement(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Everything of the same kind outside the pieces.

    Raises:
        _UntoldError: they are of several kinds, or there are none.
    """
    kinds = {piece.kind for piece in pieces}
    if len(kinds) != 1:
        raise _UntoldError
    if kinds == {"boolean"}:
        return tuple(point(value) for value in (False, True) if not any(shared(point(value), p) for p in pieces))
    rest = [Piece(kinds.pop(), None, False, None, False)]
    for piece in pieces:
        rest = [part for whole in rest for part in _without(whole, piece)]
    return tuple(rest)


def _without(whole: Piece, hole: Piece) -> list[Piece]:
    if shared(whole, hole) is None:
        return [whole]
    parts = []
    if hole.low is not None:
        parts.append(Piece(whole.kind, whole.low, whole.low_included, hole.low, not hole.low_included))
    if hole.high is not None:
        parts.append(Piece(whole.kind, hole.high, not hole.high_included, whole.high, whole.high_included))
    return [part for part in parts if is_possible(part)]


def is_possible(piece: Piece) -> bool:
    """Whether any value lies in a piece."""
    if piece.low is None or piece.high is None:
        return True
    if piece.kind == "date" and not piece.low_included and not piece.high_included:
        return bool(piece.high - piece.low > timedelta(days=1))  # between two days that follow each other lies none
    return bool(piece.low < piece.high) or (piece.low == piece.high and piece.low_included and piece.high_included)


def _pieces(node: Node, makers: frozenset[str]) -> tuple[Piece, ...]:
    if isinstance(node, ComparisonTest):
        return _comparison(node.operator, _value(node.endpoint, makers))
    if isinstance(node, Interval):
        low, high = _value(node.low, makers), _value(node.high, makers)
        if kind_of(low) != kind_of(high) or isinstance(low, bool):
            raise _UntoldError
        found = Piece(kind_of(low), low, node.low_included, high, node.high_included)
        return (found,) if is_possible(found) else ()
    return (point(_value(node, makers)),)


def _comparison(operator: str, value: Any) -> tuple[Piece, ...]:
    if operator == "=":
        return (point(value),)
    if operator == "!=":
        return complement((point(value),))
    if isinstance(value, bool):
        raise _UntoldError  # truth has no order
    if operator in ("<", "<="):
        return (Piece(kind_of(value), None, False, value, operator == "<="),)
    return (Piece(kind_of(value), value, operator == ">=", None, False),)


def _value(node: Node, makers: frozenset[str]) -> Any:
    """The value of a literal, a negative number, or a call such as date("2026-01-01")."""
    value: Any = None
    if isinstance(node, Literal):
        value = node.value
    elif isinstance(node, Negation):
        value = negate(_value(node.operand, makers))
    elif isinstance(node, Call) and isinstance(node.function, Name) and node.function.name in makers:
        value = _made(node, node.function.name)
    if type(value) not in _COMPARABLE:
        raise _UntoldError
    return value


def _made(node: Call, name: str) -> Any:
    arguments = [argument.value for argument in node.arguments if isinstance(argument, Literal)]
    if node.names is not None or len(arguments) != len(node.arguments):
        raise _UntoldError
    try:
        return BUILT_INS[name].call(arguments, Session(_TIMELESS))
    except NullResult as reason:
        raise _UntoldError from reason
