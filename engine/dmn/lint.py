"""Find what is wrong in a model before it is deployed: texts that are no FEEL, dangling references, clashing rules."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from engine.dmn.findings import Finding, finding_at
from engine.dmn.logic import Cell, DecisionTable, FeelText, InputClause, Logic, NoLogic, OutputClause, Place, Rule
from engine.dmn.static_types import check_types
from engine.dmn.table_checks import check_rules
from engine.dmn.visibility import names_not_required
from engine.feel.analysis import NOTHING_AROUND, Surroundings
from engine.feel.tokens import full_width_hint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.dmn.model import Model, Reference

_ORDERED_POLICIES = ("PRIORITY", "OUTPUT ORDER")


def lint(model: Model, surroundings: Surroundings = NOTHING_AROUND) -> list[Finding]:
    """Everything to mend in a model, in the order it is drawn; an empty list means it can be deployed."""
    findings = list(model.findings)
    for decision in model.decisions.values():
        findings.extend(_references(model, (*decision.information, *decision.knowledge), decision.id, decision.name))
        findings.extend(_logic(decision.logic))
        required = (*decision.information, *decision.knowledge)
        unseen = names_not_required(model, decision.logic, required, own=decision.name)
        findings.extend(_unseen(name, decision.logic.place) for name in unseen)
    for known in model.knowledge.values():
        findings.extend(_references(model, known.knowledge, known.id, known.name))
        findings.extend(_logic(known.logic))
        unseen = names_not_required(model, known.logic, known.knowledge, own=known.name)
        findings.extend(_unseen(name, known.logic.place) for name in unseen)
    for service in model.decision_services.values():
        references = (*service.outputs, *service.encapsulated, *service.input_decisions, *service.input_data)
        findings.extend(_references(model, references, service.id, service.name))
    findings.extend(check_types(model, surroundings))
    return findings


def _references(model: Model, references: tuple[Reference, ...], element_id: str, name: str) -> Iterator[Finding]:
    for reference in references:
        owner = model
        if reference.namespace != model.namespace:
            imported = model.imported(reference.namespace)
            if imported is None:
                yield _dangling(reference, element_id, name)
                continue
            owner = imported.model
        elements = (owner.decisions, owner.input_data, owner.knowledge, owner.decision_services)
        if not any(reference.id in group for group in elements):
            yield _dangling(reference, element_id, name)


def _dangling(reference: Reference, element_id: str, name: str) -> Finding:
    place = Place(element_id=element_id, name=name, line=0)
    return finding_at(place, "dangling-requirement", name=name, id=reference.id)


def _unseen(name: str, place: Place) -> Finding:
    return finding_at(place, "requirement-missing", name=place.name, read=name)


def _logic(logic: object) -> Iterator[Finding]:
    """Findings in a boxed expression and everything inside it."""
    if isinstance(logic, (FeelText, Cell)):
        yield from _syntax(logic)
    elif isinstance(logic, tuple):
        for part in logic:
            yield from _logic(part)
    elif isinstance(logic, NoLogic):
        yield finding_at(logic.place, "no-logic", reason=logic.reason)
    elif isinstance(logic, (Logic, InputClause, OutputClause, Rule)) or hasattr(logic, "logic"):
        for field in fields(logic):  # type: ignore[arg-type]  # all of them are dataclasses
            yield from _logic(getattr(logic, field.name))
        if isinstance(logic, DecisionTable):
            yield from _table(logic)


def _syntax(source: FeelText | Cell) -> Iterator[Finding]:
    compiled = source.expression if isinstance(source, FeelText) else source.tests
    for name in sorted(compiled.names) if compiled is not None else ():
        hint = full_width_hint(name)
        if hint:
            yield finding_at(
                source.place, "full-width-sign", place=source.place, text=source.text, name=name, hint=hint
            )
    if source.error is not None:
        yield finding_at(source.place, "no-feel", place=source.place, text=source.text, error=source.error.located)


def _table(table: DecisionTable) -> Iterator[Finding]:
    if not table.rules:
        yield finding_at(table.place, "no-rules")
    if table.aggregation is not None and len(table.outputs) > 1:
        count = len(table.outputs)
        yield finding_at(table.place, "aggregation-of-several-outputs", aggregation=table.aggregation, count=count)
    if table.hit_policy in _ORDERED_POLICIES and not any(clause.priorities for clause in table.outputs):
        yield finding_at(table.place, "priorities-missing", policy=table.hit_policy)
    yield from check_rules(table)
