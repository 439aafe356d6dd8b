"""Objections to public notices: anyone may object while a notice hangs; who it was stays hidden."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from engine.errors import NotPermitted
from engine.host import Context
from engine.model import Actor, HistoryEntry
from engine.permissions import checked_reason
from workflows.casework.days import local_day
from workflows.casework.errors import CaseErased, RecordNotFound
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.clock_commands import locked_case
from workflows.casework.procedure.errors import NoticeNotFound, NoticeNotOpen, ObjectionNotFound, ObjectionsWaiting
from workflows.casework.procedure.guard import is_kin
from workflows.casework.procedure.messages import NOTICE_OBJECTION, tell_waiting
from workflows.casework.procedure.model import NoticePosting, NoticeState, Objection
from workflows.casework.procedure.office import LEADING
from workflows.casework.sight import sees_whole_region
from workflows.casework.standards import standards_on

ANONYMOUS = "anonymous"  # handed in on the public page, by nobody who signed in
MOST_WAITING = "public_objections_waiting"
"""The parameter: how many objections handed in by nobody who signed in may wait for their answer at one notice."""
OPEN_STATES = (NoticeState.POSTED, NoticeState.LOCKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Objected:
    """What an objector is told: the number to ask by. Nothing of the case."""

    number: str
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordObjection:
    """Take an objection to a public notice, from anyone: nothing is sent up before it is answered.

    Raises:
        NoticeNotFound: no notice has this number.
        NoticeNotOpen: it does not hang yet, or its last day is over.
        ObjectionsWaiting: too many of people who did not sign in wait for their answer; staff enter what they are told.
    """

    notice_number: str
    text: str
    channel: str
    objector: str | None = None
    contact: str | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Objected:
        """Keep it, lock the notice, and start the re-investigation."""
        board = context.unit_of_work.procedure.notice_board
        found = board.by_number(self.notice_number.strip())
        if found is None:
            raise NoticeNotFound(self.notice_number)
        case = locked_case(context, found.case_id)
        posting = board.get(found.notice_id) or found
        self._require_open(context, posting)
        if context.actor.id == ANONYMOUS:
            self._require_room(context, posting)
        count = board.objection_count(posting.notice_id) + 1
        objection = Objection(
            id=uuid4(),
            number=f"{posting.number}-YY{count:02d}",
            case_id=case.id,
            notice_id=posting.notice_id,
            channel=self.channel,
            text=self.text.strip(),
            received_at=context.now(),
            received_by=context.actor.id,
            objector=self.objector,
            contact=self.contact,
        )
        board.add_objection(objection)
        if posting.state is NoticeState.POSTED:
            board.save(replace(posting, state=NoticeState.LOCKED))
        tell_waiting(context, case, name=NOTICE_OBJECTION, key=str(posting.notice_id))
        return Objected(number=objection.number, received_at=objection.received_at)

    def _require_room(self, context: Context[CaseworkUnitOfWork], posting: NoticePosting) -> None:
        board = context.unit_of_work.procedure.notice_board
        waiting = board.unanswered_count(posting.notice_id, received_by=ANONYMOUS)
        if waiting >= standards_on(context.unit_of_work, local_day(context.now())).days(MOST_WAITING):
            raise ObjectionsWaiting(number=posting.number, count=waiting)

    def _require_open(self, context: Context[CaseworkUnitOfWork], posting: NoticePosting) -> None:
        today = local_day(context.now())
        hangs = posting.posted_on is not None and posting.ends_on is not None
        if not hangs or posting.state not in OPEN_STATES or today > (posting.ends_on or today):
            raise NoticeNotOpen(number=posting.number, first=posting.posted_on, last=posting.ends_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectorFacts:
    """Who objected, as far as they said."""

    objector: str | None
    contact: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealObjector:
    """Show a leader who objected; the look and its reason are kept in the case's history.

    Raises:
        ObjectionNotFound: there is no such objection, or it is about kin of the actor.
        NotPermitted: the actor leads nothing in this region.
        ReasonMissing: nobody would know why.
    """

    objection_number: str
    reason: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> ObjectorFacts:
        """Write down the look, then show."""
        objection, case = _objection(context, self.objection_number)
        if is_kin(context, case):
            raise ObjectionNotFound(self.objection_number)
        if not _leads(context.actor, case.region):
            raise NotPermitted("查看异议人身份", "、".join(LEADING))
        reason = checked_reason(self.reason)
        if case.process_instance_id is not None:
            context.unit_of_work.history.add(
                HistoryEntry(
                    process_instance_id=case.process_instance_id,
                    at=context.now(),
                    actor=context.actor.id,
                    action="objector_revealed",
                    details={"objection": objection.number, "reason": reason},
                )
            )
        return ObjectorFacts(objector=objection.objector, contact=objection.contact)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionAnswer:
    """An answer on its way to an objector; no contact means it is read out to whoever asks by the number."""

    objection_id: UUID
    number: str
    contact: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadObjectionAnswers:
    """Put together what is still to be told to objectors to a notice."""

    notice_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> tuple[ObjectionAnswer, ...]:
        """Read it."""
        board = context.unit_of_work.procedure.notice_board
        posting = board.get(self.notice_id)
        case = context.unit_of_work.cases.get(posting.case_id) if posting else None
        if posting is None or case is None:
            raise RecordNotFound("notice", self.notice_id)
        if case.erased:
            raise CaseErased(number=case.number, action="发送通知")
        waiting = (one for one in board.objections(posting.notice_id) if one.answer and one.delivered_at is None)
        return tuple(
            ObjectionAnswer(
                objection_id=one.id,
                number=one.number,
                contact=one.contact,
                text=f"您对公示 {posting.number} 提出的异议（{one.number}）答复如下：{one.answer}",
            )
            for one in waiting
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAnswerDelivery:
    """Write down that an answer reached its objector; the first time counts."""

    objection_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        """Write it."""
        board = context.unit_of_work.procedure.notice_board
        objection = board.objection(self.objection_id)
        if objection is not None and objection.delivered_at is None:
            board.save_objection(replace(objection, delivered_at=context.now()))


def _objection(context: Context[CaseworkUnitOfWork], number: str) -> tuple[Objection, Case]:
    board = context.unit_of_work.procedure.notice_board
    posting = board.by_number(number.rpartition("-")[0])
    found = (
        next((one for one in board.objections(posting.notice_id) if one.number == number), None) if posting else None
    )
    case = context.unit_of_work.cases.get(found.case_id) if found else None
    if found is None or case is None:
        raise ObjectionNotFound(number)
    return found, case


def _leads(actor: Actor, region: str) -> bool:
    posts = (one for one in actor.memberships if sees_whole_region(one) and region.startswith(one.region))
    return actor.system or any(one.role in LEADING for one in posts)
