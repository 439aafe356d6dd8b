"""Putting questions to agencies: a round to all of them, a disputed source again, and what is never let out.

A query without a case, outside its purpose or without every member's consent is a breach (Law art. 70(6)): it is not
sent, and the attempt is kept for supervision.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from engine.core.texts import Words
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import SYSTEM, InstanceState
from workflows.casework.agencies import AGENCIES, AGENCY_BY_KEY, Agency
from workflows.casework.days import end_of_day, local_day
from workflows.casework.errors import ParameterMissing
from workflows.casework.model import Case, CaseStatus
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.clock_commands import locked_case
from workflows.casework.procedure.guard import is_kin
from workflows.casework.records import AgencyRequest, AnswerStatus, CheckReport
from workflows.casework.sight import is_purpose_limited
from workflows.casework.standards import Standards, standards_on
from workflows.casework.starting import start_process_of
from workflows.casework.verification.authorising import CLERKS, standing_authorisations, unauthorised_members
from workflows.casework.verification.errors import CheckRunning
from workflows.casework.verification.model import (
    FIRST_SUPPORTER,
    LEGAL_BASES,
    CheckPurpose,
    RefusalGround,
    RefusedQuery,
)

CHECK_PROCESS = "verification"
GROUNDS = {
    RefusalGround.NO_CASE: Words("没有对应的案件", "there is no such case"),
    RefusalGround.CASE_ENDED: Words("案件已办结，不属于新申请核对", "the case is closed: nothing new was applied for"),
    RefusalGround.PURPOSE_UNKNOWN: Words("查询目的不在法定范围内", "the purpose is none the law knows"),
    RefusalGround.NOT_AUTHORISED: Words("有成员未授权", "a member has not consented"),
    RefusalGround.NOT_PERMITTED: Words("您不承办该案件", "you do not handle this case"),
}
OVER = (CaseStatus.CLOSED, CaseStatus.DECLINED)
NOT_COVERED = "授权书未包括该类信息单位"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequested:
    """What came of asking for a check: the process that does it, or why no query was let out."""

    process_instance_id: UUID | None = None
    refused: RefusedQuery | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCheck:
    """Have a household's means checked beside its running application: a re-check, a complaint, another programme.

    When the query may not be let out nothing is raised: the refusal is kept, and returned.

    Raises:
        CheckRunning: a check of the case has asked and has no report yet.
    """

    case_number: str
    purpose: str
    reason: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> CheckRequested:
        """Begin the check, or keep that it was refused."""
        case = context.unit_of_work.cases.by_number(self.case_number)
        ground = self._ground(context, case)
        if ground is not None or case is None:
            refused = refuse_query(
                context,
                case_number=self.case_number,
                purpose=self.purpose,
                ground=ground or RefusalGround.NO_CASE,
            )
            return CheckRequested(refused=refused)
        if _runs(context, _open_round(context, locked_case(context, case.id))):
            raise CheckRunning(case.number)
        asked: JsonObject = {"purpose": self.purpose, "check_reason": self.reason}
        instance = start_process_of(replace(context, actor=SYSTEM), case, CHECK_PROCESS, asked)
        return CheckRequested(process_instance_id=instance.id)

    def _ground(self, context: Context[CaseworkUnitOfWork], case: Case | None) -> RefusalGround | None:
        if case is None or case.erased:
            return RefusalGround.NO_CASE
        actor = context.actor
        if not actor.system and (
            is_purpose_limited(actor, case.region)
            or is_kin(context, case)
            or not any(actor.has_role(role, case.region) for role in CLERKS)
        ):
            return RefusalGround.NOT_PERMITTED
        if self.purpose not in set(CheckPurpose):
            return RefusalGround.PURPOSE_UNKNOWN
        if self.purpose == CheckPurpose.NEW_APPLICATION and case.status in OVER:
            return RefusalGround.CASE_ENDED
        return RefusalGround.NOT_AUTHORISED if unauthorised_members(context, case) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRefusal:
    """Keep that a question of the ledger was not let out, in a transaction of its own."""

    request_id: UUID
    ground: RefusalGround

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        """Write it."""
        request = context.unit_of_work.agency_requests.get(self.request_id)
        case = context.unit_of_work.cases.get(request.case_id) if request else None
        refuse_query(
            context,
            case_number=case.number if case else "",
            purpose=request.purpose if request else "",
            ground=self.ground,
            agency=request.agency if request else None,
        )


def refuse_query(
    context: Context[CaseworkUnitOfWork],
    *,
    case_number: str,
    purpose: str,
    ground: RefusalGround,
    agency: str | None = None,
) -> RefusedQuery:
    """Keep a query that was not let out, and return what is kept."""
    refused = RefusedQuery(
        id=uuid4(),
        at=context.now(),
        actor=context.actor.id,
        case_number=case_number[:100],
        agency=agency,
        purpose=purpose[:100],
        ground=ground,
    )
    context.unit_of_work.query_ledger.refuse(refused)
    return refused


def open_round(
    context: Context[CaseworkUnitOfWork], case: Case, purpose: CheckPurpose, *, process_instance_id: UUID
) -> Sequence[AgencyRequest]:
    """Open a question to each agency of a check.

    A round of the same process that has no report yet is the same round, asked for again; another process has a round
    of its own, and waits for no answer of another's.
    """
    held = locked_case(context, case.id)  # of two checks at once the second sees the round of the first
    standing = _open_round(context, held)
    asker = standing[0].process_instance_id if standing else None
    if asker == process_instance_id or (asker is None and _runs(context, standing)):
        return standing
    asked = context.unit_of_work.agency_requests.of_case(held.id)
    newest = max((request.round for request in asked), default=0)
    agencies = _sources(standards_on(context.unit_of_work, local_day(context.now())))
    asking = _Round(purpose=purpose, number=newest + 1, process_instance_id=process_instance_id)
    return _ask(context, held, agencies, asking)


def round_of(requests: Sequence[AgencyRequest], process_instance_id: UUID) -> int:
    """Return the newest round of a process; of one that asked nobody itself, the newest of the case."""
    own = [one.round for one in requests if one.process_instance_id == process_instance_id]
    return max(own or [one.round for one in requests], default=1)


def _open_round(context: Context[CaseworkUnitOfWork], case: Case) -> list[AgencyRequest]:
    """Return the questions of the newest round while it has no report."""
    asked = context.unit_of_work.agency_requests.of_case(case.id)
    report = context.unit_of_work.cases.check_report(case.id)
    newest = max((request.round for request in asked), default=0)
    if newest <= (report.round if report else 0):
        return []
    standing = [request for request in asked if request.round == newest]
    return [] if report and _is_reported(standing, report) else standing


def _is_reported(standing: Iterable[AgencyRequest], report: CheckReport) -> bool:
    """Say whether a report rests on a round, even one by a release whose reports of a change named the first round."""
    return all(one.answered_at is not None and one.answered_at <= report.compiled_at for one in standing)


def _runs(context: Context[CaseworkUnitOfWork], requests: Sequence[AgencyRequest]) -> bool:
    """Say whether the process that asked still goes on; one that was cancelled brings no report any more.

    A round of a release that did not keep who asked goes on while an answer may still come in time.
    """
    asking = next((one.process_instance_id for one in requests if one.process_instance_id), None)
    if asking is None:
        return any(one.answered_at is None and context.now() <= one.due_at for one in requests)
    instance = context.unit_of_work.process_instances.get(asking)
    return instance is not None and instance.state in (InstanceState.ACTIVE, InstanceState.SUSPENDED)


def ask_again(
    context: Context[CaseworkUnitOfWork], case: Case, agencies: Sequence[str], *, objection_id: UUID, round_number: int
) -> Sequence[AgencyRequest]:
    """Open a new question to each disputed source, and to no other.

    A report that rests on the answers of another case has none of its own to stand beside the new one: then every
    source of the check is asked, so that nothing it knew is lost.
    """
    asked = context.unit_of_work.agency_requests.of_case(case.id)
    earlier = [request for request in asked if request.objection_id == objection_id]
    if earlier:
        return earlier
    purpose = next((one.purpose for one in asked if one.round == round_number), CheckPurpose.NEW_APPLICATION)
    asking = _Round(purpose=CheckPurpose(purpose), number=round_number, objection_id=objection_id)
    disputed = [AGENCY_BY_KEY[key] for key in agencies]
    if all(request.round != round_number for request in asked):
        every = _sources(standards_on(context.unit_of_work, local_day(context.now())))
        disputed += [agency for agency in every if agency not in disputed]
    return _ask(context, case, disputed, asking)


def counting_requests(requests: Iterable[AgencyRequest], round_number: int) -> list[AgencyRequest]:
    """Return of a round the newest question to each agency, by agency: what was asked again stands in for the old."""
    newest: dict[str, AgencyRequest] = {}
    for request in requests:
        if request.round == round_number:
            kept = newest.get(request.agency)
            if kept is None or (request.asked_at, request.number or "") >= (kept.asked_at, kept.number or ""):
                newest[request.agency] = request
    return [newest[agency] for agency in sorted(newest)]


def authorised_supporters(context: Context[CaseworkUnitOfWork], case: Case) -> tuple[list[int], list[int]]:
    """Return the supporters with a consent of their own, and those without: these are not asked about."""
    standing = standing_authorisations(context, case)
    numbers = [one.number for one in context.unit_of_work.supporters.of_case(case.id)]
    return [one for one in numbers if one in standing], [one for one in numbers if one not in standing]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """What questions asked together share."""

    purpose: CheckPurpose
    number: int
    process_instance_id: UUID | None = None
    objection_id: UUID | None = None


def _ask(
    context: Context[CaseworkUnitOfWork], case: Case, agencies: Sequence[Agency], asking: _Round
) -> Sequence[AgencyRequest]:
    now, today = context.now(), local_day(context.now())
    standards = standards_on(context.unit_of_work, today)
    due_on = context.unit_of_work.policy.calendar().add_working_days(today, standards.days("agency_answer_days"))
    standing = standing_authorisations(context, case)
    covered = [set(one.agency_classes) for one in standing.values() if one.person < FIRST_SUPPORTER]
    count = len(context.unit_of_work.agency_requests.of_case(case.id))
    opened = []
    for place, agency in enumerate(agencies, start=1):
        request = AgencyRequest(
            id=uuid4(),
            case_id=case.id,
            region=case.region,
            agency=agency.key,
            asked_at=now,
            due_at=end_of_day(due_on),
            number=f"{case.number}-H{count + place:03d}",
            round=asking.number,
            purpose=asking.purpose,
            legal_basis=LEGAL_BASES[asking.purpose],
            requested_by=context.actor.id,
            authorisation_ids=tuple(one.id for one in standing.values()),
            items=agency.items,
            as_of_wanted=today,
            look_back_months=standards.days("check_look_back_months"),
            objection_id=asking.objection_id,
            process_instance_id=asking.process_instance_id,
        )
        if any(agency.agency_class not in classes for classes in covered):
            request = replace(request, answered_at=now, status=AnswerStatus.NO_DATA, reason=NOT_COVERED)
        context.unit_of_work.agency_requests.add(request)
        opened.append(request)
    return opened


def to_ask(requests: Sequence[AgencyRequest]) -> list[dict[str, str]]:
    """Return what the diagram is given of each question that is still to be put."""
    return [
        {
            "agency": request.agency,
            "title": AGENCY_BY_KEY[request.agency].name,
            "request_id": str(request.id),
            "channel": AGENCY_BY_KEY[request.agency].channel.value,
        }
        for request in requests
        if request.reason != NOT_COVERED
    ]


def deadline_of(requests: Sequence[AgencyRequest], today: date) -> date:
    """Return the last day for the answers of a round."""
    return max((local_day(request.due_at) for request in requests), default=today)


def _sources(standards: Standards) -> list[Agency]:
    wanted = standards.values.get("check_sources")
    if not isinstance(wanted, list | tuple) or not set(wanted) <= AGENCY_BY_KEY.keys():
        raise ParameterMissing(key="check_sources", day=standards.day)
    return [agency for agency in AGENCIES if agency.key in wanted]
