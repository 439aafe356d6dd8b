"""FEEL types: whether a value conforms, and the conversions the standard makes by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, time
from typing import TYPE_CHECKING, Protocol

from engine.feel.errors import NullResult
from engine.feel.moments import WideDate, join
from engine.feel.values import FeelValue, Range, is_function, kind_of, normalise

if TYPE_CHECKING:
    from collections.abc import Callable


class FeelType(Protocol):
    """A set of FEEL values."""

    @property
    def name(self) -> str:
        """How the type is written."""

    def conforms(self, value: FeelValue) -> bool:
        """Whether a value, not null, belongs to the type."""


@dataclass(frozen=True, slots=True)
class AnyType:
    """Every value."""

    name: str = "Any"

    def conforms(self, value: FeelValue) -> bool:
        """Everything belongs."""
        return True


@dataclass(frozen=True, slots=True)
class KindType:
    """One of the built-in kinds: number, string, date and time ..."""

    name: str

    def conforms(self, value: FeelValue) -> bool:
        """The value is of this kind."""
        return kind_of(value) == self.name


@dataclass(frozen=True, slots=True)
class OneOfType:
    """Any of several types, for built-ins that take more than one."""

    options: tuple[FeelType, ...]

    @property
    def name(self) -> str:
        """All options, joined by 'or'."""
        return " or ".join(option.name for option in self.options)

    def conforms(self, value: FeelValue) -> bool:
        """The value belongs to one option."""
        return any(option.conforms(value) for option in self.options)


@dataclass(frozen=True, slots=True)
class ListType:
    """A list whose members, as far as they are not null, belong to the element type."""

    element: FeelType

    @property
    def name(self) -> str:
        """As written in FEEL."""
        return f"list<{self.element.name}>"

    def conforms(self, value: FeelValue) -> bool:
        """A list of conforming members."""
        return isinstance(value, list) and all(m is None or self.element.conforms(m) for m in value)


@dataclass(frozen=True, slots=True)
class ContextType:
    """A context with at least these entries; an entry may be null but must be there."""

    entries: tuple[tuple[str, FeelType], ...]

    @property
    def name(self) -> str:
        """As written in FEEL."""
        return "context<" + ", ".join(f"{key}: {of.name}" for key, of in self.entries) + ">"

    def conforms(self, value: FeelValue) -> bool:
        """A context holding every entry with a conforming value."""
        return isinstance(value, Mapping) and all(
            key in value and _conforms_or_null(of, normalise(value[key])) for key, of in self.entries
        )


def _conforms_or_null(of: FeelType, value: FeelValue) -> bool:
    return value is None or of.conforms(value)


@dataclass(frozen=True, slots=True)
class RangeType:
    """A range whose ends belong to the element type."""

    element: FeelType

    @property
    def name(self) -> str:
        """As written in FEEL."""
        return f"range<{self.element.name}>"

    def conforms(self, value: FeelValue) -> bool:
        """A range with conforming ends."""
        return isinstance(value, Range) and all(
            end is None or self.element.conforms(end) for end in (value.low, value.high)
        )


@dataclass(frozen=True, slots=True)
class FunctionType:
    """A function by its parameter types and result type."""

    parameters: tuple[FeelType, ...]
    result: FeelType

    @property
    def name(self) -> str:
        """As written in FEEL."""
        return f"function<{', '.join(p.name for p in self.parameters)}>->{self.result.name}"

    def conforms(self, value: FeelValue) -> bool:
        """A function with as many parameters, each taking what this type promises to give."""
        if not is_function(value):
            return False
        signature = getattr(value, "signature", None)
        if not isinstance(signature, FunctionType):
            return True
        return is_subtype(signature, self)


@dataclass(frozen=True, slots=True, eq=False)
class ConstrainedType:
    """A named type: another type, of which only accepted values belong."""

    name: str
    base: FeelType
    accepts: Callable[[FeelValue], bool] | None = None

    def conforms(self, value: FeelValue) -> bool:
        """The value belongs to the base type and is accepted."""
        return self.base.conforms(value) and (self.accepts is None or self.accepts(value))


def core_of(of: FeelType) -> FeelType:
    """The built-in type beneath names and constraints."""
    while isinstance(of, ConstrainedType):
        of = of.base
    return of


def result_of(of: FeelType) -> FeelType:
    """What a function declared with this type gives: the result of a function type; any other type itself."""
    core = core_of(of)
    return core.result if isinstance(core, FunctionType) else of


def without_constraints(of: FeelType) -> FeelType:
    """The type with every allowed-values constraint taken off, at every depth: what `instance of` asks about."""
    core = core_of(of)
    if isinstance(core, ListType):
        return ListType(without_constraints(core.element))
    if isinstance(core, RangeType):
        return RangeType(without_constraints(core.element))
    if isinstance(core, ContextType):
        return ContextType(tuple((name, without_constraints(entry)) for name, entry in core.entries))
    return core


def is_subtype(narrow: FeelType, wide: FeelType) -> bool:
    """Whether every value of one type belongs to the other, as far as the types tell."""
    narrow, wide = core_of(narrow), core_of(wide)
    if isinstance(wide, AnyType) or narrow == wide:
        return True
    if isinstance(narrow, (ListType, RangeType)) and type(narrow) is type(wide):
        return is_subtype(narrow.element, wide.element)
    if isinstance(narrow, ContextType) and isinstance(wide, ContextType):
        entries = dict(narrow.entries)
        return all(key in entries and is_subtype(entries[key], of) for key, of in wide.entries)
    if isinstance(narrow, FunctionType) and isinstance(wide, FunctionType):
        return (
            len(narrow.parameters) == len(wide.parameters)
            and all(is_subtype(w, n) for n, w in zip(narrow.parameters, wide.parameters, strict=True))
            and (isinstance(narrow.result, AnyType) or is_subtype(narrow.result, wide.result))
        )
    return False


ANY = AnyType()
NUMBER, STRING, BOOLEAN = KindType("number"), KindType("string"), KindType("boolean")
DATE, TIME, DATE_AND_TIME = KindType("date"), KindType("time"), KindType("date and time")
DAYS_DURATION = KindType("days and time duration")
MONTHS_DURATION = KindType("years and months duration")
LIST, CONTEXT, RANGE, FUNCTION = KindType("list"), KindType("context"), KindType("range"), KindType("function")

BUILT_IN_TYPES: Mapping[str, FeelType] = {
    "Any": ANY,
    "any": ANY,
    "Null": KindType("null"),
    "null": KindType("null"),
    **{
        of.name: of
        for of in (NUMBER, STRING, BOOLEAN, DATE, TIME, DATE_AND_TIME, DAYS_DURATION, MONTHS_DURATION, LIST, CONTEXT)
    },
    "dateTime": DATE_AND_TIME,
    "days and time duration": DAYS_DURATION,
    "dayTimeDuration": DAYS_DURATION,
    "yearMonthDuration": MONTHS_DURATION,
    "range": RANGE,
    "function": FUNCTION,
}


def coerce(value: FeelValue, target: FeelType) -> FeelValue:
    """Fit a value to a type, making the conversions the standard makes by itself.

    A list of one gives its member, a single value a list of itself, a date the midnight (UTC) it begins with.

    Raises:
        NullResult: the value does not fit.
    """
    if value is None or target.conforms(value):
        return value
    core = core_of(target)
    if isinstance(value, list) and len(value) == 1 and value[0] is not None and target.conforms(value[0]):
        return value[0]  # type: ignore[no-any-return]  # a member of a list is a FEEL value
    if core is LIST or (isinstance(core, ListType) and target.conforms([value])):
        return [value]
    if core is DATE_AND_TIME and isinstance(value, (date, WideDate)):
        return join(value, time(tzinfo=UTC))
    raise NullResult("type-mismatch", expected=target.name, found=kind_of(value))
