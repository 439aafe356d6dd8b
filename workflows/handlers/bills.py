"""Medical status and bills: who the insurer knows from which day, and how a bill was split."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

from engine.core.model import HandlerCall
from engine.core.texts import Words
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.programmes.errors import BillKnown
from workflows.casework.programmes.model import MedicalBill, MedicalStatus
from workflows.handlers.inputs import Inputs, case_of

NO_STATUS = "none"


def record_medical_status(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Keep from which day every member has the household's status, so that the hospital's query hits."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case, valid_from = case_of(context, inputs), inputs.day("status_from")
    status = inputs.text("household_status")
    for member in case.members:
        context.unit_of_work.programmes.medical.add_status(
            MedicalStatus(
                id=uuid4(),
                case_id=case.id,
                member_number=member.number,
                status=status,
                valid_from=valid_from,
                confirmed_at=context.now(),
            ),
            identity_number=member.person.identity_number,
        )
    return {"persons": len(case.members)}


def look_up_medical_status(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Return the patient's status on the day of discharge and what was settled earlier in the year."""
    inputs = Inputs(step=call.type, variables=call.variables)
    identity_number, day = inputs.text("identity_number"), inputs.day("discharged_on")
    medical = context.unit_of_work.programmes.medical
    medical.lock_person(identity_number)
    status, year = medical.status_on(identity_number, day), medical.year_before(identity_number, day=day)
    return {
        "status": status.status if status else NO_STATUS,
        "year": {
            "in_scope": year.in_scope,
            "insurance": year.insurance,
            "critical_illness": year.critical_illness,
            "aid": year.aid,
        },
    }


def record_medical_bill(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Keep how a bill was split; its parts must add up to the fen.

    Raises:
        BillKnown: its number came meanwhile with other content.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    identity_number, day = inputs.text("identity_number"), inputs.day("discharged_on")
    medical = context.unit_of_work.programmes.medical
    bill = _bill(context, inputs, day)
    if bill.insurance + bill.critical_illness + bill.aid + bill.patient != bill.total:
        raise inputs.unfit("patient", Words("使各项之和等于总费用的金额", "the sum that makes the parts add up"))
    status = medical.status_on(identity_number, day)
    if not medical.add_bill(_of_case(bill, status), identity_number=identity_number):
        known = medical.bill(bill.number)
        same = medical.is_of(bill.number, identity_number=identity_number)
        if known is None or not same or (known.hospital, known.total) != (bill.hospital, bill.total):
            raise BillKnown(bill.number)
        return {"bill_id": str(known.id)}
    return {"bill_id": str(bill.id)}


def _bill(context: Context[CaseworkUnitOfWork], inputs: Inputs, day: date) -> MedicalBill:
    money: dict[str, Decimal] = {
        name: inputs.number(name) for name in ("total", "in_scope", "insurance", "critical_illness", "aid", "patient")
    }
    return MedicalBill(
        id=uuid4(),
        number=inputs.text("number"),
        case_id=None,
        member_number=None,
        hospital=inputs.text("hospital"),
        discharged_on=day,
        channel=inputs.choice("channel", "online", "paper"),
        status=inputs.text("status"),
        settled_at=context.now(),
        **money,
    )


def _of_case(bill: MedicalBill, status: MedicalStatus | None) -> MedicalBill:
    if status is None:
        return bill
    return replace(bill, case_id=status.case_id, member_number=status.member_number)
