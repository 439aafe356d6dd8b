"""The economic check: consents, checks, objections, answers and table files of agencies, and how well they answer."""

from __future__ import annotations

import base64
from http import HTTPStatus
from typing import Any
from uuid import UUID

from api.operations import Operation, operation
from api.resources.asking import case_id
from api.resources.blueprint import api
from api.resources.cases import case_key
from api.schemas.verification import (
    AgencyAnswerSchema,
    AgencyList,
    AgencyListSchema,
    AuthorisationAnswerSchema,
    BankFileAnswerSchema,
    BankFileList,
    BankFileListSchema,
    BankFileSchema,
    CheckAnswerSchema,
    CheckRequestSchema,
    CheckStarted,
    CheckStartedSchema,
    ConsentSchema,
    DeliveredSchema,
    HandedOutFile,
    HandedOutSchema,
    HandOutSchema,
    OutsideSupporterSchema,
    QualitySchema,
    RefusedQueryList,
    RefusedQueryListSchema,
    ReportObjectionAnswerSchema,
    ReportObjectionSchema,
    ReturnedFileSchema,
    SupporterAnswerSchema,
    WithdrawalSchema,
)
from api.services import current
from web.authentication import current_actor
from workflows.casework.days import local_day
from workflows.casework.verification.answering import DeliverAnswer, Delivered
from workflows.casework.verification.asking import GROUNDS, RequestCheck
from workflows.casework.verification.authorising import (
    AddSupporter,
    Consent,
    RecordAuthorisation,
    WithdrawAuthorisation,
)
from workflows.casework.verification.bank_files import HandOutBankFile, ImportBankFile, MakeBankFile
from workflows.casework.verification.errors import QueryRefused
from workflows.casework.verification.model import BankFile, RefusalGround, ReportObjection
from workflows.casework.verification.objecting import ObjectToReport, Proof
from workflows.casework.verification.queries import AuthorisationView, CheckView, SupporterView
from workflows.organisation.rights import Right


@api.get("/cases/<key>/check")
@operation(
    Operation(
        summary="The economic check of a case: consents, questions, every version of the report, objections",
        right=Right.WORK,
        answer=CheckAnswerSchema,
    )
)
def get_check(key: str) -> CheckView:
    """Show the check of a case."""
    return current().checks.check(case_key(key), current_actor())


@api.post("/cases/<key>/authorisations")
@operation(
    Operation(
        summary="Take on a person's signed consent to the check; a case that rested for it goes on",
        right=Right.WORK,
        body=ConsentSchema,
        answer=AuthorisationAnswerSchema,
        status=HTTPStatus.CREATED,
    )
)
def record_authorisation(key: str, body: dict[str, Any]) -> AuthorisationView:
    """Record a consent."""
    kept = {**body, "agency_classes": tuple(body["agency_classes"]), "copies": tuple(body["copies"])}
    command = RecordAuthorisation(case_id=case_id(key), consent=Consent(**kept))
    recorded = current().engine.execute(command, actor=current_actor())
    return _authorisation(key, recorded.id)


@api.post("/cases/<key>/authorisations/<int:person>/withdrawal")
@operation(
    Operation(
        summary="Withdraw a person's consent: no further query is sent, and a member's withdrawal makes the case rest",
        right=Right.WORK,
        body=WithdrawalSchema,
        answer=AuthorisationAnswerSchema,
    )
)
def withdraw_authorisation(key: str, person: int, body: dict[str, Any]) -> AuthorisationView:
    """Withdraw a consent."""
    command = WithdrawAuthorisation(case_id=case_id(key), person=person, **body)
    withdrawn = current().engine.execute(command, actor=current_actor())
    return _authorisation(key, withdrawn.id)


@api.post("/cases/<key>/supporters")
@operation(
    Operation(
        summary="Enter a supporter outside the home; nobody is asked about them without a consent of their own",
        right=Right.WORK,
        body=OutsideSupporterSchema,
        answer=SupporterAnswerSchema,
        status=HTTPStatus.CREATED,
    )
)
def add_supporter(key: str, body: dict[str, Any]) -> SupporterView:
    """Enter a supporter."""
    added = current().engine.execute(AddSupporter(case_id=case_id(key), **body), actor=current_actor())
    shown = current().checks.check(case_key(key), current_actor()).supporters
    return next(one for one in shown if one.number == added.number)


@api.post("/cases/<key>/checks")
@operation(
    Operation(
        summary="Have means checked for a re-check, a complaint or another programme; a refused attempt is kept",
        right=Right.WORK,
        body=CheckRequestSchema,
        answer=CheckStartedSchema,
        status=HTTPStatus.CREATED,
    )
)
def request_check(key: str, body: dict[str, Any]) -> CheckStarted:
    """Start a check, or tell why no query was let out."""
    requested = current().engine.execute(RequestCheck(case_number=key, **body), actor=current_actor())
    if requested.refused is not None or requested.process_instance_id is None:
        raise QueryRefused(GROUNDS[requested.refused.ground if requested.refused else RefusalGround.NO_CASE])
    return CheckStarted(process_instance_id=requested.process_instance_id)


@api.post("/cases/<key>/report-objections")
@operation(
    Operation(
        summary="Take a household's objection to items of the newest check report; only the disputed sources are asked",
        right=Right.WORK,
        body=ReportObjectionSchema,
        answer=ReportObjectionAnswerSchema,
        status=HTTPStatus.CREATED,
    )
)
def object_to_report(key: str, body: dict[str, Any]) -> ReportObjection:
    """Record an objection."""
    command = ObjectToReport(
        case_id=case_id(key),
        report_version=body["report_version"],
        agencies=tuple(body["agencies"]),
        grounds=body["grounds"],
        evidence=tuple(Proof(**one) for one in body["evidence"]),
    )
    return current().engine.execute(command, actor=current_actor())


@api.post("/agency-answers")
@operation(
    Operation(
        summary="Take an agency's answer to a question by its number; one after its day leads to a new report",
        right=Right.WORK,
        body=AgencyAnswerSchema,
        answer=DeliveredSchema,
    )
)
def deliver_answer(body: dict[str, Any]) -> Delivered:
    """Keep an answer."""
    return current().engine.execute(DeliverAnswer(**body), actor=current_actor())


@api.get("/agencies")
@operation(
    Operation(
        summary="How well each agency answers: answered, on time, stale, disputed; a year back unless a day is given",
        right=Right.WORK,
        query=QualitySchema,
        answer=AgencyListSchema,
    )
)
def list_agencies(query: dict[str, Any]) -> AgencyList:
    """Show the health of the sources."""
    today = local_day(current().now())
    since = query["since"] or today.replace(year=today.year - 1, day=1)
    return AgencyList(agencies=current().checks.source_quality(since=since, actor=current_actor()))


@api.get("/refused-queries")
@operation(
    Operation(
        summary="Queries that were not let out: without a case, a purpose or consent",
        right=Right.OPERATE,
        answer=RefusedQueryListSchema,
    )
)
def list_refused_queries() -> RefusedQueryList:
    """List refused queries."""
    return RefusedQueryList(queries=current().checks.refused_queries(current_actor()))


@api.get("/bank-files")
@operation(Operation(summary="Table files to agencies, newest first", right=Right.WORK, answer=BankFileListSchema))
def list_bank_files() -> BankFileList:
    """List table files."""
    return BankFileList(files=current().checks.bank_files(current_actor()))


@api.post("/bank-files")
@operation(
    Operation(
        summary="Gather every unanswered question to an agency into a table file",
        right=Right.WORK,
        body=BankFileSchema,
        answer=BankFileAnswerSchema,
        status=HTTPStatus.CREATED,
    )
)
def make_bank_file(body: dict[str, Any]) -> BankFile:
    """Make a table file."""
    return current().engine.execute(MakeBankFile(region=current().region, **body), actor=current_actor())


@api.post("/bank-files/<uuid:file_id>/content")
@operation(
    Operation(
        summary="Hand out a table file as CSV or XLSX; the hash travels apart from it",
        right=Right.WORK,
        body=HandOutSchema,
        answer=HandedOutSchema,
    )
)
def hand_out_bank_file(file_id: UUID, body: dict[str, Any]) -> HandedOutFile:
    """Hand out a table file."""
    command = HandOutBankFile(file_id=file_id, kind=body["format"], encoding=body["encoding"])
    given = current().engine.execute(command, actor=current_actor())
    return HandedOutFile(name=given.name, content=base64.b64encode(given.content).decode("ascii"), digest=given.digest)


@api.post("/bank-files/<uuid:file_id>/returns")
@operation(
    Operation(
        summary="Take in what came back for a table file, in CSV (UTF-8 or GBK) or XLSX; faults are told by row",
        right=Right.WORK,
        body=ReturnedFileSchema,
        answer=BankFileAnswerSchema,
    )
)
def import_bank_file(file_id: UUID, body: dict[str, Any]) -> BankFile:
    """Import a returned file."""
    return current().engine.execute(ImportBankFile(file_id=file_id, **body), actor=current_actor())


def _authorisation(key: str, authorisation_id: UUID) -> AuthorisationView:
    shown = current().checks.check(case_key(key), current_actor()).authorisations
    return next(one for one in shown if one.id == authorisation_id)
