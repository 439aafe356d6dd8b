"""Item definitions as FEEL types, with their allowed values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from engine.dmn.documents import child, children, line_of, place_of, text_of
from engine.dmn.texts import compile_cell
from engine.feel import FeelLimitError, Session, Settings
from engine.feel.errors import FeelSyntaxError, NullResult
from engine.feel.type_parser import parse_type_text
from engine.feel.type_resolution import resolve_type
from engine.feel.types import ANY, ConstrainedType, ContextType, FeelType, FunctionType, ListType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml import etree

    from engine.dmn.logic import Cell
    from engine.feel import FeelValue

_TIMELESS = Settings(now=datetime(1970, 1, 1, tzinfo=UTC), step_limit=100_000)
"""Allowed values are literals; the clock never enters."""


class TypeBook:
    """The types of one document by name; definitions are resolved when first asked for, so order does not matter."""

    def __init__(self, root: etree._Element, *, names: frozenset[str], imported: Mapping[str, FeelType]) -> None:
        self._definitions = {item.get("name", ""): item for item in children(root, "itemDefinition")}
        self._names = names
        self._known: dict[str, FeelType] = dict(imported)
        self._open: set[str] = set()
        self.unknown: list[tuple[str, int]] = []
        self.cells: list[Cell] = []

    def all(self) -> Mapping[str, FeelType]:
        """Every type of the document and its imports by name."""
        for name in self._definitions:
            self.named(name, line=0)
        return self._known

    def of(self, element: etree._Element | None, attribute: str = "typeRef") -> FeelType:
        """The type an element refers to; Any without a reference."""
        reference = element.get(attribute) if element is not None else None
        return self.named(reference, line=line_of(element)) if element is not None and reference else ANY

    def allowed_by(self, reference: str) -> etree._Element | None:
        """The allowed values of an item definition of this document, or of the one it refers to."""
        element = self._definitions.get(reference.strip())
        for _ in self._definitions:
            if element is None:
                return None
            allowed = child(element, "allowedValues")
            if allowed is not None and text_of(allowed):
                return allowed
            base = child(element, "typeRef")
            element = self._definitions.get((base.text or "").strip()) if base is not None else None
        return None

    def named(self, reference: str, *, line: int) -> FeelType:
        """The type of a name; an unknown one is noted and taken as Any."""
        name = reference.strip()
        if name in self._known:
            return self._known[name]
        if name in self._open:
            return ANY
        if name in self._definitions:
            self._open.add(name)
            self._known[name] = self._read(self._definitions[name], name)
            self._open.discard(name)
            return self._known[name]
        return self._built_in(name, line=line)

    def _built_in(self, name: str, *, line: int) -> FeelType:
        local = name.rpartition(":")[2]
        if local != name and local in self._definitions:
            return self.named(local, line=line)
        try:
            return resolve_type(parse_type_text(local), self._known)
        except (FeelSyntaxError, NullResult):
            self.unknown.append((name, line))
            return ANY

    def _read(self, element: etree._Element, name: str) -> FeelType:
        base = self._base(element)
        accepts = self._acceptance(element, "allowedValues")
        if element.get("isCollection") == "true":
            base = ListType(ConstrainedType(name, base, accepts) if accepts else base)
            accepts = None
        return ConstrainedType(name, base, self._both(accepts, self._acceptance(element, "typeConstraint")))

    def _base(self, element: etree._Element) -> FeelType:
        reference = child(element, "typeRef")
        if reference is not None and (reference.text or "").strip():
            return self.named((reference.text or "").strip(), line=line_of(reference))
        function = child(element, "functionItem")
        if function is not None:
            parameters = tuple(self.of(parameter) for parameter in children(function, "parameters"))
            return FunctionType(parameters, self.of(function, "outputTypeRef"))
        components = tuple(
            (component.get("name", ""), self._read(component, component.get("name", "")))
            for component in children(element, "itemComponent")
        )
        return ContextType(components) if components else ANY

    def _acceptance(self, element: etree._Element, tag: str) -> Callable[[FeelValue], bool] | None:
        constraint = child(element, tag)
        if constraint is None or not text_of(constraint):
            return None
        cell = compile_cell(text_of(constraint), place_of(constraint, fallback=place_of(element)), names=self._names)
        self.cells.append(cell)
        return Acceptance(cell)

    @staticmethod
    def _both(
        first: Callable[[FeelValue], bool] | None, second: Callable[[FeelValue], bool] | None
    ) -> Callable[[FeelValue], bool] | None:
        if first is None or second is None:
            return first or second
        return lambda value: first(value) and second(value)


@dataclass(frozen=True, slots=True, eq=False)
class Acceptance:
    """Whether a value is among the allowed ones; tests that are no FEEL accept nothing."""

    cell: Cell

    def __call__(self, value: FeelValue) -> bool:
        """Test one value."""
        if self.cell.tests is None:
            return False
        try:
            return self.cell.tests.evaluate_in(value, {}, Session(_TIMELESS)) is True
        except FeelLimitError:
            return False


def allowed_cell(of: FeelType) -> Cell | None:
    """The allowed values of a type as they were written, of the outermost of its names that has any."""
    while isinstance(of, ConstrainedType):
        if isinstance(of.accepts, Acceptance):
            return of.accepts.cell
        of = of.base
    return None
