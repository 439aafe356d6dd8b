"""Money of households beside the monthly run: accounts, deaths, price figures, new standards, recoveries."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import url_for

from api.operations import Created, Operation, operation
from api.resources.applications import IDEMPOTENCY_KEY, given_key
from api.resources.asking import case_id, done, first_of
from api.resources.blueprint import api
from api.resources.cases import case_key
from api.schemas.payments import (
    DeathSchema,
    DeathTakenSchema,
    MoneyOfCaseSchema,
    MoneyProcess,
    MoneyProcessSchema,
    PriceLinkList,
    PriceLinkListSchema,
    RecoveryViewSchema,
    StandardChangeList,
    StandardChangeListSchema,
    StandardChangeSchema,
    StandardSchema,
)
from api.schemas.register import CorrectionAnswer, CorrectionAnswerSchema
from api.services import current
from web.authentication import current_actor
from web.registering import change_of_account
from web.schemas.payments import AccountChangeSchema, OfMonthSchema, ReceiptSchema, RecoverySchema
from web.submissions import submission_id
from workflows.casework.payments.deaths import DeathTaken, RecordDeath
from workflows.casework.payments.recovery import RecoveryCause
from workflows.casework.payments.standards import StandardChange
from workflows.casework.payments.starting import ProposeStandard, RecordReceipt, StartPriceLink, StartRecovery
from workflows.casework.payments.views import (
    MoneyOfCase,
    ReadMoneyOfCase,
    ReadPriceLinks,
    ReadStandardChanges,
    RecoveryView,
    recovery_view,
)
from workflows.organisation.rights import Right


@api.get("/cases/<key>/money")
@operation(
    Operation(
        summary="What a household was paid and is to pay back",
        right=Right.WORK,
        answer=MoneyOfCaseSchema,
    )
)
def get_money_of_case(key: str) -> MoneyOfCase:
    """Show it."""
    return done(ReadMoneyOfCase(case_id=case_id(key)))


@api.post("/cases/<key>/account")
@operation(
    Operation(
        summary="Ask to pay a household to another account; somebody else decides as of other change requests. "
        "What came back is due again on approval, what stands in a roster keeps its account. "
        "The same Idempotency-Key asks once",
        right=Right.WORK,
        body=AccountChangeSchema,
        answer=CorrectionAnswerSchema,
        status=HTTPStatus.CREATED,
        headers=(IDEMPOTENCY_KEY,),
    )
)
def correct_account(key: str, body: dict[str, Any]) -> Created:
    """Ask for it."""
    case = current().casework.case(case_key(key), current_actor()).summary
    kept = change_of_account(case, body, key=given_key())
    return Created(value=CorrectionAnswer.of(kept), location=url_for("api.get_correction", correction_id=kept.id))


@api.post("/deaths")
@operation(
    Operation(
        summary="Take in a death of a register: what the person drew is held at once",
        right=Right.WORK,
        body=DeathSchema,
        answer=DeathTakenSchema,
        status=201,
    )
)
def record_death(body: dict[str, Any]) -> DeathTaken:
    """Hold and start."""
    return done(RecordDeath(**body))


@api.post("/price-links")
@operation(
    Operation(
        summary="Begin looking at the price figure of a month",
        right=Right.WORK,
        body=OfMonthSchema,
        answer=MoneyProcessSchema,
        status=201,
    )
)
def start_price_link(body: dict[str, Any]) -> MoneyProcess:
    """Start the process."""
    return MoneyProcess(process_instance_id=done(StartPriceLink(month=first_of(body["month"]))).id)


@api.get("/price-links")
@operation(
    Operation(
        summary="Price figures and what they led to",
        right=Right.WORK,
        answer=PriceLinkListSchema,
    )
)
def list_price_links() -> PriceLinkList:
    """List them."""
    return PriceLinkList(price_links=done(ReadPriceLinks()))


@api.post("/standard-changes")
@operation(
    Operation(
        summary="Propose another value of a figure of policy from a month on",
        right=Right.WORK,
        body=StandardSchema,
        answer=StandardChangeSchema,
        status=201,
    )
)
def propose_standard(body: dict[str, Any]) -> StandardChange:
    """Start the preview."""
    return done(ProposeStandard(**body))


@api.get("/standard-changes")
@operation(
    Operation(
        summary="New standards with their previews",
        right=Right.WORK,
        answer=StandardChangeListSchema,
    )
)
def list_standard_changes() -> StandardChangeList:
    """List them."""
    return StandardChangeList(changes=done(ReadStandardChanges()))


@api.post("/cases/<key>/recoveries")
@operation(
    Operation(
        summary="Begin the recovery of what a household was paid wrongly; the same Idempotency-Key begins one",
        right=Right.WORK,
        body=RecoverySchema,
        answer=RecoveryViewSchema,
        status=201,
        headers=(IDEMPOTENCY_KEY,),
    )
)
def start_recovery(key: str, body: dict[str, Any]) -> RecoveryView:
    """Start the process."""
    command = StartRecovery(
        case_id=case_id(key),
        cause=RecoveryCause(body.pop("cause")),
        from_month=first_of(body.pop("from_month")),
        until_month=first_of(body.pop("until_month")),
        recovery_id=submission_id("recovery", given_key()),
        **body,
    )
    return recovery_view(done(command))


@api.post("/recoveries/<uuid:recovery_id>/receipts")
@operation(
    Operation(
        summary="Enter a sum that came in; a voucher counts once",
        right=Right.WORK,
        body=ReceiptSchema,
        answer=RecoveryViewSchema,
    )
)
def record_receipt(recovery_id: UUID, body: dict[str, Any]) -> RecoveryView:
    """Keep it."""
    return recovery_view(done(RecordReceipt(recovery_id=recovery_id, **body)))
