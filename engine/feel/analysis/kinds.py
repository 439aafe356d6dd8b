"""Small truths about types: which kind of value a type stands for, and whether a value of one may serve as another."""

from __future__ import annotations

from collections.abc import Iterable

from engine.feel.types import (
    ANY,
    BUILT_IN_TYPES,
    LIST,
    ContextType,
    FeelType,
    FunctionType,
    KindType,
    ListType,
    OneOfType,
    RangeType,
    core_of,
)

NULL = BUILT_IN_TYPES["null"]
ORDERED = frozenset(
    [
        "number", "string", "date", "time", "date and time", "days and time duration", "years and months duration",
    ]
)  # fmt: skip
_SHAPES: tuple[tuple[type, str], ...] = (
    (ListType, "list"),
    (ContextType, "context"),
    (RangeType, "range"),
    (FunctionType, "function"),
)


def kind(of: FeelType) -> str | None:
    """The one kind all values of a type are of; None where it may be several, or nothing is known."""
    core = core_of(of)
    if isinstance(core, KindType):
        return core.name
    return next((name for shape, name in _SHAPES if isinstance(core, shape)), None)


def element_of(of: FeelType) -> FeelType:
    """What a loop over a value of this type visits."""
    core = core_of(of)
    if isinstance(core, (ListType, RangeType)):
        return core.element
    return ANY if kind(core) in (None, "list", "range", "null") else of


def joined(types: Iterable[FeelType]) -> FeelType:
    """The type of a value that is of one of these types; nulls are of every type."""
    known = [of for of in types if kind(of) != "null"]
    if not known:
        return NULL
    kinds = {kind(of) for of in known}
    if len(kinds) != 1:
        return ANY
    return known[0] if all(of == known[0] for of in known) else _broad(kinds.pop())


def _broad(name: str | None) -> FeelType:
    return ANY if name is None else BUILT_IN_TYPES[name]


def may_be(found: FeelType, wanted: FeelType) -> bool:
    """Whether a value of the found type can be taken where another is wanted, conversions included."""
    core, of = core_of(wanted), core_of(found)
    if isinstance(core, OneOfType):
        return any(may_be(found, option) for option in core.options)
    have, need = kind(of), kind(core)
    if have is None or need is None or have in ("null", need):
        return _parts_may_be(of, core)
    if need == "list":
        return core is LIST or may_be(found, element_of(core))
    if have == "list":
        return may_be(element_of(of), wanted)
    return (have, need) == ("date", "date and time")


def _parts_may_be(found: FeelType, wanted: FeelType) -> bool:
    if isinstance(found, ListType) and isinstance(wanted, ListType):
        return may_be(found.element, wanted.element)
    if isinstance(found, ContextType) and isinstance(wanted, ContextType):
        entries = dict(found.entries)
        return all(name in entries and may_be(entries[name], of) for name, of in wanted.entries)
    return True
