"""Which names an expression may read and of which type they are, and the mistakes found on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.feel.messages import Message
    from engine.feel.types import FeelType


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """Something wrong in a text whatever the values are: where, and why.

    is_certain: false when only what is known of the surroundings speaks against it, as with a name nothing brings.
    """

    position: int
    message: Message
    is_certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the host brings to every expression: the types of its objects by name, and the names of its functions."""

    objects: Mapping[str, FeelType] = field(default_factory=dict)
    functions: frozenset[str] = frozenset()


NOTHING_AROUND = Surroundings()
"""A host that lends nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticScope:
    """One layer of names with their types over another.

    is_open: other names may be supplied from outside, so that an unknown name is no mistake.
    """

    names: Mapping[str, FeelType]
    parent: StaticScope | None = None
    is_open: bool = False
    types: Mapping[str, FeelType] = field(default_factory=dict)
    functions: frozenset[str] = frozenset()

    def lookup(self, name: str) -> FeelType | None:
        """The type of a name; None when no layer knows it."""
        scope: StaticScope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.parent
        return None

    def all_names(self) -> set[str]:
        """Every name some layer knows."""
        names: set[str] = set()
        scope: StaticScope | None = self
        while scope is not None:
            names |= set(scope.names)
            scope = scope.parent
        return names

    def may_know(self, name: str) -> bool:
        """Whether a name could be there at run time."""
        scope: StaticScope | None = self
        while scope is not None:
            if scope.is_open or name in scope.names:
                return True
            scope = scope.parent
        return False

    def may_know_function(self, name: str) -> bool:
        """Whether a function of that name could be there: variables from outside are data, entries of a context not."""
        scope: StaticScope | None = self
        while scope is not None:
            if name in scope.names or (scope.is_open and scope.parent is not None):
                return True
            scope = scope.parent
        return False

    def inner(self, names: Mapping[str, FeelType], *, is_open: bool = False) -> StaticScope:
        """A layer above this one."""
        return StaticScope(names=names, parent=self, is_open=is_open, types=self.types, functions=self.functions)
