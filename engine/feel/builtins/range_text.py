"""The built-in `range("[1..3]")`: a range out of its text, where only literals may stand at the ends."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.feel.builtins.dates import FUNCTIONS as DATE_FUNCTIONS
from engine.feel.builtins.registry import Registry
from engine.feel.comparison import compare
from engine.feel.cursor import NameTree
from engine.feel.errors import FeelSyntaxError, NullResult
from engine.feel.parser import parse_expression
from engine.feel.syntax import Call, Interval, Literal, Name, Negation, Node
from engine.feel.values import FeelValue, Range

if TYPE_CHECKING:
    from engine.feel.session import Session

FUNCTIONS = Registry()
_MAKERS = ("date", "time", "date and time", "duration")
_NAMES = NameTree(["date and time"])
_NO_START, _NO_END = re.compile(r"^\s*\(\s*\.\."), re.compile(r"\.\.\s*\)\s*$")


@FUNCTIONS.add_with_session("range", "from: string")
def _range(session: Session, text: str) -> FeelValue:
    try:
        node = parse_expression(_with_both_ends(text), names=(), functions=_NAMES)
    except FeelSyntaxError as error:
        raise NullResult("range-text-unreadable", length=len(text), reason=error.message) from error
    if not isinstance(node, Interval):
        raise NullResult("no-range-text", length=len(text))
    low, high = _end(node.low, session), _end(node.high, session)
    if low is None and high is None:
        raise NullResult("range-text-without-end")
    if low is not None and high is not None and compare(low, high) > 0:
        raise NullResult("range-text-backwards")
    return Range(low, high, node.low_included, node.high_included)


def _with_both_ends(text: str) -> str:
    """The text with a null for an end left out, which only a round bracket allows: `(..5]`, `[1..)`."""
    text = _NO_START.sub("(null..", text)
    return _NO_END.sub("..null)", text)


def _end(node: Node, session: Session) -> FeelValue:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Negation) and isinstance(node.operand, Literal) and isinstance(node.operand.value, Decimal):
        return -node.operand.value
    if (
        isinstance(node, Call)
        and isinstance(node.function, Name)
        and node.function.name in _MAKERS
        and node.names is None
        and all(isinstance(argument, Literal) for argument in node.arguments)
    ):
        values = [argument.value for argument in node.arguments if isinstance(argument, Literal)]
        return DATE_FUNCTIONS[node.function.name].call(values, session)
    raise NullResult("range-text-end")
