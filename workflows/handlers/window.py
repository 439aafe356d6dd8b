"""Small records of the window and of the housing bureau: a place in the queue, a call to the household."""

from __future__ import annotations

from uuid import uuid4

from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.days import local_day
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.programmes.model import HousingPlace, SatisfactionCall
from workflows.handlers.inputs import Inputs, case_of, referral_of


def join_housing_queue(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Give the household the next number in the queue for public rental; a referral has one place only."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    referral = referral_of(context, inputs, case)
    place = context.unit_of_work.programmes.housing_queue.join(
        HousingPlace(
            id=uuid4(),
            case_id=case.id,
            referral_id=referral.id,
            number=0,  # the queue gives the number
            priority=int(inputs.number("priority")),
            persons=int(inputs.number("persons")),
            joined_on=local_day(context.now()),
        )
    )
    queued = {"queue_number": place.number, "priority": place.priority, "persons": place.persons}
    return {"result": {"way": "public_rental", **queued}}


def record_satisfaction(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Keep what the household said when it was called."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    score = inputs.optional_text("score")
    made = SatisfactionCall(
        id=uuid4(),
        case_id=case.id,
        called_at=context.now(),
        called_by=context.actor.id,
        reached=inputs.flag("reached"),
        score=int(score) if score else None,
        remark=inputs.optional_text("remark"),
    )
    context.unit_of_work.programmes.satisfaction.add(made)
    return {"call_id": str(made.id)}
