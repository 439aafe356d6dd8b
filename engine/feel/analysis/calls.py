"""Calls of built-in functions: whether any way to call one takes what is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.feel.analysis.kinds import joined, kind, may_be
from engine.feel.analysis.results import result_of_built_in
from engine.feel.builtins import BUILT_INS
from engine.feel.builtins.registry import BuiltIn, Overload
from engine.feel.messages import Message
from engine.feel.tokens import full_width_hint
from engine.feel.types import ANY, FeelType, ListType

if TYPE_CHECKING:
    from engine.feel.analysis.checker import Checker
    from engine.feel.builtins.registry import Overload
    from engine.feel.syntax import Call


def type_of_call(checker: Checker, node: Call, name: str, arguments: Sequence[FeelType]) -> FeelType:
    """The type of what a built-in gives; notes a function nobody knows and arguments no way to call it takes."""
    function = BUILT_INS.get(name)
    if function is None:
        checker.note(node.function.position, Message("no-function", name=name, hint=full_width_hint(name)))
        return ANY
    if not isinstance(function, BuiltIn):
        return result_of_built_in(name, arguments)
    fitting = [bound for overload in function.overloads if (bound := _bound(overload, node, arguments)) is not None]
    if not fitting:
        checker.note(
            node.position,
            Message("arguments-do-not-fit", function=name, count=len(arguments), forms=function.forms()),
        )
        return ANY
    if node.names is not None:
        arguments = [ANY if of is None else of for of in fitting[0][1]]
    refused = [_refused(overload, types) for overload, types in fitting]
    if all(one is not None for one in refused):
        place, found, expected = next(one for one in refused if one is not None)
        checker.note(
            node.position,
            Message("argument-not-taken", function=name, parameter=place, found=found, expected=expected),
        )
    return result_of_built_in(name, arguments)


def _bound(overload: Overload, node: Call, arguments: Sequence[FeelType]) -> tuple[Overload, Sequence[Any]] | None:
    """The types in the order of the overload's parameters; a variadic one holds all of them in one list."""
    taken: Any = (
        overload.positional(arguments)
        if node.names is None
        else overload.named(dict(zip(node.names, arguments, strict=True)))
    )
    return None if taken is None else (overload, taken)


def _refused(overload: Overload, types: Sequence[Any]) -> tuple[str, str, str] | None:
    """The first parameter that can never take what is given: its name, what is given, and what it takes."""
    for parameter, given in zip(overload.parameters, types, strict=False):
        of = ListType(joined(given)) if isinstance(given, list) else given
        if of is None or (kind(of) == "null" and parameter.nullable):
            continue
        if kind(of) == "null" or not may_be(of, parameter.type):
            return parameter.name, str(kind(of)), parameter.type.name
    return None
