"""Read boxed expressions from XML."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.dmn.documents import child, children, local_name, place_of, text_of
from engine.dmn.logic import (
    BoxedContext,
    BoxedFilter,
    BoxedList,
    BoxedLoop,
    Conditional,
    ContextEntry,
    FunctionLogic,
    Invocation,
    LiteralExpression,
    Logic,
    NoLogic,
    Place,
    Relation,
)
from engine.dmn.messages import DecisionMessage
from engine.dmn.table_reader import read_table
from engine.dmn.texts import compile_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from engine.dmn.item_types import TypeBook
    from engine.feel.types import FeelType

    Read = Callable[["LogicReader", etree._Element, Place], Logic]

FEEL_LANGUAGES = frozenset(
    [
        "",
        "feel",
        "http://www.omg.org/spec/feel/20140401",
        "http://www.omg.org/spec/dmn/20180521/feel/",
        *(f"https://www.omg.org/spec/dmn/{edition}/feel/" for edition in ("20191111", "20211108", "20230324")),
    ]
)


class LogicReader:
    """Reads the logic of one document: knows its types and names."""

    def __init__(self, types: TypeBook, names: frozenset[str]) -> None:
        self.types = types
        self.names = names

    def logic_in(self, holder: etree._Element, place: Place) -> Logic:
        """The boxed expression that is a child of an element."""
        element = child(holder, *_READERS)
        if element is None:
            return NoLogic(place=place, type=self.types.of(None), reason=DecisionMessage("no-logic-drawn"))
        return self.logic(element, place)

    def logic(self, element: etree._Element, outer: Place) -> Logic:
        """The boxed expression an element is."""
        place = place_of(element, fallback=outer)
        language = (element.get("expressionLanguage") or "").lower()
        if language not in FEEL_LANGUAGES:
            reason = DecisionMessage("language-not-run", language=language)
            return NoLogic(place=place, type=self.types.of(element), reason=reason)
        return _READERS[local_name(element)](self, element, place)

    def parameters(self, element: etree._Element) -> tuple[tuple[str, FeelType], ...]:
        """The formal parameters of a function."""
        return tuple((p.get("name", ""), self.types.of(p)) for p in children(element, "formalParameter"))

    def part(self, element: etree._Element, tag: str, place: Place) -> Logic:
        """The boxed expression inside a named part."""
        holder = child(element, tag)
        if holder is None:
            return NoLogic(place=place, type=self.types.of(None), reason=DecisionMessage("part-missing", part=tag))
        return self.logic_in(holder, place)


def _literal(reader: LogicReader, element: etree._Element, place: Place) -> Logic:
    text = text_of(element)
    if not text:
        return NoLogic(place=place, type=reader.types.of(element), reason=DecisionMessage("expression-empty"))
    feel = compile_text(text, place, names=reader.names)
    return LiteralExpression(place=place, type=reader.types.of(element), feel=feel)


def _table(reader: LogicReader, element: etree._Element, place: Place) -> Logic:
    return read_table(element, place, types=reader.types, names=reader.names)


def _context(reader: LogicReader, element: etree._Element, place: Place) -> Logic:
    entries = []
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        name = variable.get("name") if variable is not None else None
        logic = reader.logic_in(entry, place_of(entry, fallback=place, name=name or place.name))
        entries.append(ContextEntry(name=name, type=reader.types.of(variable), logic=logic))
    return BoxedContext(place=place, type=reader.types.of(element), entries=tuple(entries))


def read_function(reader: LogicReader, element: etree._Element, place: Place) -> FunctionLogic:
    """A boxed function or the encapsulated logic of a business knowledge model."""
    body = reader.logic_in(element, place) if child(element, *_READERS) is not None else None
    return FunctionLogic(
        place=place,
        type=reader.types.of(element),
        kind=element.get("kind") or "FEEL",
        parameters=reader.parameters(element),
        body=body,
    )


def _invocation(reader: LogicReader, element: etree._Element, place: Place) -> Logic:
    bindings = []
    for binding in children(element, "binding"):
        parameter = child(binding, "parameter")
        name = parameter.get("name", "") if parameter is not None else ""
        bindings.append((name, reader.logic_in(binding, place_of(binding, fallback=place, name=name))))
    return Invocation(
        place=place,
        type=reader.types.of(element),
        function=reader.logic_in(element, place),
        bindings=tuple(bindings),
    )


def _list(reader: LogicReader, element: etree._Element, place: Place) -> Logic:
    members = tuple(reader.logic(member, place) for member in children(element, *_READERS))
    return BoxedList(place=place, type=reader.types.of(element), members=members)


def _relation(reader: LogicReader, element: etree._Element, place: Place) -> Logic:
    columns = tuple((column.get("name", ""), reader.types.of(column)) for column in children(element, "column"))
    rows = tuple(
        tuple(reader.logic(cell, place) for cell in children(row, *_READERS)) for row in children(element, "row")
    )
    return Relation(place=place, type=reader.types.of(element), columns=columns, rows=rows)


def _conditional(reader: LogicReader, element: etree._Element, place: Place) -> Logic:
    return Conditional(
        place=place,
        type=reader.types.of(element),
        condition=reader.part(element, "if", place),
        consequence=reader.part(element, "then", place),
        alternative=reader.part(element, "else", place),
    )


def _filter(reader: LogicReader, element: etree._Element, place: Place) -> Logic:
    return BoxedFilter(
        place=place,
        type=reader.types.of(element),
        source=reader.part(element, "in", place),
        match=reader.part(element, "match", place),
    )


def _loop(reader: LogicReader, element: etree._Element, place: Place) -> Logic:
    kind = local_name(element)
    return BoxedLoop(
        place=place,
        type=reader.types.of(element),
        kind=kind,
        variable=element.get("iteratorVariable") or "",
        source=_iterated(reader, element, place),
        body=reader.part(element, "return" if kind == "for" else "satisfies", place),
    )


def _iterated(reader: LogicReader, element: etree._Element, place: Place) -> Logic:
    """What a boxed loop runs over; as after `in` of a written loop, `1..3` may stand there, which is no expression."""
    logic = reader.part(element, "in", place)
    if isinstance(logic, LiteralExpression) and logic.feel.expression is None and ".." in logic.feel.text:
        steps = compile_text(f"for item in {logic.feel.text} return item", logic.place, names=reader.names)
        return logic if steps.expression is None else replace(logic, feel=steps)
    return logic


_READERS: dict[str, Read] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "functionDefinition": read_function,
    "invocation": _invocation,
    "list": _list,
    "relation": _relation,
    "conditional": _conditional,
    "filter": _filter,
    "for": _loop,
    "some": _loop,
    "every": _loop,
}
