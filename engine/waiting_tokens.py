"""Tokens that wait at joins: no element lives there, so that only the snapshot knows of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from engine.core import codec
from engine.core.model import Snapshot, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingTokens:
    """Tokens of one scope at one join: how many came along each flow."""

    scope_key: int
    definition_id: UUID
    element_id: str
    flows: Mapping[str, int]

    @property
    def number(self) -> int:
        """Return how many they are."""
        return sum(self.flows.values())


def waiting_tokens(snapshot: bytes | None) -> list[WaitingTokens]:
    """Return the tokens that wait at joins in a stored snapshot."""
    found = () if snapshot is None else tokens_at_joins(codec.decode(snapshot))
    return [
        WaitingTokens(scope_key=key, definition_id=UUID(definition), element_id=join, flows=flows)
        for key, definition, join, flows in found
    ]


def places_waited_at(snapshot: Snapshot | None) -> tuple[str, ...]:
    """Return the joins at which tokens wait, for questions: each as `definition id/element id/key of its scope`."""
    found = () if snapshot is None else tokens_at_joins(snapshot)
    return tuple(sorted(place_of(definition, join, scope) for scope, definition, join, _ in found))


def place_of(definition: str, element_id: str, scope_key: int) -> str:
    """Return how a join is written among the places waited at."""
    return f"{definition}/{element_id}/{scope_key}"


def tokens_at_joins(snapshot: Snapshot) -> Iterator[tuple[int, str, str, Mapping[str, int]]]:
    """Yield the tokens that wait at joins: key of their scope, definition, join, and how many came along each flow."""
    for scope in snapshot.instances:
        if scope.tokens and scope.stage is not Stage.ENTERING:
            for join, flows in scope.tokens.items():
                yield scope.key, scope.definition, join, flows
