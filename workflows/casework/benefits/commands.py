"""Starting what can happen to a running benefit: a change, refusals of work, a suspension, an end, a re-check."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from engine.commands.messages import CorrelateMessage
from engine.errors import NotCorrelated
from engine.host import Context
from engine.model import SYSTEM, Actor, ProcessInstance
from engine.permissions import checked_reason
from workflows.casework.benefits.errors import BenefitNotChosen, BenefitStateWrong, NobodyWaits
from workflows.casework.benefits.model import Benefit, BenefitState
from workflows.casework.days import local_day, month_after
from workflows.casework.errors import CaseErased, CaseNotFound, RecordNotFound
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.messages import RECHECK_MESSAGE
from workflows.casework.procedure.office import WORKING, require_office
from workflows.casework.starting import start_process_of

CHANGE, SUSPENSION, END, SINGLE_ENTRY = "benefit_change", "benefit_suspension", "benefit_end", "single_entry"
EMPLOYMENT = "employment"


class ChangeTrigger(StrEnum):
    """Where the word of a change comes from."""

    REPORT = "report"  # the household told it
    DATA = "data"  # another unit's data shows it


class EndGround(StrEnum):
    """Why a benefit ends without a new means test."""

    WAIVER = "waiver"
    DEATH = "death"
    MOVED = "moved"
    OTHER_SCHEME = "other_scheme"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportChange:
    """Start looking into a change of a household that draws a benefit.

    Raises:
        BenefitNotChosen: the case has no running benefit, or several and none was named.
        NotPermitted: the actor does not work for this region.
        ReasonMissing: nobody would know what changed.
    """

    case_id: UUID
    reported: str
    trigger: ChangeTrigger = ChangeTrigger.REPORT
    benefit_id: UUID | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> ProcessInstance:
        """Start the process."""
        case = _case(context, self.case_id)
        require_office(context.actor, case.region, WORKING, action="登记待遇变更")
        benefit = _running(context, case, self.benefit_id)
        told = checked_reason(self.reported)
        variables = {"benefit_id": str(benefit.id), "trigger": self.trigger.value, "reported": told}
        return start_process_of(context, case, CHANGE, variables)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyRefusals:
    """Tell the county that a member refused suitable work so many times in a row without good reason.

    Raises:
        BenefitNotChosen: the household draws nothing that could be cut.
        RecordNotFound: the case has no such member, or the benefit does not count it any more.
        NotPermitted: the actor neither finds work for people of this region nor works on relief there.
    """

    case_id: UUID
    member: int
    refusals: int
    benefit_id: UUID | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> ProcessInstance:
        """Start the process that hears the household and decides."""
        case = _case(context, self.case_id)
        if not _finds_work(context.actor, case.region):
            require_office(context.actor, case.region, WORKING, action="通报拒绝就业")
        benefit = _running(context, case, self.benefit_id)
        counted = benefit.drawn_version(month_after(local_day(context.now()))).persons
        if self.member not in counted:
            raise RecordNotFound("member", self.member)
        variables = {"trigger": "refusals", "member": self.member, "refusals": self.refusals}
        return start_process_of(context, case, CHANGE, {**variables, "benefit_id": str(benefit.id)})


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendBenefit:
    """Ask the county to suspend a benefit.

    Raises:
        BenefitNotChosen: the case has no running benefit, or several and none was named.
        NotPermitted: the actor does not work for this region.
        ReasonMissing: nobody would know why.
    """

    case_id: UUID
    reason: str
    benefit_id: UUID | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> ProcessInstance:
        """Start the process."""
        case = _case(context, self.case_id)
        require_office(context.actor, case.region, WORKING, action="提请暂停待遇")
        benefit = _running(context, case, self.benefit_id)
        variables = {"benefit_id": str(benefit.id), "suspension_reason": checked_reason(self.reason)}
        return start_process_of(context, case, SUSPENSION, variables)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndBenefit:
    """Report that a benefit is to end: given up, a death, a move, another scheme.

    Raises:
        BenefitNotChosen: the case has no running benefit, or several and none was named.
        NotPermitted: the actor does not work for this region.
        ReasonMissing: nobody would know why.
    """

    case_id: UUID
    ground: EndGround
    reason: str
    benefit_id: UUID | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> ProcessInstance:
        """Start the process."""
        case = _case(context, self.case_id)
        require_office(context.actor, case.region, WORKING, action="登记待遇终止")
        benefit = _running(context, case, self.benefit_id)
        variables = {"ground": self.ground.value, "end_reason": checked_reason(self.reason)}
        return start_process_of(context, case, END, {**variables, "benefit_id": str(benefit.id)})


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckBenefit:
    """Have a benefit looked at again now, not only when it is due.

    Raises:
        BenefitNotChosen: the case has no running benefit, or several and none was named.
        NobodyWaits: it is being looked at already, or no re-check was planned.
        NotPermitted: the actor does not work for this region.
    """

    case_id: UUID
    benefit_id: UUID | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> ProcessInstance:
        """Wake the process that waits for the day."""
        case = _case(context, self.case_id)
        require_office(context.actor, case.region, WORKING, action="提前复核待遇")
        return woken(context, _running(context, case, self.benefit_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSingleEntry:
    """Ask that one member of an edge family draws the subsistence allowance alone.

    Raises:
        RecordNotFound: the case has no such member.
        NotPermitted: the actor does not work for this region.
    """

    case_id: UUID
    member: int

    def execute(self, context: Context[CaseworkUnitOfWork]) -> ProcessInstance:
        """Start the process that tests it by the rule."""
        case = _case(context, self.case_id)
        require_office(context.actor, case.region, WORKING, action="登记单人纳入申请")
        if self.member not in {one.number for one in case.at_home}:
            raise RecordNotFound("member", self.member)
        held = context.unit_of_work.recognitions.of_household(case.id, local_day(context.now()))
        statuses = [one.status for one in held] or [case.recognised_status]
        status = "edge" if "edge" in statuses else statuses[-1]
        return start_process_of(context, case, SINGLE_ENTRY, {"member": self.member, "household_status": status})


def _case(context: Context[CaseworkUnitOfWork], case_id: UUID) -> Case:
    case = context.unit_of_work.cases.get(case_id)
    if case is None:
        raise CaseNotFound(case_id)
    if case.erased:
        raise CaseErased(number=case.number, action="办理待遇变更")
    return case


def _running(context: Context[CaseworkUnitOfWork], case: Case, benefit_id: UUID | None) -> Benefit:
    month = month_after(local_day(context.now()))
    benefits = context.unit_of_work.benefits.of_case(case.id)
    if benefit_id is not None:
        benefit = next((one for one in benefits if one.id == benefit_id), None)
        if benefit is None:
            raise RecordNotFound("benefit", benefit_id)
        state = benefit.state_in(month)
        if state == BenefitState.ENDED:
            raise BenefitStateWrong(benefit=benefit.id, month=month, state=state, action="change it", action_zh="变更")
        return benefit
    running = [one for one in benefits if one.state_in(month) in (BenefitState.IN_PAYMENT, BenefitState.SUSPENDED)]
    if len(running) != 1:
        raise BenefitNotChosen(number=case.number, count=len(running))
    return running[0]


def woken(context: Context[CaseworkUnitOfWork], benefit: Benefit) -> ProcessInstance:
    """Begin the re-check of a benefit now.

    Raises:
        NobodyWaits: it is being looked at already, or no re-check was planned.
    """
    message = CorrelateMessage(name=RECHECK_MESSAGE, correlation_key=str(benefit.id), variables={})
    try:
        return message.execute(replace(context, actor=SYSTEM))
    except NotCorrelated:
        raise NobodyWaits(benefit=benefit.id) from None


def _finds_work(actor: Actor, region: str) -> bool:
    return any(one.unit_kind == EMPLOYMENT and region.startswith(one.region) for one in actor.memberships)
