"""The comments on a case as pages show them: with the writer's unit, and what their reader may do to each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from engine.model import Actor
from web.services import services
from web.supervision import office_names
from workflows.casework.comments.queries import CommentFilter, CommentLine, CommentPage

IN_A_PANEL = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownComment:
    """A comment, the unit it was written for, and whether its reader may correct or withdraw it now."""

    line: CommentLine
    unit: str
    can_correct: bool
    can_withdraw: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What somebody typed that was refused: into the form of a new comment, or of one that is corrected."""

    text: str = ""
    mention: str = ""
    error: str = ""
    comment_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentPanel:
    """Comments on a page, the form below them, and where the page goes on after it was sent."""

    page: CommentPage
    comments: Sequence[ShownComment]
    task_id: UUID | None
    back: str
    attempt: Attempt
    submission_key: str

    @property
    def earlier(self) -> int:
        """How many there are beside those shown."""
        return self.page.total - len(self.comments)

    @property
    def are_all_unread_shown(self) -> bool:
        """Say whether who reads this has read everything."""
        return self.page.unread == sum(shown.line.is_unread for shown in self.comments)


def comment_panel(
    wanted: CommentFilter, *, back: str, task_id: UUID | None = None, attempt: Attempt | None = None
) -> CommentPanel:
    """Return the comments an actor reads.

    Raises:
        CaseNotFound: there is no such case in the actor's sight.
    """
    page = services().comments.comments(wanted)
    offices = office_names() if page.comments else _no_office
    return CommentPanel(
        page=page,
        comments=[_shown(line, wanted.actor, page, offices) for line in page.comments],
        task_id=task_id,
        back=back,
        attempt=attempt or Attempt(),
        submission_key=uuid4().hex,
    )


def _shown(line: CommentLine, actor: Actor, page: CommentPage, offices: Callable[[str, str], str]) -> ShownComment:
    comment = line.comment
    is_own = comment.author == actor.id and comment.withdrawn_at is None and not page.is_erased
    return ShownComment(
        line=line,
        unit=offices(comment.unit_kind, comment.unit_region) if comment.unit_kind else "",
        can_correct=is_own and services().now() < comment.correctable_until,
        can_withdraw=is_own,
    )


def _no_office(_kind: str, _region: str) -> str:
    return ""
