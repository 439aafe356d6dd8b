"""The statutory clock of a case: its limit, the ledger of its pauses, and the due times that move with it.

While a clock stands still, the due times it governs are taken away and kept in the ledger: nothing can be late, no
limit can pass. They come back moved by the working days the pause really lasted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid4

from engine.host import Context
from workflows.casework.county import TOWNSHIP
from workflows.casework.days import end_of_day, local_day
from workflows.casework.errors import CaseNotAccepted
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.model import ClockPause, Extension, ExtensionState, OpenDue
from workflows.casework.records import Referral
from workflows.casework.standards import standards_on
from workflows.rules.calendar import WorkingCalendar
from workflows.rules.clock import ClockAlreadyPaused, ClockNotPaused, Pause, StatutoryClock

TOTAL_DAYS = "total_days"
EXTENDED_DAYS = "total_days_extended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockState:
    """How the clock of a case stands on a day."""

    accepted_on: date
    limit: int
    due_on: date
    working_days_left: int
    is_paused: bool
    pauses: tuple[ClockPause, ...]
    extensions: tuple[Extension, ...]


def statutory_clock(case: Case, *, limit: int, pauses: Iterable[ClockPause]) -> StatutoryClock:
    """Return the clock of a case with the pauses of the whole case.

    Raises:
        CaseNotAccepted: it does not run before acceptance.
    """
    if case.accepted_on is None:
        raise CaseNotAccepted(number=case.number, action="count the limit")
    whole = (one for one in pauses if one.referral_id is None)
    ledger = tuple(Pause(start=one.paused_on, end=one.resumed_on, reason=one.reason) for one in whole)
    return StatutoryClock(start=case.accepted_on, limit=limit, pauses=ledger)


def clock_state(unit_of_work: CaseworkUnitOfWork, case: Case, today: date) -> ClockState:
    """Return how the clock of a case stands.

    Raises:
        CaseNotAccepted: it does not run yet.
        YearNotLoaded: its end lies in a year without calendar data.
    """
    ledger, calendar = unit_of_work.procedure.clock, unit_of_work.policy.calendar()
    pauses, extensions = ledger.pauses(case.id), ledger.extensions(case.id)
    clock = statutory_clock(case, limit=limit_of(unit_of_work, case, extensions), pauses=pauses)
    return ClockState(
        accepted_on=clock.start,
        limit=clock.limit,
        due_on=clock.due(calendar, today),
        working_days_left=clock.working_days_left(calendar, today),
        is_paused=clock.is_paused,
        pauses=tuple(pauses),
        extensions=tuple(extensions),
    )


def limit_of(unit_of_work: CaseworkUnitOfWork, case: Case, extensions: Sequence[Extension]) -> int:
    """Return the limit in working days in force for a case: as on the day of acceptance, or as extended."""
    approved = [one.days for one in extensions if one.state is ExtensionState.APPROVED]
    if approved:
        return approved[-1]
    day = case.accepted_on or case.received_on
    return standards_on(unit_of_work, day).days(TOTAL_DAYS)


def pause_clock(
    context: Context[CaseworkUnitOfWork], case: Case, *, referral: Referral | None, reason: str
) -> ClockPause:
    """Stop the clock of a case, or of one referral, today.

    Raises:
        CaseNotAccepted: that of the case does not run yet; a referral's may, where it could not wait for acceptance.
        ClockAlreadyPaused: it stands still already.
    """
    if referral is None and case.accepted_on is None:
        raise CaseNotAccepted(number=case.number, action="pause the clock")
    ledger, today = context.unit_of_work.procedure.clock, local_day(context.now())
    if _open_pause(ledger.pauses(case.id), referral) is not None:
        raise ClockAlreadyPaused(today)
    held: dict[str, str] = {}
    for due in _governed(ledger.open_dues(case.number), referral):
        if due.due_at is not None and local_day(due.due_at) >= today:
            held[_name(due)] = due.due_at.isoformat()
            ledger.set_due(due, None)
    pause = ClockPause(
        id=uuid4(),
        case_id=case.id,
        referral_id=referral.id if referral else None,
        reason=reason,
        paused_on=today,
        paused_at=context.now(),
        paused_by=context.actor.id,
        held=held,
    )
    ledger.add_pause(pause)
    return pause


def resume_clock(context: Context[CaseworkUnitOfWork], case: Case, *, referral: Referral | None) -> ClockPause:
    """Let the clock run again from today, and move every due time it governs by the working days it stood still.

    Raises:
        ClockNotPaused: it runs.
        YearNotLoaded: a due day would fall into a year without calendar data.
    """
    work, today = context.unit_of_work, local_day(context.now())
    ledger = work.procedure.clock
    pauses = ledger.pauses(case.id)
    pause = _open_pause(pauses, referral)
    if pause is None:
        raise ClockNotPaused(today)
    closed = replace(pause, resumed_on=today, resumed_at=context.now(), resumed_by=context.actor.id)
    ledger.save_pause(closed)
    move = _Move(calendar=work.policy.calendar(), pause=closed, others=[one for one in pauses if one.id != pause.id])
    known = work.referrals.of_case(case.id)
    for due in _governed(ledger.open_dues(case.number), referral):
        _give_back(context, due, move, about=_referral_of(due, known))
    for one in [referral] if referral else known:
        if one.is_open:
            work.referrals.save(
                replace(
                    one,
                    acknowledge_due_at=move.moment(one.acknowledge_due_at, one.id),
                    result_due_at=move.moment(one.result_due_at, one.id),
                )
            )
    if referral is None:
        work.cases.save(replace(case, due_on=clock_state(work, case, today).due_on))
    return closed


def move_limit(context: Context[CaseworkUnitOfWork], case: Case) -> Case:
    """Compute the last day of the whole limit anew, and move what was due on the old one with it.

    Raises:
        YearNotLoaded: it would fall into a year without calendar data.
    """
    work = context.unit_of_work
    due_on = clock_state(work, case, local_day(context.now())).due_on
    if due_on == case.due_on:
        return case
    for due in work.procedure.clock.open_dues(case.number):
        if due.due_at is not None and local_day(due.due_at) == case.due_on:
            work.procedure.clock.set_due(due, end_of_day(due_on))
    changed = replace(case, due_on=due_on)
    work.cases.save(changed)
    return changed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    """By how much a pause that is over moves a due day; days that another pause moved already count once."""

    calendar: WorkingCalendar
    pause: ClockPause
    others: Sequence[ClockPause]

    def moment(self, due_at: datetime | None, referral_id: object, opened_on: date | None = None) -> datetime | None:
        """Return the due time moved, at the same time of day."""
        if due_at is None:
            return None
        day = local_day(due_at)
        moved = self.calendar.add_working_days(day, self._days(day, referral_id, opened_on))
        return due_at + (moved - day)

    def _days(self, due: date, referral_id: object, opened_on: date | None) -> int:
        start, end = max(self.pause.paused_on, opened_on or date.min), self.pause.resumed_on
        if end is None or due < start or end <= start:
            return 0
        stood_still = self.calendar.working_days_between(start, end)
        for other in self.others:
            if other.resumed_on is None or other.referral_id not in (None, referral_id):
                continue
            first, last = max(start, other.paused_on), min(end, other.resumed_on)
            if first < last:
                stood_still -= self.calendar.working_days_between(first, last)
        return max(stood_still, 0)


def _give_back(context: Context[CaseworkUnitOfWork], due: OpenDue, move: _Move, *, about: UUID | None) -> None:
    """Return to a task or timer its due time, moved; another pause that still lasts keeps it instead."""
    ledger, name = context.unit_of_work.procedure.clock, _name(due)
    still = next((one for one in move.others if one.resumed_on is None and _governs(one, due, context)), None)
    held = move.pause.held.get(name)
    kept = still.held.get(name) if still is not None and held is None else None
    if held is None and kept is None and due.due_at is None:
        return
    known = held if held is not None else kept
    before = due.due_at if known is None else datetime.fromisoformat(str(known))
    after = move.moment(before, about, due.opened_on if known is None else None)
    if still is not None and after is not None:
        still.held[name] = after.isoformat()  # the next due time adds to it
        ledger.save_pause(still)
        after = None
    ledger.set_due(due, after)


def _referral_of(due: OpenDue, referrals: Iterable[Referral]) -> UUID | None:
    return next((one.id for one in referrals if one.is_open and _is_about(due, one)), None)


def _governs(pause: ClockPause, due: OpenDue, context: Context[CaseworkUnitOfWork]) -> bool:
    if pause.referral_id is None:
        return True
    referral = context.unit_of_work.referrals.get(pause.referral_id)
    return referral is not None and _is_about(due, referral)


def _governed(dues: Iterable[OpenDue], referral: Referral | None) -> list[OpenDue]:
    """Return what a clock governs: of a referral the tasks about it, of a case everything."""
    return [due for due in dues if referral is None or _is_about(due, referral)]


def _is_about(due: OpenDue, referral: Referral) -> bool:
    """Say whether a task is about a referral: it names it, or names none and is its unit's in the process of it.

    The window has tasks about many, so that there only the name counts.
    """
    if due.kind != "task" or due.subject is not None:
        return due.kind == "task" and due.subject == referral.number
    of_unit = any(one.startswith(f"{referral.unit_kind}/") for one in due.groups)
    return of_unit and referral.unit_kind != TOWNSHIP and referral.process_id in due.processes


def _open_pause(pauses: Iterable[ClockPause], referral: Referral | None) -> ClockPause | None:
    wanted = referral.id if referral else None
    return next((one for one in pauses if one.resumed_on is None and one.referral_id == wanted), None)


def _name(due: OpenDue) -> str:
    return f"{due.kind}:{due.key}"
