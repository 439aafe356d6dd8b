"""Walk through a syntax tree, give every node a type, and note what is certain to go wrong.

Only certainties are noted: where a value's kind is not known nothing is said. A null is of every type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.feel.analysis.calls import type_of_call
from engine.feel.analysis.kinds import NULL, ORDERED, element_of, joined, kind
from engine.feel.analysis.operators import result_of_arithmetic
from engine.feel.analysis.scope import Mistake, StaticScope
from engine.feel.builtins import BUILT_INS
from engine.feel.compile_tests import INPUT_NAME, reads_input
from engine.feel.errors import NullResult
from engine.feel.messages import Message
from engine.feel.printer import print_node
from engine.feel.properties import property_names
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
    Path,
    Quantified,
    TypeNode,
    UnaryTestList,
    left_spine,
)
from engine.feel.type_resolution import resolve_type
from engine.feel.types import (
    ANY,
    BOOLEAN,
    LIST,
    ContextType,
    FeelType,
    FunctionType,
    KindType,
    ListType,
    RangeType,
    core_of,
)
from engine.feel.values import kind_of

_NEGATABLE = frozenset(["number", "days and time duration", "years and months duration"])


def check_expression(node: Node, scope: StaticScope) -> tuple[FeelType, list[Mistake]]:
    """The type of an expression, and its mistakes in the order of the text."""
    checker = Checker()
    try:
        of = checker.type_of(node, scope)
    except RecursionError:
        return ANY, []
    return of, sorted(checker.mistakes, key=lambda mistake: mistake.position)


def check_tests(node: Node, input_type: FeelType, scope: StaticScope) -> list[Mistake]:
    """The mistakes in unary tests of a value of some type."""
    checker = Checker()
    try:
        checker.type_of(node, scope.inner({INPUT_NAME: input_type}))
    except RecursionError:
        return []
    return sorted(checker.mistakes, key=lambda mistake: mistake.position)


class Checker:
    """One walk."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    def type_of(self, node: Node, scope: StaticScope) -> FeelType:
        """The type of a node; chains of operators are walked from their left end, however long."""
        spine, first = left_spine(node)
        of = _RULES[type(first)](self, first, scope)
        for operation in spine:
            of = _CHAINED[type(operation)](self, operation, of, scope)
        return of

    def note(self, position: int, message: Message) -> None:
        """Note a mistake."""
        self.mistakes.append(Mistake(position=position, message=message))

    def doubt(self, position: int, message: Message) -> None:
        """Note what only the surroundings, as far as they are known, speak against."""
        self.mistakes.append(Mistake(position=position, message=message, is_certain=False))

    def wants(self, node: Node, of: FeelType, kinds: frozenset[str], *, where: str) -> None:
        """Note a value of a kind that is not wanted here."""
        found = kind(of)
        if found is not None and found != "null" and found not in kinds:
            expected = " or ".join(sorted(kinds))
            self.note(node.position, Message("kind-not-taken", where=where, found=found, expected=expected))

    def compare(self, position: int, operator: str, left: FeelType, right: FeelType) -> None:
        """Note a comparison that can only be null."""
        a, b = kind(left), kind(right)
        if a is None or b is None or "null" in (a, b):
            return
        if a != b:
            reason = Message("not-comparable", left=a, right=b)
            self.note(position, Message("comparison-undefined", reason=reason, operator=operator))
        elif operator not in ("=", "!=") and a not in ORDERED:
            reason = Message("kind-without-order", kind=a)
            self.note(position, Message("comparison-undefined", reason=reason, operator=operator))

    def tests(self, tests: tuple[Node, ...], value: FeelType, scope: StaticScope) -> None:
        """Check tests of a value of some type."""
        inner = scope.inner({INPUT_NAME: value})
        for test in tests:
            _check_test(self, test, value, inner)


def _literal(_checker: Checker, node: Literal, _scope: StaticScope) -> FeelType:
    return NULL if node.value is None else KindType(kind_of(node.value))


def _input_value(_checker: Checker, _node: InputValue, scope: StaticScope) -> FeelType:
    return scope.lookup(INPUT_NAME) or ANY


def _name(checker: Checker, node: Name, scope: StaticScope) -> FeelType:
    known = scope.lookup(node.name)
    if known is not None:
        return known
    if node.name in BUILT_INS or node.name in scope.functions:
        return KindType("function")
    if not scope.may_know(node.name):
        checker.doubt(node.position, Message("nothing-brings", name=node.name))
    return ANY


def _path(checker: Checker, node: Path, scope: StaticScope) -> FeelType:
    return _member(checker, node, core_of(checker.type_of(node.base, scope)))


def _member(checker: Checker, node: Path, base: FeelType) -> FeelType:
    if isinstance(base, ListType):
        return ListType(_member(checker, node, core_of(base.element)))
    if isinstance(base, ContextType):
        entries = dict(base.entries)
        if node.name not in entries:
            checker.doubt(node.position, Message("entry-unknown", name=node.name, known=tuple(entries)))
        return entries.get(node.name, ANY)
    found = kind(base)
    if found in (None, "null", "list", "context"):
        return ANY
    if node.name not in property_names(str(found)):
        checker.note(node.position, Message("no-property", name=node.name, kind=str(found)))
    return ANY


def _filter(checker: Checker, node: Filter, scope: StaticScope) -> FeelType:
    base = checker.type_of(node.base, scope)
    element = base if isinstance(core_of(base), RangeType) else element_of(base)
    core = core_of(element)
    entries = dict(core.entries) if isinstance(core, ContextType) else {}
    may_hold_more = kind(element) in (None, "null") or (kind(element) == "context" and not entries)
    outer = dict.fromkeys(scope.all_names(), ANY)  # a member may hold more than its type lists, also such a name
    names = {**outer, "item": element, **entries} if kind(element) in (None, "null", "context") else {"item": element}
    condition = checker.type_of(node.condition, scope.inner(names, is_open=may_hold_more))
    checker.wants(node.condition, condition, frozenset(["boolean", "number"]), where="filter")
    if isinstance(node.condition, Literal) and kind(condition) == "number":
        return element  # a computed index may be null, and then the filter gives a list
    return ListType(element) if kind(condition) == "boolean" else ANY


def _is_no_function(known: FeelType | None) -> bool:
    """Whether a name in front of a call leads on to the functions: a variable that is none does not hide them."""
    return known is None or kind(known) not in (None, "function")


def _call(checker: Checker, node: Call, scope: StaticScope) -> FeelType:
    arguments = [checker.type_of(argument, scope) for argument in node.arguments]
    if isinstance(node.function, Name) and _is_no_function(scope.lookup(node.function.name)):
        if node.function.name in scope.functions:
            return ANY
        if node.function.name in BUILT_INS or not scope.may_know_function(node.function.name):
            return type_of_call(checker, node, node.function.name, arguments)
    function = core_of(checker.type_of(node.function, scope))
    if isinstance(function, FunctionType):
        if node.names is None and len(arguments) != len(function.parameters):
            checker.note(
                node.position,
                Message(
                    "argument-count",
                    function=print_node(node.function),
                    expected=len(function.parameters),
                    found=len(arguments),
                ),
            )
        return function.result
    checker.wants(node.function, function, frozenset(["function"]), where="call")
    return ANY


def _negation(checker: Checker, node: Negation, scope: StaticScope) -> FeelType:
    operand = checker.type_of(node.operand, scope)
    checker.wants(node, operand, _NEGATABLE, where="-")
    return operand


def _arithmetic(checker: Checker, node: Arithmetic, left: FeelType, scope: StaticScope) -> FeelType:
    right = checker.type_of(node.right, scope)
    result = result_of_arithmetic(node.operator, left, right)
    if result is None:
        left_kind, right_kind = str(kind(left)), str(kind(right))
        message = Message("operation-undefined", left=left_kind, operator=node.operator, right=right_kind)
        checker.note(node.position, message)
    return ANY if result is None else result


def _logic(checker: Checker, node: Logic, left: FeelType, scope: StaticScope) -> FeelType:
    right = checker.type_of(node.right, scope)
    for operand in (left, right):
        found = kind(operand)
        if found not in (None, "null", "boolean"):  # the other operand may decide it all the same
            message = Message("kind-not-taken", where=node.operator, found=str(found), expected="boolean")
            checker.doubt(node.position, message)
    return BOOLEAN


def _comparison(checker: Checker, node: Comparison, left: FeelType, scope: StaticScope) -> FeelType:
    checker.compare(node.position, node.operator, left, checker.type_of(node.right, scope))
    return BOOLEAN


def _between(checker: Checker, node: Between, scope: StaticScope) -> FeelType:
    value = checker.type_of(node.value, scope)
    checker.compare(node.position, ">=", value, checker.type_of(node.low, scope))
    checker.compare(node.position, "<=", value, checker.type_of(node.high, scope))
    return BOOLEAN


def _in(checker: Checker, node: In, scope: StaticScope) -> FeelType:
    checker.tests(node.tests, checker.type_of(node.value, scope), scope)
    return BOOLEAN


def _test_list(checker: Checker, node: UnaryTestList, scope: StaticScope) -> FeelType:
    checker.tests(node.tests, scope.lookup(INPUT_NAME) or ANY, scope)
    return BOOLEAN


def _any_test(_checker: Checker, _node: AnyTest, _scope: StaticScope) -> FeelType:
    return BOOLEAN


def _check_test(checker: Checker, node: Node, value: FeelType, scope: StaticScope) -> None:
    if isinstance(node, ComparisonTest):
        checker.compare(node.position, node.operator, value, checker.type_of(node.endpoint, scope))
        return
    of = checker.type_of(node, scope)
    if reads_input(node):
        if kind(value) is None:
            return
        checker.wants(node, of, frozenset(["boolean"]) | _kinds(value), where="test")
        return
    is_claim = kind(of) == "boolean" and not isinstance(node, (Literal, Name, Path, Filter))
    if is_claim or kind(value) in (None, "list", "range"):
        return
    if kind(element_of(of)) not in ("list", "range") or kind(of) == "range":
        checker.compare(node.position, "=", value, element_of(of))


def _kinds(of: FeelType) -> frozenset[str]:
    found = kind(of)
    return frozenset([found, "list", "range"]) if found else frozenset(["list", "range"])


def _comparison_range(checker: Checker, node: ComparisonTest, scope: StaticScope) -> FeelType:
    return RangeType(checker.type_of(node.endpoint, scope))


def _interval(checker: Checker, node: Interval, scope: StaticScope) -> FeelType:
    low, high = checker.type_of(node.low, scope), checker.type_of(node.high, scope)
    checker.compare(node.position, "..", low, high)
    return RangeType(joined((low, high)))


def _instance_of(checker: Checker, node: InstanceOf, scope: StaticScope) -> FeelType:
    checker.type_of(node.value, scope)
    _written_type(checker, node.type, scope)
    return BOOLEAN


def _written_type(checker: Checker, node: TypeNode | None, scope: StaticScope) -> FeelType:
    try:
        return resolve_type(node, scope.types)
    except NullResult:
        if node is not None:
            checker.note(node.position, Message("no-type", name=node.name))
        return ANY


def _if(checker: Checker, node: If, scope: StaticScope) -> FeelType:
    checker.wants(node.condition, checker.type_of(node.condition, scope), frozenset(["boolean"]), where="if")
    return joined((checker.type_of(node.consequence, scope), checker.type_of(node.alternative, scope)))


def _iterated(checker: Checker, iterators: tuple[Iterator, ...], scope: StaticScope) -> StaticScope:
    for iterator in iterators:
        domain = iterator.domain
        if isinstance(domain, IterationRange):
            low, high = checker.type_of(domain.low, scope), checker.type_of(domain.high, scope)
            for end, of in ((domain.low, low), (domain.high, high)):
                checker.wants(end, of, frozenset(["number", "date"]), where="..")
            element = joined((low, high))
        else:
            element = element_of(checker.type_of(domain, scope))
        scope = scope.inner({iterator.name: element})
    return scope


def _for(checker: Checker, node: For, scope: StaticScope) -> FeelType:
    inner = _iterated(checker, node.iterators, scope.inner({"partial": LIST}))
    return ListType(checker.type_of(node.body, inner))


def _quantified(checker: Checker, node: Quantified, scope: StaticScope) -> FeelType:
    inner = _iterated(checker, node.iterators, scope)
    checker.wants(node.condition, checker.type_of(node.condition, inner), frozenset(["boolean"]), where=node.quantifier)
    return BOOLEAN


def _function(checker: Checker, node: FunctionDefinition, scope: StaticScope) -> FeelType:
    if node.external:
        checker.note(node.position, Message("external-function"))
        return KindType("function")
    types = tuple(_written_type(checker, parameter.type, scope) for parameter in node.parameters)
    names = dict(zip((parameter.name for parameter in node.parameters), types, strict=True))
    return FunctionType(types, checker.type_of(node.body, scope.inner(names)))


def _list(checker: Checker, node: ListNode, scope: StaticScope) -> FeelType:
    members = [checker.type_of(member, scope) for member in node.members]
    return ListType(joined(members) if members else ANY)


def _context(checker: Checker, node: ContextNode, scope: StaticScope) -> FeelType:
    entries: dict[str, FeelType] = {}
    later = {key: ANY for key, _ in node.entries}  # a function may call itself, and entries that come after it
    for key, value in node.entries:
        entries[key] = checker.type_of(value, scope.inner({**later, **entries}))
    return ContextType(tuple(entries.items()))


_RULES: Mapping[type[Node], Callable[[Checker, Any, StaticScope], FeelType]] = {
    Literal: _literal,
    InputValue: _input_value,
    Name: _name,
    Path: _path,
    Filter: _filter,
    Call: _call,
    Negation: _negation,
    Between: _between,
    In: _in,
    UnaryTestList: _test_list,
    AnyTest: _any_test,
    ComparisonTest: _comparison_range,
    Interval: _interval,
    InstanceOf: _instance_of,
    If: _if,
    For: _for,
    Quantified: _quantified,
    FunctionDefinition: _function,
    ListNode: _list,
    ContextNode: _context,
}
_CHAINED: Mapping[type[Node], Callable[[Checker, Any, FeelType, StaticScope], FeelType]] = {
    Arithmetic: _arithmetic,
    Logic: _logic,
    Comparison: _comparison,
}
