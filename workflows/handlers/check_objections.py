"""What follows a check report: an objection looked into, its sources asked again, and a consent that was withdrawn."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.process_instances import CancelProcessInstance
from engine.core.model import BpmnError, HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import SYSTEM, InstanceState, ProcessInstance
from workflows.casework.agencies import AGENCY_BY_KEY
from workflows.casework.benefits.commands import SUSPENSION
from workflows.casework.benefits.model import BenefitState
from workflows.casework.days import local_day, month_after
from workflows.casework.errors import RecordNotFound
from workflows.casework.letters import objection_letter, report_summary, withdrawal_end_letter, withdrawal_letter
from workflows.casework.model import Case, CaseStatus
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.messages import CASE_FINISHED, tell_waiting
from workflows.casework.records import NoticeKind
from workflows.casework.standards import standards_on
from workflows.casework.starting import start_process_of
from workflows.casework.verification.asking import ask_again, deadline_of, to_ask
from workflows.casework.verification.authorising import WITHDRAWN_PROCESS, unauthorised_members
from workflows.casework.verification.model import ObjectionState, ReportObjection
from workflows.casework.writing import write_notice
from workflows.handlers.inputs import Inputs, case_of
from workflows.handlers.means_check import shown_means

RUNNING = (InstanceState.ACTIVE, InstanceState.SUSPENDED)


def read_check_report(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Return the newest version of the report, which counts from now on."""
    case = case_of(context, Inputs(step=call.type, variables=call.variables))
    report = context.unit_of_work.cases.check_report(case.id)
    if report is None:
        raise RecordNotFound("check report", case.number)
    return {
        "report_id": str(report.id),
        "report_version": report.version,
        "means": shown_means(report),
        "conclusion": report.conclusion,
        "summary": report_summary(report),
    }


def read_report_objection(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Return what the household objects to, for who looks into it."""
    inputs = Inputs(step=call.type, variables=call.variables)
    objection = _objection(context, inputs, case_of(context, inputs))
    return {
        "report_version": objection.report_version,
        "disputed": "、".join(AGENCY_BY_KEY[agency].name for agency in objection.agencies),
        "grounds": objection.grounds,
        "evidence": "、".join(str(one["title"]) for one in objection.evidence),
    }


def ask_disputed_sources(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Open a new question to the disputed sources, and to no other.

    Raises:
        BpmnError: AUTHORISATION_MISSING; nobody is asked without every member's consent.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    objection = _objection(context, inputs, case)
    missing = unauthorised_members(context, case)
    if missing:
        raise BpmnError(
            "AUTHORISATION_MISSING",
            f"案件 {case.number} 的成员 {'、'.join(map(str, missing))} 没有有效授权，不得重新查询；请先取得授权。",
        )
    report = context.unit_of_work.cases.check_report(case.id)
    requests = ask_again(
        context, case, objection.agencies, objection_id=objection.id, round_number=report.round if report else 1
    )
    context.unit_of_work.report_objections.save(replace(objection, state=ObjectionState.ADMITTED))
    deadline = deadline_of(requests, local_day(context.now()))
    return {"agencies": to_ask(requests), "check_deadline": deadline.isoformat()}


def settle_report_objection(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Answer the household: a new version counts, or the objection is dismissed with its reason."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    objection = _objection(context, inputs, case)
    admitted = inputs.flag("admitted")
    report = context.unit_of_work.cases.check_report(case.id)
    settled = replace(
        objection,
        state=ObjectionState.SETTLED if admitted else ObjectionState.DISMISSED,
        answer=inputs.optional_text("answer"),
        settled_at=context.now(),
        settled_by=context.actor.id,
        new_version=report.version if admitted and report else None,
    )
    context.unit_of_work.report_objections.save(settled)
    return _written(context, case, NoticeKind.FINDINGS, objection_letter(case, settled))


def await_consent(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Begin what follows a refused consent, while the check waits for it.

    An application is reminded of in writing and ended in the end, as after a withdrawal; of a household that draws a
    benefit its suspension is asked for: it does not cooperate with the re-check.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case, as_system = case_of(context, inputs), replace(context, actor=SYSTEM)
    missing, note = unauthorised_members(context, case), inputs.optional_text("note")
    month = month_after(local_day(context.now()))
    benefits = context.unit_of_work.benefits.of_case(case.id)
    drawn = [one for one in benefits if one.state_in(month) != BenefitState.ENDED]
    reason = f"成员{'、'.join(map(str, missing))}拒绝签署核对授权，不配合复核" + (f"：{note}" if note else "")
    for one in drawn:
        if one.state_in(month) == BenefitState.IN_PAYMENT:
            start_process_of(as_system, case, SUSPENSION, {"benefit_id": str(one.id), "suspension_reason": reason})
    if not drawn:
        start_process_of(as_system, case, WITHDRAWN_PROCESS, {"person": missing[0] if missing else None})
    return {"unauthorised": missing}


def remind_of_withdrawal(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Remind the household in writing that the case rests until the consent is signed anew."""
    case = case_of(context, Inputs(step=call.type, variables=call.variables))
    today = local_day(context.now())
    days = standards_on(context.unit_of_work, today).days("withdrawal_reminder_days")
    until = context.unit_of_work.policy.calendar().add_working_days(today, days)
    written = _written(context, case, NoticeKind.WITHDRAWAL, withdrawal_letter(case, until))
    return {**written, "remind_until": until.isoformat()}


def close_for_withdrawal(
    context: Context[CaseworkUnitOfWork], instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """End a case whose consent stayed withdrawn or refused after the reminder, with reasons in writing."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    reason = inputs.optional_text("reason")
    if case.process_instance_id is not None and case.process_instance_id != instance.id:
        running = context.unit_of_work.process_instances.lock(case.process_instance_id)
        if running is not None and running.state in RUNNING:
            CancelProcessInstance(process_instance_id=running.id, reason="书面提醒后逾期未签署核对授权").execute(
                replace(context, actor=SYSTEM)
            )
    closed = replace(
        case,
        status=CaseStatus.CLOSED,
        outcome="withdrawn",
        declined_reason="撤回或者拒绝核对授权，书面提醒后逾期未签署" + (f"（{reason}）" if reason else ""),
        closed_at=context.now(),
    )
    context.unit_of_work.cases.save(closed)
    tell_waiting(context, closed, name=CASE_FINISHED, key=closed.number)
    return _written(context, case, NoticeKind.WITHDRAWAL, withdrawal_end_letter(case, reason))


def _objection(context: Context[CaseworkUnitOfWork], inputs: Inputs, case: Case) -> ReportObjection:
    objection_id = inputs.id("objection_id")
    objection = context.unit_of_work.report_objections.get(objection_id)
    if objection is None or objection.case_id != case.id:
        raise RecordNotFound("report objection", objection_id)
    return objection


def _written(context: Context[CaseworkUnitOfWork], case: Case, kind: NoticeKind, text: str) -> JsonObject:
    return {"notice_id": str(write_notice(context, case, kind, text).id)}
