"""Jobs that talk to the outside. The job's id is the key under which the other side does nothing twice."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from uuid import UUID

from engine.core.model import BpmnError
from engine.json_values import JsonObject
from engine.model import Job
from workflows.casework.correspondence import (
    CountFailure,
    DeliverOnPaper,
    Execute,
    Inquiry,
    Message,
    ReadCoverage,
    ReadInquiry,
    ReadMessage,
    RecordDelivery,
)
from workflows.casework.procedure.objections import ReadObjectionAnswers, RecordAnswerDelivery
from workflows.casework.verification.asking import KeepRefusal
from workflows.casework.verification.errors import ConsentMissing
from workflows.casework.verification.model import RefusalGround
from workflows.connectors.answers import AnswerWrong, checked_answer
from workflows.connectors.ports import (
    Agencies,
    AgencyRefused,
    AnswerPending,
    ConnectorError,
    Insurer,
    MessageGateway,
    NumberRefused,
    PersonUnknown,
)
from workflows.handlers.inputs import Inputs

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAgency:
    """Ask one agency about all members; silence raises, so that the job is tried again after a pause."""

    execute: Execute
    agencies: Agencies

    def __call__(self, job: Job) -> JsonObject:
        """Return the checked answer.

        Raises:
            BpmnError: WRONG_ANSWER or REFUSED; a checker takes over.
            ConnectorError: nobody answered; an agency that fails again and again is left in peace for a while.
        """
        request_id = Inputs(step=job.type, variables=job.variables).id("request_id")
        inquiry = self._inquiry(request_id)
        try:
            answer = self.agencies.ask(inquiry, key=str(job.id))
            return {"answer": checked_answer(answer, inquiry)}
        except AgencyRefused:
            raise BpmnError("REFUSED", f"{inquiry.agency} will not answer request {request_id}") from None
        except AnswerWrong as wrong:
            log.warning("agency answer wrong", extra={"agency": inquiry.agency, "request": str(request_id)})
            raise BpmnError("WRONG_ANSWER", str(wrong)) from wrong
        except AnswerPending:
            raise
        except ConnectorError:
            self.execute(CountFailure(agency=inquiry.agency))
            raise

    def _inquiry(self, request_id: UUID) -> Inquiry:
        try:
            return self.execute(ReadInquiry(request_id=request_id))
        except ConsentMissing:
            self.execute(KeepRefusal(request_id=request_id, ground=RefusalGround.NOT_AUTHORISED))
            raise


@dataclass(frozen=True, slots=True, kw_only=True)
class SendNotice:
    """Send a letter's text to the applicant's phone; one that cannot be sent so is delivered by the window."""

    execute: Execute
    gateway: MessageGateway

    def __call__(self, job: Job) -> JsonObject:
        """Return whether it was delivered and how."""
        notice_id = Inputs(step=job.type, variables=job.variables).id("notice_id")
        message = self.execute(ReadMessage(notice_id=notice_id))
        try:
            reference = self.gateway.send(message, key=str(job.id)) if message.phone else None
        except NumberRefused:
            reference = None
        if reference is None:
            self.execute(DeliverOnPaper(notice_id=notice_id))
            return {"delivered": False, "channel": "print"}
        self.execute(RecordDelivery(notice_id=notice_id, gateway_reference=reference))
        return {"delivered": True, "channel": "sms"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SendObjectionAnswers:
    """Send objectors their answers; who left no number that takes them asks by that of the objection."""

    execute: Execute
    gateway: MessageGateway

    def __call__(self, job: Job) -> JsonObject:
        """Return how many were reached."""
        notice_id = Inputs(step=job.type, variables=job.variables).id("notice_id")
        sent = 0
        for answer in self.execute(ReadObjectionAnswers(notice_id=notice_id)):
            if not answer.contact:
                continue
            message = Message(
                notice_id=answer.objection_id, case_number=answer.number, phone=answer.contact, text=answer.text
            )
            try:
                self.gateway.send(message, key=f"{job.id}:{answer.objection_id}")
            except NumberRefused:
                continue
            self.execute(RecordAnswerDelivery(objection_id=answer.objection_id))
            sent += 1
        return {"delivered": sent}


@dataclass(frozen=True, slots=True, kw_only=True)
class PushMedicalStatus:
    """Tell the insurer the status of the household, or of the persons named, so that the hospital's next query hits.

    `none` from `status_from` on means that a status has ended.
    """

    execute: Execute
    insurer: Insurer

    def __call__(self, job: Job) -> JsonObject:
        """Return the day from which the status counts.

        Raises:
            BpmnError: PERSON_NOT_FOUND.
        """
        inputs = Inputs(step=job.type, variables=job.variables)
        case_id, status = inputs.id("caseId"), inputs.text("household_status")
        wanted = ReadCoverage(
            case_id=case_id,
            status=status,
            persons=inputs.whole_numbers("persons"),
            wanted_from=inputs.optional_day("status_from"),
        )
        coverage = self.execute(wanted)
        try:
            status_from = self.insurer.push_status(coverage, key=str(job.id))
        except PersonUnknown:
            raise BpmnError("PERSON_NOT_FOUND", f"the insurer knows nobody of case {coverage.case_number}") from None
        return {"status_from": status_from.isoformat()}
