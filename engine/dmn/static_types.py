"""Follow the types of inputs and decisions through the logic, and note what can only be null."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from engine.dmn.findings import Finding, finding_at
from engine.dmn.item_types import Acceptance
from engine.dmn.logic import (
    BoxedContext,
    BoxedFilter,
    BoxedList,
    BoxedLoop,
    Cell,
    Conditional,
    DecisionTable,
    FeelText,
    FunctionLogic,
    InputClause,
    Invocation,
    LiteralExpression,
    Logic,
    NoLogic,
    Place,
    Relation,
)
from engine.dmn.visibility import drawn_names
from engine.feel.analysis import Mistake, StaticScope, Surroundings, check_expression, check_tests
from engine.feel.analysis.kinds import NULL, element_of, joined, kind, may_be
from engine.feel.syntax import Literal
from engine.feel.types import ANY, BOOLEAN, LIST, NUMBER, ContextType, FeelType, FunctionType, ListType, core_of

if TYPE_CHECKING:
    from engine.dmn.model import Model, Reference

_TEMPORAL = frozenset(["date", "time", "date and time", "days and time duration", "years and months duration"])


def check_types(model: Model, surroundings: Surroundings) -> Iterator[Finding]:
    """Everything in a model that can only be null, in the order it is drawn."""
    walk = _Walk(model, surroundings)
    try:
        for decision_id in model.decisions:
            walk.decision(decision_id)
        for knowledge_id in model.knowledge:
            walk.knowledge(knowledge_id)
    except RecursionError:
        pass  # a chain of hundreds of requirements: what was found until here is told
    yield from walk.findings


class _Walk:
    """One walk through a model; what was found once about a decision is kept."""

    def __init__(self, model: Model, surroundings: Surroundings) -> None:
        self.model = model
        self.findings: list[Finding] = []
        self._surroundings = surroundings
        self._types = model.all_types()
        self._known: dict[str, FeelType] = {}

    def decision(self, decision_id: str) -> FeelType:
        """The type of a decision: the declared one, or what its logic gives."""
        if decision_id not in self._known:
            decision = self.model.decisions[decision_id]
            self._known[decision_id] = decision.type
            names = self._names((*decision.information, *decision.knowledge))
            found = self.logic(decision.logic, self._scope(names, is_open=not decision.information))
            self.fits(decision.logic.place, found, decision.type)
            self._known[decision_id] = found if decision.type is ANY else decision.type
        return self._known[decision_id]

    def knowledge(self, knowledge_id: str) -> FeelType:
        """The type of a business knowledge model: a function."""
        if knowledge_id not in self._known:
            known = self.model.knowledge[knowledge_id]
            parameters = tuple(of for _, of in known.logic.parameters)
            self._known[knowledge_id] = FunctionType(parameters, ANY)
            names = {known.name: self._known[knowledge_id], **self._names(known.knowledge)}
            found = core_of(self.logic(known.logic, self._scope(names, is_open=False)))
            if isinstance(found, FunctionType):
                self._known[knowledge_id] = found
        return self._known[knowledge_id]

    def _scope(self, names: Mapping[str, FeelType], *, is_open: bool) -> StaticScope:
        around = self._surroundings
        base = StaticScope(names=around.objects, is_open=is_open, types=self._types, functions=around.functions)
        return base.inner(names)

    def _names(self, references: tuple[Reference, ...]) -> dict[str, FeelType]:
        names: dict[str, FeelType] = {}
        for reference in references:
            if reference.namespace in ("", self.model.namespace):
                names |= self._required(reference.id)
                continue
            imported = self.model.imported(reference.namespace)
            if imported is not None:
                inner = _Walk(imported.model, self._surroundings)._required(reference.id)
                names |= {imported.name: ANY} if imported.name else inner
        return names

    def _required(self, element_id: str) -> dict[str, FeelType]:
        model = self.model
        if element_id in model.input_data:
            data = model.input_data[element_id]
            return {data.name: self._surroundings.objects.get(data.name, ANY) if data.type is ANY else data.type}
        if element_id in model.decisions:
            decision, of = model.decisions[element_id], self.decision(element_id)
            return {decision.id: of, decision.name: of, decision.variable: of}
        if element_id in model.knowledge:
            return {model.knowledge[element_id].name: self.knowledge(element_id)}
        return {model.decision_services[element_id].name: ANY} if element_id in model.decision_services else {}

    def logic(self, logic: Logic, scope: StaticScope) -> FeelType:
        """The type of a boxed expression: the declared one, or what it gives."""
        found = _RULES[type(logic)](self, logic, scope)
        if not isinstance(logic, FunctionLogic):
            self.fits(logic.place, found, logic.type)
        return found if logic.type is ANY else logic.type

    def text(self, feel: FeelText, scope: StaticScope) -> FeelType:
        """The type of a FEEL text."""
        if feel.expression is None:
            return ANY
        found, mistakes = check_expression(feel.expression.syntax, scope)
        self._note(mistakes, feel)
        return found

    def cell(self, cell: Cell, of: FeelType, scope: StaticScope) -> None:
        """Check the tests of a cell against the type of what they test."""
        if cell.tests is not None:
            self._note(check_tests(cell.tests.syntax, of, scope), cell)

    def fits(self, place: Place, found: FeelType, declared: FeelType) -> None:
        """Note a value that its declared type will always refuse."""
        if not may_be(found, declared):
            self.findings.append(finding_at(place, "never-fits", place=place, found=found.name, expected=declared.name))

    def _note(self, mistakes: list[Mistake], source: FeelText | Cell) -> None:
        drawn = drawn_names(self.model)
        for mistake in mistakes:
            if mistake.message.code == "nothing-brings" and mistake.message.fields["name"] in drawn:
                continue  # the check of requirements says so
            place, at, reason = source.place, mistake.position + 1, mistake.message
            if mistake.is_certain:
                found = finding_at(place, "always-wrong", place=place, text=source.text, at=at, reason=reason)
            else:
                found = finding_at(place, "doubtful", place=place, text=source.text, at=at, reason=reason)
            self.findings.append(found)


def _nothing(_walk: _Walk, _logic: NoLogic, _scope: StaticScope) -> FeelType:
    return NULL


def _literal(walk: _Walk, logic: LiteralExpression, scope: StaticScope) -> FeelType:
    return walk.text(logic.feel, scope)


def _table(walk: _Walk, table: DecisionTable, scope: StaticScope) -> FeelType:
    inputs = [_input(walk, clause, scope) for clause in table.inputs]
    columns: list[list[FeelType]] = [[] for _ in table.outputs]
    for rule in table.rules:
        for cell, of in zip(rule.conditions, inputs, strict=True):
            walk.cell(cell, of, scope)
        for place, (text, clause) in enumerate(zip(rule.conclusions, table.outputs, strict=True)):
            found = walk.text(text, scope)
            walk.fits(text.place, found, clause.type)
            _check_allowed(walk, text, clause.allowed)
            columns[place].append(found)
    outputs = [
        joined(found) if clause.type is ANY else clause.type
        for clause, found in zip(table.outputs, columns, strict=True)
    ]
    if table.aggregation is not None:
        return NUMBER if table.aggregation == "COUNT" else outputs[0]
    one = (
        outputs[0]
        if len(outputs) == 1
        else ContextType(tuple((clause.name, of) for clause, of in zip(table.outputs, outputs, strict=True)))
    )
    return ListType(one) if table.hit_policy in ("COLLECT", "RULE ORDER", "OUTPUT ORDER") else one


def _input(walk: _Walk, clause: InputClause, scope: StaticScope) -> FeelType:
    found = walk.text(clause.feel, scope)
    becomes_a_date = kind(found) == "string" and kind(clause.type) in _TEMPORAL
    if not becomes_a_date:
        walk.fits(clause.place, found, clause.type)
    return found if clause.type is ANY else clause.type


def _check_allowed(walk: _Walk, text: FeelText, allowed: Cell | None) -> None:
    syntax = text.expression.syntax if text.expression is not None else None
    if allowed is None or not isinstance(syntax, Literal) or syntax.value is None:
        return
    if not Acceptance(allowed)(syntax.value):
        walk.findings.append(
            finding_at(text.place, "output-not-allowed", place=text.place, text=text.text, allowed=allowed.text)
        )


def _context(walk: _Walk, logic: BoxedContext, scope: StaticScope) -> FeelType:
    entries: dict[str, FeelType] = {}
    later = {entry.name: ANY for entry in logic.entries if entry.name}  # a function may call itself and later ones
    for entry in logic.entries:
        found = walk.logic(entry.logic, scope.inner({**later, **entries}))
        walk.fits(entry.logic.place, found, entry.type)
        of = found if entry.type is ANY else entry.type
        if entry.name is None:
            return of
        entries[entry.name] = of
    return ContextType(tuple(entries.items()))


def _function(walk: _Walk, logic: FunctionLogic, scope: StaticScope) -> FeelType:
    parameters = dict(logic.parameters)
    result = walk.logic(logic.body, scope.inner(parameters)) if logic.body is not None else ANY
    return FunctionType(tuple(parameters.values()), result)


def _invocation(walk: _Walk, logic: Invocation, scope: StaticScope) -> FeelType:
    for _, binding in logic.bindings:
        walk.logic(binding, scope)
    function = core_of(walk.logic(logic.function, scope))
    return function.result if isinstance(function, FunctionType) else ANY


def _list(walk: _Walk, logic: BoxedList, scope: StaticScope) -> FeelType:
    return ListType(joined([walk.logic(member, scope) for member in logic.members]))


def _relation(walk: _Walk, logic: Relation, scope: StaticScope) -> FeelType:
    rows = [[walk.logic(cell, scope) for cell in row] for row in logic.rows]
    found = [joined([row[place] for row in rows if place < len(row)]) for place in range(len(logic.columns))]
    columns = zip(logic.columns, found, strict=True)
    return ListType(ContextType(tuple((name, cells if of is ANY else of) for (name, of), cells in columns)))


def _conditional(walk: _Walk, logic: Conditional, scope: StaticScope) -> FeelType:
    walk.fits(logic.condition.place, walk.logic(logic.condition, scope), BOOLEAN)
    return joined((walk.logic(logic.consequence, scope), walk.logic(logic.alternative, scope)))


def _filter(walk: _Walk, logic: BoxedFilter, scope: StaticScope) -> FeelType:
    element = element_of(walk.logic(logic.source, scope))
    core = core_of(element)
    entries = dict(core.entries) if isinstance(core, ContextType) else {}
    match = walk.logic(logic.match, scope.inner({"item": element, **entries}, is_open=not entries))
    return element if kind(match) == "number" else ListType(element)


def _loop(walk: _Walk, logic: BoxedLoop, scope: StaticScope) -> FeelType:
    element = element_of(walk.logic(logic.source, scope))
    body = walk.logic(logic.body, scope.inner({logic.variable: element, "partial": LIST}))
    if logic.kind == "for":
        return ListType(body)
    walk.fits(logic.body.place, body, BOOLEAN)
    return BOOLEAN


_RULES: Mapping[type[Logic], Callable[[_Walk, Any, StaticScope], FeelType]] = {
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
