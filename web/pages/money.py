"""The money of one household: its benefits by version, what was paid, what came back, what is to be paid back."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import EngineError
from engine.model import Actor
from web.authentication import current_actor, permits
from web.labels import label
from web.plain_forms import loaded, typed
from web.refusals import Refusal, refusal
from web.registering import change_of_account
from web.schemas.payments import AccountChangeSchema, ReceiptSchema, RecoverySchema
from web.services import services
from web.staff_names import staff_names
from web.submissions import key_of_form, submission_id
from web.terms import Terms
from workflows.casework.county import CIVIL_AFFAIRS, COUNTY_REGION
from workflows.casework.errors import RecordNotFound
from workflows.casework.payments.commands import FINANCE, STAFF
from workflows.casework.payments.recovery import RecoveryCause
from workflows.casework.payments.starting import RecordReceipt, StartRecovery
from workflows.casework.payments.views import MoneyOfCase, ReadMoneyOfCase
from workflows.casework.procedure.office import WORKING
from workflows.casework.queries import CaseView
from workflows.casework.register.queries import CorrectionFilter
from workflows.casework.sight import is_purpose_limited, sees_whole_region
from workflows.organisation.rights import Right

blueprint = Blueprint("money", __name__)


@blueprint.get("/cases/<key>/benefits")
@permits(Right.WORK)
def benefits_page(key: str) -> str:
    """Show the benefits of a case with every version they had."""
    actor = current_actor()
    case = services().casework.case(key, actor)
    return render_template(
        "case_benefits.html",
        case=case,
        sees_money=_sees_money(actor, case),
        month=Terms().today.replace(day=1),
        decisions={one.id: one for one in case.decisions},
        members={one.number: one.name for one in case.members},
    )


@blueprint.get("/cases/<key>/money")
@permits(Right.WORK)
def money_page(key: str) -> str:
    """Show what a household was paid and is to pay back."""
    return _money_page(key)


@blueprint.post("/cases/<key>/account")
@permits(Right.WORK)
def correct_account(key: str) -> AnyResponse | tuple[str, int]:
    """Ask to pay the household to another account; somebody else decides."""
    case = _case(key).summary
    fields = ("bank", "holder", "number", "reason", "evidence")
    try:
        asked = loaded(AccountChangeSchema(), typed(request.form, only=fields))
        kept = change_of_account(case, asked, key=key_of_form())
    except EngineError as error:
        return _money_page(key, account=refusal(error)), 422
    flash(_("账户变更申请已登记，待另一位负责人审批；批准后从下一批起按新账户发放。"), "success")
    return redirect(url_for("corrections.correction_page", correction_id=kept.id), 303)


@blueprint.post("/cases/<key>/recoveries")
@permits(Right.WORK)
def start_recovery(key: str) -> AnyResponse | tuple[str, int]:
    """Begin the recovery of what was paid wrongly."""
    case_id = _case(key).summary.id
    fields = ("cause", "from_month", "until_month", "reason", "benefit_id", "share")
    try:
        asked = loaded(RecoverySchema(), typed(request.form, only=fields))
        command = StartRecovery(
            case_id=case_id,
            cause=RecoveryCause(asked.pop("cause")),
            from_month=_first_of(asked.pop("from_month")),
            until_month=_first_of(asked.pop("until_month")),
            recovery_id=submission_id("recovery", key_of_form()),
            **asked,
        )
        services().engine.execute(command, actor=current_actor())
    except EngineError as error:
        return _money_page(key, recovery=refusal(error)), 422
    flash(_("追回程序已启动。"), "success")
    return _back(key)


@blueprint.post("/cases/<key>/recoveries/<uuid:recovery_id>/receipts")
@permits(Right.WORK)
def record_receipt(key: str, recovery_id: UUID) -> AnyResponse | tuple[str, int]:
    """Enter a sum that came in; a voucher counts once."""
    actor = current_actor()
    money = services().engine.execute(ReadMoneyOfCase(case_id=_case(key).summary.id), actor=actor)
    if recovery_id not in {one.id for one in money.recoveries}:
        raise RecordNotFound("recovery", recovery_id)
    try:
        given = loaded(ReceiptSchema(), typed(request.form, only=("amount", "received_on", "reference")))
        services().engine.execute(RecordReceipt(recovery_id=recovery_id, **given), actor=actor)
    except EngineError as error:
        return _money_page(key, receipt=(recovery_id, refusal(error))), 422
    flash(_("收款已登记。"), "success")
    return _back(key)


def _money_page(
    key: str,
    *,
    account: Refusal | None = None,
    recovery: Refusal | None = None,
    receipt: tuple[UUID, Refusal] | None = None,
) -> str:
    actor, case = current_actor(), _case(key)
    money: MoneyOfCase = services().engine.execute(ReadMoneyOfCase(case_id=case.summary.id), actor=actor)
    wanted = CorrectionFilter(actor=actor, case_id=case.summary.id)
    changes = services().register.corrections(wanted).corrections
    receivers = [one.recorded_by for each in money.recoveries for one in each.receipts]
    return render_template(
        "case_money.html",
        case=case,
        money=money,
        decisions={one.id: one for one in case.decisions},
        benefit_choices=[(str(one.id), label("programme", one.programme)) for one in case.benefits],
        account_changes=changes,
        names=staff_names([*receivers, *(one.requested_by for one in changes)]),
        may_change=_works_on(actor, case.summary.region),
        may_receive=_handles_money(actor),
        today=Terms().today,
        submission_key=uuid4().hex,
        account_refused=account,
        recovery_refused=recovery,
        receipt_refused=receipt,
        given=request.form,
    )


def _case(key: str) -> CaseView:
    return services().casework.case(key, current_actor())


def _back(key: str) -> AnyResponse:
    return redirect(url_for("money.money_page", key=key), 303)


def _first_of(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _sees_money(actor: Actor, case: CaseView) -> bool:
    is_finance = any(one.unit_kind == FINANCE for one in actor.memberships)
    return is_finance or not is_purpose_limited(actor, case.summary.region)


def _works_on(actor: Actor, region: str) -> bool:
    posts = (one for one in actor.memberships if sees_whole_region(one) and region.startswith(one.region))
    return any(one.role in WORKING for one in posts)


def _handles_money(actor: Actor) -> bool:
    posts = (one for one in actor.memberships if one.unit_kind in (FINANCE, CIVIL_AFFAIRS))
    return any(one.role in STAFF and COUNTY_REGION.startswith(one.region) for one in posts)
