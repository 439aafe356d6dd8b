"""Forgetting the persons of a case: its keys are destroyed, and what stands in the clear is blanked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Date,
    Text,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import array

from storage.encryption import ERASED, patient_key
from storage.register_erasure import forget_register
from storage.tables import (
    advice,
    benefits,
    comments,
    engine,
    evidence,
    messages,
    money,
    operations,
    procedure,
    programmes,
    spot_checks,
    supervision,
    verification,
    winter,
)
from storage.tables import casework as tables
from storage.tables.relief import relief_claim


def erase_case(connection: Connection, case_id: UUID) -> None:
    """Leave of a case its number, what was decided and when; nothing of who it was about."""
    forget_register(connection, case_id)
    _erase_bills_of_persons(connection, case_id)
    _erase_file(connection, case_id)
    _erase_records(connection, case_id)
    _erase_check(connection, case_id)
    of_case = select(tables.case_file.c.process_instance_id).where(tables.case_file.c.id == case_id)
    instance_id = connection.execute(of_case).scalar_one()
    beside = _ended_beside(connection, case_id)
    for one in dict.fromkeys((*beside, instance_id)):
        if one is not None:
            _erase_instance(connection, one)
    _erase_messages(connection, case_id)
    _erase_programmes(connection, case_id)
    _erase_procedure(connection, case_id)
    _erase_money(connection, case_id)
    _erase_supervision(connection, case_id)
    _erase_comments(connection, case_id)
    _erase_evidence(connection, case_id)


def _ended_beside(connection: Connection, case_id: UUID) -> list[UUID]:
    """Return the processes of a case beside its own that have ended: visits, extensions, notices taken down."""
    number = select(tables.case_file.c.number).where(tables.case_file.c.id == case_id).scalar_subquery()
    instance = engine.process_instance.c
    ended = select(instance.id).where(instance.business_key == number, instance.ended_at.is_not(None))
    return list(connection.execute(ended).scalars())


def _erase_bills_of_persons(connection: Connection, case_id: UUID) -> None:
    """Take from bills that hit no status, and from their processes, whose they were.

    Such a bill belongs to no case: it goes with the last case of its patient, and while hashes can still be read.
    """
    own, other = tables.member.alias("own"), tables.member.alias("other")
    elsewhere = exists().where(other.c.identity_hash == own.c.identity_hash, other.c.case_id != case_id)
    mine = select(own.c.identity_hash).where(own.c.case_id == case_id, own.c.identity_hash != "", ~elsewhere)
    hashes = list(connection.execute(mine).scalars())
    for table in (programmes.medical_bill, programmes.status_query):
        theirs = and_(table.c.case_id.is_(None), table.c.identity_hash.in_(hashes))
        connection.execute(update(table).where(theirs).values(identity_hash=""))
    instance = engine.process_instance
    keys = [patient_key(one) for one in hashes]
    ended = select(instance.c.id).where(instance.c.business_key.in_(keys), instance.c.ended_at.is_not(None))
    for one in list(connection.execute(ended).scalars()):
        _erase_instance(connection, one)
        connection.execute(update(instance).where(instance.c.id == one).values(business_key=""))
        task = engine.user_task
        connection.execute(update(task).where(task.c.process_instance_id == one).values(business_key=""))
    _blank_orders(connection, keys)
    for table in (supervision.supervision_order, supervision.staff_notice):
        connection.execute(update(table).where(table.c.matter.in_(keys)).values(matter=""))


def _erase_file(connection: Connection, case_id: UUID) -> None:
    columns = tables.case_file.c
    file = update(tables.case_file).where(columns.id == case_id)
    connection.execute(
        file.values(
            wrapped_key=None,
            applicant=ERASED,
            applicant_sort="",
            search=array([columns.number]),
            documents=[],
            remark="",
            declined_reason=_blank(columns.declined_reason),
            routing_note=_blank(columns.routing_note),
            account_bank=_blank(columns.account_bank),
            account_holder=_blank(columns.account_holder),
            account_hash=None,
        )
    )
    year = cast(func.date_trunc("year", tables.member.c.birth_date), Date)
    member = update(tables.member).where(tables.member.c.case_id == case_id)
    connection.execute(member.values(name=ERASED, birth_date=year, identity_hash="", phone_hash=None))


def _erase_records(connection: Connection, case_id: UUID) -> None:
    for letters in (tables.notice, tables.public_notice):
        connection.execute(update(letters).where(letters.c.case_id == case_id).values(text=ERASED))
    referral, request, correction = tables.referral, tables.agency_request, tables.correction_notice
    connection.execute(
        update(referral)
        .where(referral.c.case_id == case_id)
        .values(
            reason=ERASED,
            reason_en=ERASED,
            result=null(),
            outcome_reason=_blank(referral.c.outcome_reason),
        )
    )
    claim = update(relief_claim).where(relief_claim.c.case_id == case_id)
    connection.execute(claim.values(event_kind=None, event_reference=None, happened_on=None))
    answered = update(request).where(request.c.case_id == case_id)
    connection.execute(answered.values(answer_hash=None, reason=_blank(request.c.reason)))
    _erase_benefits(connection, case_id)
    corrected = update(correction).where(correction.c.case_id == case_id)
    connection.execute(corrected.values(missing=[], note=_blank(correction.c.note)))


def _erase_benefits(connection: Connection, case_id: UUID) -> None:
    granted, version, status = tables.benefit, benefits.benefit_version, benefits.recognition
    of_case = select(granted.c.id).where(granted.c.case_id == case_id)
    connection.execute(update(version).where(version.c.benefit_id.in_(of_case)).values(reason=ERASED))
    ended = update(status).where(status.c.case_id == case_id)
    connection.execute(ended.values(end_reason=_blank(status.c.end_reason)))


def _erase_money(connection: Connection, case_id: UUID) -> None:
    """Leave of payments what was paid when; accounts go with the case's key, and so does why one was held."""
    paid = update(money.payment).where(money.payment.c.case_id == case_id)
    connection.execute(paid.values(account_tail=""))
    of_case = select(money.payment.c.id).where(money.payment.c.case_id == case_id)
    tried = update(money.payment_attempt).where(money.payment_attempt.c.payment_id.in_(of_case))
    connection.execute(tried.values(account_tail=""))
    benefits_of_case = select(tables.benefit.c.id).where(tables.benefit.c.case_id == case_id)
    needed = update(winter.winter_need).where(winter.winter_need.c.case_id == case_id)
    connection.execute(needed.values(village=ERASED, goods="", calculation=None))
    held = update(money.payment_hold).where(money.payment_hold.c.benefit_id.in_(benefits_of_case))
    connection.execute(held.values(reason=ERASED))


def _erase_check(connection: Connection, case_id: UUID) -> None:
    """Leave of supporters and consents when they signed; their names go with the case's key."""
    person = update(verification.supporter).where(verification.supporter.c.case_id == case_id)
    connection.execute(person.values(identity_hash=""))


def _erase_programmes(connection: Connection, case_id: UUID) -> None:
    """Leave of what units kept sums and dates; what is sealed goes with the key."""
    for table in (programmes.medical_status, programmes.medical_bill, programmes.status_query):
        connection.execute(update(table).where(table.c.case_id == case_id).values(identity_hash=""))
    offer = programmes.job_offer
    offered = update(offer).where(offer.c.case_id == case_id)
    connection.execute(offered.values(title=ERASED, ground=ERASED, monthly_wage=None, distance_km=None))


def _erase_instance(connection: Connection, instance_id: UUID) -> None:
    instance, task, draft = engine.process_instance, engine.user_task, engine.user_task_draft
    connection.execute(update(instance).where(instance.c.id == instance_id).values(wrapped_key=None, snapshot=None))
    of_instance = select(task.c.id).where(task.c.process_instance_id == instance_id)
    connection.execute(delete(draft).where(draft.c.user_task_id.in_(of_instance)))
    denial = engine.user_task_denial
    connection.execute(delete(denial).where(denial.c.process_instance_id == instance_id))
    connection.execute(
        update(engine.incident).where(engine.incident.c.process_instance_id == instance_id).values(reason=ERASED)
    )
    _erase_operations(connection, instance_id)
    told = engine.history_entry
    clear = cast(["reason", "sha256"], ARRAY(Text))  # what was typed, and the digests of files handed in
    connection.execute(
        update(told)
        .where(told.c.process_instance_id == instance_id, func.jsonb_exists_any(told.c.details, clear))
        .values(details=told.c.details.op("-")(clear))
    )
    of_file = and_(func.jsonb_exists(told.c.details, "evidence"), func.jsonb_exists(told.c.details, "kind"))
    connection.execute(
        update(told)
        .where(told.c.process_instance_id == instance_id, of_file)
        .values(details=told.c.details.op("-")("kind"))
    )


def _erase_procedure(connection: Connection, case_id: UUID) -> None:
    """Blank what was written in the clear about the handling; what persons said and were is sealed, and gone."""
    pause, extension, kin, posting = (
        procedure.clock_pause,
        procedure.clock_extension,
        procedure.kin_entry,
        procedure.notice_posting,
    )
    connection.execute(update(pause).where(pause.c.case_id == case_id).values(reason=ERASED))
    connection.execute(
        update(extension)
        .where(extension.c.case_id == case_id)
        .values(reason=ERASED, decision_note=_blank(extension.c.decision_note))
    )
    connection.execute(update(kin).where(kin.c.case_id == case_id).values(relation=ERASED, login=None))
    hung = update(posting).where(posting.c.case_id == case_id)
    connection.execute(hung.values(place=_blank(posting.c.place), photo_up=null(), photo_down=null()))


def _erase_supervision(connection: Connection, case_id: UUID) -> None:
    """Blank what supervisors and units wrote about the case; which orders there were, and when, stays."""
    number = connection.execute(select(tables.case_file.c.number).where(tables.case_file.c.id == case_id)).scalar_one()
    _blank_orders(connection, [number])
    item = spot_checks.spot_check_item
    connection.execute(update(item).where(item.c.case_id == case_id).values(reasons=[]))


def _erase_comments(connection: Connection, case_id: UUID) -> None:
    """Delete every version of what staff wrote; who wrote when, and whom it mentioned, stays."""
    of_case = select(comments.case_comment.c.id).where(comments.case_comment.c.case_id == case_id)
    texts = comments.case_comment_text
    connection.execute(delete(texts).where(texts.c.comment_id.in_(of_case)))


def _erase_evidence(connection: Connection, case_id: UUID) -> None:
    """Destroy what was handed in beside the case, digests included, the links for photos, and what units asked."""
    asked = select(advice.advice.c.id).where(advice.advice.c.case_id == case_id)
    connection.execute(delete(advice.advice_evidence).where(advice.advice_evidence.c.advice_id.in_(asked)))
    for table in (advice.advice, advice.task_hold):
        connection.execute(delete(table).where(table.c.case_id == case_id))
    for table in (evidence.evidence, evidence.photo_link):
        connection.execute(delete(table).where(table.c.case_id == case_id))


def _blank_orders(connection: Connection, matters: Sequence[str]) -> None:
    order, event, notice = supervision.supervision_order, supervision.order_event, supervision.staff_notice
    orders = select(order.c.id).where(order.c.matter.in_(matters))
    connection.execute(update(event).where(event.c.order_id.in_(orders), event.c.text != "").values(text=ERASED))
    connection.execute(update(order).where(order.c.matter.in_(matters)).values(demand=ERASED, basis=ERASED))
    connection.execute(update(notice).where(notice.c.matter.in_(matters), notice.c.text != "").values(text=ERASED))


def _erase_messages(connection: Connection, case_id: UUID) -> None:
    """Delete what waits for the case, with its keys: messages that name its number; and the key that started it."""
    message, delivery, instance = messages.message, messages.delivery, engine.process_instance
    number = select(tables.case_file.c.number).where(tables.case_file.c.id == case_id).scalar_subquery()
    theirs = or_(message.c.business_key == number, message.c.correlation_key == number)
    gone = select(message.c.id).where(theirs)
    connection.execute(delete(delivery).where(delivery.c.message_id.in_(gone)))
    connection.execute(delete(message).where(theirs))
    connection.execute(update(instance).where(instance.c.business_key == number).values(correlation_key=None))


def _erase_operations(connection: Connection, instance_id: UUID) -> None:
    """Blank what operators typed and read; a batch still at work keeps its parameters until it ends."""
    tried, item, batch = operations.attempt, operations.batch_item, operations.batch_operation
    connection.execute(update(tried).where(tried.c.process_instance_id == instance_id).values(reason=ERASED))
    snapshot = operations.instance_snapshot
    connection.execute(delete(snapshot).where(snapshot.c.process_instance_id == instance_id))
    of_instance = item.c.process_instance_id == instance_id
    in_batches = select(item.c.batch_id).where(of_instance)
    submission = operations.submission  # its digest is of variables that could be guessed
    made = submission.c.made_id
    connection.execute(delete(submission).where(or_(made == instance_id, made.in_(in_batches))))
    is_over = batch.c.state.in_(("completed", "cancelled"))
    connection.execute(
        update(batch)
        .where(batch.c.id.in_(in_batches))
        .values(reason=null(), ended_reason=null(), parameters=case((is_over, null()), else_=batch.c.parameters))
    )
    connection.execute(update(item).where(of_instance).values(message_zh=ERASED, message_en=ERASED))


def _blank(column: Column[Any]) -> ColumnElement[str]:
    """Return what takes the place of a text: nothing where nothing stood."""
    return case((column.is_not(None), ERASED))
