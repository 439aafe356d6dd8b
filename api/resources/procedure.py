"""How a case is handled: kin of staff, visits, notices and objections, appraisals, the acceptance slip."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import url_for

from api.operations import Created, Operation, operation
from api.resources.blueprint import api
from api.resources.clock import seen_case
from api.schemas.procedure import (
    KinEntrySchema,
    KinRegisterAnswer,
    KinRegisterAnswerSchema,
    KinRegisterSchema,
    KinSchema,
    ObjectedSchema,
    ObjectionSchema,
    ObjectorFactsSchema,
    ProcedureViewSchema,
    ReceiptAnswer,
    ReceiptAnswerSchema,
    StatedReasonSchema,
)
from api.services import current
from engine.errors import NotFound
from engine.model import Actor
from web.authentication import current_account, current_actor
from workflows.casework.days import local_day
from workflows.casework.errors import CaseNotFound
from workflows.casework.parameters import parameters_on
from workflows.casework.procedure.kin_commands import Kin, RegisterKin
from workflows.casework.procedure.model import KinPost
from workflows.casework.procedure.objections import ANONYMOUS, ObjectorFacts, RecordObjection, RevealObjector
from workflows.casework.procedure.queries import KinRegisterFilter, ProcedureView
from workflows.casework.sight import is_purpose_limited
from workflows.organisation.rights import Right

SOMEBODY = Actor(id=ANONYMOUS, name="公众")


@api.get("/cases/<key>/procedure")
@operation(
    Operation(
        summary="Kin of staff, visits, public notices with objections, and appraisals of a case",
        right=Right.WORK,
        answer=ProcedureViewSchema,
    )
)
def get_procedure(key: str) -> ProcedureView:
    """Show what was done."""
    case = seen_case(key)
    if is_purpose_limited(current_actor(), case.summary.region):
        raise CaseNotFound(key)
    return current().procedure.procedure(case.summary.id)


@api.get("/cases/<key>/receipt")
@operation(
    Operation(
        summary="What stands on the slip, with the query code: of receipt, and once accepted of acceptance",
        right=Right.WORK,
        answer=ReceiptAnswerSchema,
    )
)
def get_receipt(key: str) -> ReceiptAnswer:
    """Show the slip."""
    case = seen_case(key)
    summary = case.summary
    is_limited = is_purpose_limited(current_actor(), summary.region)
    code = None if is_limited else current().register.query_code(summary.id)
    figures = parameters_on(local_day(current().now()), current().casework.parameters())
    return ReceiptAnswer(
        case_number=summary.number,
        receipt_number=case.receipt_number,
        window=summary.town,
        needs=summary.needs,
        documents=case.documents,
        accepted_on=summary.accepted_on,
        due_on=summary.due_on,
        complaint_phone=str(figures.get("complaint_phone", "")),
        query_code=code.code if code else None,
    )


@api.post("/cases/<key>/kin")
@operation(
    Operation(
        summary="Enter a relative in the register; that person is barred from the case at once",
        right=Right.WORK,
        body=KinSchema,
        answer=KinEntrySchema,
        status=HTTPStatus.CREATED,
    )
)
def register_kin(key: str, body: dict[str, Any]) -> Created:
    """Enter a relative."""
    login = body["login"]
    if login is not None and current().organisation.account(login) is None:
        raise NotFound("account", login)  # a wrong name would bar nobody
    kin = Kin(**{**body, "post": KinPost(body["post"])})
    entry = current().engine.execute(RegisterKin(case_id=seen_case(key).summary.id, kin=kin), actor=current_actor())
    return Created(value=entry, location=url_for("api.get_procedure", key=key))


@api.get("/kin-register")
@operation(
    Operation(
        summary="The register of relatives for the discipline office; concealed links are records of integrity",
        right=Right.SUPERVISE,
        query=KinRegisterSchema,
        answer=KinRegisterAnswerSchema,
    )
)
def list_kin(query: dict[str, Any]) -> KinRegisterAnswer:
    """List the register."""
    return KinRegisterAnswer(lines=current().procedure.kin_register(KinRegisterFilter(**query), current_actor()))


@api.post("/notices/<number>/objections")
@operation(
    Operation(
        summary="Object to a public notice; anyone may, and nobody is told who did",
        right=Right.PUBLIC,
        body=ObjectionSchema,
        answer=ObjectedSchema,
        status=HTTPStatus.CREATED,
    )
)
def record_objection(number: str, body: dict[str, Any]) -> Created:
    """Take an objection."""
    actor = current_actor() if current_account() else SOMEBODY
    objected = current().engine.execute(RecordObjection(notice_number=number, **body), actor=actor)
    return Created(value=objected, location=url_for("api.record_objection", number=number))


@api.post("/objections/<number>/objector")
@operation(
    Operation(
        summary="Show a leader who objected; the look and its reason are written down",
        right=Right.WORK,
        body=StatedReasonSchema,
        answer=ObjectorFactsSchema,
    )
)
def reveal_objector(number: str, body: dict[str, Any]) -> ObjectorFacts:
    """Show who objected."""
    command = RevealObjector(objection_number=number, reason=body["reason"])
    return current().engine.execute(command, actor=current_actor())
