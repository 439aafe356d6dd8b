"""Built-ins that take any number of lists, which no fixed declaration can say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.feel.builtins.lists import distinct
from engine.feel.costs import THOROUGH
from engine.feel.errors import NullResult
from engine.feel.values import FeelValue, as_list

if TYPE_CHECKING:
    from engine.feel.session import Session


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CollectingFunction:
    """`append`, `concatenate`, `union`: every argument counts."""

    name: str
    parameter_names: tuple[str, ...]
    answer: Callable[[Sequence[FeelValue], Session], FeelValue]
    at_least: int = 1

    def forms(self) -> tuple[str, ...]:
        """How it is called, as written in FEEL."""
        return (f"{self.name}({', '.join(self.parameter_names)}, ...)",)

    def call(self, arguments: Sequence[FeelValue], session: Session) -> FeelValue:
        """Answer for all arguments together."""
        session.step()
        if self.name in THOROUGH:
            session.charge_deeply(*arguments)
        else:
            session.charge(arguments)
        if len(arguments) < self.at_least:
            raise NullResult("too-few-arguments", function=self.name, least=self.at_least, found=len(arguments))
        return self.answer(arguments, session)

    def call_named(self, arguments: Mapping[str, FeelValue], session: Session) -> FeelValue:
        """Answer for the declared parameters given by name."""
        if set(arguments) != set(self.parameter_names):
            raise NullResult("other-parameters", function=self.name, known=self.parameter_names)
        return self.call([arguments[name] for name in self.parameter_names], session)


def _append(arguments: Sequence[FeelValue], _session: Session) -> FeelValue:
    if arguments[0] is None:
        raise NullResult("parameter-null", function="append", parameter="list")
    return [*as_list(arguments[0]), *arguments[1:]]


def _concatenate(arguments: Sequence[FeelValue], _session: Session) -> FeelValue:
    if any(argument is None for argument in arguments):
        raise NullResult("list-is-null", function="concatenate")
    return [member for argument in arguments for member in as_list(argument)]


def _union(arguments: Sequence[FeelValue], session: Session) -> FeelValue:
    if any(argument is None for argument in arguments):
        raise NullResult("list-is-null", function="union")
    return distinct([member for argument in arguments for member in as_list(argument)], session)


FUNCTIONS = {
    "append": CollectingFunction(name="append", parameter_names=("list", "item"), answer=_append, at_least=2),
    "concatenate": CollectingFunction(name="concatenate", parameter_names=("list",), answer=_concatenate),
    "union": CollectingFunction(name="union", parameter_names=("list",), answer=_union),
}
