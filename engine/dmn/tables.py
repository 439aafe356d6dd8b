"""Decide by a table: all seven hit policies, aggregation, allowed values, defaults, and the record of what fired."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.dmn.messages import DecisionMessage, DecisionNull
from engine.dmn.run import Run
from engine.dmn.trace import InputTrace, RuleTrace, TableTrace
from engine.feel import FeelValue
from engine.feel.builtins import BUILT_INS
from engine.feel.comparison import same
from engine.feel.expression import testing_scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.dmn.logic import DecisionTable, InputClause, OutputClause, Rule
    from engine.feel.session import Scope

    Names = Mapping[str, FeelValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A rule whose conditions hold, with its conclusions."""

    rule: Rule
    outputs: dict[str, FeelValue]


def decide_table(table: DecisionTable, variables: Names, run: Run) -> FeelValue:
    """The output of a decision table.

    Raises:
        NullResult: the hit policy is violated, or a value is not allowed.
    """
    values = [_input_value(clause, variables, run) for clause in table.inputs]
    hits = _hits(table, values, variables, run)
    fired: list[Hit] = []
    output: FeelValue = None
    used_default = False
    try:
        fired = _POLICIES[table.hit_policy](table, hits, run)
        used_default = not hits and any(clause.default is not None for clause in table.outputs)
        output = _default(table, variables, run) if used_default else _combined(table, fired, run)
    finally:
        run.add_table(_trace(table, values, hits, fired, used_default=used_default, output=output))
    return output


def _input_value(clause: InputClause, variables: Names, run: Run) -> FeelValue:
    value = run.fitted_input(run.evaluate(clause.feel, variables), clause.type, clause.place)
    if value is not None and clause.allowed is not None and not run.test(clause.allowed, value, variables):
        raise DecisionNull("input-not-allowed", label=clause.label, allowed=clause.allowed.text)
    return value


def _hits(table: DecisionTable, values: Sequence[FeelValue], variables: Names, run: Run) -> list[Hit]:
    hits: list[Hit] = []
    for rule in _passed(table, values, variables, run):
        hits.append(Hit(rule=rule, outputs=_conclusions(table, rule, variables, run)))
        if table.hit_policy == "FIRST":
            break
    return hits


def _passed(table: DecisionTable, values: Sequence[FeelValue], variables: Names, run: Run) -> Iterator[Rule]:
    """The rules whose conditions hold, in order: first by the index of each column, then the cells it cannot tell."""
    candidates = (1 << len(table.rules)) - 1
    to_test: list[tuple[int, int, Scope]] = []
    for place, (column, value) in enumerate(zip(table.columns, values, strict=True)):
        told = column.told(value)
        untold = column.clever if told is not None else candidates & ~column.anything
        candidates &= untold | (column.anything if told is None else told)
        if untold:
            to_test.append((place, untold, testing_scope(value, variables, run.session)))
    while candidates:
        run.session.step()
        lowest = candidates & -candidates
        candidates ^= lowest
        rule = table.rules[lowest.bit_length() - 1]
        if all(run.test_in(rule.conditions[place], scope) for place, untold, scope in to_test if untold & lowest):
            yield rule


def _conclusions(table: DecisionTable, rule: Rule, variables: Names, run: Run) -> dict[str, FeelValue]:
    outputs: dict[str, FeelValue] = {}
    for clause, conclusion in zip(table.outputs, rule.conclusions, strict=True):
        value = run.fitted(run.evaluate(conclusion, variables), clause.type, conclusion.place)
        if value is not None and clause.allowed is not None and not run.test(clause.allowed, value, variables):
            reason = DecisionMessage("output-not-allowed", allowed=clause.allowed.text)
            run.warn(reason, conclusion.place, text=conclusion.text)
            value = None
        outputs[clause.name] = value
    return outputs


def _unique(_table: DecisionTable, hits: list[Hit], _run: Run) -> list[Hit]:
    if len(hits) > 1:
        raise DecisionNull("several-rules-match", rules=tuple(str(hit.rule.index) for hit in hits))
    return hits


def _any(_table: DecisionTable, hits: list[Hit], run: Run) -> list[Hit]:
    for hit in hits[1:]:
        run.session.charge_deeply(hit.outputs, hits[0].outputs)
        if not same(hit.outputs, hits[0].outputs):
            raise DecisionNull("outputs-differ", first=hits[0].rule.index, second=hit.rule.index)
    return hits[:1]


def _first(_table: DecisionTable, hits: list[Hit], _run: Run) -> list[Hit]:
    return hits[:1]


def _all(_table: DecisionTable, hits: list[Hit], _run: Run) -> list[Hit]:
    return hits


def _priority(table: DecisionTable, hits: list[Hit], run: Run) -> list[Hit]:
    return _by_priority(table, hits, run)[:1]


def _by_priority(table: DecisionTable, hits: list[Hit], run: Run) -> list[Hit]:
    """Hits by the places of their outputs among the allowed values, column by column; equals keep the rule order."""
    ranks = [
        (clause, [run.evaluate(value, {}) for value in clause.priorities])
        for clause in table.outputs
        if clause.priorities
    ]

    def rank(hit: Hit) -> tuple[int, ...]:
        run.session.charge_deeply(hit.outputs)
        return tuple(_place(hit.outputs[clause.name], values) for clause, values in ranks)

    return sorted(hits, key=rank)


def _place(value: FeelValue, values: Sequence[FeelValue]) -> int:
    return next((place for place, allowed in enumerate(values) if same(allowed, value)), len(values))


_POLICIES: dict[str, Callable[[DecisionTable, list[Hit], Run], list[Hit]]] = {
    "UNIQUE": _unique,
    "ANY": _any,
    "FIRST": _first,
    "PRIORITY": _priority,
    "COLLECT": _all,
    "RULE ORDER": _all,
    "OUTPUT ORDER": _by_priority,
}
_MULTIPLE = ("COLLECT", "RULE ORDER", "OUTPUT ORDER")


def _combined(table: DecisionTable, fired: list[Hit], run: Run) -> FeelValue:
    if not fired and table.aggregation != "COUNT":
        if table.hit_policy in _MULTIPLE and table.aggregation is None:
            return []
        raise DecisionNull("no-rule-matches")
    values = [_output(table.outputs, hit) for hit in fired]
    if table.aggregation is not None:
        return _aggregated(table.aggregation, values, run)
    return values if table.hit_policy in _MULTIPLE else values[0]


def _output(clauses: Sequence[OutputClause], hit: Hit) -> FeelValue:
    return hit.outputs[clauses[0].name] if len(clauses) == 1 else hit.outputs


def _aggregated(aggregation: str, values: list[FeelValue], run: Run) -> FeelValue:
    if aggregation == "COUNT":
        return Decimal(len(values))
    return BUILT_INS[aggregation.lower()].call([values], run.session)


def _default(table: DecisionTable, variables: Names, run: Run) -> FeelValue:
    outputs = {
        clause.name: run.fitted(run.evaluate(clause.default, variables), clause.type, clause.place)
        if clause.default is not None
        else None
        for clause in table.outputs
    }
    output = outputs[table.outputs[0].name] if len(table.outputs) == 1 else outputs
    return [output] if table.hit_policy in _MULTIPLE and table.aggregation is None else output


def _trace(
    table: DecisionTable,
    values: Sequence[FeelValue],
    hits: Sequence[Hit],
    fired: Sequence[Hit],
    *,
    used_default: bool,
    output: FeelValue,
) -> TableTrace:
    return TableTrace(
        table_id=table.place.element_id,
        hit_policy=table.hit_policy,
        aggregation=table.aggregation,
        inputs=tuple(
            InputTrace(input_id=clause.place.element_id, label=clause.label, expression=clause.feel.text, value=value)
            for clause, value in zip(table.inputs, values, strict=True)
        ),
        outputs=tuple((clause.place.element_id, clause.name) for clause in table.outputs),
        matched=tuple(
            RuleTrace(
                rule_id=hit.rule.place.element_id,
                index=hit.rule.index,
                annotation=hit.rule.annotation,
                fired=hit in fired,
                outputs=hit.outputs,
            )
            for hit in hits
        ),
        used_default=used_default,
        output=output,
    )
