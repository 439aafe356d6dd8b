"""From a type as written to the type it means, with the names an item definition brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.feel.errors import NullResult
from engine.feel.type_parser import parse_type_text
from engine.feel.types import ANY, BUILT_IN_TYPES, ContextType, FeelType, FunctionType, ListType, RangeType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.feel.syntax import TypeNode


def resolve_type(node: TypeNode | None, types: Mapping[str, FeelType]) -> FeelType:
    """The type a node names; nothing written means Any.

    Raises:
        NullResult: no such type is known.
    """
    if node is None:
        return ANY
    arguments = tuple(resolve_type(argument, types) for argument in node.arguments)
    if node.name == "list" and arguments:
        return ListType(arguments[0])
    if node.name == "range" and arguments:
        return RangeType(arguments[0])
    if node.name == "context" and arguments:
        return ContextType(tuple(zip(node.keys, arguments, strict=True)))
    if node.result is not None:
        return FunctionType(arguments, resolve_type(node.result, types))
    known = types.get(node.name) or BUILT_IN_TYPES.get(node.name)
    if known is None:
        raise NullResult("no-type", name=node.name)
    return known


def type_named(text: str) -> FeelType:
    """The type a text such as `list<context<age: number>>` names.

    Raises:
        FeelSyntaxError: the text is no type.
        NullResult: it names a type nobody knows.
    """
    return resolve_type(parse_type_text(text), {})
