"""What the API takes and answers of comments on cases, and of who has a task or a case open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marshmallow import fields, validate

from api.schemas.requests import PageSchema
from web.schemas.base import RequestSchema, WholeNumber, answer_schema, text
from workflows.casework.comments.model import MOST_MENTIONS, MOST_SIGNS, Comment
from workflows.casework.comments.queries import CommentPage, CommentPerson
from workflows.casework.presence import PresentPerson

LARGEST_NUMBER = 2**53
MOST_PEOPLE = 20


def _mentions() -> fields.List[str]:
    longest = validate.Length(max=MOST_MENTIONS)
    return fields.List(text(most=64, least=1), load_default=(), validate=longest)


class CommentListSchema(PageSchema):
    """Which comments, counted back from the newest."""


class CommentRequestSchema(RequestSchema):
    """A comment: its text, whom it mentions by login or name beside those after an @ in it, and on which task."""

    text = text(most=MOST_SIGNS, least=1, required=True)
    mentions = _mentions()
    task_id = fields.UUID(load_default=None, allow_none=True)


class CommentCorrectionSchema(RequestSchema):
    """Another text for a comment in the version that was read."""

    text = text(most=MOST_SIGNS, least=1, required=True)
    mentions = _mentions()
    version = WholeNumber(required=True, validate=validate.Range(min=1, max=LARGEST_NUMBER))


class CommentsReadSchema(RequestSchema):
    """The number of the last comment that was read."""

    up_to = WholeNumber(required=True, validate=validate.Range(min=0, max=LARGEST_NUMBER))


class MentionableSchema(RequestSchema):
    """A part of a login or of a name."""

    text = text(most=40, load_default="")
    limit = fields.Integer(load_default=8, validate=validate.Range(min=1, max=MOST_PEOPLE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentionable:
    """Who may be mentioned on a case."""

    people: Sequence[CommentPerson]


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Who else is here, and after how many seconds to tell again that one is."""

    others: Sequence[PresentPerson]
    tell_again_in: int | None = None


CommentSchema = answer_schema(Comment)
CommentPageSchema = answer_schema(CommentPage)
MentionableAnswerSchema = answer_schema(Mentionable)
PresenceSchema = answer_schema(Presence)
