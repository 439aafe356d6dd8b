"""Applications entered on line: kept apart until a window has spoken with the household and confirmed them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

from engine.errors import NotPermitted
from engine.host import Context
from engine.permissions import checked_reason
from workflows.casework.commands import SubmitApplication
from workflows.casework.days import local_day
from workflows.casework.errors import ApplicationInvalid
from workflows.casework.intake import application_errors
from workflows.casework.model import Application, Case, Channel
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.register.codes import issue_code
from workflows.casework.register.errors import EntryDecided, EntryNotFound, TooManyTries
from workflows.casework.register.model import OnlineEntry, OnlineState, QueryCode
from workflows.casework.register.sight import ASKING, may_ask

SPAN = timedelta(hours=1)
ENTRIES_A_CALLER = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterOnline:
    """Keep what somebody enters on line, and give number and code to ask by; nothing on file is told.

    Raises:
        TooManyTries: too much came from this caller.
        ApplicationInvalid: facts break rules of the domain; each is named.
    """

    application: Application
    caller: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> QueryCode:
        """Check and keep it."""
        register, now = context.unit_of_work.register, context.now()
        if register.codes.tries(f"entry:{self.caller}", at=now, begun_after=now - SPAN) > ENTRIES_A_CALLER:
            raise TooManyTries(SPAN)
        entry_id, today = uuid4(), local_day(now)
        application = replace(
            self.application,
            channel=Channel.ONLINE,
            submission_key=f"online:{entry_id}",
            received_on=today,
            documents=(),  # nobody has seen a paper yet
            recognised_status="none",  # what the county recognised the window looks up itself
        )
        errors = application_errors(application, today=today)
        if errors:
            raise ApplicationInvalid(errors)
        entry = OnlineEntry(
            id=entry_id,
            number=register.entries.next_number(region=application.region, year=today.year),
            region=application.region,
            received_at=now,
            application=application,
        )
        register.entries.add(entry)
        return issue_code(context, entry.number, entry_id=entry.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmOnlineEntry:
    """Take an entry in as an application, as of the day it was entered; the household goes on asking by its code.

    Raises:
        EntryNotFound: there is no such entry.
        EntryDecided: it was dealt with before.
        NotPermitted: the actor is no clerk of the window.
    """

    number: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Case:
        """Open the case."""
        entry = _waiting(context, self.number)
        if entry.application is None:
            raise EntryDecided(self.number)
        case = SubmitApplication(application=entry.application).execute(context)
        register = context.unit_of_work.register
        register.entries.save(_decided(context, entry, OnlineState.CONFIRMED, case=case))
        known = register.codes.get(entry.number)
        if known is not None:
            register.codes.put(replace(known, case_id=case.id))
            register.codes.put(replace(known, number=case.number, case_id=case.id, entry_id=None))
        return case


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseOnlineEntry:
    """Refuse an entry nobody stands behind; what was entered is destroyed, that it came and why it went is kept.

    Raises:
        EntryNotFound: there is no such entry.
        EntryDecided: it was dealt with before.
        ReasonMissing: nobody would know why.
    """

    number: str
    reason: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> OnlineEntry:
        """Refuse it."""
        entry, reason = _waiting(context, self.number), checked_reason(self.reason)
        refused = replace(_decided(context, entry, OnlineState.REFUSED), reason=reason, application=None)
        context.unit_of_work.register.entries.save(refused)
        return refused


def _waiting(context: Context[CaseworkUnitOfWork], number: str) -> OnlineEntry:
    entry = context.unit_of_work.register.entries.lock(number)
    if entry is None:
        raise EntryNotFound(number)
    if not may_ask(context.actor, entry.region):
        raise NotPermitted("处理网上申请", "、".join(ASKING))
    if entry.state is not OnlineState.WAITING:
        raise EntryDecided(number)
    return entry


def _decided(
    context: Context[CaseworkUnitOfWork], entry: OnlineEntry, state: OnlineState, *, case: Case | None = None
) -> OnlineEntry:
    return replace(
        entry,
        state=state,
        case_id=case.id if case else None,
        decided_by=context.actor.id,
        decided_at=context.now(),
    )
