"""The log of job offers, and how many unjustified refusals stand in a row."""

from __future__ import annotations

from uuid import uuid4

from engine.core.model import HandlerCall
from engine.core.texts import Words
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.clock_commands import locked_case
from workflows.casework.programmes.counting import refusals_in_row
from workflows.casework.programmes.model import JobOffer, OfferAnswer
from workflows.handlers.inputs import Inputs, case_of


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
