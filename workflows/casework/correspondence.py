"""What a job needs to know, and to write down, while it talks to the outside: each a short command of its own.

Process variables carry ids only; names and numbers are read here, at the moment of the call.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID

from engine.host import Command, Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from engine.submissions import Submitted, made_once
from workflows.casework.agencies import AGENCY_BY_KEY
from workflows.casework.days import local_day
from workflows.casework.errors import CaseErased, RecordNotFound
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.records import AgencyRequest
from workflows.casework.standards import standards_on
from workflows.casework.starting import start_process_of
from workflows.casework.verification.authorising import standing_of, unauthorised_of
from workflows.casework.verification.errors import AgencyResting, ConsentMissing
from workflows.casework.verification.model import FIRST_SUPPORTER, AgencyRest

Result = TypeVar("Result")
LETTER_DELIVERY = "letter_delivery"
LETTER_TASK = "Task_DeliverLetter"
"""Where the window delivers one on paper."""


class Execute(Protocol):
    """How a job runs a command: in a transaction of its own, as the system."""

    def __call__(self, command: Command[Any, Result], /) -> Result:
        """Run it and return its result."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A person an agency is asked about; `member` is the number in the case, of a supporter from 101 on."""

    member: int
    name: str
    identity_number: str

    @property
    def is_supporter(self) -> bool:
        """Tell whether the person lives outside the home: asked about, and not counted."""
        return self.member >= FIRST_SUPPORTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """A question to an agency about all members of a case, and the supporters who consented."""

    request_id: UUID
    agency: str
    items: tuple[str, ...]
    case_number: str
    subjects: tuple[Subject, ...]
    today: date
    answer_by: date
    number: str = ""
    purpose: str = ""
    legal_basis: str = ""
    requester: str = ""
    authorisations: tuple[UUID, ...] = ()
    look_back_months: int = 12
    stale_before: date | None = None  # figures of an earlier day are stale


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to the applicant; no phone means it must be printed."""

    notice_id: UUID
    case_number: str
    phone: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Persons the insurer is to treat as low-income from a day on."""

    case_number: str
    status: str
    subjects: tuple[Subject, ...]
    wanted_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadInquiry:
    """Put together a question of the ledger; only while every member's authorisation stands.

    Raises:
        ConsentMissing: a member's consent is missing, withdrawn or over.
        AgencyResting: the agency failed several times and is left in peace.
        RecordNotFound, CaseErased
    """

    request_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Inquiry:
        """Read it."""
        request = context.unit_of_work.agency_requests.get(self.request_id)
        case = context.unit_of_work.cases.get(request.case_id) if request else None
        if request is None or case is None:
            raise RecordNotFound("agency request", self.request_id)
        rest = context.unit_of_work.query_ledger.rest_of(request.agency)
        if rest is not None and rest.rests_until is not None and context.now() < rest.rests_until:
            raise AgencyResting(agency=AGENCY_BY_KEY[request.agency].name, until=rest.rests_until)
        return inquiry_of(context, request, case)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountFailure:
    """Count that an agency could not be reached; after several in a row it is left in peace for a while."""

    agency: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        """Count it."""
        ledger = context.unit_of_work.query_ledger
        failures = ledger.count_failure(self.agency)
        standards = standards_on(context.unit_of_work, local_day(context.now()))
        if failures >= standards.days("agency_failures_before_rest"):
            pause = timedelta(minutes=standards.days("agency_rest_minutes"))
            ledger.set_rest(AgencyRest(agency=self.agency, failures=failures, rests_until=context.now() + pause))


def inquiry_of(context: Context[CaseworkUnitOfWork], request: AgencyRequest, case: Case) -> Inquiry:
    """Return a question with the persons it is about.

    Raises:
        ConsentMissing, CaseErased
    """
    _require_persons(case, action="询问核对单位")
    today = local_day(context.now())
    authorisations = context.unit_of_work.authorisations.of_case(case.id)
    missing = unauthorised_of(case, authorisations, today)
    if missing:
        raise ConsentMissing(number=case.number, members=missing, action="询问核对单位")
    consented = standing_of(authorisations, today)
    supporters = [one for one in context.unit_of_work.supporters.of_case(case.id) if one.number in consented]
    return Inquiry(
        request_id=request.id,
        agency=request.agency,
        items=request.items or AGENCY_BY_KEY[request.agency].items,
        case_number=case.number,
        subjects=(
            *_subjects(case),
            *(Subject(member=one.number, name=one.name, identity_number=one.identity_number) for one in supporters),
        ),
        today=today,
        answer_by=local_day(request.due_at),
        number=request.number or str(request.id),
        purpose=request.purpose,
        legal_basis=request.legal_basis,
        requester=request.requested_by or "",
        authorisations=request.authorisation_ids,
        look_back_months=request.look_back_months or 12,
        stale_before=today - timedelta(days=standards_on(context.unit_of_work, today).days("agency_data_days")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMessage:
    """Put together a message to the applicant."""

    notice_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Message:
        """Read it."""
        notice = context.unit_of_work.notices.get(self.notice_id)
        case = context.unit_of_work.cases.get(notice.case_id) if notice else None
        if notice is None or case is None:
            raise RecordNotFound("notice", self.notice_id)
        _require_persons(case, action="发送通知")
        return Message(
            notice_id=notice.id, case_number=case.number, phone=case.applicant.person.phone, text=notice.text
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDelivery:
    """Write down that the gateway took a message; repeated calls change nothing."""

    notice_id: UUID
    gateway_reference: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        """Write it."""
        context.unit_of_work.notices.record_delivery(
            self.notice_id, sent_at=context.now(), gateway_reference=self.gateway_reference
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverOnPaper:
    """Have the window deliver a letter on paper, once; a county without the diagram is left alone with it.

    Raises:
        RecordNotFound
    """

    notice_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        """Begin its delivery."""
        notice = context.unit_of_work.notices.get(self.notice_id)
        case = context.unit_of_work.cases.get(notice.case_id) if notice else None
        if notice is None or case is None:
            raise RecordNotFound("notice", self.notice_id)
        if context.unit_of_work.definitions.latest("process", LETTER_DELIVERY) is None:
            return
        variables: JsonObject = {
            "notice_id": str(notice.id),
            "letter_kind": notice.kind.value,
            "written_on": local_day(notice.written_at).isoformat(),
        }
        made_once(
            context.unit_of_work.submissions,
            Submitted(key=f"{LETTER_DELIVERY}:{notice.id}", asked={"letter": str(notice.id)}),
            at=context.now(),
            make=lambda: start_process_of(context, case, LETTER_DELIVERY, variables),
            again=lambda known: _begun(context, known),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCoverage:
    """Put together what the insurer is told: from the day the statutory limit allows, unless another is named."""

    case_id: UUID
    status: str
    persons: tuple[int, ...] = ()  # by number; all members when none are named
    wanted_from: date | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Coverage:
        """Read it."""
        case = context.unit_of_work.cases.get(self.case_id)
        if case is None:
            raise RecordNotFound("case", self.case_id)
        _require_persons(case, action="推送医保身份")
        today = local_day(context.now())
        days = standards_on(context.unit_of_work, today).days("result_days_medical_aid")
        return Coverage(
            case_number=case.number,
            status=self.status,
            subjects=tuple(one for one in _subjects(case) if not self.persons or one.member in self.persons),
            wanted_from=self.wanted_from or context.unit_of_work.policy.calendar().add_working_days(today, days),
        )


def _begun(context: Context[CaseworkUnitOfWork], instance_id: UUID) -> ProcessInstance:
    found = context.unit_of_work.process_instances.get(instance_id)
    if found is None:
        raise RecordNotFound("process instance", instance_id)
    return found


def _require_persons(case: Case, *, action: str) -> None:
    if case.erased:
        raise CaseErased(number=case.number, action=action)


def _subjects(case: Case) -> tuple[Subject, ...]:
    return tuple(
        Subject(member=member.number, name=member.person.name, identity_number=member.person.identity_number)
        for member in case.members
    )
