"""Closures for `if`, loops, quantifiers, function definitions, lists and contexts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from engine.feel.costs import cost_of
from engine.feel.errors import FeelLimitError, NullResult
from engine.feel.functions import DefinedFunction
from engine.feel.inference import inferred_type
from engine.feel.iteration import PartialNames, members_of, steps_between
from engine.feel.messages import Message
from engine.feel.syntax import (
    ContextNode,
    For,
    FunctionDefinition,
    If,
    IterationRange,
    Iterator,
    ListNode,
    Node,
    Quantified,
)
from engine.feel.type_resolution import resolve_type
from engine.feel.values import FeelValue, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from engine.feel.session import Scope, Session

    Code = Callable[[Scope], FeelValue]
    Compile = Callable[[Node], Code]


def _if(node: If, compile_node: Compile) -> Code:
    condition, position = compile_node(node.condition), node.position
    consequence, alternative = compile_node(node.consequence), compile_node(node.alternative)

    def code(scope: Scope) -> FeelValue:
        answer = condition(scope)
        if not isinstance(answer, bool):
            scope.session.warn(position, Message("condition-kind", found=kind_of(answer)))
        return consequence(scope) if answer is True else alternative(scope)

    return code


def _list(node: ListNode, compile_node: Compile) -> Code:
    members = [compile_node(member) for member in node.members]
    return lambda scope: [member(scope) for member in members]


def _context(node: ContextNode, compile_node: Compile) -> Code:
    entries = [(key, compile_node(value)) for key, value in node.entries]

    def code(scope: Scope) -> FeelValue:
        values: dict[str, FeelValue] = {}
        inner = scope.inner(values)
        for key, value in entries:
            values[key] = value(inner)
        return values

    return code


def _function(node: FunctionDefinition, compile_node: Compile) -> Code:
    body, position = compile_node(node.body), node.position
    result, cost = inferred_type(node.body), cost_of(node.body)

    def code(scope: Scope) -> FeelValue:
        if node.external:
            scope.session.warn(position, Message("external-function"))
            return None
        try:
            types = [resolve_type(parameter.type, scope.session.types) for parameter in node.parameters]
        except NullResult as reason:
            scope.session.warn(position, reason.message)
            return None

        def call(arguments: Mapping[str, FeelValue], _session: Session) -> FeelValue:
            return body(scope.inner(arguments))

        names = [parameter.name for parameter in node.parameters]
        parameters = tuple(zip(names, types, strict=True))
        return DefinedFunction(name="function", parameters=parameters, body=call, result=result, cost=cost)

    return code


def _for(node: For, compile_node: Compile) -> Code:
    domains = [(iterator.name, _domain(iterator, compile_node)) for iterator in node.iterators]
    body, position, costs = compile_node(node.body), node.position, _costs(node.iterators, node.body)

    def code(scope: Scope) -> FeelValue:
        results: list[FeelValue] = []
        inner = scope.inner(PartialNames(results, scope.session))
        try:
            for turn in _turns(domains, inner, costs):
                results.append(body(turn))
        except NullResult as reason:
            scope.session.warn(position, reason.message)
            return None
        except FeelLimitError as error:
            error.locate(position)
            raise
        return results

    return code


def _quantified(node: Quantified, compile_node: Compile) -> Code:
    domains = [(iterator.name, _domain(iterator, compile_node)) for iterator in node.iterators]
    condition, position, costs = compile_node(node.condition), node.position, _costs(node.iterators, node.condition)
    deciding = node.quantifier == "some"

    def code(scope: Scope) -> FeelValue:
        unknown = False
        try:
            for turn in _turns(domains, scope, costs):
                answer = condition(turn)
                if answer is deciding:
                    return deciding
                unknown = unknown or not isinstance(answer, bool)
        except NullResult as reason:
            scope.session.warn(position, reason.message)
            return None
        except FeelLimitError as error:
            error.locate(position)
            raise
        if unknown:
            scope.session.warn(position, Message("quantifier-undecided", quantifier=node.quantifier))
            return None
        return not deciding

    return code


def _costs(iterators: tuple[Iterator, ...], body: Node) -> list[int]:
    """What a turn of each iterator costs: the domain of the next one, at last the body."""
    return [*(cost_of(iterator.domain) for iterator in iterators[1:]), cost_of(body)]


def _turns(
    domains: list[tuple[str, Callable[[Scope], Iterable[FeelValue]]]], scope: Scope, costs: list[int]
) -> Generator[Scope]:
    """Every combination of iterator values as a scope, the last iterator turning fastest."""
    name, domain = domains[0]
    for value in domain(scope):
        scope.session.step(costs[0])
        inner = scope.inner({name: value})
        if len(domains) == 1:
            yield inner
        else:
            yield from _turns(domains[1:], inner, costs[1:])


def _domain(iterator: Iterator, compile_node: Compile) -> Callable[[Scope], Iterable[FeelValue]]:
    node = iterator.domain
    if isinstance(node, IterationRange):
        low, high = compile_node(node.low), compile_node(node.high)
        return lambda scope: steps_between(low(scope), high(scope))
    code = compile_node(node)
    return lambda scope: members_of(code(scope))


COMPILERS: dict[type[Node], Callable[[Any, Compile], Code]] = {
    If: _if,
    For: _for,
    Quantified: _quantified,
    FunctionDefinition: _function,
    ListNode: _list,
    ContextNode: _context,
}
