"""The means check: ask every agency once, keep every answer, compile the report, hold it against the limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

from engine.core.model import BpmnError, HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.agencies import AGENCY_BY_KEY
from workflows.casework.days import local_day
from workflows.casework.errors import RecordNotFound
from workflows.casework.letters import findings_letter, report_summary
from workflows.casework.means import compile_means, explanations, report_lines, sources
from workflows.casework.model import Case, CaseStatus
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.records import AnswerStatus, CheckReport, Notice, NoticeKind
from workflows.casework.standards import standards_on
from workflows.casework.verification.asking import (
    OVER,
    authorised_supporters,
    counting_requests,
    deadline_of,
    open_round,
    round_of,
    to_ask,
)
from workflows.casework.verification.authorising import unauthorised_members
from workflows.casework.verification.model import CheckPurpose, Conclusion, ReportTrigger
from workflows.casework.verification.objecting import objection_day
from workflows.handlers.documents import issue
from workflows.handlers.inputs import Inputs, case_of

MONTHS_IN_YEAR = 12


def start_means_check(context: Context[CaseworkUnitOfWork], instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Open one request to each agency of the check, each asked once in a round.

    Raises:
        BpmnError: AUTHORISATION_MISSING; while one member has not consented nobody is asked about anybody.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    purpose = CheckPurpose(inputs.choice("purpose", *CheckPurpose))
    missing = unauthorised_members(context, case)
    if missing:
        raise BpmnError(
            "AUTHORISATION_MISSING",
            f"案件 {case.number} 的成员 {'、'.join(map(str, missing))} 没有有效授权，不得发起任何查询；请先取得授权。",
        )
    requests = open_round(context, case, purpose, process_instance_id=instance.id)
    held = context.unit_of_work.cases.get(case.id) or case
    if held.status not in OVER:
        context.unit_of_work.cases.save(replace(held, status=CaseStatus.CHECKING))
    deadline = deadline_of(requests, local_day(context.now()))
    return {"agencies": to_ask(requests), "check_deadline": deadline.isoformat()}


def record_agency_answer(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Keep an agency's answer in the ledger, or what a checker typed in for it."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    request_id, agency = inputs.id("request_id"), inputs.text("agency")
    request = context.unit_of_work.agency_requests.get(request_id)
    if request is None or request.case_id != case.id or request.agency != agency:
        raise RecordNotFound("agency request", request_id)
    manual = inputs.choice("source", "agency", "manual") == "manual"
    answer = Inputs(step=f"{call.type}: answer", variables=inputs.context("answer"))
    status = AnswerStatus(answer.choice("status", *AnswerStatus))
    for name in ("monthly_income", "other_monthly_income", "assets"):
        answer.optional_number(name)
    answer.optional_flag("has_vehicle")
    if not manual:
        context.unit_of_work.query_ledger.clear_rest(agency)
    context.unit_of_work.agency_requests.save(
        replace(
            request,
            answered_at=context.now(),
            status=status,
            as_of=answer.optional_day("as_of"),
            answer_hash=answer.optional_text("answer_hash"),
            answer=answer.variables,
            entered_by=context.actor.id if manual else None,
            reason=answer.optional_text("reason"),
        )
    )
    return {"answer_status": status.value}


def compile_check_report(
    context: Context[CaseworkUnitOfWork], instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Compile a version of the report from the newest answer of each source; older versions stay on file.

    What a visit found counts as the version before knew it.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    before = context.unit_of_work.cases.check_report(case.id)
    survey = before.survey if before else {}
    asked = context.unit_of_work.agency_requests.of_case(case.id)
    newest = round_of(asked, instance.id)
    requests = counting_requests(asked, newest)
    report = CheckReport(
        id=uuid4(),
        case_id=case.id,
        version=before.version + 1 if before else 1,
        compiled_at=context.now(),
        means=compile_means(case, requests, survey),
        lines=report_lines(case, requests, survey),
        missing=tuple(AGENCY_BY_KEY[request.agency].name for request in requests if not request.has_data),
        survey=survey,
        second_survey=before.second_survey if before else {},
        supplement=inputs.optional_text("supplement"),
        round=newest,
        purpose=next((one.purpose for one in requests), CheckPurpose.NEW_APPLICATION),
        trigger=inputs.choice("trigger", *ReportTrigger),
        sources=sources(requests),
        explanations=explanations(requests),
        not_asked=tuple(authorised_supporters(context, case)[1]),
        made_by=context.actor.id,
    )
    context.unit_of_work.cases.add_check_report(report)
    return {"report_id": str(report.id), "means": shown_means(report)}


def conclude_check_report(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Write into the newest version what the limits say of it, and how long it may be relied on; issue the report.

    A version that rests on the check of another case may be relied on as long as that, as it came.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    report = _report(context, inputs, case)
    findings = Inputs(step=f"{call.type}: findings", variables=inputs.context("findings"))
    conclusion = Conclusion(findings.choice("conclusion", *Conclusion))
    hits = tuple(hit.variables for hit in findings.contexts("hits"))
    today = local_day(report.compiled_at)
    months = standards_on(context.unit_of_work, today).days("check_report_months")
    valid_until = report.valid_until or _months_later(today, months)
    concluded = replace(report, conclusion=conclusion.value, hits=hits, valid_until=valid_until)
    context.unit_of_work.cases.save_check_report(concluded)
    issue(context, "check_report", case)
    return {
        "conclusion": conclusion.value,
        "report_version": report.version,
        "summary": report_summary(concluded),
    }


def tell_findings(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Write to the household what a report is over or needs explained, how, where and until when to object.

    The days to object run from the delivery of this letter; `objection_until` is their last one if it comes today.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    report = _report(context, inputs, case)
    today = local_day(context.now())
    until = objection_day(context, today)
    notice = Notice(
        id=uuid4(),
        case_id=case.id,
        kind=NoticeKind.FINDINGS,
        text=findings_letter(case, report, until=until, standards=standards_on(context.unit_of_work, today)),
        written_at=context.now(),
    )
    context.unit_of_work.notices.add(notice)
    return {"notice_id": str(notice.id), "objection_until": until.isoformat()}


def shown_means(report: CheckReport) -> JsonObject:
    """Return the totals of a report as diagrams and forms see them."""
    means = report.means
    return {
        "monthly_income": means.monthly_income,
        "income_per_capita": means.income_per_capita,
        "assets": means.assets,
        "has_vehicle": means.has_vehicle,
        "complete": means.complete,
    }


def _report(context: Context[CaseworkUnitOfWork], inputs: Inputs, case: Case) -> CheckReport:
    report_id = inputs.id("report_id")
    report = context.unit_of_work.cases.check_report(case.id)
    if report is None or report.id != report_id:
        raise RecordNotFound("check report", report_id)
    return report


def _months_later(day: date, months: int) -> date:
    """Return the last day of so many months from a day on: the day before the same day of that month."""
    place = day.year * MONTHS_IN_YEAR + day.month - 1 + months
    year, month = divmod(place, MONTHS_IN_YEAR)
    first_of_next = date(year + (month + 1) // MONTHS_IN_YEAR, (month + 1) % MONTHS_IN_YEAR + 1, 1)
    last_day = (first_of_next - date.resolution).day
    return date(year, month + 1, min(day.day, last_day)) - date.resolution
