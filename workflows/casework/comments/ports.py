"""What comments need from whoever keeps them, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from engine.model import Actor
from workflows.casework.comments.model import Comment


class Comments(Protocol):
    """Comments with the versions of their texts, and up to where people have read them."""

    def is_in_sight(self, case_id: UUID, actor: Actor) -> bool:
        """Say whether an actor may see a case, by the one rule of cases."""
        ...

    def add(self, comment: Comment, text: str, *, submission_key: str) -> bool:
        """Keep a new comment; say False and keep nothing when its submission key is known already."""
        ...

    def by_submission_key(self, submission_key: str) -> Comment | None:
        """Return the comment that came of a submission."""
        ...

    def get(self, comment_id: UUID) -> Comment | None:
        """Return a comment."""
        ...

    def lock(self, comment_id: UUID) -> Comment | None:
        """Return a comment and keep others from changing it."""
        ...

    def text(self, comment: Comment, version: int) -> str:
        """Return a version of the text of a comment."""
        ...

    def correct(self, comment: Comment, text: str, *, at: datetime) -> None:
        """Keep the next version of a comment beside those before."""
        ...

    def withdraw(self, comment: Comment) -> None:
        """Write that a comment was withdrawn."""
        ...

    def people(self, word: str) -> Sequence[Actor]:
        """Return who has this login or name, with the posts they hold."""
        ...

    def people_beginning(self, text: str) -> Sequence[Actor]:
        """Return whose login or name a text begins with, with the posts they hold."""
        ...

    def mark_read(self, case_id: UUID, login: str, *, up_to: int) -> None:
        """Write up to which comment somebody has read; never back to an earlier one."""
        ...
