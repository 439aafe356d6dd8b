"""A running benefit: what it pays, what a change makes of it, when it is looked at again; statuses with validity."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

from engine.core.model import BpmnError, HandlerCall
from engine.core.texts import Words
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.benefits.errors import BenefitStateWrong
from workflows.casework.benefits.model import Act, Benefit, BenefitState, Terms
from workflows.casework.benefits.overlap import require_no_overlap
from workflows.casework.benefits.recognition import Recognition
from workflows.casework.days import local_day, month_after, month_of, months_later
from workflows.casework.errors import RecordNotFound
from workflows.casework.model import Case, Presence
from workflows.casework.orders.notices import NoticeCause, StaffNotice
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.messages import (
    BENEFIT_ENDED,
    RECHECK_MESSAGE,
    SUSPENSION_MESSAGE,
    tell_waiting,
)
from workflows.casework.standards import standards_on
from workflows.casework.starting import start_process_of
from workflows.handlers.benefits import month_text, persons_of
from workflows.handlers.inputs import Inputs, case_of
from workflows.handlers.status_ends import STATUSES, end_recognition, statuses_of

STATUS_PROCESS = "status_expiry"
RECHECK_PROCESS = "periodic_recheck"
DECISIONS_TOLD = {
    "suspend": Words("决定是否暂停", "Decide on a suspension"),
    "end": Words("决定是否终止", "Decide on an end"),
    "care_grade": Words("确认照料护理档次", "Decide the grade of care"),
    "end_support": Words("听取陈述并决定终止供养", "Decide on the end of support"),
}
ACTIONS = ("keep", "raise", "cut", "phase_out", "stop", "suspend", "resume", "end")


def compare_benefit(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Say what a benefit pays next month, and by how much the amount computed anew differs from it.

    One that is suspended then counts with the sums it would be resumed with, and `suspended` says so.

    `by_work` tells whether somebody of the household earns a wage now, so that a rise is one through work.

    Raises:
        BpmnError: BENEFIT_NOT_PAID, it ends before next month: while a change was verified, say.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    benefit = benefit_of(context, inputs, case)
    month = month_after(local_day(context.now()))
    try:
        version = benefit.drawn_version(month)
    except BenefitStateWrong as wrong:
        raise BpmnError("BENEFIT_NOT_PAID", str(wrong)) from wrong
    new = inputs.number("amount")
    return {
        "current": {
            "base": version.base,
            "add_ons": version.add_ons,
            "amount": version.amount,
            "persons": list(version.persons),
            "count": len(version.persons),
            "from_month": month_text(month),
            "suspended": version.suspended,
        },
        "difference": new - version.amount,
        "by_work": any(one.person.income.net_monthly_wage > 0 for one in case.at_home),
    }


def change_benefit(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Do to a benefit what was decided, from the month after, or to the last month given.

    `action` is raise or cut (to base and add_ons, for `persons`; a suspended benefit is resumed with these), phase_out
    (the old amount for so many months more, then the end), stop or end (nothing from next month on), suspend, resume,
    or keep. The recognised status ends with the last month, and units that gave something for it are told
    (`status_ended`); a re-check that waits ends at once, and one that fell due while the benefit was suspended begins
    when it is resumed.

    Raises:
        BenefitStateWrong: the benefit is not in a state for it.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    benefit = benefit_of(context, inputs, case, lock=True)
    changed = _changed(context, inputs, case, benefit)
    if changed is not benefit:
        require_no_overlap(
            context.unit_of_work, case, changed, standards_on(context.unit_of_work, local_day(context.now()))
        )
        context.unit_of_work.benefits.save(changed)
    last = changed.last_month if changed.current else months_later(month_after(local_day(context.now())), -1)
    if last is not None and last != benefit.last_month:
        end_recognition(context, case, status=benefit.programme, last_month=last, reason=inputs.text("reason"))
    tell_recheck(context, case, before=benefit, after=changed)
    month = month_after(local_day(context.now()))
    return {
        "from_month": month_text(month),
        "last_month": month_text(last),
        "amount": changed.amount_in(month),
        "status_from": None if last is None else months_later(last, 1).isoformat(),
    }


def tell_recheck(context: Context[CaseworkUnitOfWork], case: Case, *, before: Benefit, after: Benefit) -> None:
    """Let the re-check of a benefit go on where it waits for what a change did: the end, or no suspension any more.

    One that is under way when the benefit ends is over with it, whatever it still waits for.
    """
    month = month_after(local_day(context.now()))
    state = after.state_in(month)
    if state == BenefitState.ENDED:
        tell_waiting(context, case, name=RECHECK_MESSAGE, key=str(after.id))
        tell_waiting(context, case, name=BENEFIT_ENDED, key=str(after.id))
    if before.state_in(month) == BenefitState.SUSPENDED != state:
        tell_waiting(context, case, name=SUSPENSION_MESSAGE, key=str(after.id))


def _changed(context: Context[CaseworkUnitOfWork], inputs: Inputs, case: Case, benefit: Benefit) -> Benefit:
    action = inputs.choice("action", *ACTIONS)
    act = Act(reason=inputs.text("reason"), at=context.now(), decision_id=inputs.optional_id("decision_id"))
    today = local_day(context.now())
    month = inputs.optional_month("from_month") or month_after(today)
    if action in ("raise", "cut"):
        version = benefit.drawn_version(month)
        persons = persons_of(inputs, case) if inputs.variables.get("persons") else version.persons
        terms = Terms(base=inputs.number("base"), add_ons=inputs.number("add_ons"), persons=persons)
        return benefit.changed(month, terms, act)
    if action == "phase_out":
        months = standards_on(context.unit_of_work, today).days("phase_out_months")
        return benefit.ended(months_later(month, months - 1), act)
    if action in ("stop", "end"):
        return benefit.ended(months_later(month, -1), act)
    if action == "suspend":
        return benefit.suspended(month, act)
    return benefit.resumed(month, act) if action == "resume" else benefit


def plan_recheck(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Set when a benefit is looked at again: so many months from today, unless it has ended by then.

    A day that a benefit brought with it from an earlier system stands for the first time.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    benefit = benefit_of(context, inputs, case, lock=True)
    today = local_day(context.now())
    due = same_day_later(today, int(inputs.number("months")))
    brought = benefit.recheck_due_on if benefit.recheck_class is None else None
    if brought is not None and brought > today:
        due = brought
    active = benefit.state_in(due.replace(day=1)) != BenefitState.ENDED
    recheck_class = inputs.text("recheck_class")
    planned = replace(benefit, recheck_class=recheck_class, recheck_due_on=due if active else None)
    context.unit_of_work.benefits.save(planned)
    return {"recheck_due_on": due.isoformat()}


def check_benefit(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Say how a benefit stands in the month of the day `on`, or next month: in_payment, suspended, or ended.

    The benefit stays locked until whoever asked waits, so that no resumption is told of to nobody in between.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    benefit = benefit_of(context, inputs, case_of(context, inputs), lock=True)
    on = inputs.optional_day("on")
    month = month_of(on) if on else month_after(local_day(context.now()))
    return {"benefit_state": benefit.state_in(month).value}


def tell_decider(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Tell who took a decision that it changes nothing: its benefit had ended, or rested, before.

    They are who completes the decision just now; after a retry those who take such decisions are told.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    decided = DECISIONS_TOLD[inputs.choice("decided", *DECISIONS_TOLD)]
    notices = context.unit_of_work.procedure.supervision.notices
    notice = StaffNotice(
        id=uuid4(),
        cause=NoticeCause.DECISION_WITHOUT_EFFECT,
        region=case.region,
        matter=case.number,
        step=decided.zh,
        step_en=decided.en,
        task_id=None,
        order_id=None,
        text="",
        written_at=context.now(),
        written_by=context.actor.id,
    )
    deciders = notices.holders(("civil_affairs/reviewer",), region=case.region, matter=case.number)
    told = deciders if context.actor.system else (context.actor.id,)
    notices.add(notice, told)
    return {"told": bool(told)}


def start_recheck_plan(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Start the process that has a benefit looked at again and again until it ends."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    benefit = benefit_of(context, inputs, case)
    variables: JsonObject = {"caseId": str(case.id), "benefit_id": str(benefit.id)}
    start_process_of(context, case, RECHECK_PROCESS, variables)
    return {"planned": True}


def recognise_status(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Recognise a status from a day on, for so many months when `months` is given; an earlier one ends the day before.

    Where it ends, a process waits to warn the household before.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    today = local_day(context.now())
    valid_from = inputs.optional_day("valid_from") or today
    months = inputs.optional_number("months")
    valid_until = None if months is None else same_day_later(valid_from, int(months)) - timedelta(days=1)
    recognised = Recognition(
        id=uuid4(),
        case_id=case.id,
        referral_id=inputs.optional_id("referral_id"),
        status=inputs.choice("status", *STATUSES),
        persons=persons_of(inputs, case),
        valid_from=valid_from,
        valid_until=valid_until,
        recorded_at=context.now(),
        decision_id=inputs.optional_id("decision_id"),
    )
    for earlier in context.unit_of_work.recognitions.of_case(case.id):
        if earlier.holds_on(valid_from):
            ended = replace(earlier, valid_until=valid_from - timedelta(days=1), end_reason=recognised.status)
            context.unit_of_work.recognitions.save(ended)
    context.unit_of_work.recognitions.add(recognised)
    if valid_until is not None:
        variables = {"caseId": str(case.id), "recognition_id": str(recognised.id), "status": recognised.status}
        start_process_of(context, case, STATUS_PROCESS, {**variables, "valid_until": valid_until.isoformat()})
    return {
        "recognition_id": str(recognised.id),
        "valid_from": valid_from.isoformat(),
        "valid_until": None if valid_until is None else valid_until.isoformat(),
    }


def check_recognition(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Say whether a status still ends on the day it was given, so that nobody is warned of what ended otherwise.

    `renewed` says that every person of it holds a status from the day after, in this case or in another one.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    recognition_id = inputs.id("recognition_id")
    found = context.unit_of_work.recognitions.get(recognition_id)
    if found is None or found.case_id != case.id:
        raise RecordNotFound("recognition", recognition_id)
    given = inputs.optional_day("valid_until")
    holds = found.valid_until == given and found.end_reason is None
    return {"holds": holds, "renewed": holds and _is_renewed(context, case, found)}


def _is_renewed(context: Context[CaseworkUnitOfWork], case: Case, ending: Recognition) -> bool:
    if ending.valid_until is None:
        return False
    day_after = ending.valid_until + timedelta(days=1)
    living = (one for one in case.members if one.person.presence != Presence.DECEASED)
    persons = [one.number for one in living if one.number in ending.persons]
    held = statuses_of(context, case, day_after)
    return bool(persons) and all(held[number] for number in persons)


def benefit_of(context: Context[CaseworkUnitOfWork], inputs: Inputs, case: Case, *, lock: bool = False) -> Benefit:
    """Return the benefit the step works on; it must be of this case.

    Raises:
        RecordNotFound: there is none with this id in the case.
    """
    benefit_id = inputs.id("benefit_id")
    benefits = context.unit_of_work.benefits
    benefit = benefits.lock(benefit_id) if lock else benefits.get(benefit_id)
    if benefit is None or benefit.case_id != case.id:
        raise RecordNotFound("benefit", benefit_id)
    return benefit


def same_day_later(day: date, months: int) -> date:
    """Return the same day so many months later, the last of the month where it has no such day."""
    month = months_later(day, months)
    return month.replace(day=min(day.day, monthrange(month.year, month.month)[1]))
