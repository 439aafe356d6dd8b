"""What may be asked of the comments on a case; every question is answered as far as its reader may see the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from engine.model import Actor
from workflows.casework.comments.model import Comment

SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentVersion:
    """What a comment said before it was corrected."""

    version: int
    written_at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentPerson:
    """Somebody of the office, by login and name."""

    login: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentLine:
    """A comment as its reader finds it; None in place of a text: it was withdrawn, or the case was erased.

    `number` counts the comments of the house; those of a case in the order they were written.
    """

    number: int
    comment: Comment
    author_name: str
    mentioned: Sequence[CommentPerson]
    text: str | None
    earlier: Sequence[CommentVersion]
    is_unread: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentPage:
    """The newest comments on a case, or a page of earlier ones, the newest last; and how many are unread of all."""

    case_id: UUID
    case_number: str
    is_erased: bool
    comments: Sequence[CommentLine]
    total: int
    unread: int
    last: int  # the number of the newest; 0: there is none


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentedCase:
    """A case in sight, by id and number."""

    id: UUID
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentFilter:
    """Which comments: of a case by its number or id, counted back from the newest."""

    key: UUID | str
    actor: Actor
    offset: int = 0
    limit: int = SHOWN


class CommentQueries(Protocol):
    """Questions about comments; every method reads one committed state."""

    def comments(self, wanted: CommentFilter, /) -> CommentPage:
        """Return a page of the comments an actor reads.

        Raises:
            CaseNotFound: there is no such case, or the actor does not see it.
        """
        ...

    def case_of(self, key: UUID | str, actor: Actor, /) -> CommentedCase:
        """Return the case of a number or id, without anything of what is in it.

        Raises:
            CaseNotFound: there is no such case, or the actor does not see it.
        """
        ...

    def people(self, key: UUID | str, actor: Actor, /, *, text: str, limit: int) -> Sequence[CommentPerson]:
        """Return who may see the case and whose login or name holds a text: whom the actor may mention.

        Raises:
            CaseNotFound: there is no such case, or the actor does not see it.
        """
        ...
