"""The built-in `range("[1..3]")`: a range out of its text, where only literals may stand at the ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.feel.builtins.dates import FUNCTIONS as DATE_FUNCTIONS
from engine.feel.builtins.registry import Registry
from engine.feel.comparison import compare
from engine.feel.cursor import NameTree
from engine.feel.errors import FeelSyntaxError, NullResult
from engine.feel.parser import parse_expression
from engine.feel.syntax import Call, Interval, Literal, Name, Node
from engine.feel.values import FeelValue, Range

if TYPE_CHECKING:
    from engine.feel.session import Session

FUNCTIONS = Registry()
_MAKERS = ("date", "time", "date and time", "duration")
_NAMES = NameTree(["date and time"])


@FUNCTIONS.add_with_session("range", "from: string")
def _range(session: Session, text: str) -> FeelValue:
    try:
        node = parse_expression(text, names=(), functions=_NAMES)
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


def _end(node: Node, session: Session) -> FeelValue:
    if isinstance(node, Literal):
        return node.value
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
