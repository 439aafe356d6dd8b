"""Referring a need that somebody finds while working on a task of a case: the task stays, the need goes to its unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from engine.commands.task_listeners import locked_open_task
from engine.errors import NotAssignee, NotFound
from engine.execution import require_active
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import InstanceState, UserTask
from engine.permissions import acting_on, checked_reason
from engine.submissions import Submitted, made_once
from workflows.casework.case_file import case_file
from workflows.casework.days import local_day
from workflows.casework.deciding import decided
from workflows.casework.errors import MeansUnchecked
from workflows.casework.evidence.model import adding_unit
from workflows.casework.evidence.trail import case_held
from workflows.casework.means import are_checked
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.guard import is_kin
from workflows.casework.procedure.messages import NEED_FOUND, tell_waiting
from workflows.casework.programmes.errors import NeedWithUnit, ProgrammeNotOffered, ReferringWithoutCase
from workflows.casework.records import Referral
from workflows.casework.starting import start_process_of

ADDED_REFERRAL = "added_referral"
CATALOGUE = "programme_catalogue"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeOffer:
    """A programme a household can be referred to now, and the kind of unit that carries it."""

    need: str
    programme: str
    title: str
    title_en: str
    unit_kind: str
    legal_basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedProgrammes:
    """Name the programmes the case of a task can be referred to; whoever asks was shown the task before.

    Raises:
        NotFound: there is no such task, or the decision of programmes is not deployed.
        ReferringWithoutCase: it belongs to no case.
    """

    task_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Sequence[ProgrammeOffer]:
        """Return them in the order of the catalogue."""
        task = context.unit_of_work.user_tasks.get(self.task_id)
        if task is None:
            raise NotFound("user task", self.task_id)
        return [offer for offer, rests in _catalogue(context, _case_of(context, task)) if not rests]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferNeed:
    """Refer a need to the unit that carries its programme, and keep the task one holds, or somebody absent does.

    The course of the case runs the referral beside what it does, and is not over before it is answered; of a case
    whose own course is over the referral goes its way alone. The unit is told the least its programme needs. The same
    submission key refers once.

    Raises:
        NotFound, TaskNotOpen: there is no such task, or it is done.
        InstanceSuspended: the task or its case rests.
        NotAssignee: the actor does not hold it.
        ReferringWithoutCase: it belongs to no case.
        CaseErased: nobody knows any more who it was about.
        NeedWithUnit: a unit has this need already.
        MeansUnchecked: it rests on means that nobody checked.
        ProgrammeNotOffered: the county has no such programme, or not for this household.
        ReasonMissing: the reason is empty or too long.
        IdempotencyConflict: the key came with something else.
    """

    task_id: UUID
    need: str
    reason: str
    submission_key: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Referral:
        """Refer it."""
        asked: JsonObject = {"task": str(self.task_id), "need": self.need, "reason": self.reason.strip()}
        referrals = context.unit_of_work.referrals
        return made_once(
            context.unit_of_work.submissions,
            Submitted(key=self.submission_key, asked={"referral": asked}),
            at=context.now(),
            make=lambda: self._referred(context),
            again=lambda known: _kept(referrals.get(known), known),
        )

    def _referred(self, context: Context[CaseworkUnitOfWork]) -> Referral:
        _, task = locked_open_task(context, self.task_id)
        acting = acting_on(context, task) if task.assignee is not None else None
        if acting is None:
            raise NotAssignee(task.name, task.assignee_name)
        acted = replace(context, actor=replace(acting.context.actor, memberships=acting.holder.memberships))
        case = _held(acted, _case_of(acted, task))
        reason = checked_reason(self.reason)
        self._require_offered(acted, case)
        before = {one.id for one in acted.unit_of_work.referrals.of_case(case.id)}
        found: JsonObject = {
            "found_need": self.need,
            "reason": reason,
            "referred_by": acted.actor.id,
            "referring_unit": adding_unit(acted.actor, case.region),
        }
        if not tell_waiting(acted, case, name=NEED_FOUND, key=str(case.id), variables=found):
            status: JsonObject = {"household_status": case.recognised_status}
            start_process_of(acted, case, ADDED_REFERRAL, {**found, **status})
        return next(one for one in acted.unit_of_work.referrals.of_case(case.id) if one.id not in before)

    def _require_offered(self, context: Context[CaseworkUnitOfWork], case: Case) -> None:
        with_units = {one.need: one for one in context.unit_of_work.referrals.of_case(case.id) if one.is_open}
        if self.need in with_units:
            raise NeedWithUnit(with_units[self.need].number)
        found = {offer.need: rests for offer, rests in _catalogue(context, case)}
        if self.need not in found:
            raise ProgrammeNotOffered(number=case.number, need=self.need)
        if found[self.need]:
            raise MeansUnchecked(number=case.number, need=self.need)


def _catalogue(context: Context[CaseworkUnitOfWork], case: Case) -> Sequence[tuple[ProgrammeOffer, bool]]:
    """Return what the household could be referred to, each with whether it still lacks a check of means."""
    report, referrals = context.unit_of_work.cases.check_report(case.id), context.unit_of_work.referrals
    known = referrals.of_case(case.id)
    seen = case_file(case, report, today=local_day(context.now()), referrals=known)
    with_units = {one.need for one in known if one.is_open}
    is_unchecked = not are_checked(case, report)
    rows = [
        row
        for row in decided(context, CATALOGUE, {"case": seen}) or ()
        if row["need"] not in with_units and case.recognised_status in (row["offered_to"] or (case.recognised_status,))
    ]
    names = ("need", "programme", "title", "title_en", "unit_kind", "legal_basis")
    offers = [ProgrammeOffer(**{name: row[name] for name in names}) for row in rows]
    return [(offer, row["rests_on_means"] and is_unchecked) for offer, row in zip(offers, rows, strict=True)]


def _case_of(context: Context[CaseworkUnitOfWork], task: UserTask) -> Case:
    """Return the case of a task; of one's kin there is none.

    Raises:
        ReferringWithoutCase, NotFound
    """
    case = context.unit_of_work.cases.by_number(task.business_key) if task.business_key else None
    if case is None:
        raise ReferringWithoutCase
    if is_kin(context, case):
        raise NotFound("user task", task.id)
    return case


def _held(context: Context[CaseworkUnitOfWork], case: Case) -> Case:
    """Return a case whose own course nobody else can move on now, so that nothing of it is referred twice.

    Raises:
        CaseErased
        InstanceSuspended: its course rests.
    """
    held = case_held(context, case.id, action="转办")
    instances = context.unit_of_work.process_instances
    course = None if held.process_instance_id is None else instances.get(held.process_instance_id)
    if course is not None and course.state is InstanceState.SUSPENDED:
        require_active(course)
    return held


def _kept(referral: Referral | None, referral_id: UUID) -> Referral:
    if referral is None:
        raise NotFound("referral", referral_id)
    return referral
