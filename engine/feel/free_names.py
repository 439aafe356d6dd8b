"""Which variables an expression reads from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.feel.builtins import BUILT_INS
from engine.feel.syntax import (
    CHAINED,
    Call,
    ContextNode,
    Filter,
    For,
    FunctionDefinition,
    InstanceOf,
    Iterator,
    Name,
    Node,
    Quantified,
    left_spine,
)

if TYPE_CHECKING:
    from collections.abc import Set


def free_names(node: Node) -> tuple[frozenset[str], frozenset[str]]:
    """The names certainly read from outside, and those together with the ones a filtered member may supply."""
    certain: set[str] = set()
    possible: set[str] = set()
    _Walk(certain, possible).visit(node, frozenset(), in_filter=False)
    return frozenset(certain), frozenset(certain | possible)


class _Walk:
    def __init__(self, certain: set[str], possible: set[str]) -> None:
        self._certain = certain
        self._possible = possible

    def visit(self, node: object, bound: Set[str], *, in_filter: bool) -> None:
        if isinstance(node, Name):
            self._read(node, bound, in_filter=in_filter)
        elif isinstance(node, Filter):
            self.visit(node.base, bound, in_filter=in_filter)
            self.visit(node.condition, bound | {"item"}, in_filter=True)
        elif isinstance(node, Call) and isinstance(node.function, Name) and node.function.name in BUILT_INS:
            self.visit(node.arguments, bound, in_filter=in_filter)
        elif isinstance(node, (For, Quantified)):
            inner = self._iterators(node.iterators, bound, in_filter=in_filter)
            body = node.body if isinstance(node, For) else node.condition
            self.visit(body, inner | {"partial"} if isinstance(node, For) else inner, in_filter=in_filter)
        elif isinstance(node, FunctionDefinition):
            self.visit(node.body, bound | {p.name for p in node.parameters}, in_filter=in_filter)
        elif isinstance(node, ContextNode):
            inner = set(bound)
            for key, value in node.entries:
                self.visit(value, inner, in_filter=in_filter)
                inner.add(key)
        elif isinstance(node, InstanceOf):
            self.visit(node.value, bound, in_filter=in_filter)
        elif isinstance(node, CHAINED):
            spine, first = left_spine(node)
            for operand in (first, *(operation.right for operation in spine)):
                self.visit(operand, bound, in_filter=in_filter)
        else:
            self._parts(node, bound, in_filter=in_filter)

    def _parts(self, node: object, bound: Set[str], *, in_filter: bool) -> None:
        if isinstance(node, Node):
            for field in type(node).__dataclass_fields__:
                self.visit(getattr(node, field), bound, in_filter=in_filter)
        elif isinstance(node, tuple):
            for part in node:
                self.visit(part, bound, in_filter=in_filter)

    def _read(self, node: Name, bound: Set[str], *, in_filter: bool) -> None:
        if node.name not in bound and node.name not in BUILT_INS:
            (self._possible if in_filter else self._certain).add(node.name)

    def _iterators(self, iterators: tuple[Iterator, ...], bound: Set[str], *, in_filter: bool) -> Set[str]:
        for iterator in iterators:
            self.visit(iterator.domain, bound, in_filter=in_filter)
            bound = bound | {iterator.name}
        return bound
