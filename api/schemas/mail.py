"""What the API takes and answers of mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from marshmallow import fields, validate

from web.schemas.base import RequestSchema, WholeNumber, answer_schema, text
from workflows.casework.mail.model import HOURS, LONGEST_ADDRESS, PAUSES
from workflows.casework.mail.ports import MailState
from workflows.casework.orders.notices import NoticeCause

OVERNIGHT = validate.Range(min=HOURS.start, max=HOURS.stop - 1)


class MailChoiceSchema(RequestSchema):
    """What a mail tells of, where to, at most how often, and from which hour to which none is sent."""

    address = text(most=LONGEST_ADDRESS, least=1, required=True)
    causes = fields.List(
        fields.Enum(NoticeCause, by_value=True),
        load_default=lambda: list(NoticeCause),
        validate=validate.Length(min=1, max=len(NoticeCause)),
    )
    pause_hours = WholeNumber(load_default=PAUSES[1], validate=validate.OneOf(PAUSES))
    quiet_from = WholeNumber(load_default=0, validate=OVERNIGHT)
    quiet_until = WholeNumber(load_default=0, validate=OVERNIGHT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenMail:
    """What somebody chose."""

    address: str
    causes: Sequence[str]
    pause_hours: int
    quiet_from: int
    quiet_until: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewestDigest:
    """The newest mail: numbers of notices by cause, and what became of it; `reason` is what the server said."""

    counts: Mapping[str, int]
    made_at: datetime
    tries: int
    sent_at: datetime | None
    ended_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAnswer:
    """What was chosen (null: nothing), the newest mail, and whether this house sends mail at all."""

    choice: ChosenMail | None
    newest: NewestDigest | None
    is_sent: bool

    @classmethod
    def of(cls, state: MailState, *, is_sent: bool) -> MailAnswer:
        """Show how mail stands."""
        choice, newest = state.choice, state.newest
        return cls(
            choice=None
            if choice is None
            else ChosenMail(
                address=choice.address,
                causes=sorted(one.value for one in choice.causes),
                pause_hours=choice.pause_hours,
                quiet_from=choice.quiet_from,
                quiet_until=choice.quiet_until,
                since=choice.since,
            ),
            newest=None
            if newest is None
            else NewestDigest(
                counts=newest.counts,
                made_at=newest.made_at,
                tries=newest.tries,
                sent_at=newest.sent_at,
                ended_at=newest.ended_at,
                reason=newest.reason,
            ),
            is_sent=is_sent,
        )


MailAnswerSchema = answer_schema(MailAnswer)
