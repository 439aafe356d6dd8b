"""What units may do beside their tasks: ask for information, give a referral up, log an offer, settle a bill."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from engine.errors import ConcurrentChange, NotPermitted
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import Actor
from workflows.casework.county import CIVIL_AFFAIRS, COUNTY_REGION, MEDICAL, TOWNSHIP
from workflows.casework.days import local_day
from workflows.casework.errors import CaseNotAccepted, CaseNotFound, RecordNotFound, ReferralStateWrong
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.clock_commands import locked_case
from workflows.casework.procedure.guard import is_kin
from workflows.casework.procedure.messages import tell_waiting
from workflows.casework.programmes.errors import (
    BillInvalid,
    BillKnown,
    CallWaiting,
    MemberUnfit,
    NotFirstInQueue,
    PlaceNotWaiting,
    ReferralNotFound,
)
from workflows.casework.programmes.model import (
    HousingPlace,
    MedicalBill,
    OfferAnswer,
    PlaceState,
    QueryPurpose,
    StatusQuery,
)
from workflows.casework.programmes.queries import StatusAnswer
from workflows.casework.records import Referral, ReferralState
from workflows.casework.starting import start_county_process, start_process_of

STAFF = ("clerk", "reviewer")
HOUSING = "housing"
SATISFACTION_CALL = "satisfaction_call"
SETTLEMENT = "medical_settlement"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForInformation:
    """Ask the window for something the unit cannot go on without; its clock rests until the answer.

    Raises:
        ReferralNotFound: no such referral.
        NotPermitted: the actor is no clerk or reviewer of the unit that has it.
        ReferralStateWrong: the unit does not have it, or waits for an answer already.
    """

    number: str
    question: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Referral:
        """Send the question."""
        case, referral = _referral(context, self.number)
        _require_staff(context, referral.unit_kind, referral.region, action="要求补充情况")
        if not referral.is_open or referral.state == ReferralState.NEED_INFO:
            raise ReferralStateWrong(number=referral.number, state=referral.state, action="暂停计时")
        variables = {"question": self.question, "asked_by": context.actor.id}
        _tell(context, case, "referral_needs_information", key=str(referral.id), variables=variables)
        return _read_again(context, referral)


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelReferral:
    """Take back a referral whose need is gone; the household is told, the unit's tasks end.

    Raises:
        ReferralNotFound: no such referral.
        NotPermitted: the actor is no clerk of the window or of civil affairs.
        ReferralStateWrong: it is answered already.
    """

    number: str
    reason: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Referral:
        """Cancel it."""
        case, referral = _referral(context, self.number)
        if not any(_is_staff(context, kind, case.region) for kind in (TOWNSHIP, CIVIL_AFFAIRS)):
            raise NotPermitted("撤销转办单", f"{TOWNSHIP}/clerk")
        if not referral.is_open:
            raise ReferralStateWrong(number=referral.number, state=referral.state, action="撤销转办单")
        _tell(context, case, "referral_cancelled", key=str(referral.id), variables={"cancel_reason": self.reason})
        return _read_again(context, referral)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogJobOffer:
    """Record a suitable offer to a member and what came of it; the rules count unjustified refusals in a row.

    Raises:
        CaseNotFound: no such case.
        NotPermitted: the actor is no staff of the employment bureau.
        MemberUnfit: nobody of this number is a member.
    """

    case_id: UUID
    member_number: int
    offered_on: date | None  # None: today
    title: str
    monthly_wage: Decimal | None
    distance_km: Decimal | None
    answer: OfferAnswer
    ground: str
    reason: str | None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        """Let the process log it and tell civil affairs where the limit is reached."""
        case = _case(context, self.case_id)
        _require_staff(context, "employment", case.region, action="登记岗位推荐")
        if self.member_number not in {one.number for one in case.members}:
            raise MemberUnfit(number=case.number, member=self.member_number)
        offered: JsonObject = {
            "member_number": self.member_number,
            "offered_on": (self.offered_on or local_day(context.now())).isoformat(),
            "offer_title": self.title,
            "monthly_wage": self.monthly_wage,
            "distance_km": self.distance_km,
            "answer": self.answer.value,
            "ground": self.ground,
            "reason": self.reason,
        }
        start_process_of(context, case, "job_offer", offered)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleBill:
    """Split a hospital's bill: at once when settled on line, by claim and review when brought on paper.

    Raises:
        BillInvalid: more is in scope than the total.
        BillKnown: the number is on file with other content, for another patient or of another hospital.
        NotPermitted: the actor is no staff of the medical security bureau.
    """

    number: str
    identity_number: str
    hospital: str
    discharged_on: date
    channel: str
    total: Decimal
    in_scope: Decimal

    def execute(self, context: Context[CaseworkUnitOfWork]) -> MedicalBill | None:
        """Return the settled bill; None while a paper claim is examined."""
        _require_staff(context, MEDICAL, COUNTY_REGION, action="结算医疗费用")
        if self.in_scope > self.total:
            raise BillInvalid(number=self.number, in_scope=self.in_scope, total=self.total)
        medical = context.unit_of_work.programmes.medical
        known = medical.bill(self.number)
        if known is not None:
            self._require_same(context, known)
            return known
        status = medical.status_on(self.identity_number, self.discharged_on)
        case = context.unit_of_work.cases.get(status.case_id) if status else None
        variables: JsonObject = {
            "number": self.number,
            "identity_number": self.identity_number,
            "hospital": self.hospital,
            "discharged_on": self.discharged_on.isoformat(),
            "claimed_on": local_day(context.now()).isoformat(),
            "channel": self.channel,
            "total": self.total,
            "in_scope": self.in_scope,
        }
        if case is not None:
            start_process_of(context, case, SETTLEMENT, variables)
        else:
            start_county_process(context, SETTLEMENT, medical.key_of_patient(self.identity_number), variables)
        return medical.bill(self.number)

    def _require_same(self, context: Context[CaseworkUnitOfWork], known: MedicalBill) -> None:
        stated = (self.hospital, self.total, self.in_scope, self.discharged_on)
        of_patient = context.unit_of_work.programmes.medical.is_of(known.number, identity_number=self.identity_number)
        if not of_patient or stated != (known.hospital, known.total, known.in_scope, known.discharged_on):
            raise BillKnown(self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryMedicalStatus:
    """Answer a hospital which status a person has on a day, and keep who asked what for.

    Raises:
        NotPermitted: the actor is no staff of the medical security bureau.
    """

    identity_number: str
    day: date
    purpose: QueryPurpose

    def execute(self, context: Context[CaseworkUnitOfWork]) -> StatusAnswer:
        """Look it up."""
        _require_staff(context, MEDICAL, COUNTY_REGION, action="查询医疗救助身份")
        medical = context.unit_of_work.programmes.medical
        found = medical.status_on(self.identity_number, self.day)
        query = StatusQuery(
            id=uuid4(),
            asked_at=context.now(),
            asked_by=context.actor.id,
            purpose=self.purpose,
            day=self.day,
            status=found.status if found else "none",
            case_id=found.case_id if found else None,
        )
        medical.log_query(query, identity_number=self.identity_number)
        return StatusAnswer(status=found.status if found else None, valid_from=found.valid_from if found else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlePlace:
    """Give the household first in the queue a dwelling, or let one leave the queue.

    Raises:
        RecordNotFound: no such place, or one of the actor's kin.
        PlaceNotWaiting: it is settled.
        NotFirstInQueue: somebody waits before it.
        NotPermitted: the actor is no staff of the housing bureau.
    """

    place_id: UUID
    contract_number: str | None  # None: the household leaves the queue

    def execute(self, context: Context[CaseworkUnitOfWork]) -> HousingPlace:
        """Write what became of the place."""
        _require_staff(context, HOUSING, COUNTY_REGION, action="办理公租房配租")
        queue = context.unit_of_work.programmes.housing_queue
        place = queue.place(self.place_id)
        if place is None:
            raise RecordNotFound("place in the queue", self.place_id)
        case = context.unit_of_work.cases.get(place.case_id)
        if case is not None and is_kin(context, case):
            raise RecordNotFound("place in the queue", self.place_id)
        if place.state != PlaceState.WAITING:
            raise PlaceNotWaiting(place.number)
        first = queue.waiting()[0]
        if self.contract_number is not None and first.id != place.id:
            raise NotFirstInQueue(number=place.number, first=first.number)
        settled = replace(
            place,
            state=PlaceState.ALLOCATED if self.contract_number is not None else PlaceState.LEFT,
            contract_number=self.contract_number,
            settled_on=local_day(context.now()),
        )
        queue.save(settled)
        return settled


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginSchoolTerm:
    """Begin matching and paying the grants of a school term.

    Raises:
        NotPermitted: the actor is no staff of the education bureau.
    """

    term: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        """Start the term's process."""
        _require_staff(context, "education", COUNTY_REGION, action="核对学期名单")
        start_county_process(context, "education_term", "", {"term": self.term})


@dataclass(frozen=True, slots=True, kw_only=True)
class CallForSatisfaction:
    """Put a call to the household on the window's list; the case does not wait for it.

    Raises:
        CaseNotFound: no such case.
        NotPermitted: the actor is no clerk of the window or of civil affairs.
        CaseNotAccepted: there is nothing yet the household could be content with.
        CallWaiting: a call waits already, also one asked for at the same moment.
    """

    case_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        """Start it."""
        case = _case(context, self.case_id)
        if not any(_is_staff(context, kind, case.region) for kind in (TOWNSHIP, CIVIL_AFFAIRS)):
            raise NotPermitted("安排满意度回访", f"{TOWNSHIP}/clerk")
        if case.accepted_on is None:
            raise CaseNotAccepted(number=case.number, action="安排满意度回访")
        locked_case(context, case.id)  # of two clicks at once the second sees the call of the first
        if context.unit_of_work.process_instances.is_running(SATISFACTION_CALL, case.number):
            raise CallWaiting(case.number)
        start_process_of(context, case, SATISFACTION_CALL, {})


def _referral(context: Context[CaseworkUnitOfWork], number: str) -> tuple[Case, Referral]:
    referral = context.unit_of_work.referrals.by_number(number)
    if referral is None:
        raise ReferralNotFound(number)
    case = _case(context, referral.case_id)
    if is_kin(context, case):
        raise ReferralNotFound(number)
    return case, referral


def _case(context: Context[CaseworkUnitOfWork], case_id: UUID) -> Case:
    case = context.unit_of_work.cases.get(case_id)
    if case is None:
        raise CaseNotFound(case_id)
    return case


def _read_again(context: Context[CaseworkUnitOfWork], referral: Referral) -> Referral:
    return context.unit_of_work.referrals.get(referral.id) or referral


def may_settle_places(actor: Actor) -> bool:
    """Say whether the actor gives dwellings to those who wait for public rental."""
    return _works_in(actor, HOUSING, COUNTY_REGION)


def _is_staff(context: Context[CaseworkUnitOfWork], kind: str, region: str) -> bool:
    return _works_in(context.actor, kind, region)


def _works_in(actor: Actor, kind: str, region: str) -> bool:
    return actor.system or actor.is_candidate(tuple(f"{kind}/{role}" for role in STAFF), region)


def _require_staff(context: Context[CaseworkUnitOfWork], kind: str, region: str, *, action: str) -> None:
    if not _is_staff(context, kind, region):
        raise NotPermitted(action, "、".join(f"{kind}/{role}" for role in STAFF))


def _tell(context: Context[CaseworkUnitOfWork], case: Case, name: str, *, key: str, variables: JsonObject) -> None:
    """Hand a message to the referral that waits for it.

    Raises:
        ConcurrentChange: its process is busy at this moment.
    """
    if not tell_waiting(context, case, name=name, key=key, variables=variables):
        raise ConcurrentChange
