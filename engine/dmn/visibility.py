"""Which drawn elements a piece of logic reads without requiring them: there they are null."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from engine.dmn.logic import BoxedLoop, Cell, ContextEntry, FeelText, FunctionLogic

if TYPE_CHECKING:
    from engine.dmn.logic import Logic
    from engine.dmn.model import Model, Reference


def names_not_required(model: Model, logic: Logic, required: tuple[Reference, ...], *, own: str) -> list[str]:
    """The names of drawn elements that the logic reads but does not require, in order of the alphabet.

    own: the name of the element itself; a business knowledge model may call itself.
    """
    read: set[str] = set()
    bound: set[str] = {own}
    _collect(logic, read, bound)
    for reference in required:
        bound |= names_of(model, reference.id)
    return sorted((read & drawn_names(model)) - bound)


def drawn_names(model: Model) -> set[str]:
    """The names of everything drawn in a model."""
    return {name for element_id in _ids(model) for name in names_of(model, element_id)}


def _collect(part: object, read: set[str], bound: set[str]) -> None:
    if isinstance(part, FeelText):
        read |= part.expression.names if part.expression is not None else frozenset()
    elif isinstance(part, Cell):
        read |= part.tests.names if part.tests is not None else frozenset()
    elif isinstance(part, tuple):
        for member in part:
            _collect(member, read, bound)
    elif is_dataclass(part) and type(part).__module__ == FeelText.__module__:
        bound |= _bound_by(part)
        for field in fields(part):
            _collect(getattr(part, field.name), read, bound)


def _bound_by(part: object) -> set[str]:
    if isinstance(part, ContextEntry) and part.name is not None:
        return {part.name}
    if isinstance(part, FunctionLogic):
        return {name for name, _ in part.parameters}
    return {part.variable, "partial"} if isinstance(part, BoxedLoop) else set()


def _ids(model: Model) -> list[str]:
    return [*model.decisions, *model.input_data, *model.knowledge, *model.decision_services]


def names_of(model: Model, element_id: str) -> set[str]:
    """The names an element of the model is read by."""
    if element_id in model.decisions:
        decision = model.decisions[element_id]
        return {decision.variable, decision.name}
    for group in (model.input_data, model.knowledge, model.decision_services):
        if element_id in group:
            return {group[element_id].name}
    return set()
