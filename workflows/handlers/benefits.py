"""What a household is granted: the monthly benefit with its history, the status with its validity."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from engine.core.model import HandlerCall
from engine.core.texts import Words
from engine.errors import ConcurrentChange
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.benefits.model import Act, Benefit
from workflows.casework.benefits.overlap import require_no_overlap
from workflows.casework.days import local_day, month_after
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.standards import standards_on
from workflows.handlers.inputs import Inputs, case_of, referral_of


def grant_benefit(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Grant a monthly benefit from the month after the decision, or from a month given; a referral grants one only.

    `persons` are the numbers of the members it counts, all of them when absent; `reason` and `decision_id` go into
    its history, `recheck_class` and `recheck_due_on` say when it is to be looked at again.

    Raises:
        BenefitsOverlap: a member draws something that excludes it.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    referral = referral_of(context, inputs, case)
    wanted = _granted(context, inputs, case, programme=referral.programme)
    given = context.unit_of_work.benefits.of_referral(referral.id)
    if given is None:
        standards = standards_on(context.unit_of_work, local_day(context.now()))
        require_no_overlap(context.unit_of_work, case, wanted, standards)
        if not context.unit_of_work.benefits.add(wanted):
            raise ConcurrentChange
        given = wanted
    return {"benefit_id": str(given.id), "start_month": f"{given.start_month:%Y-%m}"}


def _granted(context: Context[CaseworkUnitOfWork], inputs: Inputs, case: Case, *, programme: str) -> Benefit:
    base, add_ons, amount = inputs.number("base"), inputs.number("add_ons"), inputs.number("amount")
    if base + add_ons != amount:
        raise inputs.unfit("amount", Words("base 与 add_ons 之和", "the sum of base and add_ons"))
    granted = Benefit(
        id=uuid4(),
        case_id=case.id,
        referral_id=inputs.id("referral_id"),
        programme=programme,
        amount=amount,
        amount_period="month",
        base=base,
        add_ons=add_ons,
        start_month=inputs.optional_month("start_month") or month_after(local_day(context.now())),
        granted_at=context.now(),
        recheck_class=inputs.optional_text("recheck_class"),
        recheck_due_on=inputs.optional_day("recheck_due_on"),
    )
    act = Act(
        reason=inputs.optional_text("reason") or "", at=context.now(), decision_id=inputs.optional_id("decision_id")
    )
    return granted.opened(persons_of(inputs, case), act)


def persons_of(inputs: Inputs, case: Case) -> tuple[int, ...]:
    """Return the members an input names by number, all of them when it is absent; each must be of the case."""
    everyone = tuple(one.number for one in case.members)
    named = inputs.whole_numbers("persons")
    if any(one not in everyone for one in named):
        raise inputs.unfit("persons", Words("本案成员的序号", "numbers of members of the case"))
    return named or everyone


def month_text(month: date | None) -> str | None:
    """Return a month as diagrams carry it, like 2026-11."""
    return None if month is None else f"{month:%Y-%m}"
