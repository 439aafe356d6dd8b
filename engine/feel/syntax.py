"""The syntax tree of FEEL: one small frozen class a construct, each with its position in the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.feel.values import FeelValue


@dataclass(frozen=True, slots=True)
class Node:
    """Any construct; position is the offset of its first (for operators: its operator's) character."""

    position: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, string, boolean, null or `@"..."` value."""

    value: FeelValue


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable or function by name."""

    name: str


@dataclass(frozen=True, slots=True)
class InputValue(Node):
    """The `?` of a unary test."""


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`base.name`."""

    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`base[condition]`."""

    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`function(arguments)`; names is None for arguments by position."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`+ - * / **`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`= != < <= > >=`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`and`, `or`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in test` or `value in (test, test)`."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ComparisonTest(Node):
    """`< endpoint` in a unary test; in parentheses as a value it is a range."""

    operator: str
    endpoint: Node


@dataclass(frozen=True, slots=True)
class Interval(Node):
    """`[low..high]`."""

    low: Node
    high: Node
    low_included: bool
    high_included: bool


@dataclass(frozen=True, slots=True)
class TypeNode(Node):
    """A type as written: a name, or a generic with its arguments."""

    name: str
    arguments: tuple[TypeNode, ...] = ()
    keys: tuple[str, ...] = ()
    result: TypeNode | None = None


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: TypeNode


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if condition then consequence else alternative`."""

    condition: Node
    consequence: Node
    alternative: Node


@dataclass(frozen=True, slots=True)
class IterationRange(Node):
    """`low..high` as the domain of a loop; counts down when low is the larger."""

    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """`name in domain`."""

    name: str
    domain: Node


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for iterators return body`."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some|every iterators satisfies condition`."""

    quantifier: str
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """A formal parameter; without a type it takes anything."""

    name: str
    type: TypeNode | None


@dataclass(frozen=True, slots=True)
class FunctionDefinition(Node):
    """`function(parameters) body`; an external body is never run."""

    parameters: tuple[Parameter, ...]
    body: Node
    external: bool


@dataclass(frozen=True, slots=True)
class ListNode(Node):
    """`[a, b]`."""

    members: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextNode(Node):
    """`{key: value}`."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class AnyTest(Node):
    """The `-` of a unary test: anything goes."""


@dataclass(frozen=True, slots=True)
class UnaryTestList(Node):
    """Several tests of which one must hold, or under `not(...)` none."""

    tests: tuple[Node, ...]
    negated: bool


CHAINED = (Arithmetic, Logic, Comparison)


def left_spine(node: Node) -> tuple[list[Arithmetic | Logic | Comparison], Node]:
    """The operations of a chain such as `a + b - c`, innermost first, and the operand at its left end.

    A chain of thousands of operators nests to the left as deep; whoever walks it by this does not recurse with it.
    """
    spine: list[Arithmetic | Logic | Comparison] = []
    while isinstance(node, CHAINED):
        spine.append(node)
        node = node.left
    spine.reverse()
    return spine, node
