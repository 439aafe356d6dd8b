"""The means check: ask every agency once, keep every answer, compile the report from all there is."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from engine.core.model import BpmnError, HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.county import AGENCIES, AGENCY_BY_KEY
from workflows.casework.days import end_of_day, local_day
from workflows.casework.errors import RecordNotFound
from workflows.casework.means import compile_means, report_lines
from workflows.casework.model import CaseStatus
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.records import AgencyRequest, AnswerStatus, CheckReport
from workflows.casework.standards import standards_on
from workflows.handlers.inputs import Inputs, case_of


def start_means_check(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Open one request to each agency, each asked once in a case.

    Raises:
        BpmnError: AUTHORISATION_MISSING; while one member has not consented nobody is asked about anybody.
    """
    case = case_of(context, Inputs(step=call.type, variables=call.variables))
    missing = [str(member.number) for member in case.members if not member.authorised]
    if missing:
        raise BpmnError(
            "AUTHORISATION_MISSING",
            f"案件 {case.number} 的成员 {'、'.join(missing)} 尚未签署核对授权，不得发起任何查询；请先取得授权。",
        )
    now, today = context.now(), local_day(context.now())
    days = standards_on(context.unit_of_work, today).days("agency_answer_days")
    deadline = context.unit_of_work.policy.calendar().add_working_days(today, days)
    for agency in AGENCIES:
        context.unit_of_work.agency_requests.add(
            AgencyRequest(
                id=uuid4(),
                case_id=case.id,
                region=case.region,
                agency=agency.key,
                asked_at=now,
                due_at=end_of_day(deadline),
            )
        )
    context.unit_of_work.cases.save(replace(case, status=CaseStatus.CHECKING))
    requests = {request.agency: request for request in context.unit_of_work.agency_requests.of_case(case.id)}
    return {
        "agencies": [
            {"agency": agency.key, "title": agency.name, "request_id": str(requests[agency.key].id)}
            for agency in AGENCIES
        ],
        "check_deadline": deadline.isoformat(),
    }


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
    answer.optional_number("monthly_income")
    answer.optional_number("assets")
    answer.optional_flag("has_vehicle")
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
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Compile a version of the report; an older version stays on file."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    survey = Inputs(step=f"{call.type}: survey", variables=inputs.context("survey"))
    survey.optional_number("extra_monthly_income")
    survey.optional_number("extra_assets")
    requests = context.unit_of_work.agency_requests.of_case(case.id)
    means = compile_means(case, requests, survey.variables)
    before = context.unit_of_work.cases.check_report(case.id)
    report = CheckReport(
        id=uuid4(),
        case_id=case.id,
        version=before.version + 1 if before else 1,
        compiled_at=context.now(),
        means=means,
        lines=report_lines(case, requests, survey.variables),
        missing=tuple(AGENCY_BY_KEY[request.agency].name for request in requests if not has_data(request)),
        survey=survey.variables,
        second_survey=inputs.context("second_survey"),
        supplement=inputs.optional_text("supplement"),
    )
    context.unit_of_work.cases.add_check_report(report)
    return {
        "report_id": str(report.id),
        "means": {
            "monthly_income": means.monthly_income,
            "income_per_capita": means.income_per_capita,
            "assets": means.assets,
            "has_vehicle": means.has_vehicle,
            "complete": means.complete,
        },
    }


def has_data(request: AgencyRequest) -> bool:
    """Tell whether an agency, or a checker for it, said what it holds."""
    return request.status in (AnswerStatus.HIT, AnswerStatus.NO_HIT)
