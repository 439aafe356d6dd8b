"""What one evaluation carries along: settings, warnings, the step budget, and the scopes names are looked up in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from engine.feel import costs
from engine.feel.errors import FeelLimitError, NullResult
from engine.feel.messages import Message
from engine.feel.values import AS_IS, FeelValue, Range, normalise

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from decimal import Decimal

    from engine.feel.types import FeelType

MAXIMUM_CALL_DEPTH = 60
MAXIMUM_WARNINGS = 200
_LISTS = frozenset([list, tuple])


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an evaluation may use besides its variables.

    now: an aware moment; `today()` and `now()` come from it, in its zone.
    functions: host functions by name (names may hold spaces); positional FEEL values in, a FEEL value out.
    random: gives numbers from 0 up to, not including, 1 for `random number()` and `uuid()`; without it both are null,
    and the same variables give the same result for ever.
    step_limit: how much work one evaluation may do, in loop turns, calls and members looked at; a second or so.
    """

    now: datetime
    functions: Mapping[str, Callable[..., FeelValue]] = field(default_factory=dict)
    random: Callable[[], Decimal] | None = None
    step_limit: int = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FeelWarning:
    """A null the standard made out of a mistake: where in the text, and why."""

    position: int
    message: Message

    @property
    def code(self) -> str:
        """The stable code of the reason."""
        return self.message.code

    @property
    def reason(self) -> str:
        """Why, in English."""
        return self.message.text("en")

    @property
    def reason_zh(self) -> str:
        """Why, in Chinese."""
        return self.message.text("zh")


class Session:
    """One evaluation: may span several expressions, as a decision does."""

    __slots__ = ("_depth", "_patterns", "_steps_left", "settings", "types", "warnings")

    def __init__(self, settings: Settings, types: Mapping[str, FeelType] | None = None) -> None:
        self.settings = settings
        self.types: Mapping[str, FeelType] = {} if types is None else types
        self.warnings: list[FeelWarning] = []
        self._steps_left = settings.step_limit
        self._depth = 0
        self._patterns: set[tuple[str, str]] | None = None

    def warn(self, position: int, message: Message) -> None:
        """Record why something became null; floods are cut off."""
        self.step()
        if len(self.warnings) < MAXIMUM_WARNINGS:
            self.warnings.append(FeelWarning(position=position, message=message))

    def step(self, count: int = 1) -> None:
        """Spend steps of the budget.

        Raises:
            FeelLimitError: the budget is spent.
        """
        self._steps_left -= count
        if self._steps_left < 0:
            raise FeelLimitError("too-many-steps", limit=self.settings.step_limit)

    def charge(self, values: Iterable[FeelValue]) -> None:
        """Spend steps for copying lists, contexts and long strings, so that a few calls cannot do endless work."""
        for value in values:
            if isinstance(value, list):
                self.step(len(value) // 8)
            elif isinstance(value, str):
                self.step(len(value) // 64)
            elif isinstance(value, dict):
                self.step(len(value) // 2)

    def charge_deeply(self, *values: FeelValue) -> None:
        """Spend steps for all that lists and contexts hold, however deep, before work that goes through all of it."""
        pending = list(values)
        while pending:
            value = pending.pop()
            if isinstance(value, list):
                self.step(len(value) + 1)
                pending.extend(value)
            elif isinstance(value, dict):
                self.step(len(value) + 1)
                pending.extend(value.values())
            elif isinstance(value, Range):
                self.step()
                pending += (value.low, value.high)
            elif isinstance(value, str):
                self.step(len(value) // 32)

    def read(self, value: Any) -> FeelValue:
        """Read a value of the host, or an entry of a context: lists of host values are copied, which costs steps."""
        if isinstance(value, (list, tuple)):
            if type(value) is list and is_plain(value):
                self.step(len(value) // 32 + 1)
                return value
            self.step(len(value) // 4 + 1)
            return [normalise(member) if type(member) not in _LISTS else self.read(member) for member in value]
        return normalise(value)

    def meet_pattern(self, pattern: str, flags: str) -> None:
        """Spend steps for a pattern that must be compiled; the second time it costs nothing."""
        if self._patterns is None:
            self._patterns = set()
        if (pattern, flags) not in self._patterns:
            self._patterns.add((pattern, flags))
            self.step(costs.NEW_PATTERN)

    def random_number(self) -> Decimal:
        """A number from 0 up to, not including, 1, drawn from what the host gives.

        Raises:
            NullResult: the host gives none.
        """
        if self.settings.random is None:
            raise NullResult("no-random-numbers")
        return self.settings.random()

    def enter(self, cost: int = 1) -> None:
        """Go one call deeper.

        cost: what the body of the called function costs.

        Raises:
            FeelLimitError: calls nest too deep.
        """
        self._depth += 1
        self.step(cost)
        if self._depth > MAXIMUM_CALL_DEPTH:
            raise FeelLimitError("calls-too-deep", limit=MAXIMUM_CALL_DEPTH)

    def leave(self) -> None:
        """Come back from a call."""
        self._depth -= 1


def is_plain(value: list[Any]) -> bool:
    """Whether a list of the host is a FEEL list as it comes."""
    return AS_IS.issuperset(map(type, value))


class _Missing:
    __slots__ = ()


MISSING = _Missing()
"""What a lookup answers when no scope knows the name."""


class Scope:
    """One layer of names over another; looked up from the innermost outwards, never copied."""

    __slots__ = ("names", "parent", "session")

    from_host: ClassVar[bool] = False

    def __init__(self, names: Mapping[str, FeelValue], parent: Scope | None, session: Session) -> None:
        self.names = names
        self.parent = parent
        self.session = session

    def lookup(self, name: str) -> FeelValue | _Missing:
        """The value of a name, or MISSING."""
        scope: Scope | None = self
        while scope is not None:
            names = scope.names
            value: Any
            if type(names) is dict:
                value = names.get(name, MISSING)
            else:  # a lazy mapping, or a dictionary that fills itself, which `get` would not ask
                try:
                    value = names[name]
                except KeyError:
                    value = MISSING
            if value is not MISSING:
                return scope.read(name, value) if scope.from_host and type(value) not in AS_IS else value
            scope = scope.parent
        return MISSING

    def knows(self, name: str) -> bool:
        """Whether any layer has the name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return True
            scope = scope.parent
        return False

    def read(self, _name: str, value: FeelValue) -> FeelValue:
        """A value of this layer as FEEL sees it."""
        return value

    def inner(self, names: Mapping[str, FeelValue]) -> Scope:
        """A layer above this one."""
        return Scope(names, self, self.session)


class HostScope(Scope):
    """A layer whose values come from outside, plain JSON or FEEL values, possibly read lazily.

    They are normalised as they are read; lists, where that costs, once.
    """

    __slots__ = ("_lists",)

    from_host = True

    def __init__(self, names: Mapping[str, FeelValue], parent: Scope | None, session: Session) -> None:
        self.names = names
        self.parent = parent
        self.session = session
        self._lists: dict[str, FeelValue] | None = None

    def read(self, name: str, value: FeelValue) -> FeelValue:
        """A value of this layer as FEEL sees it."""
        if not isinstance(value, (list, tuple)):
            return normalise(value)
        if self._lists is None:
            self._lists = {}
        elif name in self._lists:
            return self._lists[name]
        self._lists[name] = read = self.session.read(value)
        return read
