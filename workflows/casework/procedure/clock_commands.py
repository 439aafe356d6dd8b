"""Stopping and restarting the clock of a case, and asking for more time, from outside the diagrams."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from engine.host import Context
from engine.permissions import checked_reason
from workflows.casework.days import local_day
from workflows.casework.errors import CaseNotFound, RecordNotFound
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.clock import EXTENDED_DAYS, ClockState, clock_state, pause_clock, resume_clock
from workflows.casework.procedure.clock import statutory_clock as clock_of
from workflows.casework.procedure.errors import ExtensionExists, ExtensionTooLate
from workflows.casework.procedure.model import ClockPause, Extension, ExtensionState
from workflows.casework.procedure.office import REVIEWING, WORKING, require_office
from workflows.casework.records import Referral
from workflows.casework.standards import standards_on
from workflows.casework.starting import start_process_of

EXTENSION_PROCESS = "clock_extension"


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseClock:
    """Stop the clock of a case, or of one of its referrals, with the reason on record.

    Raises:
        CaseNotAccepted: it does not run yet.
        ClockAlreadyPaused: it stands still.
        NotPermitted: the actor reviews nothing for this region.
        ReasonMissing: nobody would know why.
    """

    case_id: UUID
    reason: str
    referral_number: str | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> ClockPause:
        """Pause it."""
        case = locked_case(context, self.case_id)
        require_office(context.actor, case.region, REVIEWING, action="暂停计时")
        reason = checked_reason(self.reason)
        return pause_clock(context, case, referral=_referral(context, case, self.referral_number), reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeClock:
    """Let the clock run again; due times move by the working days it stood still.

    Raises:
        ClockNotPaused: it runs.
        NotPermitted: the actor reviews nothing for this region.
        YearNotLoaded: a due day would fall into a year without calendar data.
    """

    case_id: UUID
    referral_number: str | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> ClockPause:
        """Resume it."""
        case = locked_case(context, self.case_id)
        require_office(context.actor, case.region, REVIEWING, action="恢复计时")
        return resume_clock(context, case, referral=_referral(context, case, self.referral_number))


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestExtension:
    """Ask a leader for more time, before the limit is over; the case keeps its limit until the leader agrees.

    Raises:
        ExtensionTooLate: the limit is over.
        ExtensionExists: it was asked for, or given, already.
        NotPermitted: the actor does not work for this region.
        ReasonMissing: nobody would know why.
    """

    case_id: UUID
    reason: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Extension:
        """Ask, and put it before a leader."""
        case = locked_case(context, self.case_id)
        require_office(context.actor, case.region, WORKING, action="申请延期")
        return request_extension(context, case, reason=checked_reason(self.reason))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadClock:
    """Say how the clock of a case stands today."""

    case_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> ClockState:
        """Read it."""
        case = context.unit_of_work.cases.get(self.case_id)
        if case is None:
            raise CaseNotFound(self.case_id)
        return clock_state(context.unit_of_work, case, local_day(context.now()))


def request_extension(context: Context[CaseworkUnitOfWork], case: Case, *, reason: str) -> Extension:
    """Ask for the longer limit in force, and start the process in which a leader decides.

    Raises:
        ExtensionTooLate: the limit is over.
        ExtensionExists: it was asked for, or given, already.
        YearNotLoaded: the longer limit ends in a year without calendar data.
    """
    work, today = context.unit_of_work, local_day(context.now())
    state = clock_state(work, case, today)
    if today > state.due_on:
        raise ExtensionTooLate(number=case.number, due=state.due_on)
    standing = [one for one in state.extensions if one.state in (ExtensionState.ASKED, ExtensionState.APPROVED)]
    if standing:
        raise ExtensionExists(number=case.number, state=standing[0].state.value)
    days = standards_on(work, state.accepted_on).days(EXTENDED_DAYS)
    longer = clock_of(case, limit=days, pauses=state.pauses).due(work.policy.calendar(), today)
    extension = Extension(
        id=uuid4(),
        case_id=case.id,
        reason=reason,
        asked_on=today,
        asked_at=context.now(),
        asked_by=context.actor.id,
        days=days,
        due_before=state.due_on,
        due_after=longer,
    )
    work.procedure.clock.add_extension(extension)
    asked = {
        "extension_id": str(extension.id),
        "extension_reason": reason,
        "due_before": extension.due_before.isoformat(),
        "due_after": longer.isoformat(),
    }
    start_process_of(context, case, EXTENSION_PROCESS, asked)
    return extension


def locked_case(context: Context[CaseworkUnitOfWork], case_id: UUID) -> Case:
    """Return a case while other commands on its process wait.

    Raises:
        CaseNotFound: there is none.
    """
    case = context.unit_of_work.cases.get(case_id)
    if case is None:
        raise CaseNotFound(case_id)
    if case.process_instance_id is not None:
        context.unit_of_work.process_instances.lock(case.process_instance_id)
    return context.unit_of_work.cases.get(case_id) or case


def _referral(context: Context[CaseworkUnitOfWork], case: Case, number: str | None) -> Referral | None:
    if number is None:
        return None
    found = next((one for one in context.unit_of_work.referrals.of_case(case.id) if one.number == number), None)
    if found is None:
        raise RecordNotFound("referral", number)
    return found
