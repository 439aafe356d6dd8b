"""The log of job offers, how many unjustified refusals stand in a row, and what they begin for the allowance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from engine.core.model import HandlerCall
from engine.core.texts import Words
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import SYSTEM, ProcessInstance
from workflows.casework.benefits.commands import NotifyRefusals
from workflows.casework.benefits.model import BenefitState
from workflows.casework.benefits.overlap import identities
from workflows.casework.days import local_day, month_after
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.clock_commands import locked_case
from workflows.casework.programmes.counting import refusals_in_row
from workflows.casework.programmes.model import JobOffer, OfferAnswer
from workflows.handlers.inputs import Inputs, case_of

ALLOWANCE = "dibao"


def record_job_offer(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Keep an offer with its answer and how the rules judged it; say how many refusals now stand in a row.

    Offers of a case are counted one after the other: of two at once the second counts the first.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = locked_case(context, case_of(context, inputs).id)
    member = int(inputs.number("member_number"))
    if member not in {one.number for one in case.members}:
        raise inputs.unfit("member_number", Words("家庭成员的序号", "the number of a member"))
    offers = context.unit_of_work.programmes.job_offers
    offers.add(
        JobOffer(
            id=uuid4(),
            case_id=case.id,
            member_number=member,
            offered_on=inputs.day("offered_on"),
            title=inputs.text("offer_title"),
            monthly_wage=inputs.optional_number("monthly_wage"),
            distance_km=inputs.optional_number("distance_km"),
            answer=OfferAnswer(inputs.choice("answer", *OfferAnswer)),
            ground=inputs.text("ground"),
            reason=inputs.optional_text("reason"),
            counts=inputs.flag("counts"),
            resets=inputs.flag("resets"),
            judged_by=context.actor.id,
            recorded_at=context.now(),
        )
    )
    row = refusals_in_row(offers.of_member(case.id, member))
    return {
        "refusals_in_row": len(row),
        "refusal_days": [day.isoformat() for day in row],
        "limit_reached": inputs.flag("counts") and len(row) == inputs.number("limit"),
    }


def notify_refusals(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Begin the change of the allowance that counts a member who refused work, in whatever case it is drawn.

    Without such an allowance nothing begins, and `benefit_id` is null.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    found = _allowance_counting(context, case, int(inputs.number("member_number")))
    if found is None:
        return {"benefit_id": None}
    command = NotifyRefusals(
        case_id=found.case_id, member=found.member, refusals=int(inputs.number("refusals")), benefit_id=found.benefit_id
    )
    command.execute(replace(context, actor=SYSTEM))
    return {"benefit_id": str(found.benefit_id)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """A member as the case knows it in which the allowance is drawn."""

    case_id: UUID
    benefit_id: UUID
    member: int


def _allowance_counting(context: Context[CaseworkUnitOfWork], case: Case, member: int) -> _Counted | None:
    month = month_after(local_day(context.now()))
    person = identities(case, (member,))
    for benefit in context.unit_of_work.benefits.of_household(case.id):
        version = benefit.version_in(month)
        file = case if benefit.case_id == case.id else context.unit_of_work.cases.get(benefit.case_id)
        if benefit.programme != ALLOWANCE or version is None or file is None:
            continue
        if benefit.state_in(month) == BenefitState.ENDED:
            continue
        for number in version.persons:
            if identities(file, (number,)) & person:
                return _Counted(case_id=file.id, benefit_id=benefit.id, member=number)
    return None
