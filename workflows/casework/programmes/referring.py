"""Referring a need that somebody finds while working on a task of a case: the task stays, the need goes to its unit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from engine.commands.task_listeners import locked_open_task
from engine.errors import NotAssignee, NotFound
from engine.execution import require_active
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import InstanceState, ProcessInstance, UserTask
from engine.permissions import acting_on, checked_reason
from engine.submissions import Submitted, made_once
from workflows.casework.benefits.renewal import OF_LIMITED_TIME, SUBSISTENCE
from workflows.casework.benefits.standing import status_now
from workflows.casework.case_file import case_file
from workflows.casework.days import local_day
from workflows.casework.deciding import decided
from workflows.casework.errors import CaseNotAccepted, CaseworkError, MeansUnchecked
from workflows.casework.evidence.model import adding_unit
from workflows.casework.evidence.trail import case_held
from workflows.casework.means import are_checked
from workflows.casework.model import Case, CaseStatus, RecognisedStatus
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.guard import is_kin
from workflows.casework.programmes.errors import (
    CourseClosesWithout,
    NeedAwaitsRouting,
    NeedWithUnit,
    ProgrammeNotOffered,
    ReferralNotOpened,
    ReferringWithoutCase,
    ReferringWithoutUnit,
)
from workflows.casework.programmes.model import ADDED_REFERRAL
from workflows.casework.records import Referral, unanswered_of
from workflows.casework.starting import start_process_of

CATALOGUE = "programme_catalogue"
AT_ONCE = "route_at_once"
WAITS_AT = "Event_AddedAnswered"  # where the drawing of a case waits for what was referred on the way
CARE = "care"  # its process takes the means for granted, for the routing comes after the check


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
        standing = _Standing.of(context, _case_of(context, task))
        offered = [row for need, row in standing.rows.items() if standing.refusal(need) is None]
        names = ("need", "programme", "title", "title_en", "unit_kind", "legal_basis")
        return [ProgrammeOffer(**{name: row[name] for name in names}) for row in offered]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferNeed:
    """Refer a need to the unit that carries its programme, and keep the task one holds, or somebody absent does.

    The referral goes its way beside the course of the case, which closes the case only when it is answered. The unit is
    told the least its programme needs. The same submission key refers once.

    Raises:
        NotFound, TaskNotOpen: there is no such task, or it is done.
        InstanceSuspended: the task or its case rests.
        NotAssignee: the actor does not hold it.
        ReferringWithoutCase: it belongs to no case.
        CaseErased: nobody knows any more who it was about.
        NeedWithUnit: a unit has this need already.
        CaseNotAccepted: the case is not accepted, and the need can wait for that.
        NeedAwaitsRouting: it hangs on the routing, which is still to come.
        MeansUnchecked: it rests on means that nobody checked.
        ProgrammeNotOffered: the county has no such programme, or not for this household.
        CourseClosesWithout: the course of the case, begun by an earlier drawing, would close it meanwhile.
        ReferringWithoutUnit: who holds the task belongs to no unit for the region of the case.
        ReferralNotOpened: the process could not open it; nothing is kept.
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
        unit = adding_unit(acted.actor, case.region)
        if not unit:
            raise ReferringWithoutUnit(number=case.number)
        standing = _Standing.of(acted, case)
        standing.require(self.need)
        found: JsonObject = {
            "found_need": self.need,
            "reason": reason,
            "referred_by": acted.actor.id,
            "referring_unit": unit,
            "household_status": standing.status,
        }
        start_process_of(acted, case, ADDED_REFERRAL, found)
        before = {one.id for one in standing.referrals}
        after = acted.unit_of_work.referrals.of_case(case.id)
        opened = next((one for one in after if one.id not in before), None)
        if opened is None:
            raise ReferralNotOpened(number=case.number, need=self.need)
        return opened


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """How a case stands when something is to be referred from one of its tasks."""

    case: Case
    referrals: Sequence[Referral]
    status: str  # of the household today
    has_means: bool  # they were checked
    course: ProcessInstance | None  # of the case itself, while it runs
    waits: bool  # that course closes the case only when what was referred on the way is answered
    rows: Mapping[str, JsonObject]  # the programmes of the county, by need
    urgent: Collection[str]  # the needs that cannot wait for acceptance

    @classmethod
    def of(cls, context: Context[CaseworkUnitOfWork], case: Case) -> _Standing:
        """Return how it stands now."""
        work = context.unit_of_work
        report, known = work.cases.check_report(case.id), work.referrals.of_case(case.id)
        seen = case_file(case, report, today=local_day(context.now()), referrals=known)
        rows = {str(row["need"]): row for row in decided(context, CATALOGUE, {"case": seen}) or ()}
        at_once = decided(context, AT_ONCE, {"case": {**seen, "needs": list(rows)}}) or ()
        course = work.process_instances.get(case.process_instance_id) if case.process_instance_id else None
        if course is not None and course.ended_at is not None:
            course = None
        waits = (
            course is not None and WAITS_AT in context.definitions.process(course.definition_id, work.definitions).nodes
        )
        return cls(
            case=case,
            referrals=known,
            status=status_now(context, case, seen),
            has_means=are_checked(case, report),
            course=course,
            waits=waits,
            rows=rows,
            urgent={str(one["need"]) for one in at_once},
        )

    def require(self, need: str) -> None:
        """Raise why a need is not to be referred now, if it is not."""
        refusal = self.refusal(need)
        if refusal is not None:
            raise refusal

    def refusal(self, need: str) -> CaseworkError | None:
        """Return why a need is not to be referred now, or None."""
        number, row = self.case.number, self.rows.get(need)
        with_unit = next((one.number for one in unanswered_of(self.referrals) if one.need == need), None)
        if with_unit is not None:
            return NeedWithUnit(with_unit)
        if row is None:
            return ProgrammeNotOffered(number=number, need=need)
        if self.course is not None and not self.waits:
            return CourseClosesWithout(number=number)
        if self.case.accepted_on is None and need not in self.urgent:
            return CaseNotAccepted(number=number, action="转办")
        if self._awaits_routing(row, need):
            return NeedAwaitsRouting(number=number, need=need)
        if _rests_on_means(row) and not self.has_means:
            return MeansUnchecked(number=number, need=need)
        if self.status not in (row["offered_to"] or (self.status,)):
            return ProgrammeNotOffered(number=number, need=need)
        return None

    def _awaits_routing(self, row: JsonObject, need: str) -> bool:
        """Say whether the window has still to confirm the referrals, and the need hangs on that.

        It does where the household asked for it itself, and where the check has still to say what the household is.
        """
        if self.course is None or self.case.status == CaseStatus.REFERRED or need in self.urgent:
            return False
        came_as, needs = self.case.recognised_status, self.case.needs
        is_checked_now = came_as == RecognisedStatus.NONE or (came_as in OF_LIMITED_TIME and SUBSISTENCE in needs)
        is_asked = need in needs and all(one.need != need for one in self.referrals)
        return is_asked or is_checked_now or _rests_on_means(row)


def _rests_on_means(row: JsonObject) -> bool:
    return bool(row["rests_on_means"]) or row["need"] == CARE


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
