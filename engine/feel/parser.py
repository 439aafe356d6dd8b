"""The expression grammar: operators by precedence, one token of look-ahead, no going back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.feel import forms
from engine.feel.cursor import Cursor, NameTree
from engine.feel.errors import FeelSyntaxError
from engine.feel.syntax import (
    AnyTest,
    Arithmetic,
    Between,
    Call,
    Comparison,
    ComparisonTest,
    Filter,
    In,
    InstanceOf,
    Interval,
    Logic,
    Negation,
    Node,
    Path,
    UnaryTestList,
)
from engine.feel.type_parser import parse_type

if TYPE_CHECKING:
    from collections.abc import Iterable

MAXIMUM_NESTING = 100
LONGEST_TEXT = 200_000

_OR, _AND, _COMPARE, _ADD, _MULTIPLY, _POWER, _INSTANCE = range(1, 8)
_PRECEDENCE = {
    "or": _OR,
    "and": _AND,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "between", "in"), _COMPARE),
    **dict.fromkeys(("+", "-"), _ADD),
    **dict.fromkeys(("*", "/"), _MULTIPLY),
    "**": _POWER,
    "instance": _INSTANCE,
}
_COMPARISONS = ("<", "<=", ">", ">=", "=", "!=")
_ENDS_INTERVAL_AFTER = frozenset([")", "]", "}", ",", "=", "!=", "<", "<=", ">", ">=", "+", "*", "/", ".", ":"])
_ENDS_INTERVAL_WORDS = frozenset(["and", "or", "then", "else", "return", "satisfies", "in", "between", "instance"])


def parse_expression(text: str, *, names: Iterable[str], functions: NameTree) -> Node:
    """Parse a whole text as one expression.

    Raises:
        FeelSyntaxError: it is none; the error names the place and what was expected.
    """
    parser = Parser(text, names, functions=functions)
    node = parser.expression()
    parser.finish()
    return node


def parse_unary_tests(text: str, *, names: Iterable[str], functions: NameTree) -> Node:
    """Parse a whole text as the unary tests of a decision table cell.

    Raises:
        FeelSyntaxError: it is none.
    """
    parser = Parser(text, names, functions=functions)
    node = parser.unary_tests()
    parser.finish()
    return node


class Parser:
    """Precedence climbing over a cursor; the special forms live in `forms`."""

    def __init__(self, text: str, names: Iterable[str], *, functions: NameTree) -> None:
        if len(text) > LONGEST_TEXT:
            raise FeelSyntaxError("text-too-long", position=0, source=text, limit=LONGEST_TEXT)
        self.cursor = Cursor(text, names, functions=functions)
        self._nesting = 0

    def finish(self) -> None:
        """Make sure nothing is left."""
        if self.cursor.token.kind != "end":
            raise self.cursor.error("expected-operator")

    def expression(self, minimum: int = _OR) -> Node:
        """Parse operands joined by operators that bind at least this tightly."""
        self._nesting += 1
        if self._nesting > MAXIMUM_NESTING:
            raise self.cursor.error("nesting", limit=MAXIMUM_NESTING)
        left = self._postfixes(forms.parse_operand(self))
        while True:
            precedence = _PRECEDENCE.get(self.cursor.token.text, 0)
            if precedence < minimum or self.cursor.token.kind not in ("operator", "word"):
                break
            left = self._operation(left, precedence)
        self._nesting -= 1
        return left

    def endpoint(self) -> Node:
        """Parse what may stand beside `..` or after a comparison sign."""
        return self.expression(_ADD)

    def negation(self) -> Node:
        """Parse `-operand`: it binds tighter than every operator between two operands."""
        position = self.cursor.advance().position
        return Negation(position, self.expression(_INSTANCE))

    def unary_tests(self) -> Node:
        """Parse `-`, `not(tests)` or tests separated by commas."""
        cursor = self.cursor
        position = cursor.token.position
        if cursor.at("-") and cursor.peek().kind == "end":
            cursor.advance()
            return AnyTest(position)
        if cursor.at("not") and cursor.peek().text == "(":
            return self._negated_tests(position)
        return UnaryTestList(position, self._tests(), negated=False)

    def _negated_tests(self, position: int) -> Node:
        """Parse `not(tests)`; what goes on after the parenthesis, as in `not(a) or b`, is an expression instead.

        Where the parenthesis ends is known only by parsing: in `not((1..5])` no sign closes the inner one.
        """
        cursor = self.cursor
        start, nesting = cursor.index, self._nesting
        try:
            cursor.advance()
            cursor.advance()
            tests = self._tests()
            cursor.expect(")", purpose="to-close-not")
            self.finish()
        except FeelSyntaxError as as_tests:
            reached, cursor.index, self._nesting = cursor.index, start, nesting
            return self._unless_further(as_tests, reached, position)
        return UnaryTestList(position, tests, negated=True)

    def _unless_further(self, as_tests: FeelSyntaxError, reached: int, position: int) -> Node:
        """Parse as expressions; of two failures the one that came further is told."""
        try:
            tests = self._tests()
            self.finish()
        except FeelSyntaxError as as_expressions:
            raise (as_expressions if self.cursor.index >= reached else as_tests) from None
        return UnaryTestList(position, tests, negated=False)

    def _tests(self) -> tuple[Node, ...]:
        tests = [self.unary_test()]
        while self.cursor.accept(","):
            tests.append(self.unary_test())
        return tuple(tests)

    def unary_test(self) -> Node:
        """Parse one test: a comparison with the input, or any expression."""
        if self.cursor.at(*_COMPARISONS):
            operator = self.cursor.advance()
            return ComparisonTest(operator.position, operator.text, self.endpoint())
        return self.expression()

    def _operation(self, left: Node, precedence: int) -> Node:
        operator = self.cursor.advance()
        text, position = operator.text, operator.position
        if text == "between":
            low = self.expression(_ADD)
            self.cursor.expect("and", purpose="between-the-ends")
            return Between(position, left, low, self.expression(_ADD))
        if text == "in":
            return In(position, left, self._in_tests())
        if text == "instance":
            self.cursor.expect("of", purpose="after-instance")
            return InstanceOf(position, left, parse_type(self.cursor))
        right = self.expression(precedence + 1)
        if precedence in (_OR, _AND):
            return Logic(position, text, left, right)
        if precedence == _COMPARE:
            return Comparison(position, text, left, right)
        return Arithmetic(position, text, left, right)

    def _in_tests(self) -> tuple[Node, ...]:
        cursor = self.cursor
        if cursor.at(*_COMPARISONS):
            return (self.unary_test(),)
        if not cursor.at("("):
            return (self.expression(_ADD),)
        position = cursor.advance().position
        first = self.unary_test()
        if cursor.accept(".."):
            return (self.interval_after(first, position=position, low_included=False),)
        tests = [first]
        while cursor.accept(","):
            tests.append(self.unary_test())
        cursor.expect(")", purpose="to-close-tests")
        return tuple(tests)

    def interval_after(self, low: Node, *, position: int, low_included: bool) -> Node:
        """Parse the rest of an interval whose `..` was just taken."""
        high = self.endpoint()
        closing = self.cursor.token
        if not self.cursor.at(")", "]", "["):
            raise self.cursor.error("expected-interval-end")
        self.cursor.advance()
        return Interval(position, low, high, low_included, closing.text == "]")

    def _postfixes(self, base: Node) -> Node:
        cursor = self.cursor
        while cursor.token.kind == "operator":
            position = cursor.token.position
            if cursor.at("."):
                cursor.advance()
                base = Path(position, base, cursor.read_member())
            elif cursor.at("[") and not self._closes_interval():
                cursor.advance()
                base = Filter(position, base, self.expression())
                cursor.expect("]", purpose="to-close-filter")
            elif cursor.at("("):
                names, arguments = forms.parse_arguments(self)
                base = Call(position, base, arguments, names)
            else:
                break
        return base

    def _closes_interval(self) -> bool:
        after = self.cursor.peek()
        if after.kind == "operator":
            return after.text in _ENDS_INTERVAL_AFTER
        return after.kind == "end" or after.text in _ENDS_INTERVAL_WORDS
