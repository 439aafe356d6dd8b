"""Comments on cases with mentions, and who else has a task or a case open."""

from __future__ import annotations

from contextlib import nullcontext
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from flask import url_for

from api.operations import Created, Operation, operation
from api.resources.applications import IDEMPOTENCY_KEY, given_key
from api.resources.blueprint import api
from api.resources.cases import case_key
from api.schemas.comments import (
    CommentCorrectionSchema,
    CommentListSchema,
    CommentPageSchema,
    CommentRequestSchema,
    CommentSchema,
    CommentsReadSchema,
    Mentionable,
    MentionableAnswerSchema,
    MentionableSchema,
    Presence,
    PresenceSchema,
)
from api.services import current
from engine.json_values import JsonObject
from engine.submissions import sender_key
from web.authentication import asked_by_itself, current_actor
from web.task_sight import within_sight
from workflows.casework.comments.commands import CorrectComment, MarkCommentsRead, WithdrawComment, WriteComment
from workflows.casework.comments.model import Comment
from workflows.casework.comments.queries import CommentFilter, CommentPage
from workflows.casework.presence import BeHere, NoteTaskOpened
from workflows.organisation.rights import Right


@api.get("/cases/<key>/comments")
@operation(
    Operation(
        summary="The comments on a case one reads, the newest last, and how many are unread",
        right=Right.WORK,
        query=CommentListSchema,
        answer=CommentPageSchema,
    )
)
def list_comments(key: str, query: dict[str, Any]) -> CommentPage:
    """List comments."""
    return current().comments.comments(CommentFilter(key=case_key(key), actor=current_actor(), **query))


@api.post("/cases/<key>/comments")
@operation(
    Operation(
        summary="Write a comment on a case; who is mentioned gets a notice. The same Idempotency-Key writes once",
        right=Right.WORK,
        body=CommentRequestSchema,
        answer=CommentSchema,
        status=HTTPStatus.CREATED,
        headers=(IDEMPOTENCY_KEY,),
    )
)
def write_comment(key: str, body: dict[str, Any]) -> Created:
    """Write a comment."""
    actor = current_actor()
    task_id = body["task_id"]
    command = WriteComment(
        **body, case_id=_case_id(key), submission_key=sender_key(actor.id, given_key() or uuid4().hex)
    )
    if task_id is not None:
        current().queries.user_task(task_id, actor)
    with within_sight(current().queries, task_id, actor) if task_id else nullcontext():
        comment = current().engine.execute(command, actor=actor)
    return Created(value=comment, location=url_for("api.list_comments", key=key))


@api.patch("/comments/<uuid:comment_id>")
@operation(
    Operation(
        summary="Correct a comment of one's own shortly after writing it; what it said before is kept",
        right=Right.WORK,
        body=CommentCorrectionSchema,
        answer=CommentSchema,
    )
)
def correct_comment(comment_id: UUID, body: dict[str, Any]) -> Comment:
    """Correct a comment."""
    return current().engine.execute(CorrectComment(comment_id=comment_id, **body), actor=current_actor())


@api.post("/comments/<uuid:comment_id>/withdrawal")
@operation(Operation(summary="Withdraw a comment of one's own; its mark stays", right=Right.WORK, answer=CommentSchema))
def withdraw_comment(comment_id: UUID) -> Comment:
    """Withdraw a comment."""
    return current().engine.execute(WithdrawComment(comment_id=comment_id), actor=current_actor())


@api.post("/cases/<key>/comments/read")
@operation(
    Operation(
        summary="Keep up to which comment on a case one has read",
        right=Right.WORK,
        body=CommentsReadSchema,
        answer=CommentPageSchema,
    )
)
def mark_comments_read(key: str, body: JsonObject) -> CommentPage:
    """Mark comments as read."""
    actor = current_actor()
    current().engine.execute(MarkCommentsRead(case_id=_case_id(key), up_to=body["up_to"]), actor=actor)
    return current().comments.comments(CommentFilter(key=case_key(key), actor=actor, limit=1))


@api.get("/cases/<key>/comments/people")
@operation(
    Operation(
        summary="Who may be mentioned on a case: those who may see it, by a part of their login or name",
        right=Right.WORK,
        query=MentionableSchema,
        answer=MentionableAnswerSchema,
    )
)
def list_mentionable(key: str, query: dict[str, Any]) -> Mentionable:
    """List who may be mentioned."""
    return Mentionable(people=current().comments.people(case_key(key), current_actor(), **query))


@api.get("/tasks/<uuid:task_id>/presence")
@asked_by_itself
@operation(Operation(summary="Who else has a task or its case open now", right=Right.WORK, answer=PresenceSchema))
def get_task_presence(task_id: UUID) -> Presence:
    """Show who is at a task."""
    actor = current_actor()
    return Presence(others=current().presence.at_task(current().queries.user_task(task_id, actor), actor))


@api.post("/tasks/<uuid:task_id>/presence")
@asked_by_itself
@operation(
    Operation(
        summary="Tell that one has a task open now, and hear who else has; it counts for two and a half minutes",
        right=Right.WORK,
        answer=PresenceSchema,
    )
)
def tell_task_presence(task_id: UUID) -> Presence:
    """Be at a task."""
    actor = current_actor()
    task = current().queries.user_task(task_id, actor)
    again = current().engine.execute(BeHere(business_key=task.business_key, task_id=task.id), actor=actor)
    return Presence(others=current().presence.at_task(task, actor), tell_again_in=int(again.total_seconds()))


@api.post("/tasks/<uuid:task_id>/opened")
@operation(Operation(summary="Note that one has read a task, so that lists do not mark it as new", right=Right.WORK))
def note_task_opened(task_id: UUID) -> None:
    """Note it."""
    actor = current_actor()
    current().engine.execute(NoteTaskOpened(task=current().queries.user_task(task_id, actor)), actor=actor)


@api.get("/cases/<key>/presence")
@asked_by_itself
@operation(Operation(summary="Who else has a case or a task of it open now", right=Right.WORK, answer=PresenceSchema))
def get_case_presence(key: str) -> Presence:
    """Show who is at a case."""
    actor = current_actor()
    return Presence(others=current().presence.at_case(_case_number(key), actor))


@api.post("/cases/<key>/presence")
@asked_by_itself
@operation(
    Operation(
        summary="Tell that one has a case open now, and hear who else has; it counts for two and a half minutes",
        right=Right.WORK,
        answer=PresenceSchema,
    )
)
def tell_case_presence(key: str) -> Presence:
    """Be at a case."""
    actor, number = current_actor(), _case_number(key)
    again = current().engine.execute(BeHere(business_key=number), actor=actor)
    return Presence(others=current().presence.at_case(number, actor), tell_again_in=int(again.total_seconds()))


def _case_id(key: str) -> UUID:
    """Return the id of a case in sight.

    Raises:
        CaseNotFound: there is none.
    """
    return current().comments.case_of(case_key(key), current_actor()).id


def _case_number(key: str) -> str:
    return current().comments.case_of(case_key(key), current_actor()).number
