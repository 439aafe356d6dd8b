"""Answers that do not come over the exchange: pushed by an agency, in a table file, in time or late.

An answer in time goes to the process that waits for it. A late one is kept, and a new report is compiled of it; if
that is over a limit, somebody gets a task to look again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.commands.messages import CorrelateMessage
from engine.core.texts import Words
from engine.errors import NotCorrelated
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import SYSTEM
from workflows.casework.correspondence import inquiry_of
from workflows.casework.days import local_day
from workflows.casework.errors import RecordNotFound
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.clock_commands import locked_case
from workflows.casework.records import AgencyRequest, AnswerStatus
from workflows.casework.starting import start_process_of
from workflows.casework.verification.authorising import case_at_work, unauthorised_members
from workflows.casework.verification.errors import AnswerNotDue, ConsentMissing, FileRefused
from workflows.connectors.answer_records import AnswerWrong, day_of
from workflows.connectors.answers import checked_answer

ANSWERED = "agency_answered"
LATE_PROCESS = "late_answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What became of an answer: kept in time, or kept late with a look at the limits to follow."""

    request: str
    agency: str
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverAnswer:
    """Take an agency's answer to a question of the ledger as the agency wrote it.

    Raises:
        CaseNotFound, NotPermitted, CaseErased, RecordNotFound
        FileRefused: the answer is malformed or about other persons.
        AnswerNotDue: the question was answered already.
        ConsentMissing: the consent was withdrawn meanwhile; nothing is taken on.
    """

    number: str
    answer: JsonObject

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Delivered:
        """Check it and keep it."""
        request = context.unit_of_work.agency_requests.by_number(self.number)
        if request is None:
            raise RecordNotFound("agency request", self.number)
        case = case_at_work(context, request.case_id, action="登记核对答复")
        try:
            answer = checked_answer(self.answer, inquiry_of(context, request, case))
        except AnswerWrong as wrong:
            raise FileRefused(Words(f"答复不符合要求（{wrong}）", str(wrong))) from wrong
        return deliver(context, request, case, answer)


def deliver(context: Context[CaseworkUnitOfWork], request: AgencyRequest, case: Case, answer: JsonObject) -> Delivered:
    """Hand a checked answer to the process that waits for it, or keep it as a late one.

    Raises:
        AnswerNotDue, ConsentMissing
    """
    if request.has_data:
        raise AnswerNotDue(number=request.number or str(request.id))
    missing = unauthorised_members(context, case)
    if missing:
        raise ConsentMissing(number=case.number, members=missing, action="登记核对答复")
    told = Delivered(request=request.number or str(request.id), agency=request.agency, late=False)
    if request.status is None:
        answered = CorrelateMessage(name=ANSWERED, correlation_key=str(request.id), variables={"answer": answer})
        try:
            answered.execute(replace(context, actor=SYSTEM))
        except NotCorrelated:
            pass  # the process that asked is over: the answer comes too late for it
        else:
            return told
    held = locked_case(context, case.id)  # of two late deliveries the second sees the first
    found = context.unit_of_work.agency_requests.get(request.id)
    if found is None or found.has_data:
        raise AnswerNotDue(number=request.number or str(request.id))
    _keep_late(context, found, held, answer)
    return replace(told, late=True)


def _keep_late(context: Context[CaseworkUnitOfWork], request: AgencyRequest, case: Case, answer: JsonObject) -> None:
    context.unit_of_work.agency_requests.save(
        replace(
            request,
            answered_at=context.now(),
            status=AnswerStatus(answer["status"]),
            as_of=day_of(answer["as_of"], "as_of", latest=local_day(context.now())),
            answer_hash=answer["answer_hash"],
            answer=answer,
            entered_by=None,
        )
    )
    before = context.unit_of_work.cases.check_report(case.id)
    late: JsonObject = {"late_agency": request.agency, "superseded_report_id": str(before.id) if before else ""}
    start_process_of(replace(context, actor=SYSTEM), case, LATE_PROCESS, late)
