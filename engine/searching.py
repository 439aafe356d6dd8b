"""Searching lists of the engine by any of their fields: conditions as values, a page at an offset or beyond a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Protocol
from uuid import UUID

from engine.model import Actor
from engine.number_names import IdRange

MOST_FOUND = 10_000  # rows of one page; a longer list is counted no further than one more


class Subject(StrEnum):
    """What may be searched."""

    PROCESS_DEFINITIONS = "process definition"
    DECISION_DEFINITIONS = "decision definition"
    FORMS = "form"
    PROCESS_INSTANCES = "process instance"
    ELEMENT_INSTANCES = "element instance"
    USER_TASKS = "user task"
    JOBS = "job"
    INCIDENTS = "incident"
    MESSAGE_SUBSCRIPTIONS = "message subscription"
    BATCH_OPERATIONS = "batch operation"
    BATCH_ITEMS = "batch item"


Scalar = str | int | bool | datetime | UUID
Comparison = Literal["equals", "above", "from", "below", "until", "like", "is-given"]


@dataclass(frozen=True, slots=True)
class Compare:
    """A field and a value; of `like` the value has * for any characters and ? for one, of `is-given` it is a truth."""

    field: str
    comparison: Comparison
    value: Scalar


@dataclass(frozen=True, slots=True)
class Within:
    """An id lies in a range."""

    field: str
    ids: IdRange


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of the conditions; none of them: always."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of the conditions; none of them: never."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The condition is not true: it is false, or the field has no value."""

    condition: Condition


Condition = Compare | Within | AllOf | AnyOf | Not
NEVER = AnyOf(())


@dataclass(frozen=True, slots=True)
class Order:
    """A field a list is sorted by."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which rows of a subject somebody wants to see: only what the rules of sight let them see is found.

    `beyond` are the sorting values of a row, as `Found.places` gave them: the page begins after it, or ends before it
    when `backwards`. Who looks for few rows leaves the others uncounted.
    """

    actor: Actor
    subject: Subject
    where: AllOf = AllOf(())
    order: tuple[Order, ...] = ()
    offset: int = 0
    limit: int = 100
    beyond: tuple[Scalar, ...] | None = None
    backwards: bool = False
    counted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page: the fields of each row by name, its place in the order, and the size of the whole up to a limit."""

    rows: Sequence[Mapping[str, Any]]  # the values of columns, of as many types as there are columns
    places: Sequence[tuple[Scalar, ...]]
    total: int


class SearchQueries(Protocol):
    """The searches; each reads one committed state."""

    def search(self, wanted: Search, /) -> Found:
        """Return a page of what is wanted.

        Raises:
            ValueError: a field is none of the subject's, or a place is not of this order.
        """
        ...

    def resource(self, definition_id: UUID, /) -> bytes:
        """Return the file a definition was deployed in."""
        ...
