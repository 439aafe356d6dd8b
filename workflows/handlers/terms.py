"""School terms: a pupil's grant of a year in parts, matched with the roll of each term and paid once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

from engine.core.model import HandlerCall
from engine.core.texts import Words
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.days import local_day
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.programmes.model import GrantState, TermGrant
from workflows.casework.records import Referral
from workflows.handlers.inputs import Inputs, case_of, referral_of
from workflows.rules.money import round_to_fen


def record_term_grants(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Keep each pupil's grant in parts, one a term; who is not on the roll stands in the unmatched list."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    referral = referral_of(context, inputs, case)
    terms = inputs.texts("terms")
    if not terms:
        raise inputs.unfit("terms", Words("至少一个学期", "at least one term"))
    grants = [one for pupil in inputs.contexts("grants") for one in _of_pupil(case, referral, pupil, terms)]
    context.unit_of_work.programmes.term_grants.add(grants)
    return {"grant_count": len(grants)}


def list_term_grants(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Return the grants due in a term as rows to be matched with the schools' rolls."""
    inputs = Inputs(step=call.type, variables=call.variables)
    unit_of_work = context.unit_of_work
    due = [one for one in unit_of_work.programmes.term_grants.of_term(inputs.text("term")) if one.state == "due"]
    cases = {case_id: unit_of_work.cases.get(case_id) for case_id in {one.case_id for one in due}}
    return {"pupils": [_row(grant, cases[grant.case_id]) for grant in due]}


def pay_term_grants(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Write down who was paid and who is not on the roll; a grant is paid once."""
    inputs = Inputs(step=call.type, variables=call.variables)
    grants = context.unit_of_work.programmes.term_grants
    due = grants.due_of_term(inputs.text("term"))
    paid = unmatched = 0
    for row in inputs.contexts("pupils"):
        grant = due.get(row.id("grant_id"))
        if grant is None:  # paid by another list meanwhile
            continue
        if row.choice("on_roll", "yes", "no") == "yes":
            grants.save(replace(grant, state=GrantState.PAID, paid_on=local_day(context.now())))
            paid += 1
        else:
            grants.save(replace(grant, state=GrantState.UNMATCHED))
            unmatched += 1
    return {"paid": paid, "unmatched": unmatched}


def _of_pupil(case: Case, referral: Referral, pupil: Inputs, terms: tuple[str, ...]) -> list[TermGrant]:
    amount, matched = pupil.number("amount"), pupil.flag("matched")
    if not matched:
        return [_grant(case, referral, pupil, terms[0], Decimal(0), GrantState.UNMATCHED)]
    if amount == 0:
        return []
    part = round_to_fen(amount / len(terms))
    parts = [part] * (len(terms) - 1)
    return [
        _grant(case, referral, pupil, term, money, GrantState.DUE)
        for term, money in zip(terms, [*parts, amount - sum(parts)], strict=True)
    ]


def _grant(case: Case, referral: Referral, pupil: Inputs, term: str, amount: Decimal, state: GrantState) -> TermGrant:
    return TermGrant(
        id=uuid4(),
        case_id=case.id,
        referral_id=referral.id,
        member_number=int(pupil.number("number")),
        school_stage=pupil.text("school_stage"),
        school=pupil.optional_text("school"),
        term=term,
        amount=amount,
        state=state,
    )


def _row(grant: TermGrant, case: Case | None) -> JsonObject:
    return {
        "grant_id": str(grant.id),
        "case_number": case.number if case else "",
        "number": grant.member_number,
        "school_stage": grant.school_stage,
        "amount": grant.amount,
        "on_roll": "yes",
    }
