"""Closures for literals, names, paths, filters and calls."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.feel.builtins import BUILT_INS
from engine.feel.builtins.registry import BuiltIn
from engine.feel.costs import cost_of
from engine.feel.errors import FeelLimitError, NullResult, too_deep
from engine.feel.functions import HostFunction
from engine.feel.messages import Message
from engine.feel.numbers import integer
from engine.feel.properties import property_of
from engine.feel.session import MISSING, HostScope, Scope, is_plain
from engine.feel.syntax import (
    Call,
    Comparison,
    Filter,
    In,
    InputValue,
    Literal,
    Logic,
    Name,
    Negation,
    Node,
    Path,
    Quantified,
)
from engine.feel.tokens import full_width_hint
from engine.feel.values import AS_IS, FeelValue, as_list, is_function, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    Code = Callable[[Scope], FeelValue]
    Compile = Callable[[Node], Code]

_SHORT = 32
"""Looking through a list of the host this short is too little work to be counted."""
_FORGIVING = frozenset(["is defined", "get or else"])
"""Built-ins that ask whether something is there: if their first argument is missing, that is no mistake."""


def _literal(node: Literal, _compile: Compile) -> Code:
    value = node.value
    return lambda _scope: value


def _input_value(node: InputValue, _compile: Compile) -> Code:
    position = node.position

    def code(scope: Scope) -> FeelValue:
        value: Any = scope.lookup("?")
        if value is MISSING:
            scope.session.warn(position, Message("no-tested-value"))
            return None
        return value  # type: ignore[no-any-return]  # MISSING is excluded above

    return code


def _name(node: Name, _compile: Compile) -> Code:
    name, position = node.name, node.position

    def code(scope: Scope) -> FeelValue:
        names = scope.names
        if type(names) is dict:
            value: Any = names.get(name, MISSING)
            kind = type(value)
            if kind in AS_IS or (kind is list and (not scope.from_host or (len(value) < _SHORT and is_plain(value)))):
                return value  # type: ignore[no-any-return]  # the commonest cases, without the cost of a call
        try:
            return further(scope, scope.lookup(name))
        except FeelLimitError as error:
            error.locate(position)
            raise

    def further(scope: Scope, found: Any) -> FeelValue:
        if found is not MISSING:
            return found  # type: ignore[no-any-return]
        value = _function_named(name, scope)
        if value is None:
            scope.session.warn(position, Message("no-variable", name=name, hint=full_width_hint(name)))
        return value

    return code


def _function_named(name: str, scope: Scope) -> FeelValue:
    host = scope.session.settings.functions.get(name)
    return HostFunction(name=name, function=host) if host is not None else BUILT_INS.get(name)


def _path(node: Path, compile_node: Compile) -> Code:
    base, name, position = compile_node(node.base), node.name, node.position

    def code(scope: Scope) -> FeelValue:
        value = base(scope)
        if type(value) is dict:
            entry: Any = value.get(name, MISSING)
            if type(entry) in AS_IS:
                return entry  # type: ignore[no-any-return]
        if isinstance(value, list):
            try:
                scope.session.step(len(value))
            except FeelLimitError as error:
                error.locate(position)
                raise
            return [_member(item, name, scope, position) for item in value]
        return _member(value, name, scope, position)

    return code


def _member(value: FeelValue, name: str, scope: Scope, position: int) -> FeelValue:
    if isinstance(value, Mapping):
        try:
            return scope.session.read(value[name])
        except KeyError:
            scope.session.warn(position, Message("no-entry", key=name))
            return None
    try:
        return property_of(value, name)
    except NullResult as reason:
        scope.session.warn(position, reason.message)
        return None


def _filter(node: Filter, compile_node: Compile) -> Code:
    base, condition, position = compile_node(node.base), compile_node(node.condition), node.position
    cost = cost_of(node.condition)
    is_logical = isinstance(node.condition, (Comparison, Logic, In, Quantified))
    is_index = isinstance(node.condition, Literal) or _is_negative_literal(node.condition)

    def code(scope: Scope) -> FeelValue:
        value = base(scope)
        if value is None:
            scope.session.warn(position, Message("null-filtered"))
            return None
        members = as_list(value)
        try:
            scope.session.step(1 if is_index else len(members) * cost + 1)
            if is_logical:
                return [m for m in members if condition(_item_scope(m, scope)) is True]
            return _filter_or_index(members, condition, scope, position)
        except FeelLimitError as error:
            error.locate(position)
            raise

    return code


def _is_negative_literal(node: Node) -> bool:
    return isinstance(node, Negation) and isinstance(node.operand, Literal)


def _item_scope(member: FeelValue, scope: Scope) -> Scope:
    inner = scope.inner({"item": member})
    return HostScope(member, inner, scope.session) if isinstance(member, Mapping) else inner


def _filter_or_index(members: list[FeelValue], condition: Code, scope: Scope, position: int) -> FeelValue:
    first = condition(_item_scope(members[0], scope)) if members else _quietly(condition, scope)
    if isinstance(first, Decimal):
        return _at_index(members, first, scope, position)
    kept: list[FeelValue] = []
    for place, member in enumerate(members):
        passed = condition(_item_scope(member, scope)) if place else first
        if passed is True:
            kept.append(member)
        elif not isinstance(passed, bool) and passed is not None:
            scope.session.warn(position, Message("filter-kind", found=kind_of(passed)))
            return None
    return kept


def _quietly(code: Code, scope: Scope) -> FeelValue:
    before = len(scope.session.warnings)
    value = code(scope)
    del scope.session.warnings[before:]
    return value


def _at_index(members: list[FeelValue], index: Decimal, scope: Scope, position: int) -> FeelValue:
    try:
        place = integer(index, what="the-index")
    except NullResult as reason:
        scope.session.warn(position, reason.message)
        return None
    if place == 0 or abs(place) > len(members):
        scope.session.warn(position, Message("no-member", place=place, length=len(members)))
        return None
    return members[place - 1 if place > 0 else place]


def _call(node: Call, compile_node: Compile) -> Code:
    general = _general_call(node, compile_node)
    built_in = BUILT_INS.get(node.function.name) if isinstance(node.function, Name) else None
    if not isinstance(built_in, BuiltIn) or len(node.arguments) != 1 or node.names or built_in.name in _FORGIVING:
        return general
    name, position, call_one = built_in.name, node.position, built_in.call_one
    argument = compile_node(node.arguments[0])

    def code(scope: Scope) -> FeelValue:
        session = scope.session
        if name in session.settings.functions or scope.knows(name):
            return general(scope)
        value = argument(scope)
        try:
            return call_one(value, session)
        except NullResult as reason:
            session.warn(position, reason.message)
            return None
        except FeelLimitError as error:
            error.locate(position)
            raise
        except RecursionError as error:
            raise too_deep(position) from error

    return code


def _general_call(node: Call, compile_node: Compile) -> Code:
    find = _callee(node.function, compile_node)
    arguments = [compile_node(argument) for argument in node.arguments]
    names, position = node.names, node.position
    if isinstance(node.function, Name) and node.function.name in _FORGIVING:
        arguments[:1] = [partial(_quietly, first) for first in arguments[:1]]

    def code(scope: Scope) -> FeelValue:
        function: Any = find(scope)
        values = [code(scope) for code in arguments]
        if not is_function(function):
            if function is not MISSING:
                scope.session.warn(position, Message("not-callable", found=kind_of(function)))
            return None
        try:
            if names is None:
                return function.call(values, scope.session)  # type: ignore[no-any-return]
            return function.call_named(_by_name(names, values), scope.session)  # type: ignore[no-any-return]
        except NullResult as reason:
            scope.session.warn(position, reason.message)
            return None
        except FeelLimitError as error:
            error.locate(position)
            raise
        except RecursionError as error:
            raise too_deep(position) from error

    return code


def _by_name(names: tuple[str, ...], values: list[FeelValue]) -> dict[str, FeelValue]:
    if len(set(names)) != len(names):
        raise NullResult("parameter-twice")
    return dict(zip(names, values, strict=True))


def _callee(node: Node, compile_node: Compile) -> Callable[[Scope], Any]:
    if not isinstance(node, Name):
        return compile_node(node)
    name, position = node.name, node.position

    built_in = BUILT_INS.get(name)

    def find(scope: Scope) -> Any:  # MISSING, once it has been reported
        if built_in is not None and name not in scope.session.settings.functions and not scope.knows(name):
            return built_in
        value = scope.lookup(name)
        if is_function(value):
            return value
        function = _function_named(name, scope)
        if function is None:
            if value is not MISSING:
                return value
            scope.session.warn(position, Message("no-function", name=name, hint=full_width_hint(name)))
            return MISSING
        return function

    return find


COMPILERS: dict[type[Node], Callable[[Any, Compile], Code]] = {
    Literal: _literal,
    InputValue: _input_value,
    Name: _name,
    Path: _path,
    Filter: _filter,
    Call: _call,
}
