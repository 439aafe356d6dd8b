"""Entering an absence with its substitute, and ending it early."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from engine.errors import NotFound, NotPermitted
from engine.host import Context
from engine.model import Actor
from engine.permissions import checked_reason
from workflows.casework.absences.errors import (
    AbsenceDaysWrong,
    AbsenceIsOver,
    AbsenceOverlaps,
    AbsenceTaken,
    SubstituteUnfit,
)
from workflows.casework.absences.model import LONGEST_DAYS, Absence
from workflows.casework.absences.ports import AbsencesUnitOfWork
from workflows.casework.days import local_day
from workflows.casework.orders.model import supervising_post
from workflows.organisation.model import SUPERVISOR, Account, AccountAction, AccountEvent, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterAbsence:
    """Enter that somebody is away, oneself or somebody one supervises, and who acts in their name meanwhile.

    `process_ids` name the processes the substitution is for; none: all. The same id with the same words gives the
    absence that was entered.

    Raises:
        NotFound: one of the people or processes is unknown.
        NotPermitted: the actor neither is the person nor supervises one of their units.
        AbsenceDaysWrong: the days are none an absence can have.
        AbsenceOverlaps: the person has a substitute for the same tasks on one of these days.
        SubstituteUnfit: the person themselves, shut out, away on one of these days, or of another unit than one of
            the posts, which only a supervisor of both may choose.
        ReasonMissing: nothing stands there, or too much.
        AbsenceTaken: the id is that of another absence.
    """

    absence_id: UUID
    login: str
    substitute: str
    first_on: date
    last_on: date
    reason: str
    process_ids: tuple[str, ...] = ()

    def execute(self, context: Context[AbsencesUnitOfWork]) -> Absence:
        """Return the absence."""
        absences = context.unit_of_work.absences
        absent, substitute = self._people(context)
        if context.actor.id != absent.login and not supervises(context.actor, absent):
            raise NotPermitted("登记他人的请假", SUPERVISOR)
        entered = self._entered(context)
        known = absences.get(self.absence_id)
        if known is not None:
            return _as_before(known, entered)
        self._check_days(local_day(context.now()))
        self._check_processes(context)
        _check_substitute(context, absent, substitute)
        self._check_free(context, entered, absent, substitute)
        if not absences.add(entered):
            raise AbsenceTaken
        _record(context, entered, "absence-entered")
        return entered

    def _people(self, context: Context[AbsencesUnitOfWork]) -> tuple[Account, Account]:
        """Lock both in one order, so that nobody becomes substitute and absent at the same moment."""
        accounts = {login: context.unit_of_work.accounts.lock(login) for login in sorted({self.login, self.substitute})}
        absent, substitute = accounts[self.login], accounts[self.substitute]
        if absent is None or substitute is None:
            raise NotFound("account", self.login if absent is None else self.substitute)
        return absent, substitute

    def _entered(self, context: Context[AbsencesUnitOfWork]) -> Absence:
        return Absence(
            id=self.absence_id,
            login=self.login,
            substitute=self.substitute,
            first_on=self.first_on,
            last_on=self.last_on,
            process_ids=tuple(sorted(set(self.process_ids))),
            reason=checked_reason(self.reason),
            entered_at=context.now(),
            entered_by=context.actor.id,
        )

    def _check_days(self, today: date) -> None:
        days = (self.last_on - self.first_on).days + 1
        if not 0 < days <= LONGEST_DAYS or self.last_on < today:
            raise AbsenceDaysWrong(first=self.first_on, last=self.last_on, today=today, most=LONGEST_DAYS)

    def _check_processes(self, context: Context[AbsencesUnitOfWork]) -> None:
        for process_id in self.process_ids:
            if context.unit_of_work.definitions.latest("process", process_id) is None:
                raise NotFound("process definition", process_id)

    def _check_free(
        self, context: Context[AbsencesUnitOfWork], entered: Absence, absent: Account, substitute: Account
    ) -> None:
        absences = context.unit_of_work.absences
        other = next((one for one in absences.of(absent.login) if one.meets(entered)), None)
        if other is not None:
            raise AbsenceOverlaps(absent.name, first=other.first_on, last=other.last_on)
        if any(one.meets(entered) for one in absences.of(substitute.login)):
            raise SubstituteUnfit(
                substitute.name,
                reason_zh="这期间本人也请假",
                reason_en="they are absent on one of these days themselves",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAbsence:
    """End an absence early, at once; what the substitute took in the person's name is this person's again.

    Raises:
        NotFound: there is none that concerns the actor.
        NotPermitted: the actor neither is the person nor supervises one of their units.
        AbsenceIsOver: its last day is past.
    """

    absence_id: UUID

    def execute(self, context: Context[AbsencesUnitOfWork]) -> Absence:
        """Return it as it is now; ending it again changes nothing."""
        absence = context.unit_of_work.absences.lock(self.absence_id)
        absent = None if absence is None else context.unit_of_work.accounts.lock(absence.login)
        if absence is None or absent is None:
            raise NotFound("absence", self.absence_id)
        actor = context.actor
        if actor.id != absent.login and not supervises(actor, absent):
            if actor.id != absence.substitute:
                raise NotFound("absence", self.absence_id)
            raise NotPermitted("结束他人的请假", SUPERVISOR)
        if absence.ended_at is not None:
            return absence
        if absence.is_over(local_day(context.now())):
            raise AbsenceIsOver(absence.last_on)
        ended = replace(absence, ended_at=context.now(), ended_by=actor.id)
        context.unit_of_work.absences.save_end(ended)
        _record(context, ended, "absence-ended")
        return ended


def supervises(actor: Actor, account: Account) -> bool:
    """Say whether an actor supervises a unit in which somebody has a post."""
    return actor.system or any(_supervises_unit(actor, post.unit) for post in account.posts)


def _supervises_unit(actor: Actor, unit: Unit) -> bool:
    return supervising_post(actor, unit.region, unit.kind) is not None


def _as_before(known: Absence, entered: Absence) -> Absence:
    if not known.says_the_same_as(entered):
        raise AbsenceTaken
    return known


def _check_substitute(context: Context[AbsencesUnitOfWork], absent: Account, substitute: Account) -> None:
    name = substitute.name
    if substitute.login == absent.login:
        raise SubstituteUnfit(name, reason_zh="不能代理本人", reason_en="nobody stands in for themselves")
    if not substitute.posts or substitute.is_locked(context.now()):
        reason_en = "the account is shut, or holds no post"
        raise SubstituteUnfit(name, reason_zh="账号已锁定或没有岗位", reason_en=reason_en)
    own = {post.unit.id for post in substitute.posts}
    foreign = [post.unit for post in absent.posts if post.unit.id not in own]
    if not foreign or context.actor.system:
        return
    unit = next((one for one in foreign if not _supervises_unit(context.actor, one)), None)
    if unit is None and not supervises(context.actor, substitute):
        unit = foreign[0]
    if unit is not None:  # every post is lent, so one unit that is neither's own is one too many
        reason_zh = f"不在“{unit.name}”任职，须由其本单位和该单位共同的主管指定"
        reason_en = f"they do not work in {unit.name_en!r}, for which only a supervisor of both units may choose them"
        raise SubstituteUnfit(name, reason_zh=reason_zh, reason_en=reason_en)


def _record(context: Context[AbsencesUnitOfWork], absence: Absence, action: AccountAction) -> None:
    """Write it into the records of access of both: one lends rights, the other gets them."""
    details = {"absence": str(absence.id), "absent": absence.login, "substitute": absence.substitute}
    for login in (absence.login, absence.substitute):
        event = AccountEvent(login=login, at=context.now(), actor=context.actor.id, action=action, details={**details})
        context.unit_of_work.accounts.record(event)
