"""Write a syntax tree as FEEL text again: reading that text gives the same tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.feel.cursor import needs_scope
from engine.feel.numbers import plain
from engine.feel.syntax import (
    AnyTest,
    Arithmetic,
    Between,
    Call,
    Comparison,
    ComparisonTest,
    ContextNode,
    Filter,
    For,
    FunctionDefinition,
    If,
    In,
    InputValue,
    InstanceOf,
    Interval,
    IterationRange,
    Iterator,
    ListNode,
    Literal,
    Logic,
    Name,
    Negation,
    Node,
    Parameter,
    Path,
    Quantified,
    TypeNode,
    UnaryTestList,
    left_spine,
)
from engine.feel.temporal_text import format_temporal
from engine.feel.values import FeelValue

_WHOLE, _OR, _AND, _COMPARE, _ADD, _MULTIPLY, _POWER, _NEGATION, _INSTANCE, _OPERAND = range(10)
"""How tightly a construct holds together; one that holds less than its place asks for stands in parentheses."""

_SIGNS = {"or": _OR, "and": _AND, "+": _ADD, "-": _ADD, "*": _MULTIPLY, "/": _MULTIPLY, "**": _POWER}
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_PLAIN_NUMBERS = range(-20, 40)


def print_node(node: Node) -> str:
    """The FEEL text of a tree."""
    return _written(node, _WHOLE)


def print_value(value: FeelValue) -> str:
    """The FEEL literal of a simple value: a number, text, boolean, date, time or duration, or null."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return '"' + re.sub(r'["\\\n\r\t]', lambda match: _ESCAPES[match.group()], value) + '"'
    if isinstance(value, Decimal):
        return plain(value) if value.adjusted() in _PLAIN_NUMBERS else str(value)
    return f'@"{format_temporal(value)}"'  # type: ignore[arg-type]  # every other literal is a temporal value


def _written(node: Node, needed: int) -> str:
    held = _held(node)
    text = _chain(node) if isinstance(node, (Arithmetic, Logic, Comparison)) else _PRINTERS[type(node)](node)
    return f"({text})" if held < needed else text


def _held(node: Node) -> int:
    if isinstance(node, (Arithmetic, Logic)):
        return _SIGNS[node.operator]
    return _HOLDS.get(type(node), _OPERAND)


def _chain(node: Node) -> str:
    """Operators of two operands, from the left end: a long chain nests deep on that side only."""
    spine, first = left_spine(node)
    text = _written(first, _held(spine[0]))
    for place, operation in enumerate(spine):
        held = _held(operation)
        if place and _held(spine[place - 1]) < held:
            text = f"({text})"
        text = f"{text} {operation.operator} {_written(operation.right, held + 1)}"
    return text


def _between(node: Between) -> str:
    return f"{_written(node.value, _COMPARE)} between {_written(node.low, _ADD)} and {_written(node.high, _ADD)}"


def _in(node: In) -> str:
    return f"{_written(node.value, _COMPARE)} in ({', '.join(map(_test, node.tests))})"


def _test(node: Node) -> str:
    if isinstance(node, ComparisonTest):
        return f"{node.operator} {_written(node.endpoint, _ADD)}"
    return _written(node, _WHOLE)


def _test_list(node: UnaryTestList) -> str:
    text = ", ".join(map(_test, node.tests))
    if node.negated:
        return f"not({text})"
    looks_negated = len(node.tests) == 1 and text.startswith("not(")
    return f"({text})" if looks_negated else text


def _interval(node: Interval) -> str:
    opening, closing = "[" if node.low_included else "(", "]" if node.high_included else ")"
    return f"{opening}{_written(node.low, _ADD)}..{_written(node.high, _ADD)}{closing}"


def _base(node: Node) -> str:
    """What a point, a bracket or a parenthesis follows."""
    return f"({text})" if _is_number(text := _written(node, _OPERAND)) else text


def _is_number(text: str) -> bool:
    return text[0].isdigit()


def _call(node: Call) -> str:
    arguments = [print_node(argument) for argument in node.arguments]
    if node.names is not None:
        arguments = [f"{_key(name)}: {text}" for name, text in zip(node.names, arguments, strict=True)]
    return f"{_base(node.function)}({', '.join(arguments)})"


def _key(name: str) -> str:
    return print_value(name) if needs_scope(name) or name != " ".join(name.split()) else name


def _iterators(iterators: tuple[Iterator, ...]) -> str:
    return ", ".join(f"{one.name} in {_domain(one.domain)}" for one in iterators)


def _domain(node: Node) -> str:
    if isinstance(node, IterationRange):
        return f"{_written(node.low, _ADD)}..{_written(node.high, _ADD)}"
    return _written(node, _ADD)


def _function(node: FunctionDefinition) -> str:
    parameters = ", ".join(map(_parameter, node.parameters))
    return f"function({parameters}) {'external ' if node.external else ''}{print_node(node.body)}"


def _parameter(node: Parameter) -> str:
    return node.name if node.type is None else f"{node.name}: {print_type(node.type)}"


def print_type(node: TypeNode) -> str:
    """The text of a type as it is written after `instance of`."""
    arguments = [print_type(argument) for argument in node.arguments]
    if node.result is not None:
        return f"function<{', '.join(arguments)}>->{print_type(node.result)}"
    if node.keys:
        return f"context<{', '.join(f'{key}: {of}' for key, of in zip(node.keys, arguments, strict=True))}>"
    return f"{node.name}<{', '.join(arguments)}>" if arguments else node.name


_HOLDS: Mapping[type[Node], int] = {
    Comparison: _COMPARE,
    Between: _COMPARE,
    In: _COMPARE,
    InstanceOf: _INSTANCE,
    Negation: _NEGATION,
    **dict.fromkeys((If, For, Quantified, FunctionDefinition, UnaryTestList, AnyTest), _WHOLE),
}
_PRINTERS: Mapping[type[Node], Callable[[Any], str]] = {
    Literal: lambda node: print_value(node.value),
    Name: lambda node: node.name,
    InputValue: lambda _node: "?",
    Path: lambda node: f"{_base(node.base)}.{node.name}",
    Filter: lambda node: f"{_base(node.base)}[{print_node(node.condition)}]",
    Call: _call,
    Negation: lambda node: f"-{_written(node.operand, _NEGATION)}",
    Between: _between,
    In: _in,
    ComparisonTest: lambda node: f"({_test(node)})",
    Interval: _interval,
    InstanceOf: lambda node: f"{_written(node.value, _INSTANCE)} instance of {print_type(node.type)}",
    If: lambda node: (
        f"if {print_node(node.condition)} then {print_node(node.consequence)} else {print_node(node.alternative)}"
    ),
    For: lambda node: f"for {_iterators(node.iterators)} return {print_node(node.body)}",
    Quantified: lambda node: f"{node.quantifier} {_iterators(node.iterators)} satisfies {print_node(node.condition)}",
    FunctionDefinition: _function,
    ListNode: lambda node: f"[{', '.join(map(print_node, node.members))}]",
    ContextNode: lambda node: "{" + ", ".join(f"{_key(key)}: {print_node(value)}" for key, value in node.entries) + "}",
    AnyTest: lambda _node: "-",
    UnaryTestList: _test_list,
}
