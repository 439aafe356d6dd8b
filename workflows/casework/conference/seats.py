"""Who sits in the joint conference: taking over a seat, and leaving one. A seat follows the public post."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from engine.errors import NotPermitted
from engine.host import Context
from workflows.casework.conference.errors import ConferenceRecordNotFound, ConferenceUnitWrong, SeatDayWrong
from workflows.casework.conference.model import OF_A_UNIT, Seat, SeatRole, is_office
from workflows.casework.conference.texts import NAME, POST, checked_text
from workflows.casework.county import TOWNSHIP, UNIT_KIND_NAMES
from workflows.casework.ports import CaseworkUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeSeat:
    """Enter who holds a seat from a day on; whoever held it before leaves it the day before.

    A unit has one member and one liaison officer; the other roles are held by a public post each.

    Raises:
        NotPermitted: the actor does not work for the office of the conference.
        ConferenceUnitWrong: a member or liaison officer without a unit that takes part.
        SeatDayWrong: the seat is held since that day or a later one.
        ConferenceTextWrong: name or post is empty or too long.
    """

    role: SeatRole
    post: str
    name: str
    since: date
    unit_kind: str | None = None
    login: str | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Seat:
        """Keep it, and end the one before."""
        require_office(context, "登记联席会议成员")
        kind = self.unit_kind if self.role in OF_A_UNIT else None
        if self.role in OF_A_UNIT and (kind is None or kind == TOWNSHIP or kind not in UNIT_KIND_NAMES):
            name, name_en = UNIT_KIND_NAMES.get(kind or "", ("—", "—"))
            raise ConferenceUnitWrong(unit=name, unit_en=name_en)
        seat = Seat(
            id=uuid4(),
            role=self.role,
            unit_kind=kind,
            post=checked_text(self.post, POST),
            name=checked_text(self.name, NAME),
            login=self.login or None,
            since=self.since,
            until=None,
        )
        conference = context.unit_of_work.procedure.conference
        newest = next(iter(conference.seats(seat.key)), None)
        if newest is not None and (newest.until or newest.since) >= self.since:
            raise SeatDayWrong(found=self.since, since=newest.until or newest.since)
        if newest is not None and newest.until is None:
            conference.save_seat(replace(newest, until=self.since - timedelta(days=1)))
        conference.save_seat(seat)
        return seat


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveSeat:
    """End a seat without a successor: its holder sits until a day.

    Raises:
        NotPermitted: the actor does not work for the office of the conference.
        ConferenceRecordNotFound: there is no such seat.
        SeatDayWrong: the day lies before the first one.
    """

    seat_id: UUID
    until: date

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Seat:
        """Write the last day."""
        require_office(context, "登记联席会议成员")
        conference = context.unit_of_work.procedure.conference
        seat = conference.seat(self.seat_id)
        if seat is None or seat.until is not None:
            raise ConferenceRecordNotFound
        if self.until < seat.since:
            raise SeatDayWrong(found=self.until, since=seat.since)
        left = replace(seat, until=self.until)
        conference.save_seat(left)
        return left


def require_office(context: Context[CaseworkUnitOfWork], action: str) -> None:
    """Let those pass who work for the office of the conference.

    Raises:
        NotPermitted: the actor does not.
    """
    if not (context.actor.system or is_office(context.actor)):
        raise NotPermitted(action, "civil_affairs/clerk")
