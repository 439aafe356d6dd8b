"""Functions written in FEEL and functions given by the host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.feel.costs import DEFINED_CALL
from engine.feel.errors import FeelFunctionError, NullResult
from engine.feel.types import ANY, FeelType, FunctionType, coerce
from engine.feel.values import FeelValue, normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.feel.session import Session


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DefinedFunction:
    """A function with declared parameters whose body is FEEL or decision logic."""

    name: str
    parameters: tuple[tuple[str, FeelType], ...]
    body: Callable[[Mapping[str, FeelValue], Session], FeelValue]
    result: FeelType = ANY
    cost: int = 1

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The names of the parameters, in order."""
        return tuple(name for name, _ in self.parameters)

    @property
    def signature(self) -> FunctionType:
        """The type of this function."""
        return FunctionType(tuple(of for _, of in self.parameters), self.result)

    def call(self, arguments: Sequence[FeelValue], session: Session) -> FeelValue:
        """Answer for arguments given by position; null when their number or a type is wrong."""
        if len(arguments) != len(self.parameters):
            raise NullResult("argument-count", function=self.name, expected=len(self.parameters), found=len(arguments))
        session.charge_deeply(*(v for v, (_, of) in zip(arguments, self.parameters, strict=True) if of is not ANY))
        values = {
            name: _argument(self.name, name, value, of)
            for (name, of), value in zip(self.parameters, arguments, strict=True)
        }
        session.enter(DEFINED_CALL + self.cost)
        try:
            return self.body(values, session)
        finally:
            session.leave()

    def call_named(self, arguments: Mapping[str, FeelValue], session: Session) -> FeelValue:
        """Answer for arguments given by name; null when a name is unknown or missing."""
        names = self.parameter_names
        unknown = [name for name in arguments if name not in names]
        if unknown:
            raise NullResult("no-parameter", function=self.name, parameter=unknown[0], known=names)
        missing = [name for name in names if name not in arguments]
        if missing:
            raise NullResult("parameter-missing", function=self.name, parameter=missing[0])
        return self.call([arguments[name] for name in names], session)


def _argument(function: str, name: str, value: FeelValue, of: FeelType) -> FeelValue:
    try:
        return coerce(value, of)
    except NullResult as reason:
        raise NullResult("parameter-refused", function=function, parameter=name, reason=reason.message) from reason


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HostFunction:
    """A Python function the host offers under a FEEL name; takes arguments by position only."""

    name: str
    function: Callable[..., FeelValue]

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Host functions name no parameters."""
        return ()

    def call(self, arguments: Sequence[FeelValue], session: Session) -> FeelValue:
        """Answer for arguments given by position."""
        session.enter()
        try:
            return normalise(self.function(*arguments))
        except FeelFunctionError as refusal:
            raise NullResult("host-function-refused", function=self.name, reason=refusal.words) from refusal
        finally:
            session.leave()

    def call_named(self, arguments: Mapping[str, FeelValue], session: Session) -> FeelValue:
        """Host functions take no named arguments."""
        raise NullResult("only-by-position", function=self.name)
