"""What can be said about the type of an expression before it is evaluated: enough for the result of a function."""

from __future__ import annotations

from engine.feel.syntax import Comparison, ContextNode, ListNode, Literal, Node
from engine.feel.types import ANY, BOOLEAN, ContextType, FeelType, KindType, ListType
from engine.feel.values import kind_of


def inferred_type(node: Node) -> FeelType:
    """The type of literals and of lists and contexts made of them; Any where only evaluation can tell."""
    if isinstance(node, Literal):
        return ANY if node.value is None else KindType(kind_of(node.value))
    if isinstance(node, ContextNode):
        return ContextType(tuple((name, inferred_type(value)) for name, value in node.entries))
    if isinstance(node, ListNode):
        members = {inferred_type(member) for member in node.members}
        return ListType(members.pop() if len(members) == 1 else ANY)
    return BOOLEAN if isinstance(node, Comparison) else ANY
