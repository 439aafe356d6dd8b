"""Referrals: opened from what the clerk confirmed, sent with both clocks, returned, rerouted, answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.clocks import ReferralClocks
from workflows.casework.county import TOWNSHIP
from workflows.casework.days import local_day
from workflows.casework.errors import CaseNotAccepted, MeansUnchecked, ReferralStateWrong
from workflows.casework.means import are_checked
from workflows.casework.model import Case, CaseStatus, Need
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.programmes.errors import NeedWithUnit
from workflows.casework.programmes.model import ADDED_REFERRAL, SharedFacts
from workflows.casework.records import OPEN_REFERRAL_STATES, Outcome, Referral, ReferralState, unanswered_of
from workflows.casework.standards import standards_on
from workflows.handlers.documents import issue
from workflows.handlers.inputs import Inputs, case_of, referral_of

URGENT_PROGRAMME = "temporary_relief"
PERIODS = ("month", "year", "once")


def open_referrals(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Open a referral for each need the clerk confirmed, once for each; what was dropped is kept with the note.

    A need that is with a unit meanwhile, or was granted in this case, is not handed over again; the note names it.
    What a rule proposed rests on the check already; what the clerk added by hand is held against it here.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    if case.accepted_on is None:
        raise CaseNotAccepted(number=case.number, action="open referrals")
    known = context.unit_of_work.referrals.of_case(case.id)
    taken, unanswered = len(known), unanswered_of(known)
    held = {one.need: one.number for one in (*(one for one in known if one.outcome == Outcome.GRANTED), *unanswered)}
    asked = inputs.contexts("confirmed")
    confirmed = [one for one in asked if one.text("need") not in held]
    already = [held[one.text("need")] for one in asked if one.text("need") in held]
    for one in confirmed:
        if one.text("rule") == _BY_HAND or one.optional_flag("rests_on_means"):
            _require_means(context, case, one)
    opened = [
        _opened(case, proposal, index, proposal.text("rule")) for index, proposal in enumerate(confirmed, taken + 1)
    ]
    for referral in opened:
        context.unit_of_work.referrals.add(referral)
    context.unit_of_work.cases.save(
        replace(
            case,
            status=CaseStatus.REFERRED if opened or unanswered else case.status,
            routing_note=_routing_note(inputs, already),
        )
    )
    return {"referrals": [_shape(referral) for referral in opened]}


def open_referrals_at_once(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Open a referral for each need that cannot wait: no acceptance, check or confirmation comes before it."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    known = context.unit_of_work.referrals.of_case(case.id)
    taken, with_units = len(known), {one.need for one in known if one.is_open}
    waiting = [one for one in inputs.contexts("at_once") if one.text("need") not in with_units]
    opened = [
        _opened(case, proposal, index, proposal.text("rule")) for index, proposal in enumerate(waiting, taken + 1)
    ]
    for referral in opened:
        context.unit_of_work.referrals.add(referral)
    return {"referrals": [_shape(referral) for referral in opened]}


def open_urgent_referral(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Open and send the referral of a sudden event, for cases on a drawing from before `open_referrals_at_once`."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case, today = case_of(context, inputs), local_day(context.now())
    urgent: JsonObject = {
        "need": Need.URGENT.value,
        "programme": URGENT_PROGRAMME,
        "unit_kind": TOWNSHIP,
        "process_id": URGENT_PROGRAMME,
        "reason": "遇到突发急难，需要立即救助",
        "reason_en": "A sudden event that cannot wait",
    }
    taken = len(context.unit_of_work.referrals.of_case(case.id))
    opened = _opened(case, Inputs(step=call.type, variables=urgent), taken + 1, "R5")
    hours = standards_on(context.unit_of_work, today).days("result_hours_urgent")
    due = context.now() + timedelta(hours=hours)
    sent = replace(opened, state=ReferralState.SENT, sent_at=context.now(), result_due_at=due)
    context.unit_of_work.referrals.add(sent)
    return {"referral": _shape(sent), "sent_on": today.isoformat()}


def send_referral(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Send a referral now with its slip and the facts its unit needs; its clocks of receipt and answer start."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    referral = _in_state(referral_of(context, inputs, case), ReferralState.DRAFT, action="发出转办单")
    # a case that began under a diagram from before facts were chosen sends none
    chosen = inputs.contexts("facts") if "facts" in inputs.variables else []
    facts = tuple(_fact(case, fact) for fact in chosen)
    sent_on = local_day(context.now())
    clocks = ReferralClocks(
        standards=standards_on(context.unit_of_work, sent_on), calendar=context.unit_of_work.policy.calendar()
    )
    dues = clocks.dues(
        case,
        need=referral.need,
        programme=referral.programme,
        sent_at=context.now(),
        found_on=referral.applied_on,
    )
    context.unit_of_work.referrals.save(
        replace(
            referral,
            state=ReferralState.SENT,
            sent_at=context.now(),
            acknowledge_due_at=dues.acknowledge_at,
            result_due_at=dues.result_at,
        )
    )
    context.unit_of_work.programmes.sharing.add(
        SharedFacts(
            id=uuid4(),
            referral_id=referral.id,
            case_id=case.id,
            unit_kind=referral.unit_kind,
            sent_at=context.now(),
            facts=facts,
        )
    )
    if referral.unit_kind != TOWNSHIP:  # what the window's own office does needs no slip
        issue(context, "referral", case, subject=referral.number)
    shared = {str(fact["fact"]): fact["value"] for fact in facts if fact["fact"] != CONTACT}
    return {
        "sent_on": sent_on.isoformat(),
        "shared": {**shared, "titles": "、".join(str(one["title"]) for one in facts)},
    }


def record_returned_referral(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Keep that the unit returned a referral as wrong, and why; it waits to be rerouted or cancelled."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    referral = _in_state(referral_of(context, inputs, case), *_WITH_THE_UNIT, action="退回转办单")
    context.unit_of_work.referrals.save(
        replace(
            referral,
            state=ReferralState.RETURNED,
            result_at=context.now(),
            outcome=Outcome.RETURNED,
            outcome_reason=inputs.text("reason"),
        )
    )
    return {"returned_on": local_day(context.now()).isoformat()}


def reroute_referral(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Open a new referral in place of a returned one; the returned one stays on file with its reason."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    _require_means(context, case, inputs)
    returned = _in_state(referral_of(context, inputs, case), ReferralState.RETURNED, action="重新转办")
    known = context.unit_of_work.referrals.of_case(case.id)
    _require_free(known, inputs.text("need"), besides=returned)
    taken = len(known)
    opened = _as_found(replace(_opened(case, inputs, taken + 1, returned.rule), replaces=returned.id), returned)
    context.unit_of_work.referrals.add(opened)
    return {"referral": _shape(opened)}


def record_referral_result(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Keep the unit's answer, or that a returned referral was given up."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    outcome = inputs.choice("outcome", Outcome.GRANTED, Outcome.REFUSED, Outcome.NOT_ELIGIBLE, Outcome.CANCELLED)
    cancelled = outcome == Outcome.CANCELLED
    allowed = (ReferralState.RETURNED, *_WITH_THE_UNIT) if cancelled else _WITH_THE_UNIT
    referral = _in_state(referral_of(context, inputs, case), *allowed, action="答复转办单")
    granted = outcome == Outcome.GRANTED
    amount = inputs.optional_number("amount") if granted else None
    context.unit_of_work.referrals.save(
        replace(
            referral,
            state=ReferralState.CANCELLED if cancelled else ReferralState.DONE,
            result_at=context.now(),
            outcome=outcome,
            amount=amount,
            amount_period=inputs.choice("amount_period", *PERIODS) if amount is not None else None,
            outcome_reason=inputs.optional_text("reason"),
            result=inputs.optional_context("result"),
        )
    )
    return {"decided_on": local_day(context.now()).isoformat()}


def open_next_referral(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Open the referral that the answering unit proposed as the household's next one; the answer stays as it is."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    _require_means(context, case, inputs)
    answered = _in_state(referral_of(context, inputs, case), ReferralState.DONE, action="接续转办")
    taken = len(context.unit_of_work.referrals.of_case(case.id))
    opened = _as_found(_opened(case, inputs, taken + 1, answered.rule), answered)
    context.unit_of_work.referrals.add(opened)
    return {"referral": _shape(opened), "earlier_outcome": inputs.text("earlier_outcome")}


def open_added_referral(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Open the referral of a need that whoever holds a task of the case found on the way.

    Raises:
        NeedWithUnit: a unit has this need already.
        MeansUnchecked: it rests on means that nobody checked.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    known = context.unit_of_work.referrals.of_case(case.id)
    _require_free(known, inputs.text("need"))
    _require_means(context, case, inputs)
    opened = replace(
        _opened(case, inputs, len(known) + 1, _BY_HAND),
        referred_by=inputs.text("referred_by"),
        referring_unit=inputs.text("referring_unit"),
        applied_on=local_day(context.now()),
    )
    context.unit_of_work.referrals.add(opened)
    return {"referral": _shape(opened)}


def find_added_referrals(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Say whether something that was referred from a task of the case is still on its way to an answer."""
    case = case_of(context, Inputs(step=call.type, variables=call.variables))
    return {"added_open": context.unit_of_work.process_instances.is_running(ADDED_REFERRAL, case.number)}


CONTACT = "contact"  # told to the unit on the referral, never a variable of its process
_WITH_THE_UNIT = OPEN_REFERRAL_STATES
_BY_HAND = "manual"  # the rule of a need that the clerk added and no rule suggested
_SUBSISTENCE = "subsistence"  # rests on means whatever a diagram from before the catalogue said so hands over


def _require_free(known: Sequence[Referral], need: str, *, besides: Referral | None = None) -> None:
    """Refuse a need that is with a unit, or waits to be rerouted, by another referral."""
    for one in unanswered_of(known):
        if one.need == need and one != besides:
            raise NeedWithUnit(number=one.number)


def _as_found(opened: Referral, before: Referral) -> Referral:
    """Return a referral that follows another one, with who found the need and when."""
    return replace(
        opened, referred_by=before.referred_by, referring_unit=before.referring_unit, applied_on=before.applied_on
    )


def _require_means(context: Context[CaseworkUnitOfWork], case: Case, proposal: Inputs) -> None:
    """Refuse what rests on means unless the case was accepted and its means were checked."""
    need = proposal.text("need")
    if need != _SUBSISTENCE and not proposal.optional_flag("rests_on_means"):
        return
    if not are_checked(case, context.unit_of_work.cases.check_report(case.id)):
        raise MeansUnchecked(number=case.number, need=need)


def _fact(case: Case, fact: Inputs) -> JsonObject:
    """Return a fact as the referral keeps it; how to reach the household is filled in here."""
    name = fact.text("fact")
    value = fact.variables.get("value")
    if name == CONTACT:
        person = case.applicant.person
        value = {"name": person.name, "phone": person.phone, "address": case.household.address}
    return {
        "fact": name,
        "title": fact.text("title"),
        "title_en": fact.text("title_en"),
        "value": value,
        "legal_basis": fact.text("legal_basis"),
    }


def _opened(case: Case, proposal: Inputs, index: int, rule: str) -> Referral:
    return Referral(
        id=uuid4(),
        number=f"{case.number}-{index:02d}",
        case_id=case.id,
        region=case.region,
        need=proposal.text("need"),
        programme=proposal.text("programme"),
        unit_kind=proposal.text("unit_kind"),
        process_id=proposal.text("process_id"),
        rule=rule,
        reason=proposal.optional_text("reason") or "",
        reason_en=proposal.optional_text("reason_en") or "",
        legal_basis=proposal.optional_text("legal_basis"),
        state=ReferralState.DRAFT,
    )


def _shape(referral: Referral) -> JsonObject:
    return {
        "id": str(referral.id),
        "number": referral.number,
        "need": referral.need,
        "programme": referral.programme,
        "unit_kind": referral.unit_kind,
        "process_id": referral.process_id,
    }


def _in_state(referral: Referral, *allowed: ReferralState, action: str) -> Referral:
    if referral.state not in allowed:
        raise ReferralStateWrong(number=referral.number, state=referral.state, action=action)
    return referral


def _routing_note(inputs: Inputs, already: Sequence[str]) -> str | None:
    dropped, note = inputs.texts("dropped"), inputs.optional_text("note")
    parts = [
        f"未采纳规则 {'、'.join(dropped)}" if dropped else "",
        f"已有转办单 {'、'.join(already)}" if already else "",
        note or "",
    ]
    return "；".join(part for part in parts if part) or None
