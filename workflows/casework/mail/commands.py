"""Choosing what one is told by mail, and the steps of a digest: made, taken to be sent, sent, failed, forgotten."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

from engine.host import Context
from workflows.casework.days import COUNTY_TIME
from workflows.casework.mail.model import Digest, DueDigest, MailChoice
from workflows.casework.orders.notices import NoticeCause
from workflows.casework.ports import CaseworkUnitOfWork

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(minutes=5)  # before a digest that failed is tried again; doubles with every failure
LONGEST_PAUSE = timedelta(hours=6)
MOST_TRIES = 10
LONGEST_REASON = 200
KEPT_FOR = timedelta(days=90)  # digests that are over
ENDED_AT_ONCE = 50  # digests that need not be sent any more, in one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseMail:
    """Keep which notices the actor is told of by mail; of what was written before nothing is told.

    What mails told of that never left is told again: the address may have been what was wrong.

    Raises:
        MailAddressWrong, MailChoiceWrong: nothing was kept.
    """

    address: str
    causes: frozenset[NoticeCause]
    pause_hours: int
    quiet_from: int
    quiet_until: int

    def execute(self, context: Context[CaseworkUnitOfWork]) -> MailChoice:
        """Keep it."""
        mail = context.unit_of_work.procedure.supervision.mail
        before = mail.choice(context.actor.id)
        choice = MailChoice(
            login=context.actor.id,
            address=self.address.strip(),
            causes=self.causes,
            pause_hours=self.pause_hours,
            quiet_from=self.quiet_from,
            quiet_until=self.quiet_until,
            since=before.since if before else context.now(),
        )
        mail.save_choice(choice)
        mail.give_back(choice.login)
        return choice


@dataclass(frozen=True, slots=True, kw_only=True)
class StopMail:
    """Tell the actor nothing by mail any more; what was not sent yet is not sent."""

    def execute(self, context: Context[CaseworkUnitOfWork]) -> bool:
        """Say whether anything was told before."""
        return context.unit_of_work.procedure.supervision.mail.remove_choice(context.actor.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeDigests:
    """Make digests for people who have unread notices, whose quiet hours it is not and who got none just before."""

    limit: int

    def execute(self, context: Context[CaseworkUnitOfWork]) -> int:
        """Return how many were looked at; fewer than `limit` means that nobody waits."""
        mail, now = context.unit_of_work.procedure.supervision.mail, context.now()
        ready = mail.ready(now, _hour(context), limit=self.limit)
        for choice in ready:
            digest_id = uuid4()
            mail.give_back(choice.login)
            counts = mail.gather(choice, digest_id)
            if counts:
                mail.add(Digest(id=digest_id, login=choice.login, counts=counts, made_at=now, next_at=now))
        return len(ready)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeDigest:
    """Take the next digest that is to be sent now; for a while nobody else takes it, whatever becomes of the taker.

    Its numbers are those of now. One whose notices were all read meanwhile, or that had all its tries, ends instead.
    """

    def execute(self, context: Context[CaseworkUnitOfWork]) -> DueDigest | None:
        """Return it, if there is one."""
        mail, now = context.unit_of_work.procedure.supervision.mail, context.now()
        for _ in range(ENDED_AT_ONCE):
            due = mail.due(now, _hour(context))
            if due is None:
                return None
            digest, counts = due.digest, mail.unread(due.digest)
            if not counts:
                mail.save(replace(digest, ended_at=now, reason=""))
            elif digest.tries >= MOST_TRIES:  # whoever took it last died of it
                _give_up(context, digest)
            else:
                pause = min(FIRST_PAUSE * 2**digest.tries, LONGEST_PAUSE)
                taken = replace(digest, counts=counts, tries=digest.tries + 1, next_at=now + pause)
                mail.save(taken)
                return replace(due, digest=taken)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDigestSent:
    """Write that the mail server took a digest."""

    digest_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        """Write it."""
        mail, now = context.unit_of_work.procedure.supervision.mail, context.now()
        digest = mail.lock(self.digest_id)
        if digest is not None and digest.sent_at is None:
            mail.save(replace(digest, sent_at=now, ended_at=now, reason=""))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDigestFailure:
    """Write why a digest was not taken; for good where there is no such mailbox, or it failed too often.

    What failed too often is told of in a later digest. What a mailbox is not there for waits until something new is to
    be told, or another address is chosen: a server is not asked again and again for a mailbox it does not know.
    """

    digest_id: UUID
    reason: str
    for_good: bool

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        """Write it."""
        mail = context.unit_of_work.procedure.supervision.mail
        digest = mail.lock(self.digest_id)
        if digest is None or digest.ended_at is not None:
            return
        failed = replace(digest, reason=_one_line(self.reason)[:LONGEST_REASON])
        if self.for_good:
            mail.save(replace(failed, ended_at=context.now()))
        elif digest.tries >= MOST_TRIES:
            _give_up(context, failed)
        else:
            mail.save(failed)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetDigests:
    """Forget what became of mails long ago, also of people who stopped them."""

    def execute(self, context: Context[CaseworkUnitOfWork]) -> int:
        """Return how many were forgotten."""
        return context.unit_of_work.procedure.supervision.mail.forget(context.now() - KEPT_FOR)


def _give_up(context: Context[CaseworkUnitOfWork], digest: Digest) -> None:
    mail = context.unit_of_work.procedure.supervision.mail
    log.warning("a digest was given up", extra={"digest": str(digest.id), "tries": digest.tries})
    mail.save(replace(digest, ended_at=context.now()))
    mail.give_back(digest.login)


def _one_line(reason: str) -> str:
    """Return what a server said in signs that can be kept and shown."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in reason).split())


def _hour(context: Context[CaseworkUnitOfWork]) -> int:
    return context.now().astimezone(COUNTY_TIME).hour
