"""Referrals beside their tasks, and what belongs to a case at the units: offers, bills, all aid, calls."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID, uuid4

from api.operations import Operation, operation
from api.resources.applications import IDEMPOTENCY_KEY, given_key
from api.resources.blueprint import api
from api.resources.cases import case_key
from api.schemas.programmes import (
    BillsAnswer,
    BillsAnswerSchema,
    CancellationSchema,
    InformationRequestSchema,
    JobOfferSchema,
    OfferLogSchema,
    OffersAnswer,
    OffersAnswerSchema,
    ReferNeedSchema,
    ReferralAnswerSchema,
    SatisfactionAnswer,
    SatisfactionAnswerSchema,
    TotalAidSchema,
)
from api.services import current
from engine.errors import NotPermitted
from engine.json_values import JsonObject
from engine.submissions import sender_key
from web.authentication import current_actor
from web.task_sight import within_sight
from workflows.casework.programmes.commands import (
    AskForInformation,
    CallForSatisfaction,
    CancelReferral,
    LogJobOffer,
)
from workflows.casework.programmes.queries import OfferLog
from workflows.casework.programmes.referring import OfferedProgrammes, ReferNeed
from workflows.casework.programmes.total_aid import ReadTotalAid, TotalAid
from workflows.casework.queries import CaseView
from workflows.casework.records import Referral
from workflows.casework.sight import unit_kinds
from workflows.organisation.rights import Right


@api.get("/tasks/<uuid:task_id>/referrals")
@operation(
    Operation(
        summary="The programmes a need found while working on a task can be referred to",
        right=Right.WORK,
        answer=OffersAnswerSchema,
    )
)
def list_offered_programmes(task_id: UUID) -> OffersAnswer:
    """List them."""
    actor = current_actor()
    current().queries.user_task(task_id, actor)
    return OffersAnswer(programmes=current().engine.execute(OfferedProgrammes(task_id=task_id), actor=actor))


@api.post("/tasks/<uuid:task_id>/referrals")
@operation(
    Operation(
        summary="Refer a need found while working on a task, and keep the task; the case is not closed before the unit "
        "has answered. The same Idempotency-Key refers once",
        right=Right.WORK,
        body=ReferNeedSchema,
        answer=ReferralAnswerSchema,
        status=HTTPStatus.CREATED,
        headers=(IDEMPOTENCY_KEY,),
    )
)
def refer_need(task_id: UUID, body: JsonObject) -> Referral:
    """Refer it."""
    actor = current_actor()
    key = sender_key(actor.id, given_key() or uuid4().hex)
    with within_sight(current().queries, task_id, actor):
        return current().engine.execute(ReferNeed(task_id=task_id, submission_key=key, **body), actor=actor)


@api.post("/referrals/<number>/information-requests")
@operation(
    Operation(
        summary="Ask the window for information; the clock of the referral rests until the answer",
        right=Right.WORK,
        body=InformationRequestSchema,
        answer=ReferralAnswerSchema,
    )
)
def ask_for_information(number: str, body: JsonObject) -> Referral:
    """Stop the clock with a question."""
    return current().engine.execute(AskForInformation(number=number, **body), actor=current_actor())


@api.post("/referrals/<number>/cancellation")
@operation(
    Operation(
        summary="Take back a referral whose need is gone; the household is told",
        right=Right.INTAKE,
        body=CancellationSchema,
        answer=ReferralAnswerSchema,
    )
)
def cancel_referral(number: str, body: JsonObject) -> Referral:
    """Cancel a referral."""
    return current().engine.execute(CancelReferral(number=number, **body), actor=current_actor())


@api.get("/cases/<key>/job-offers")
@operation(Operation(summary="The log of job offers of a case", right=Right.WORK, answer=OfferLogSchema))
def list_job_offers(key: str) -> OfferLog:
    """Show the offers."""
    case = _case_for(key, "employment", action="查看岗位推荐")
    return current().programmes.offer_log(case.summary.id)


@api.post("/cases/<key>/job-offers")
@operation(
    Operation(
        summary="Log an offer to a member; civil affairs are told when too many are refused in a row",
        right=Right.WORK,
        body=JobOfferSchema,
        answer=OfferLogSchema,
        status=HTTPStatus.CREATED,
    )
)
def log_job_offer(key: str, body: JsonObject) -> OfferLog:
    """Log an offer."""
    case_id = _case(key).summary.id
    current().engine.execute(LogJobOffer(case_id=case_id, **body), actor=current_actor())
    return current().programmes.offer_log(case_id)


@api.get("/cases/<key>/medical-bills")
@operation(Operation(summary="The settled bills of a case's members", right=Right.WORK, answer=BillsAnswerSchema))
def list_medical_bills(key: str) -> BillsAnswer:
    """Show the bills."""
    case = _case_for(key, "medical", action="查看医疗费用结算")
    return BillsAnswer(bills=current().programmes.bills(case.summary.id))


@api.get("/cases/<key>/total-aid")
@operation(
    Operation(
        summary="All aid of the household over all units with doubles and gaps; sums for window and civil affairs",
        right=Right.WORK,
        answer=TotalAidSchema,
    )
)
def show_total_aid(key: str) -> TotalAid:
    """Show all aid."""
    case = _case(key)
    command = ReadTotalAid(case_id=case.summary.id, with_amounts=not case.purpose_limited)
    return current().engine.execute(command, actor=current_actor())


@api.get("/cases/<key>/satisfaction-calls")
@operation(
    Operation(summary="What the household said when it was called", right=Right.INTAKE, answer=SatisfactionAnswerSchema)
)
def list_satisfaction_calls(key: str) -> SatisfactionAnswer:
    """Show the calls."""
    return SatisfactionAnswer(calls=current().programmes.satisfaction(_case(key).summary.id))


@api.post("/cases/<key>/satisfaction-calls")
@operation(Operation(summary="Put a satisfaction call on the window's list", right=Right.INTAKE))
def ask_for_satisfaction_call(key: str) -> None:
    """Ask for a call."""
    command = CallForSatisfaction(case_id=_case(key).summary.id)
    current().engine.execute(command, actor=current_actor())


def _case(key: UUID | str) -> CaseView:
    return current().casework.case(case_key(str(key)), current_actor())


def _case_for(key: str, kind: str, *, action: str) -> CaseView:
    """Return a case to who sees it whole, and to the unit whose work is asked for."""
    case = _case(key)
    if case.purpose_limited and kind not in unit_kinds(current_actor(), case.summary.region):
        raise NotPermitted(action, f"{kind}/clerk")
    return case
