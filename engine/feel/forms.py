"""The operands of FEEL: literals, names, brackets of every kind, and the forms that start with a word."""

from __future__ import annotations

from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING

from engine.feel.errors import FeelSyntaxError, NullResult
from engine.feel.numbers import EXACT
from engine.feel.syntax import (
    ComparisonTest,
    ContextNode,
    For,
    FunctionDefinition,
    If,
    InputValue,
    IterationRange,
    Iterator,
    ListNode,
    Literal,
    Name,
    Node,
    Parameter,
    Quantified,
)
from engine.feel.temporal_text import parse_temporal
from engine.feel.tokens import normalise_name, unescape
from engine.feel.type_parser import parse_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.feel.parser import Parser

_COMPARISONS = ("<", "<=", ">", ">=", "=", "!=")


def parse_operand(parser: Parser) -> Node:
    """Parse one operand, without what may follow it (path, filter, call)."""
    token = parser.cursor.token
    if token.kind == "number":
        return _number(parser)
    if token.kind == "string":
        parser.cursor.advance()
        return Literal(token.position, unescape(token.text))
    form = _FORMS.get(token.text) if token.kind in ("operator", "word") else None
    if form is not None:
        return form(parser)
    name = parser.cursor.read_name()
    if name is None:
        raise parser.cursor.error("expected-value")
    return Name(token.position, name)


def _number(parser: Parser) -> Node:
    token = parser.cursor.token
    try:
        value = EXACT.create_decimal(Decimal(token.text))
    except DecimalException as error:
        raise parser.cursor.error("number-out-of-range") from error
    parser.cursor.advance()
    return Literal(token.position, value)


def parse_arguments(parser: Parser) -> tuple[tuple[str, ...] | None, tuple[Node, ...]]:
    """Parse `(a, b)` or `(name: a, other name: b)`."""
    cursor = parser.cursor
    cursor.expect("(", purpose="before-arguments")
    names: list[str] = []
    arguments: list[Node] = []
    while not cursor.at(")"):
        name = _argument_name(parser)
        if arguments and (name is None) != (not names):
            raise cursor.error("mixed-arguments")
        if name is not None:
            names.append(name)
        arguments.append(parser.expression())
        if not cursor.at(")"):
            cursor.expect(",", purpose="between-arguments")
            if cursor.at(")"):
                raise cursor.error("expected-argument")
    cursor.advance()
    return (tuple(names) if names else None), tuple(arguments)


def _argument_name(parser: Parser) -> str | None:
    cursor = parser.cursor
    start = cursor.index
    if cursor.token.kind == "string" and cursor.peek().text == ":":
        text = unescape(cursor.advance().text)
        cursor.advance()
        return normalise_name(text)
    name = cursor.read_name() if cursor.token.kind == "word" else None
    if name is not None and cursor.accept(":"):
        return name
    cursor.index = start
    return None


def _literal(value: bool | None) -> Callable[[Parser], Node]:  # noqa: FBT001 - the value of a literal, not a switch
    def parse(parser: Parser) -> Node:
        return Literal(parser.cursor.advance().position, value)

    return parse


def _input_value(parser: Parser) -> Node:
    return InputValue(parser.cursor.advance().position)


def _negation(parser: Parser) -> Node:
    return parser.negation()


def _at_literal(parser: Parser) -> Node:
    cursor = parser.cursor
    position = cursor.advance().position
    if cursor.token.kind != "string":
        raise cursor.error("expected-string-after-at")
    text = unescape(cursor.advance().text)
    try:
        value = parse_temporal(text)
    except NullResult as reason:
        raise FeelSyntaxError("no-temporal", position=position, source=cursor.text, written=text) from reason
    return Literal(position, value)


def _parentheses(parser: Parser) -> Node:
    cursor = parser.cursor
    position = cursor.advance().position
    if cursor.at(*_COMPARISONS):
        operator = cursor.advance()
        node: Node = ComparisonTest(position, operator.text, parser.endpoint())
    else:
        node = parser.expression()
        if cursor.accept(".."):
            return parser.interval_after(node, position=position, low_included=False)
    cursor.expect(")", purpose="to-close-parenthesis")
    return node


def _brackets(parser: Parser) -> Node:
    cursor = parser.cursor
    position = cursor.advance().position
    if cursor.accept("]"):
        return ListNode(position, ())
    members = [_list_member(parser)]
    if cursor.accept(".."):
        return parser.interval_after(members[0], position=position, low_included=True)
    while cursor.accept(","):
        members.append(_list_member(parser))
    cursor.expect("]", purpose="to-close-list")
    return ListNode(position, tuple(members))


def _list_member(parser: Parser) -> Node:
    if parser.cursor.at(*_COMPARISONS):
        operator = parser.cursor.advance()
        return ComparisonTest(operator.position, operator.text, parser.endpoint())
    return parser.expression()


def _open_interval(parser: Parser) -> Node:
    position = parser.cursor.advance().position
    low = parser.endpoint()
    parser.cursor.expect("..", purpose="inside-interval")
    return parser.interval_after(low, position=position, low_included=False)


def _context(parser: Parser) -> Node:
    cursor = parser.cursor
    position = cursor.advance().position
    entries: list[tuple[str, Node]] = []
    keys: set[str] = set()
    while entries or not cursor.at("}"):
        at = cursor.token.position
        key = cursor.read_string_key() if cursor.token.kind == "string" else cursor.read_key()
        if key in keys:
            raise FeelSyntaxError("entry-twice", position=at, source=cursor.text, key=key)
        keys.add(key)
        cursor.expect(":", purpose="after-key", key=key)
        entries.append((key, parser.expression()))
        if cursor.at("}"):
            break
        cursor.expect(",", purpose="between-entries")
    cursor.expect("}", purpose="to-close-context")
    return ContextNode(position, tuple(entries))


def _if(parser: Parser) -> Node:
    cursor = parser.cursor
    position = cursor.advance().position
    condition = parser.expression()
    cursor.expect("then", purpose="after-condition")
    consequence = parser.expression()
    cursor.expect("else", purpose="after-first-result")
    return If(position, condition, consequence, parser.expression())


def _for(parser: Parser) -> Node:
    position = parser.cursor.advance().position
    iterators = _iterators(parser)
    parser.cursor.expect("return", purpose="after-iterators", form="for")
    return For(position, iterators, parser.expression())


def _quantified(parser: Parser) -> Node:
    quantifier = parser.cursor.advance()
    iterators = _iterators(parser)
    parser.cursor.expect("satisfies", purpose="after-iterators", form=quantifier.text)
    return Quantified(quantifier.position, quantifier.text, iterators, parser.expression())


def _iterators(parser: Parser) -> tuple[Iterator, ...]:
    cursor = parser.cursor
    iterators: list[Iterator] = []
    while True:
        position = cursor.token.position
        name = cursor.read_name()
        if name is None:
            raise cursor.error("expected-iterator")
        cursor.expect("in", purpose="after-iterator", name=name)
        domain = parser.expression()
        if cursor.accept(".."):
            domain = IterationRange(position, domain, parser.expression())
        iterators.append(Iterator(position, name, domain))
        if not cursor.accept(","):
            return tuple(iterators)


def _function(parser: Parser) -> Node:
    cursor = parser.cursor
    position = cursor.advance().position
    cursor.expect("(", purpose="after-function")
    parameters: list[Parameter] = []
    while parameters or not cursor.at(")"):
        parameters.append(_parameter(parser))
        if cursor.at(")"):
            break
        cursor.expect(",", purpose="between-parameters")
    cursor.expect(")", purpose="to-close-parameters")
    external = cursor.accept("external")
    return FunctionDefinition(position, tuple(parameters), parser.expression(), external)


def _parameter(parser: Parser) -> Parameter:
    position = parser.cursor.token.position
    name = parser.cursor.read_name()
    if name is None:
        raise parser.cursor.error("expected-parameter")
    declared = parse_type(parser.cursor) if parser.cursor.accept(":") else None
    return Parameter(position, name, declared)


_FORMS: dict[str, Callable[[Parser], Node]] = {
    "true": _literal(value=True),
    "false": _literal(value=False),
    "null": _literal(None),
    "?": _input_value,
    "-": _negation,
    "@": _at_literal,
    "(": _parentheses,
    "[": _brackets,
    "]": _open_interval,
    "{": _context,
    "if": _if,
    "for": _for,
    "some": _quantified,
    "every": _quantified,
    "function": _function,
}
