"""How a built-in function is declared: its name, its parameters with their types, and the Python that answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, TypeVar

from engine.feel import costs
from engine.feel.errors import NullResult
from engine.feel.types import BUILT_IN_TYPES, FeelType, OneOfType, coerce

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from engine.feel.session import Session
    from engine.feel.values import FeelValue

    Implementation = Callable[..., FeelValue]
Given = TypeVar("Given")


_LARGE = frozenset([list, dict, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltInParameter:
    """One parameter; `optional` may be left out, `nullable` may be null."""

    name: str
    type: FeelType
    optional: bool
    nullable: bool


_CLASSES: Mapping[str, type] = {"number": Decimal, "string": str, "list": list, "boolean": bool}
"""Types whose every value is of one Python class, and every object of that class such a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickCall:
    """A way to call a built-in with arguments of exactly these classes, which nothing need be made of."""

    classes: tuple[type, ...]
    implementation: Implementation

    def takes(self, arguments: Sequence[FeelValue]) -> bool:
        """Whether every argument is of its class."""
        return tuple(map(type, arguments)) == self.classes


class Overload:
    """One way to call a built-in."""

    __slots__ = ("_function", "_implementation", "_is_variadic", "_needs_session", "_required", "parameters")

    def __init__(self, function: str, parameters: tuple[BuiltInParameter, ...], implementation: Implementation) -> None:
        self.parameters = parameters
        self._function = function
        self._implementation = implementation
        self._is_variadic = False
        self._needs_session = False
        self._required = sum(not p.optional for p in parameters)

    def variadic(self) -> Overload:
        """The same, taking the members of its one list as separate arguments."""
        self._is_variadic = True
        return self

    def with_session(self) -> Overload:
        """The same, with the session before its arguments."""
        self._needs_session = True
        return self

    def positional(self, arguments: Sequence[Given]) -> Sequence[Given | list[Given]] | None:
        """What is given, values or their types, as this overload takes it; None when the number does not fit."""
        if self._is_variadic:
            return [list(arguments)] if arguments else None
        return arguments if self._required <= len(arguments) <= len(self.parameters) else None

    def quick(self, count: int) -> QuickCall | None:
        """How to be called with this many values that need no fitting; None when that cannot be told by their class."""
        classes = [_CLASSES.get(parameter.type.name) for parameter in self.parameters[:count]]
        if self._is_variadic or self._needs_session or count < self._required or None in classes:
            return None
        return QuickCall(classes=tuple(one for one in classes if one is not None), implementation=self._implementation)

    def named(self, arguments: Mapping[str, Given]) -> Sequence[Given | None] | None:
        """What is given by name in order; None when one is unknown or missing. What is left out in between is null."""
        names = [p.name for p in self.parameters]
        if any(name not in names for name in arguments):
            return None
        if any(not p.optional and p.name not in arguments for p in self.parameters):
            return None
        last = max((place for place, name in enumerate(names) if name in arguments), default=-1)
        return [arguments.get(name) for name in names[: last + 1]]

    def answer(self, arguments: Sequence[FeelValue], session: Session) -> FeelValue:
        """Check the arguments and answer."""
        values = [
            value if value is not None and p.type.conforms(value) else self._fitted(p, value)
            for p, value in zip(self.parameters, arguments, strict=False)
        ]
        try:
            return self._implementation(session, *values) if self._needs_session else self._implementation(*values)
        except (DecimalException, OverflowError) as error:
            raise NullResult("result-out-of-range", function=self._function) from error

    def _fitted(self, parameter: BuiltInParameter, value: FeelValue) -> FeelValue:
        if value is None:
            if parameter.nullable:
                return None
            raise NullResult("parameter-null", function=self._function, parameter=parameter.name)
        try:
            return coerce(value, parameter.type)
        except NullResult as reason:
            raise NullResult(
                "parameter-refused", function=self._function, parameter=parameter.name, reason=reason.message
            ) from reason


class BuiltIn:
    """A built-in function with its overloads."""

    __slots__ = ("_cost", "_is_piecemeal", "_is_thorough", "_quick", "name", "overloads")

    def __init__(self, name: str) -> None:
        self.name = name
        self.overloads: list[Overload] = []
        self._cost = costs.CALLS.get(name, costs.CALL)
        self._is_thorough = name in costs.THOROUGH
        self._is_piecemeal = name in costs.PIECEMEAL
        self._quick: dict[int, QuickCall] = {}

    def add(self, overload: Overload) -> None:
        """One more way to call it; earlier ones are tried first."""
        for count in range(len(overload.parameters) + 1):
            call = overload.quick(count)
            if call is not None and all(one.positional([None] * count) is None for one in self.overloads):
                self._quick[count] = call
        self.overloads.append(overload)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The parameter names of the first way to call it."""
        return tuple(p.name for p in self.overloads[0].parameters)

    @property
    def quick_one(self) -> QuickCall | None:
        """How to be called with one argument of one class that costs next to nothing; None when that cannot be said."""
        return None if self._is_piecemeal or self._cost > costs.CALL else self._quick.get(1)

    def call_one(self, argument: FeelValue, session: Session) -> FeelValue:
        """Answer for one argument by position, the commonest call, with as little ado as can be."""
        quick = self._quick.get(1)
        if quick is None or type(argument) is not quick.classes[0] or self._is_thorough:
            return self.call((argument,), session)
        session.step(self._cost)
        if type(argument) in _LARGE:
            session.charge((argument,))
        try:
            result = quick.implementation(argument)
        except (NullResult, DecimalException, OverflowError):
            return self.call((argument,), session)
        if type(result) in _LARGE:
            self._charge_result(result, session)
        return result

    def call(self, arguments: Sequence[FeelValue], session: Session) -> FeelValue:
        """Answer for arguments by position: by the first overload that takes them."""
        self._charge(arguments, session)
        quick = self._quick.get(len(arguments))
        if quick is not None and quick.takes(arguments):
            try:
                result = quick.implementation(*arguments)
            except (NullResult, DecimalException, OverflowError):
                pass  # the long way tries the other overloads, and says why there is no answer
            else:
                if type(result) in _LARGE:
                    self._charge_result(result, session)
                return result
        refusal: NullResult | None = None
        for overload in self.overloads:
            bound = overload.positional(arguments)
            if bound is not None:
                try:
                    result = overload.answer(bound, session)
                except NullResult as reason:
                    refusal = refusal or reason
                else:
                    if type(result) in _LARGE:
                        self._charge_result(result, session)
                    return result
        raise refusal or NullResult(
            "arguments-do-not-fit", function=self.name, count=len(arguments), forms=self.forms()
        )

    def call_named(self, arguments: Mapping[str, FeelValue], session: Session) -> FeelValue:
        """Answer for arguments by name."""
        self._charge(arguments.values(), session)
        refusal: NullResult | None = None
        # `before(point, range)` and `before(range, point)` have the same names: the order they are written in decides.
        for overload in sorted(self.overloads, key=lambda one: [p.name for p in one.parameters] != list(arguments)):
            bound = overload.named(arguments)
            if bound is not None:
                try:
                    result = overload.answer(bound, session)
                except NullResult as reason:
                    refusal = refusal or reason
                else:
                    if type(result) in _LARGE:
                        self._charge_result(result, session)
                    return result
        raise refusal or NullResult(
            "parameters-do-not-fit", function=self.name, given=tuple(arguments), forms=self.forms()
        )

    def _charge(self, arguments: Iterable[FeelValue], session: Session) -> None:
        session.step(self._cost)
        if self._is_thorough:
            session.charge_deeply(*arguments)
            return
        for argument in arguments:
            if type(argument) in _LARGE:
                session.charge((argument,))

    def _charge_result(self, result: FeelValue, session: Session) -> None:
        if self._is_piecemeal:
            session.charge_deeply(result)
        else:
            session.charge((result,))

    def forms(self) -> tuple[str, ...]:
        """How it is called, as written in FEEL."""
        forms = (", ".join(p.name + ("?" if p.optional else "") for p in o.parameters) for o in self.overloads)
        return tuple(dict.fromkeys(f"{self.name}({form})" for form in forms))


class Registry(dict[str, BuiltIn]):
    """The built-ins of one family, filled by the decorators below."""

    def add(self, name: str, parameters: str = "") -> Callable[[Implementation], Implementation]:
        """Declare a function: `"string: string, length?: number"`; a trailing `?` on a type allows null."""
        return self._adder(name, parameters, lambda overload: overload)

    def add_variadic(self, name: str, parameter: str) -> Callable[[Implementation], Implementation]:
        """Declare a function that also takes its one list as separate arguments."""
        with_list, with_members = self.add(name, parameter), self._adder(name, parameter, Overload.variadic)

        def declare(implementation: Implementation) -> Implementation:
            return with_members(with_list(implementation))

        return declare

    def add_with_session(self, name: str, parameters: str = "") -> Callable[[Implementation], Implementation]:
        """Declare a function that needs the clock or calls other functions: the session is its first argument."""
        return self._adder(name, parameters, Overload.with_session)

    def _adder(
        self, name: str, parameters: str, finish: Callable[[Overload], Overload]
    ) -> Callable[[Implementation], Implementation]:
        declared = tuple(_parameter(part) for part in parameters.split(", ") if part)

        def declare(implementation: Implementation) -> Implementation:
            overload = finish(Overload(name, declared, implementation))
            self.setdefault(name, BuiltIn(name)).add(overload)
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
