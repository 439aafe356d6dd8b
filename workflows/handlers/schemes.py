"""Schemes beside each other: what a person draws already, what a new one ends, cards, what follows."""

from __future__ import annotations

from dataclasses import replace

from engine.core.model import HandlerCall
from engine.errors import ConcurrentChange
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.benefits.model import Act, Benefit, BenefitState, Terms
from workflows.casework.benefits.overlap import identities
from workflows.casework.days import local_day, month_after, month_of
from workflows.casework.errors import RecordNotFound
from workflows.casework.model import Case, Member
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.standards import standards_on
from workflows.casework.starting import start_process_of
from workflows.handlers.allowance import benefit_of, tell_recheck
from workflows.handlers.benefits import grant_benefit, persons_of
from workflows.handlers.inputs import Inputs, case_of, referral_of
from workflows.handlers.status_ends import end_recognition

FOLLOW_UPS = ("card_renewal",)
FROM_APPLICATION = "application"
CARE_SCHEMES = "care_schemes"
"""The parameter: which schemes bring care with them, so that their persons draw no other subsidy for care."""


def list_active_schemes(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Tell what members of the case draw from next month on, in whatever case it was granted."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    drawn = _drawn(context, case, persons_of(inputs, case))
    return {
        "active": sorted({one.programme for one, _ in drawn}),
        "benefits": [
            {"benefit_id": str(one.id), "programme": one.programme, "case_number": file.number} for one, file in drawn
        ],
    }


def end_replaced_benefits(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """End with this month what members draw of a programme that a new one replaces, so that never both are paid."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    programme = inputs.text("programme")
    this_month = month_of(local_day(context.now()))
    act = Act(reason=inputs.text("reason"), at=context.now(), decision_id=inputs.optional_id("decision_id"))
    ended = []
    for one, file in _drawn(context, case, persons_of(inputs, case)):
        if one.programme != programme:
            continue
        held = context.unit_of_work.benefits.lock(one.id)
        if held is None:
            raise ConcurrentChange
        over = held.ended(this_month, act)
        context.unit_of_work.benefits.save(over)
        end_recognition(context, file, status=one.programme, last_month=this_month, reason=act.reason)
        tell_recheck(context, file, before=held, after=over)
        ended.append(str(one.id))
    return {"ended": ended, "last_month": f"{this_month:%Y-%m}"}


def read_disability_cards(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Tell of every disabled member whether the card on file is valid today, expired or missing; no number leaves."""
    case = case_of(context, Inputs(step=call.type, variables=call.variables))
    today = local_day(context.now())
    drawn = _drawn(context, case, tuple(one.number for one in case.members))
    caring = standards_on(context.unit_of_work, today).values.get(CARE_SCHEMES)
    schemes = caring if isinstance(caring, list | tuple) else ()
    cared_for = {
        number: one.programme for one, file in drawn if one.programme in schemes for number in _common(case, file, one)
    }
    disabled = [one for one in case.members if one.person.health.disability_level]
    return {
        "disabled": [
            {
                "number": one.number,
                "relation": one.person.relation,
                "kind": one.person.health.disability_kind,
                "level": one.person.health.disability_level,
                "card": _card_state(one, today.isoformat()),
                "expires_on": one.person.card.expires_on.isoformat() if one.person.card else None,
                "other_care": cared_for.get(one.number, "none"),
            }
            for one in disabled
        ]
    }


def grant_scheme(context: Context[CaseworkUnitOfWork], instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Grant a monthly benefit to some members, from next month or from a month given; a referral grants one only.

    `start_month` may be "application": the month in which the household applied; for a need that somebody found later,
    the month in which it was found.

    Raises:
        BenefitsOverlap: a member draws something that excludes it.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    started = inputs.optional_text("start_month")
    if started == FROM_APPLICATION:
        case = case_of(context, inputs)
        started = f"{referral_of(context, inputs, case).applied_on or case.received_on:%Y-%m}"
    return grant_benefit(context, instance, replace(call, variables={**call.variables, "start_month": started}))


def read_scheme(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Tell what a benefit pays from next month on, and of which referral it is."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    benefit = benefit_of(context, inputs, case)
    referral = context.unit_of_work.referrals.get(benefit.referral_id)
    version = benefit.version_in(month_after(local_day(context.now())))
    if referral is None or version is None:
        raise RecordNotFound("benefit", benefit.id)
    names = ("number", "need", "programme", "unit_kind", "process_id")
    shape: JsonObject = {"id": str(referral.id), **{name: getattr(referral, name) for name in names}}
    sums: JsonObject = {"base": version.base, "add_ons": version.add_ons, "amount": version.amount}
    return {"scheme": {"referral": shape, **sums}}


def change_scheme(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Change the sums of a benefit from next month on; the members it counts stay.

    Raises:
        BenefitStateWrong: it is not in payment next month.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    month = month_after(local_day(context.now()))
    held = benefit_of(context, inputs, case, lock=True)
    version = held.version_in(month)
    if version is None:
        raise RecordNotFound("benefit", inputs.id("benefit_id"))
    terms = Terms(base=inputs.number("base"), add_ons=inputs.number("add_ons"), persons=version.persons)
    context.unit_of_work.benefits.save(held.changed(month, terms, Act(reason=inputs.text("reason"), at=context.now())))
    return {"from_month": f"{month:%Y-%m}"}


def start_follow_up(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Start a process of its own about this case, to go on after the case is closed."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    process_id = inputs.choice("process_id", *FOLLOW_UPS)
    start_process_of(context, case, process_id, inputs.context("facts"))
    return {"followed_by": process_id}


def _drawn(context: Context[CaseworkUnitOfWork], case: Case, persons: tuple[int, ...]) -> list[tuple[Benefit, Case]]:
    """Return the benefits that go on next month for one of these persons, with their cases."""
    month = month_after(local_day(context.now()))
    wanted = identities(case, persons)
    found = []
    for one in context.unit_of_work.benefits.of_household(case.id):
        version = one.version_in(month)
        file = case if one.case_id == case.id else context.unit_of_work.cases.get(one.case_id)
        if version is None or file is None or one.state_in(month) == BenefitState.ENDED:
            continue
        if not wanted.isdisjoint(identities(file, version.persons)):
            found.append((one, file))
    return found


def _common(case: Case, file: Case, benefit: Benefit) -> list[int]:
    """Return the members of a case whom a benefit of another case counts."""
    counted = {number for version in benefit.current for number in version.persons}
    drawing = identities(file, counted)
    return [one.number for one in case.members if one.person.identity_number in drawing]


def _card_state(member: Member, today: str) -> str:
    card = member.person.card
    if card is None:
        return "missing"
    return "valid" if card.expires_on.isoformat() >= today else "expired"
