"""Writing a comment on a case, correcting it for a short while, withdrawing it, and keeping how far one has read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from engine.errors import NotFound
from engine.host import Context
from engine.model import Actor, HistoryEntry, Membership, UserTask
from workflows.casework.comments.errors import (
    CommentChanged,
    CommentKeyTaken,
    CommentNotFound,
    CommentNotOwn,
    CommentSettled,
    CommentTextWrong,
    CommentWithdrawn,
)
from workflows.casework.comments.mentions import mentioned
from workflows.casework.comments.model import MOST_SIGNS, Comment
from workflows.casework.days import local_day
from workflows.casework.errors import CaseErased, CaseNotFound
from workflows.casework.model import Case
from workflows.casework.orders.notices import NoticeCause, StaffNotice
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.sight import sees_whole_region, unit_kinds
from workflows.casework.standards import standards_on

CORRECTION_MINUTES = "comment_correction_minutes"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteComment:
    """Write a comment on a case, from one of its tasks or on the whole; who is mentioned is told that, not the text.

    The same submission key gives the same comment.

    Raises:
        CaseNotFound, CaseErased: the actor sees no such case, or nobody knows any more who it was about.
        NotFound: the task is none of this case.
        CommentTextWrong: the text is empty or too long.
        MentionOutsideSight, MentionAmbiguous, TooManyMentions: somebody cannot be mentioned; nothing is kept.
        CommentKeyTaken: the key came with another comment.
    """

    case_id: UUID
    text: str
    submission_key: str
    mentions: Sequence[str] = ()
    task_id: UUID | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Comment:
        """Keep it, tell those mentioned, and write into the history that there is one."""
        comments = context.unit_of_work.comments
        case = _case_in_sight(context, self.case_id)
        known = comments.by_submission_key(self.submission_key)
        if known is not None:
            return self._as_before(context, known)
        if case.erased:
            raise CaseErased(number=case.number, action="留言")
        text, task = _checked_text(self.text), self._task(context, case)
        people = mentioned(context, case, text, self.mentions)
        comment = _comment(context, case, task, people)
        if not comments.add(comment, text, submission_key=self.submission_key):  # the same came twice at once
            known = comments.by_submission_key(self.submission_key)
            if known is None:
                raise CommentKeyTaken
            return self._as_before(context, known)
        _tell(context, case, comment, [one.id for one in people])
        _record(context, case, "comment-written", comment)
        return comment

    def _task(self, context: Context[CaseworkUnitOfWork], case: Case) -> UserTask | None:
        if self.task_id is None:
            return None
        task = context.unit_of_work.user_tasks.get(self.task_id)
        if task is None or task.business_key != case.number:
            raise NotFound("user task", self.task_id)
        return task

    def _as_before(self, context: Context[CaseworkUnitOfWork], known: Comment) -> Comment:
        is_same = (known.author, known.case_id, known.task_id) == (context.actor.id, self.case_id, self.task_id)
        if not is_same or self.text.strip() != context.unit_of_work.comments.text(known, 1):
            raise CommentKeyTaken
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectComment:
    """Give a comment of one's own another text, for as long as it may be corrected; what it said before is kept.

    Whom the new text mentions beside those before gets a notice. The same text again changes nothing.

    Raises:
        CommentNotFound: the actor sees no such comment.
        CommentNotOwn, CommentWithdrawn, CommentSettled: it cannot be corrected, or not any more.
        CommentChanged: it was corrected since `version`.
        CaseErased, CommentTextWrong, MentionOutsideSight, MentionAmbiguous, TooManyMentions: as for a new one.
    """

    comment_id: UUID
    text: str
    version: int
    mentions: Sequence[str] = ()

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Comment:
        """Keep the next version."""
        comments = context.unit_of_work.comments
        case, comment = _own_comment(context, self.comment_id)
        text = _checked_text(self.text)
        if case.erased:
            raise CaseErased(number=case.number, action="更正留言")
        if comment.withdrawn_at is not None:
            raise CommentWithdrawn
        if not self.mentions and text == comments.text(comment, comment.version):
            return comment
        if self.version != comment.version:
            raise CommentChanged(version=comment.version)
        if context.now() >= comment.correctable_until:
            raise CommentSettled
        people = mentioned(context, case, text, self.mentions)
        corrected = replace(
            comment,
            version=comment.version + 1,
            corrected_at=context.now(),
            mentions=tuple(dict.fromkeys((*comment.mentions, *(one.id for one in people)))),
            unit_kinds=_readers(case, comment.unit_kinds, people),
        )
        comments.correct(corrected, text, at=context.now())
        _tell(context, case, corrected, [one.id for one in people if one.id not in comment.mentions])
        _record(context, case, "comment-corrected", corrected)
        return corrected


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawComment:
    """Withdraw a comment of one's own: its mark stays, with who wrote it when; twice is as good as once.

    Raises:
        CommentNotFound: the actor sees no such comment.
        CommentNotOwn: somebody else wrote it.
    """

    comment_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Comment:
        """Mark it."""
        case, comment = _own_comment(context, self.comment_id)
        if comment.withdrawn_at is not None:
            return comment
        withdrawn = replace(comment, withdrawn_at=context.now())
        context.unit_of_work.comments.withdraw(withdrawn)
        _record(context, case, "comment-withdrawn", withdrawn)
        return withdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkCommentsRead:
    """Keep up to which comment on a case the actor has read.

    Raises:
        CaseNotFound: the actor sees no such case.
    """

    case_id: UUID
    up_to: int

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        """Write the number of the last one read."""
        comments = context.unit_of_work.comments
        if not comments.is_in_sight(self.case_id, context.actor):
            raise CaseNotFound(self.case_id)
        comments.mark_read(self.case_id, context.actor.id, up_to=self.up_to)


def _case_in_sight(context: Context[CaseworkUnitOfWork], case_id: UUID) -> Case:
    """Return a case the actor may see, and keep others from erasing it or commenting on it meanwhile."""
    work = context.unit_of_work
    case = work.cases.get(case_id) if work.comments.is_in_sight(case_id, context.actor) else None
    if case is None:
        raise CaseNotFound(case_id)
    if case.process_instance_id is not None:
        work.process_instances.lock(case.process_instance_id)  # what erasing a case asks first, and waits for
        case = work.cases.get(case_id) or case
    return case


def _own_comment(context: Context[CaseworkUnitOfWork], comment_id: UUID) -> tuple[Case, Comment]:
    comments = context.unit_of_work.comments
    found = comments.get(comment_id)
    if found is None or not comments.is_in_sight(found.case_id, context.actor):
        raise CommentNotFound
    case = _case_in_sight(context, found.case_id)
    comment = comments.lock(comment_id) or found
    if comment.author != context.actor.id:
        raise CommentNotOwn if _reads(context.actor, case, comment) else CommentNotFound
    return case, comment


def _reads(actor: Actor, case: Case, comment: Comment) -> bool:
    is_whole = any(sees_whole_region(one) for one in _posts(actor, case.region))
    return actor.system or is_whole or not unit_kinds(actor, case.region).isdisjoint(comment.unit_kinds)


def _comment(
    context: Context[CaseworkUnitOfWork], case: Case, task: UserTask | None, people: Sequence[Actor]
) -> Comment:
    actor, now = context.actor, context.now()
    post = _post(actor, case.region, task)
    of_task = [group.partition("/")[0] for group in task.candidate_groups] if task else []
    writers = unit_kinds(actor, case.region)
    return Comment(
        id=uuid4(),
        case_id=case.id,
        task_id=task.id if task else None,
        step=task.name if task else "",
        step_en=task.name_en if task else "",
        author=actor.id,
        unit_kind=post.unit_kind if post else "",
        unit_region=post.region if post else "",
        unit_kinds=_readers(case, (*writers, *of_task), people),
        mentions=tuple(one.id for one in people),
        written_at=now,
        correctable_until=now + standards_on(context.unit_of_work, local_day(now)).minutes(CORRECTION_MINUTES),
    )


def _readers(case: Case, kinds: Sequence[str], people: Sequence[Actor]) -> tuple[str, ...]:
    mentioned_units = (kind for one in people for kind in unit_kinds(one, case.region))
    return tuple(sorted({*kinds, *mentioned_units}))


def _post(actor: Actor, region: str, task: UserTask | None) -> Membership | None:
    """Return the post in which somebody writes: the one a task is offered to, else one that sees the region whole."""
    offered = task.candidate_groups if task else ()
    posts = sorted(_posts(actor, region), key=lambda one: (one.group not in offered, not sees_whole_region(one)))
    return next(iter(posts), None)


def _posts(actor: Actor, region: str) -> list[Membership]:
    return [one for one in actor.memberships if region.startswith(one.region)]


def _checked_text(text: str) -> str:
    stripped = text.strip().replace("\r\n", "\n")
    if not 0 < len(stripped) <= MOST_SIGNS:
        raise CommentTextWrong(most=MOST_SIGNS, found=len(stripped))
    return stripped


def _tell(context: Context[CaseworkUnitOfWork], case: Case, comment: Comment, logins: Sequence[str]) -> None:
    if not logins:
        return
    notice = StaffNotice(
        id=uuid4(),
        cause=NoticeCause.MENTION,
        region=case.region,
        matter=case.number,
        step=comment.step,
        step_en=comment.step_en,
        task_id=comment.task_id,
        order_id=None,
        text="",  # what the comment says is read with the case alone
        written_at=context.now(),
        written_by=context.actor.id,
    )
    context.unit_of_work.procedure.supervision.notices.add(notice, logins)


def _record(context: Context[CaseworkUnitOfWork], case: Case, action: str, comment: Comment) -> None:
    if case.process_instance_id is None:
        return
    context.unit_of_work.history.add(
        HistoryEntry(
            process_instance_id=case.process_instance_id,
            at=context.now(),
            actor=context.actor.id,
            action=action,
            details={"comment": str(comment.id), "version": comment.version},
        )
    )
