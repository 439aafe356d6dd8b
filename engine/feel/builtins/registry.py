"""How a built-in function is declared: its name, its parameters with their types, and the Python that answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.feel.errors import NullResult
from engine.feel.types import BUILT_IN_TYPES, FeelType, OneOfType, coerce
from engine.feel.values import FeelValue, is_function

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.feel.session import Session

    Implementation = Callable[..., FeelValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltInParameter:
    """One parameter; `optional` may be left out, `nullable` may be null."""

    name: str
    type: FeelType
    optional: bool
    nullable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Overload:
    """One way to call a built-in."""

    parameters: tuple[BuiltInParameter, ...]
    implementation: Implementation
    is_variadic: bool
    needs_session: bool

    def answer(self, function: str, arguments: Mapping[str, FeelValue], session: Session) -> FeelValue:
        """Check the arguments and answer."""
        values = [self._checked(function, p, arguments[p.name]) for p in self.parameters if p.name in arguments]
        return self.implementation(session, *values) if self.needs_session else self.implementation(*values)

    def by_name(self, arguments: Sequence[FeelValue]) -> dict[str, FeelValue] | None:
        """Arguments by position as arguments by name; None when their number does not fit."""
        if self.is_variadic:
            return {self.parameters[0].name: list(arguments)} if arguments else None
        required = sum(not p.optional for p in self.parameters)
        if not required <= len(arguments) <= len(self.parameters):
            return None
        return {p.name: value for p, value in zip(self.parameters, arguments, strict=False)}

    def takes(self, names: Mapping[str, FeelValue]) -> bool:
        """Whether these named arguments are known and complete."""
        known = {p.name for p in self.parameters}
        return all(name in known for name in names) and all(p.optional or p.name in names for p in self.parameters)

    @staticmethod
    def _checked(function: str, parameter: BuiltInParameter, value: FeelValue) -> FeelValue:
        if value is None:
            if parameter.nullable:
                return None
            raise NullResult(f"{function}: parameter {parameter.name!r} is null")
        if is_function(value) and parameter.type.name == "function":
            return value
        try:
            return coerce(value, parameter.type)
        except NullResult as reason:
            raise NullResult(f"{function}: parameter {parameter.name!r}: {reason}") from reason


class BuiltIn:
    """A built-in function with its overloads."""

    __slots__ = ("name", "overloads")

    def __init__(self, name: str) -> None:
        self.name = name
        self.overloads: list[Overload] = []

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The parameter names of the first way to call it."""
        return tuple(p.name for p in self.overloads[0].parameters)

    def call(self, arguments: Sequence[FeelValue], session: Session) -> FeelValue:
        """Answer for arguments by position: by the first overload that takes them."""
        bound = [(o, by_name) for o in self.overloads if (by_name := o.by_name(arguments)) is not None]
        if not bound:
            raise NullResult(f"{self.name} cannot take {len(arguments)} arguments; {self._usage()}")
        return self._first_answer(bound, session)

    def call_named(self, arguments: Mapping[str, FeelValue], session: Session) -> FeelValue:
        """Answer for arguments by name."""
        bound = [(o, arguments) for o in self.overloads if o.takes(arguments)]
        if not bound:
            raise NullResult(f"{self.name} cannot take the parameters {', '.join(arguments)}; {self._usage()}")
        return self._first_answer(bound, session)

    def _first_answer(self, bound: Sequence[tuple[Overload, Mapping[str, FeelValue]]], session: Session) -> FeelValue:
        session.step()
        refusal: NullResult | None = None
        for overload, arguments in bound:
            try:
                return overload.answer(self.name, arguments, session)
            except NullResult as reason:
                refusal = refusal or reason
        raise refusal or NullResult(f"{self.name} cannot answer")

    def _usage(self) -> str:
        forms = (", ".join(p.name + ("?" if p.optional else "") for p in o.parameters) for o in self.overloads)
        return "it is used as " + " or ".join(f"{self.name}({form})" for form in forms)


class Registry(dict[str, BuiltIn]):
    """The built-ins of one family, filled by the decorators below."""

    def add(self, name: str, parameters: str = "") -> Callable[[Implementation], Implementation]:
        """Declare a function: `"string: string, length?: number"`; a trailing `?` on a type allows null."""
        return self._adder(name, parameters)

    def add_variadic(self, name: str, parameter: str) -> Callable[[Implementation], Implementation]:
        """Declare a function that also takes its one list as separate arguments."""
        with_list, with_members = self._adder(name, parameter), self._adder(name, parameter, is_variadic=True)

        def declare(implementation: Implementation) -> Implementation:
            return with_members(with_list(implementation))

        return declare

    def add_with_session(self, name: str, parameters: str = "") -> Callable[[Implementation], Implementation]:
        """Declare a function that needs the clock or calls other functions: the session is its first argument."""
        return self._adder(name, parameters, needs_session=True)

    def _adder(
        self, name: str, parameters: str, *, is_variadic: bool = False, needs_session: bool = False
    ) -> Callable[[Implementation], Implementation]:
        declared = tuple(_parameter(part) for part in parameters.split(", ") if part)

        def declare(implementation: Implementation) -> Implementation:
            overload = Overload(
                parameters=declared, implementation=implementation, is_variadic=is_variadic, needs_session=needs_session
            )
            self.setdefault(name, BuiltIn(name)).overloads.append(overload)
            return implementation

        return declare


_PARAMETER = re.compile(r"([^:?]+)(\??): (.+?)(\??)")


def _parameter(text: str) -> BuiltInParameter:
    match = _PARAMETER.fullmatch(text)
    if match is None:
        raise ValueError(f"not a parameter declaration: {text!r}")
    name, optional, of, nullable = match.groups()
    return BuiltInParameter(name=name, type=_type(of), optional=bool(optional), nullable=bool(nullable) or of == "Any")


def _type(text: str) -> FeelType:
    options = [BUILT_IN_TYPES[part] for part in text.split("|")]
    return options[0] if len(options) == 1 else OneOfType(tuple(options))
