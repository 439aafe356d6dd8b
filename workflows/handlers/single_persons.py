"""A single person of an edge family: a case of their own, linked to the family's, without a second means test."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from engine.core.model import HandlerCall
from engine.core.texts import Words
from engine.errors import ConcurrentChange
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.benefits.recognition import CaseLink
from workflows.casework.days import local_day
from workflows.casework.means import means_of_one, sources, tells_of_one
from workflows.casework.model import ZERO, Case, CaseStatus, Member, Need, Relation
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.kin_commands import kin_of, register_kin
from workflows.casework.records import AgencyRequest, CheckReport
from workflows.casework.standards import standards_on
from workflows.casework.starting import start_process_of
from workflows.casework.verification.asking import counting_requests
from workflows.casework.verification.authorising import APPLICANT, standing_authorisations, unauthorised_members
from workflows.casework.verification.model import ReportTrigger
from workflows.handlers.inputs import Inputs, case_of

LINKED_PROCESS = "single_person_case"
SINGLE_ENTRY = "single_entry"


def open_single_entry(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Open a case of their own for one member, with the family's papers, consents, check and kin; once a person.

    The family was checked: units recognise that and do not ask again (社会救助法（2026）第四十二条). What its check
    says of the one person is concluded by the process of the new case; it is told where the family's is open again.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    family = case_of(context, inputs)
    member = _member(inputs, family)
    links = context.unit_of_work.case_links
    known = [one for one in links.of_case(family.id) if one.case_id == family.id and one.member == member.number]
    if known:
        linked = context.unit_of_work.cases.get(known[0].linked_case_id)
        return {"linked_case": linked.number if linked else None}
    case = _case_of_one(context, family, member)
    work = context.unit_of_work
    if not work.cases.add(case):  # opened by somebody else at this moment
        raise ConcurrentChange
    _keep_consent(context, family, member, case)
    for entry in work.procedure.kin.of_case(family.id):
        register_kin(context, case, kin_of(entry), concealed=entry.concealed)
    report = _report(context, family, member, case)
    work.cases.add_check_report(report)
    links.add(
        CaseLink(
            case_id=family.id,
            linked_case_id=case.id,
            kind=SINGLE_ENTRY,
            member=member.number,
            linked_at=context.now(),
        )
    )
    told: JsonObject = {
        "family_case": family.number,
        "family_checked": report.valid_until is not None,
        "report_id": str(report.id),
    }
    instance = start_process_of(context, case, LINKED_PROCESS, told)
    work.cases.save(replace(work.cases.get(case.id) or case, process_instance_id=instance.id))
    return {"linked_case": case.number}


def _member(inputs: Inputs, family: Case) -> Member:
    number = inputs.number("member")
    found = next((one for one in family.members if one.number == number), None)
    if found is None:
        raise inputs.unfit("member", Words("本案成员的序号", "the number of a member of the case"))
    return found


def _case_of_one(context: Context[CaseworkUnitOfWork], family: Case, member: Member) -> Case:
    work, now = context.unit_of_work, context.now()
    today = local_day(now)
    days = standards_on(work, today).days("total_days")
    signed = member.number not in unauthorised_members(context, family)
    consent = (member.authorised_on, member.authorised_by) if signed else (None, None)
    own = replace(member, number=APPLICANT, authorised_on=consent[0], authorised_by=consent[1])
    person = replace(member.person, relation=Relation.SELF, phone=member.person.phone or family.applicant.person.phone)
    return Case(
        id=uuid4(),
        number=work.cases.next_number(region=family.region, year=today.year),
        region=family.region,
        channel=family.channel,
        status=CaseStatus.ACCEPTED,
        submission_key=f"single:{family.id}:{member.number}",
        submission_digest=family.submission_digest,
        received_on=today,
        received_at=now,
        household=replace(family.household, assets_declared=ZERO, has_vehicle=False),
        members=(replace(own, person=person),),
        needs=(Need.SUBSISTENCE,),
        recognised_status="none",
        account=family.account,
        documents=family.documents,
        remark=family.number,
        accepted_on=today,
        due_on=work.policy.calendar().add_working_days(today, days),
    )


def _keep_consent(context: Context[CaseworkUnitOfWork], family: Case, member: Member, case: Case) -> None:
    """Let the person's standing consent hold in the case of their own as it stands: as long, and for as many units."""
    standing = standing_authorisations(context, family).get(member.number)
    if standing is not None:
        own = replace(standing, id=uuid4(), case_id=case.id, person=APPLICANT)
        context.unit_of_work.authorisations.add(own)


def _can_be_relied_on(context: Context[CaseworkUnitOfWork], family: Case, found: CheckReport | None) -> bool:
    """Say whether the family's check concludes on one member: it concluded, holds today and tells who has what."""
    if found is None or found.conclusion is None or found.valid_until is None:
        return False
    if found.valid_until < local_day(context.now()) or found.trigger == ReportTrigger.CHANGE:
        return False
    return tells_of_one(_counting(context, family, found), found.survey)


def _counting(context: Context[CaseworkUnitOfWork], family: Case, found: CheckReport | None) -> list[AgencyRequest]:
    asked = context.unit_of_work.agency_requests.of_case(family.id)
    return counting_requests(asked, found.round) if found else []


def _report(context: Context[CaseworkUnitOfWork], family: Case, member: Member, case: Case) -> CheckReport:
    """Return what the family's check knows of the one person; where it can be relied on, it may be as long as that.

    It is compiled today, so that the person has the days to object from the day they are told.
    """
    work = context.unit_of_work
    found = work.cases.check_report(family.id)
    asked = _counting(context, family, found)
    relied_on = found if _can_be_relied_on(context, family, found) else None
    known = means_of_one(member, asked, complete=found.means.complete if found else True)
    means = replace(known, wages=tuple(replace(one, number=APPLICANT) for one in known.wages))
    return CheckReport(
        id=uuid4(),
        case_id=case.id,
        version=1,
        compiled_at=context.now(),
        means=means,
        lines=(
            {
                "source": "family_case",
                "item": "monthly_income",
                "found": means.monthly_income,
                "remark": family.number,
                "as_of": None,
            },
        ),
        missing=(),
        survey={},
        second_survey={},
        supplement=None,
        round=relied_on.round if relied_on else 1,
        sources=sources(asked) if relied_on else (),
        valid_until=relied_on.valid_until if relied_on else None,
    )
