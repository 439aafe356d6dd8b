"""Public notices in diagrams: drawn up, posted, locked by an objection, answered, over, taken down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from engine.core.model import HandlerCall
from engine.core.texts import Words
from engine.host import Context
from engine.json_values import JsonObject, JsonValue
from engine.model import ProcessInstance
from workflows.casework.days import local_day
from workflows.casework.errors import RecordNotFound
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.model import DocumentReference, NoticeFacts, NoticePosting, NoticeState
from workflows.casework.procedure.notice_text import notice_text, proposal, proposed_sum
from workflows.casework.records import PublicNotice
from workflows.casework.standards import standards_on
from workflows.casework.starting import start_process_of
from workflows.handlers.inputs import Inputs, case_of, referral_of

REMOVAL_PROCESS = "notice_removal"


def prepare_public_notice(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Draw up the notice that the clerk posts in the village, masked, with the number an objector names."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    referral = referral_of(context, inputs, case)
    facts = NoticeFacts(
        programme=inputs.text("programme"),
        opinion=inputs.text("opinion"),
        amount=inputs.optional_number("amount"),
        amount_period=inputs.optional_text("amount_period"),
    )
    today, board = local_day(context.now()), context.unit_of_work.procedure.notice_board
    standards, number = standards_on(context.unit_of_work, today), board.next_number(case)
    text = notice_text(
        case,
        facts,
        number=number,
        days=standards.days("public_notice_days"),
        phone=str(standards.values.get("complaint_phone", "")),
        today=today,
    )
    notice = PublicNotice(
        id=uuid4(), case_id=case.id, referral_id=referral.id, text=text, amount=facts.amount, prepared_at=context.now()
    )
    context.unit_of_work.notices.add_public(notice)
    board.add(
        NoticePosting(
            notice_id=notice.id,
            case_id=case.id,
            referral_id=referral.id,
            number=number,
            programme=facts.programme,
            state=NoticeState.PREPARED,
        )
    )
    return {
        "notice_id": str(notice.id),
        "notice_number": number,
        "notice_text": text,
        "prepared_on": today.isoformat(),
        "notice_proposal": f"拟{proposal(facts)}",
        "notice_amount": proposed_sum(facts),
    }


def record_notice_posted(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Keep where the notice hangs, since when and until when, with the photo of it."""
    inputs = Inputs(step=call.type, variables=call.variables)
    posting = _posting(context, inputs, case_of(context, inputs))
    context.unit_of_work.procedure.notice_board.save(
        replace(
            posting,
            state=NoticeState.POSTED,
            place=inputs.text("place"),
            posted_on=_day(inputs, "posted_on"),
            posted_by=context.actor.id,
            ends_on=_day(inputs, "ends_on"),
            photo_up=photo_of(inputs, "photo"),
        )
    )
    return {"posted": True}


def gather_objections(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Hand out what was objected and is not answered yet; not who objected."""
    inputs = Inputs(step=call.type, variables=call.variables)
    posting = _posting(context, inputs, case_of(context, inputs))
    objections = context.unit_of_work.procedure.notice_board.objections(posting.notice_id)
    shown: list[JsonValue] = [
        {"id": str(one.id), "number": one.number, "text": one.text} for one in objections if one.answered_at is None
    ]
    return {"objections": shown}


def answer_objections(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Keep the answer to the objections it is for; where they hold, the notice is withdrawn and taken down."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    posting = _posting(context, inputs, case)
    outcome, answer = inputs.choice("outcome", "dismissed", "upheld"), inputs.text("answer")
    wanted = set(inputs.texts("objection_ids"))
    board = context.unit_of_work.procedure.notice_board
    waiting = [one for one in board.objections(posting.notice_id) if one.answered_at is None]
    answered = [one for one in waiting if str(one.id) in wanted]
    for one in answered:
        board.save_objection(
            replace(one, answer=answer, outcome=outcome, answered_at=context.now(), answered_by=context.actor.id)
        )
    if outcome == "upheld":
        _end(context, case, posting, NoticeState.WITHDRAWN)
    return {"unanswered": len(waiting) - len(answered)}


def reopen_notice(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Unlock the notice: every objection is answered and none holds."""
    inputs = Inputs(step=call.type, variables=call.variables)
    posting = _posting(context, inputs, case_of(context, inputs))
    context.unit_of_work.procedure.notice_board.save(replace(posting, state=NoticeState.POSTED))
    return {"posted": True}


def close_notice(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """End the notice after its full days; somebody takes it down while the case goes on."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    outcome = inputs.choice("outcome", "undisputed", "dismissed")
    _end(context, case, _posting(context, inputs, case), NoticeState.OVER)
    return {"notice_outcome": outcome}


def record_notice_removed(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Keep when the notice was taken down, with the photo of the empty board."""
    inputs = Inputs(step=call.type, variables=call.variables)
    posting = _posting(context, inputs, case_of(context, inputs))
    removed_on = _day(inputs, "taken_down_on")
    context.unit_of_work.procedure.notice_board.save(
        replace(posting, taken_down_on=removed_on, photo_down=photo_of(inputs, "photo"))
    )
    return {"removed_on": removed_on.isoformat()}


def photo_of(inputs: Inputs, name: str) -> DocumentReference | None:
    """Return the reference to a photo kept elsewhere."""
    given = inputs.optional_context(name)
    if given is None:
        return None
    photo = Inputs(step=f"{inputs.step}: {name}", variables=given)
    return DocumentReference(name=photo.text("name"), sha256=photo.text("sha256"))


def _posting(context: Context[CaseworkUnitOfWork], inputs: Inputs, case: Case) -> NoticePosting:
    notice_id: UUID = inputs.id("notice_id")
    posting = context.unit_of_work.procedure.notice_board.get(notice_id)
    if posting is None or posting.case_id != case.id:
        raise RecordNotFound("notice", notice_id)
    return posting


def _end(context: Context[CaseworkUnitOfWork], case: Case, posting: NoticePosting, state: NoticeState) -> None:
    context.unit_of_work.procedure.notice_board.save(replace(posting, state=state))
    known: JsonObject = {
        "notice_id": str(posting.notice_id),
        "notice_number": posting.number,
        "place": posting.place,
        "notice_ends_on": posting.ends_on.isoformat() if posting.ends_on else None,
    }
    start_process_of(context, case, REMOVAL_PROCESS, known)


def _day(inputs: Inputs, name: str) -> date:
    day = inputs.optional_day(name)
    if day is None:
        raise inputs.unfit(name, Words("日期", "a date"))
    return day
