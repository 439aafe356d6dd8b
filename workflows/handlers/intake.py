"""One window: the single correction notice, acceptance, decline, authorisations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

from engine.core.model import BpmnError, HandlerCall
from engine.core.texts import Words
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.county import UNIT_KIND_NAMES
from workflows.casework.days import local_day
from workflows.casework.letters import GROUNDS, correction_letter, decline_letter, receipt_letter
from workflows.casework.model import Case, CaseStatus
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.kin_commands import Kin, take_back
from workflows.casework.procedure.kin_commands import register_kin as enter_kin
from workflows.casework.procedure.messages import CASE_FINISHED, tell_waiting
from workflows.casework.procedure.model import KinPost
from workflows.casework.records import CorrectionNotice, Notice, NoticeKind
from workflows.casework.register.feeding import enter_in_register
from workflows.casework.standards import standards_on
from workflows.casework.verification.authorising import (
    Consent,
    keep_consent,
    standing_authorisations,
    unauthorised_members,
)
from workflows.casework.verification.model import SignedBy
from workflows.handlers.documents import issue
from workflows.handlers.inputs import Inputs, case_of


def issue_correction_notice(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Write the one notice that names everything missing; another only for the reason a supervisor gave.

    Raises:
        BpmnError: CORRECTION_ALREADY_ISSUED, the law knows no second notice.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case, today = case_of(context, inputs), local_day(context.now())
    missing = _missing(inputs)
    days = standards_on(context.unit_of_work, today).days("correction_days")
    due_on = context.unit_of_work.policy.calendar().add_working_days(today, days)
    note = inputs.optional_text("note")
    override = inputs.optional_text("override_reason")
    before = context.unit_of_work.notices.correction(case.id)
    correction = CorrectionNotice(
        id=uuid4(),
        case_id=case.id,
        round=before.round + 1 if before and override else 1,
        issued_at=context.now(),
        due_on=due_on,
        missing=missing,
        note=note,
        override_by=context.actor.id if override else None,
        override_reason=override,
    )
    if not context.unit_of_work.notices.add_correction(correction):
        raise BpmnError(
            "CORRECTION_ALREADY_ISSUED",
            f"案件 {case.number} 已出具过一次性补正通知书，不得再次要求补正；请受理或不予受理。",
        )
    context.unit_of_work.cases.save(replace(case, status=CaseStatus.CORRECTING))
    notice = _written(context, case, NoticeKind.CORRECTION, correction_letter(case, missing, due_on, note))
    issue(context, "correction", case, subject=correction.id)
    return {"notice_id": str(notice.id), "correction_due_on": due_on.isoformat()}


def accept_application(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Accept the application today and start the limit of the whole; papers of a correction count as handed in.

    The application as it stands now and the slip of its acceptance are issued.
    """
    case = case_of(context, Inputs(step=call.type, variables=call.variables))
    today = local_day(context.now())
    days = standards_on(context.unit_of_work, today).days("total_days")
    due_on = context.unit_of_work.policy.calendar().add_working_days(today, days)
    accepted = replace(
        case,
        status=CaseStatus.ACCEPTED,
        accepted_on=today,
        due_on=due_on,
        receipt_number=f"{case.number}-SL",
        documents=_documents_with_corrections(context, case),
    )
    context.unit_of_work.cases.save(accepted)
    enter_in_register(context, accepted)
    notice = _written(context, accepted, NoticeKind.RECEIPT, receipt_letter(accepted))
    for kind in ("application", "acceptance"):
        issue(context, kind, accepted)
    return {
        "accepted_on": today.isoformat(),
        "receipt_number": accepted.receipt_number,
        "due_on": due_on.isoformat(),
        "notice_id": str(notice.id),
    }


def decline_application(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """End the case without aid: papers stayed missing, or the household withdrew."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    ground = inputs.choice("ground", *GROUNDS)
    reason = _with_unit(inputs)
    withdrawn = ground == "withdrawn"
    context.unit_of_work.cases.save(
        replace(
            case,
            status=CaseStatus.CLOSED if withdrawn else CaseStatus.DECLINED,
            outcome="withdrawn" if withdrawn else "declined",
            declined_reason=GROUNDS[ground] + (f"({reason})" if reason else ""),
            closed_at=context.now(),
        )
    )
    tell_waiting(context, case, name=CASE_FINISHED, key=case.number)
    notice = _written(context, case, NoticeKind.DECLINED, decline_letter(case, ground, reason))
    if not withdrawn:
        issue(context, "non_acceptance", case)
    return {"notice_id": str(notice.id)}


def register_kin(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Enter the relatives that the household named at the window; they are barred from the case from now on."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    for one in inputs.contexts("kin"):
        kin = Kin(
            name=one.text("name"),
            relation=one.text("relation"),
            post=KinPost(one.choice("post", *KinPost)),
            unit=one.optional_text("unit") or "",
            login=one.optional_text("login"),
        )
        entry = enter_kin(context, case, kin, concealed=False)
        at_work = (context.actor.id, context.actor.acts_for)  # who enters themselves completes that very task
        if entry is not None and entry.login not in at_work:
            take_back(context, case, entry)
    return {"registered": len(context.unit_of_work.procedure.kin.of_case(case.id))}


def record_authorisations(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Keep who consented to the means check, when and by whose hand; a member not named keeps what stood.

    Who is stated to have consented without a day keeps a consent that stands; where none does it is signed today.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case, today = case_of(context, inputs), local_day(context.now())
    stated = {int(entry.number("number")): entry for entry in inputs.contexts("authorisations")}
    unknown = sorted(set(stated) - {member.number for member in case.members})
    if unknown:
        raise inputs.unfit(
            "authorisations", Words(f"家庭成员的序号，而非 {unknown}", f"numbers of members, not {unknown}")
        )
    for number, entry in sorted(stated.items()):
        _record_consent(context, case, number, entry, today)
    unauthorised = unauthorised_members(context, context.unit_of_work.cases.get(case.id) or case)
    if not unauthorised:
        issue(context, "authorisation", case)
    return {"all_authorised": not unauthorised, "unauthorised": unauthorised}


def _with_unit(inputs: Inputs) -> str | None:
    """Return the reason of a refusal, with the unit that is the right one."""
    reason, kind = inputs.optional_text("reason"), inputs.optional_text("right_unit")
    if kind is None:
        return reason
    name = UNIT_KIND_NAMES.get(kind, (kind, kind))[0]
    return f"{reason or ''}；请向{name}提出，窗口已告知办理方式"


def _missing(inputs: Inputs) -> tuple[JsonObject, ...]:
    missing = tuple(
        {"document": item.text("document"), "title": item.text("title"), "reason": item.text("reason")}
        for item in inputs.contexts("missing")
    )
    if not missing:
        raise inputs.unfit("missing", Words("至少一份缺少的材料", "at least one missing paper"))
    return missing


def _documents_with_corrections(context: Context[CaseworkUnitOfWork], case: Case) -> tuple[str, ...]:
    correction = context.unit_of_work.notices.correction(case.id)
    if correction is None:
        return case.documents
    now: datetime = context.now()
    context.unit_of_work.notices.save_correction(replace(correction, received_at=correction.received_at or now))
    brought = (str(item["document"]).partition(":")[0] for item in correction.missing)
    return tuple(dict.fromkeys((*case.documents, *brought)))


def _record_consent(context: Context[CaseworkUnitOfWork], case: Case, number: int, stated: Inputs, today: date) -> None:
    """Keep what the window states of one member, unless it stands on file just so."""
    current = context.unit_of_work.cases.get(case.id) or case
    member = next(one for one in current.members if one.number == number)
    if not stated.flag("authorised"):
        members = tuple(
            replace(one, authorised_on=None, authorised_by=None) if one.number == number else one
            for one in current.members
        )
        context.unit_of_work.cases.save(replace(current, members=members))
        return
    stands_since = member.authorised_on if number not in unauthorised_members(context, current) else None
    signed_on = stated.optional_day("signed_on") or stands_since or today
    signed_by = stated.choice("signed_by", *SignedBy)
    consent = Consent(
        person=number, signed_on=signed_on, signed_by=signed_by, guardian=stated.optional_text("guardian")
    )
    standing = standing_authorisations(context, current).get(number)
    if standing is None or (standing.signed_on, standing.signed_by) != (signed_on, signed_by):
        keep_consent(context, current, consent)


def _written(context: Context[CaseworkUnitOfWork], case: Case, kind: NoticeKind, text: str) -> Notice:
    notice = Notice(id=uuid4(), case_id=case.id, kind=kind, text=text, written_at=context.now())
    return context.unit_of_work.notices.add(notice)
