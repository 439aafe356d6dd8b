"""Read a type as it stands after `instance of` or a parameter's colon."""

from __future__ import annotations

from engine.feel.cursor import Cursor, NameTree
from engine.feel.syntax import TypeNode
from engine.feel.types import BUILT_IN_TYPES

_BUILT_IN = NameTree(BUILT_IN_TYPES)


def parse_type(cursor: Cursor) -> TypeNode:
    """Parse a type: a name, or `list<..>`, `range<..>`, `context<..>`, `function<..>->..`."""
    position = cursor.token.position
    name = _type_name(cursor)
    if name in ("list", "range") and cursor.accept("<"):
        element = parse_type(cursor)
        cursor.expect(">", purpose="to-close-type", name=name)
        return TypeNode(position, name, (element,))
    if name == "context" and cursor.accept("<"):
        return _context_type(cursor, position)
    if name == "function" and cursor.accept("<"):
        return _function_type(cursor, position)
    return TypeNode(position, name)


def _type_name(cursor: Cursor) -> str:
    found = _BUILT_IN.longest(cursor.tokens, cursor.index)
    if found is not None:
        cursor.index = found[1]
        if not (cursor.at(".") or cursor.token.kind == "word") or cursor.token.text in _AFTER_A_TYPE:
            return found[0]
        cursor.index = found[1] - len(found[0].split())
    name = cursor.read_name()
    if name is None:
        raise cursor.error("expected-type")
    while cursor.accept("."):
        name = f"{name}.{cursor.read_member()}"
    return name


_AFTER_A_TYPE = frozenset(
    ["and", "or", "then", "else", "return", "satisfies", "in", "between", "instance", "external", "if", "for", "some"]
)


def _context_type(cursor: Cursor, position: int) -> TypeNode:
    keys: list[str] = []
    types: list[TypeNode] = []
    while not cursor.at(">"):
        keys.append(cursor.read_key())
        cursor.expect(":", purpose="after-entry-name")
        types.append(parse_type(cursor))
        if not cursor.at(">"):
            cursor.expect(",", purpose="between-entry-types")
    cursor.advance()
    return TypeNode(position, "context", tuple(types), tuple(keys))


def _function_type(cursor: Cursor, position: int) -> TypeNode:
    parameters: list[TypeNode] = []
    while not cursor.at(">"):
        parameters.append(parse_type(cursor))
        if not cursor.at(">"):
            cursor.expect(",", purpose="between-parameter-types")
    cursor.advance()
    cursor.expect("->", purpose="before-result-type")
    return TypeNode(position, "function", tuple(parameters), (), parse_type(cursor))


def parse_type_text(text: str) -> TypeNode:
    """Parse a whole text as a type.

    Raises:
        FeelSyntaxError: it is none.
    """
    cursor = Cursor(text, (), functions=NameTree())
    node = parse_type(cursor)
    if cursor.token.kind != "end":
        raise cursor.error("expected-type-end")
    return node
