"""Showing what lists mask, and forgetting what must not be kept: both leave a line in the case's history."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from engine.errors import NotPermitted
from engine.host import Context
from engine.model import HistoryEntry, InstanceState
from workflows.casework.errors import CaseErased, CaseNotFound, CaseStillOpen, RecordNotFound
from workflows.casework.model import Case, CaseStatus
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.programmes.model import ADDED_REFERRAL
from workflows.casework.sight import is_purpose_limited


class Purpose(StrEnum):
    """Why somebody needs to see a number in full."""

    CONTACT = "contact"
    IDENTITY_CHECK = "identity_check"
    PAYMENT = "payment"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalFacts:
    """The numbers of one member in full; the account only for whom it belongs to."""

    identity_number: str
    phone: str
    account_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealPersonalFacts:
    """Show a member's numbers in full; who looked, at whom and why is kept.

    Raises:
        CaseNotFound: unknown, or the actor sees such cases only as far as its unit's purpose goes.
        CaseErased: there is nothing left to show.
        RecordNotFound: the case has no such member.
    """

    case_id: UUID
    member_number: int
    purpose: Purpose

    def execute(self, context: Context[CaseworkUnitOfWork]) -> PersonalFacts:
        """Write down the look, then show."""
        case = context.unit_of_work.cases.get(self.case_id)
        if case is None or is_purpose_limited(context.actor, case.region):
            raise CaseNotFound(self.case_id)
        if case.erased:
            raise CaseErased(number=case.number, action="查看完整号码")
        member = next((one for one in case.members if one.number == self.member_number), None)
        if member is None:
            raise RecordNotFound("member", self.member_number)
        _write_down(context, case, "revealed", member=self.member_number, purpose=self.purpose.value)
        is_holder = case.account is not None and case.account.holder == member.person.name
        return PersonalFacts(
            identity_number=member.person.identity_number,
            phone=member.person.phone,
            account_number=case.account.number if case.account and is_holder else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseCase:
    """Destroy the keys of a finished case and its process, and blank what stands in the clear.

    What was decided and when stays, without persons.

    Raises:
        NotPermitted: the actor is no administrator of the case's region.
        CaseStillOpen: the case is not finished, its process still runs, an order or a question about it is not closed,
            or it is under review.
    """

    case_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        """Erase it; there is no way back."""
        case = context.unit_of_work.cases.get(self.case_id)
        if case is None:
            raise CaseNotFound(self.case_id)
        if not context.actor.system and not context.actor.has_role("administrator", case.region):
            raise NotPermitted("销毁个人信息", "administrator")
        if case.status not in (CaseStatus.CLOSED, CaseStatus.DECLINED) or _still_runs(context, case):
            raise CaseStillOpen(number=case.number)
        context.unit_of_work.cases.erase(case.id)
        _write_down(context, case, "erased")


def _still_runs(context: Context[CaseworkUnitOfWork], case: Case) -> bool:
    """Tell whether the process, a referral, an order, a review or a question could still write or send something.

    What is referred from a task of a finished case starts to afterwards: it goes on beside the case's own process, and
    waits for the lock taken here.
    """
    instance = None
    if case.process_instance_id is not None:
        instance = context.unit_of_work.process_instances.lock(case.process_instance_id)
    work, supervision = context.unit_of_work, context.unit_of_work.procedure.supervision
    if supervision.orders.are_open(case.number) or supervision.spot_checks.are_open(case.id):
        return True
    if work.advice.are_open(case.id):
        return True
    if work.process_instances.is_running(ADDED_REFERRAL, case.number):
        return True
    return instance is not None and instance.state in (InstanceState.ACTIVE, InstanceState.SUSPENDED)


def _write_down(context: Context[CaseworkUnitOfWork], case: Case, action: str, **details: str | int) -> None:
    if case.process_instance_id is None:
        return
    context.unit_of_work.history.add(
        HistoryEntry(
            process_instance_id=case.process_instance_id,
            at=context.now(),
            actor=context.actor.id,
            action=action,
            details=dict(details),
        )
    )
