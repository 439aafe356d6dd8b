"""Evaluate boxed expressions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.dmn.logic import (
    BoxedContext,
    BoxedFilter,
    BoxedList,
    BoxedLoop,
    Conditional,
    DecisionTable,
    FunctionLogic,
    Invocation,
    LiteralExpression,
    Logic,
    NoLogic,
    Relation,
)
from engine.dmn.messages import DecisionNull
from engine.dmn.run import Run, Variables
from engine.dmn.tables import decide_table
from engine.feel import FeelValue
from engine.feel.errors import NullResult
from engine.feel.functions import DefinedFunction
from engine.feel.iteration import PartialNames, members_of
from engine.feel.numbers import integer
from engine.feel.values import as_list, is_function, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from engine.feel import Session

    Names = Mapping[str, FeelValue]


def value_of(logic: Logic, variables: Names, run: Run) -> FeelValue:
    """The value of a boxed expression, fitted to its type; null with a warning where it has none."""
    run.session.step()
    try:
        value = _EVALUATORS[type(logic)](logic, variables, run)
    except NullResult as reason:
        run.attempt(logic.place, reason)
        return None
    return run.fitted(value, logic.type, logic.place)


def _nothing(logic: NoLogic, _variables: Names, _run: Run) -> FeelValue:
    raise DecisionNull(logic.reason.code, **logic.reason.fields)


def _literal(logic: LiteralExpression, variables: Names, run: Run) -> FeelValue:
    return run.evaluate(logic.feel, variables)


def _context(logic: BoxedContext, variables: Names, run: Run) -> FeelValue:
    values: dict[str, FeelValue] = {}
    inner = Variables(values, variables)
    for entry in logic.entries:
        value = run.fitted(value_of(entry.logic, inner, run), entry.type, entry.logic.place)
        if entry.name is None:
            return value
        values[entry.name] = value
    return values


def _function(logic: FunctionLogic, variables: Names, run: Run) -> FeelValue:
    name = logic.place.name or "function"

    def body(arguments: Mapping[str, FeelValue], _session: Session) -> FeelValue:
        if logic.body is None or logic.kind != "FEEL":
            raise DecisionNull("function-kind", function=name, kind=logic.kind)
        return value_of(logic.body, Variables(arguments, variables), run)

    return DefinedFunction(name=name, parameters=logic.parameters, body=body)


def _invocation(logic: Invocation, variables: Names, run: Run) -> FeelValue:
    function: Any = value_of(logic.function, variables, run)
    if not is_function(function):
        raise DecisionNull("not-invocable", found=kind_of(function))
    bindings = {name: value_of(binding, variables, run) for name, binding in logic.bindings}
    return function.call_named(bindings, run.session)  # type: ignore[no-any-return]  # functions give FEEL values


def _list(logic: BoxedList, variables: Names, run: Run) -> FeelValue:
    return [value_of(member, variables, run) for member in logic.members]


def _relation(logic: Relation, variables: Names, run: Run) -> FeelValue:
    rows: list[FeelValue] = []
    for row in logic.rows:
        entries: dict[str, FeelValue] = dict.fromkeys(name for name, _ in logic.columns)
        for (name, of), cell in zip(logic.columns, row, strict=False):
            entries[name] = run.fitted(value_of(cell, variables, run), of, cell.place)
        rows.append(entries)
    return rows


def _conditional(logic: Conditional, variables: Names, run: Run) -> FeelValue:
    condition = value_of(logic.condition, variables, run)
    if condition is None:
        run.attempt(logic.place, DecisionNull("condition-null"))
    elif not isinstance(condition, bool):
        raise DecisionNull("condition-no-boolean", found=kind_of(condition))
    return value_of(logic.consequence if condition is True else logic.alternative, variables, run)


def _filter(logic: BoxedFilter, variables: Names, run: Run) -> FeelValue:
    source = value_of(logic.source, variables, run)
    if source is None:
        raise NullResult("null-filtered")
    if source == [] and kind_of(value_of(logic.match, variables, run)) == "number":
        raise NullResult("empty-list-has-no-members")
    kept: list[FeelValue] = []
    for member in as_list(source):
        run.session.step()
        names: Names = Variables({"item": member}, variables)
        passed = value_of(logic.match, Variables(member, names) if isinstance(member, Mapping) else names, run)
        if kind_of(passed) == "number":
            return _at(as_list(source), passed)  # type: ignore[arg-type]  # of kind number
        if passed is True:
            kept.append(member)
        elif passed is not None and passed is not False:
            raise NullResult("filter-kind", found=kind_of(passed))
    return kept


def _at(members: list[FeelValue], index: Decimal) -> FeelValue:
    place = integer(index, what="the-index")
    if place == 0 or abs(place) > len(members):
        raise NullResult("no-member", place=place, length=len(members))
    return members[place - 1 if place > 0 else place]


def _loop(logic: BoxedLoop, variables: Names, run: Run) -> FeelValue:
    results: list[FeelValue] = []
    outer = Variables(PartialNames(results, run.session), variables) if logic.kind == "for" else variables
    for value in members_of(value_of(logic.source, variables, run)):
        run.session.step()
        results.append(value_of(logic.body, Variables({logic.variable: value}, outer), run))
    return results if logic.kind == "for" else _decided(logic.kind, results)


def _decided(kind: str, results: list[FeelValue]) -> FeelValue:
    """Whether some or every result is true; a result that is neither boolean nor null spoils the whole."""
    deciding = kind == "some"
    wrong = next((result for result in results if not isinstance(result, bool) and result is not None), None)
    if wrong is not None:
        raise DecisionNull("loop-condition-kind", form=kind, found=kind_of(wrong))
    if any(result is deciding for result in results):
        return deciding
    if None in results:
        raise DecisionNull("loop-undecided", form=kind)
    return not deciding


def _table(logic: DecisionTable, variables: Names, run: Run) -> FeelValue:
    return decide_table(logic, variables, run)


_EVALUATORS: dict[type[Logic], Callable[[Any, Names, Run], FeelValue]] = {
    NoLogic: _nothing,
    LiteralExpression: _literal,
    DecisionTable: _table,
    BoxedContext: _context,
    FunctionLogic: _function,
    Invocation: _invocation,
    BoxedList: _list,
    Relation: _relation,
    Conditional: _conditional,
    BoxedFilter: _filter,
    BoxedLoop: _loop,
}
