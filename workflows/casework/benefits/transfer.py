"""Taking over what households draw already: a county that moves in brings its running benefits and statuses along."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

from engine.errors import ConcurrentChange, NotPermitted
from engine.host import Context
from engine.operation_errors import IdempotencyConflict
from engine.submissions import as_given
from workflows.casework.benefits.model import Act, Benefit
from workflows.casework.benefits.overlap import require_no_overlap
from workflows.casework.benefits.recognition import Recognition
from workflows.casework.county import CIVIL_AFFAIRS
from workflows.casework.days import local_day
from workflows.casework.decisions.model import Decision, DecisionKind
from workflows.casework.errors import ApplicationError, ApplicationInvalid
from workflows.casework.faults import fault
from workflows.casework.intake import application_errors, members_of
from workflows.casework.model import ZERO, Application, Case, CaseStatus, Need
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.records import Outcome, Referral, ReferralState
from workflows.casework.standards import standards_on
from workflows.casework.starting import start_process_of
from workflows.casework.verification.authorising import Consent, keep_consent

RECHECK_PROCESS, STATUS_PROCESS = "periodic_recheck", "status_expiry"
MONTHLY = {"dibao": "subsistence_allowance", "tekun": "extremely_poor_support"}
STATUS_ONLY = {"edge": "subsistence_allowance", "rigid": "subsistence_allowance"}
PROGRAMMES = {**MONTHLY, **STATUS_ONLY}
RECHECKED = "dibao"  # whose process asks for a day to look at it again; the others have reviews of their own
RULE = "transfer"
REASON, REASON_EN = "由原系统转入的在享待遇", "A running benefit taken over from the earlier system"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningBenefit:
    """What a household draws or is recognised as, with its file; sums are yuan a month.

    `old_number` is what the earlier system called the decision; `authorised_on` is when all members consented to the
    means check, None where no consent is on file: nobody is asked about them before they sign.
    """

    application: Application
    programme: str
    old_number: str
    decided_on: date
    start_month: date
    base: Decimal = ZERO
    add_ons: Decimal = ZERO
    authorised_on: date | None = None
    recheck_on: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOverBenefit:
    """Take over a running benefit or status as a closed case whose decision, benefit and re-checks go on here.

    The submission key of the application makes it repeatable: taken over twice it is there once.

    Raises:
        ApplicationInvalid: the facts cannot be; nothing is kept.
        BenefitsOverlap: a member draws something here that excludes it.
        IdempotencyConflict: the key came before with another household.
        NotPermitted: the actor is no administrator of the region.
    """

    running: RunningBenefit

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Case:
        """Keep case, referral, decision, status and benefit, and start what waits for them."""
        running = self.running
        _require_administrator(context, running.application.region)
        known = _known(context, running.application)
        if known is not None:
            return known
        today = local_day(context.now())
        _check(running, today)
        case = _case(context, running)
        if not context.unit_of_work.cases.add(case):
            raise ConcurrentChange
        referral = _referral(case, running, context)
        context.unit_of_work.referrals.add(referral)
        decision = _decision(case, referral, running, context)
        context.unit_of_work.decisions.add(decision)
        self._consents(context, case)
        self._recognise(context, case, referral, decision)
        if running.programme in MONTHLY:
            self._grant(context, case, referral, decision)
        return context.unit_of_work.cases.get(case.id) or case

    def _consents(self, context: Context[CaseworkUnitOfWork], case: Case) -> None:
        if self.running.authorised_on is None:
            return
        for member in case.members:
            kept = context.unit_of_work.cases.get(case.id) or case
            keep_consent(context, kept, Consent(person=member.number, signed_on=self.running.authorised_on))

    def _recognise(
        self, context: Context[CaseworkUnitOfWork], case: Case, referral: Referral, decision: Decision
    ) -> None:
        running = self.running
        recognition = Recognition(
            id=uuid4(),
            case_id=case.id,
            referral_id=referral.id,
            status=running.programme,
            persons=tuple(one.number for one in case.members),
            valid_from=running.decided_on,
            recorded_at=context.now(),
            valid_until=running.valid_until,
            decision_id=decision.id,
        )
        context.unit_of_work.recognitions.add(recognition)
        if running.valid_until is not None:
            variables = {"recognition_id": str(recognition.id), "status": running.programme}
            until = {"valid_until": running.valid_until.isoformat()}
            start_process_of(context, case, STATUS_PROCESS, {**variables, **until})

    def _grant(self, context: Context[CaseworkUnitOfWork], case: Case, referral: Referral, decision: Decision) -> None:
        running = self.running
        benefit = Benefit(
            id=uuid4(),
            case_id=case.id,
            referral_id=referral.id,
            programme=running.programme,
            amount=running.base + running.add_ons,
            amount_period="month",
            base=running.base,
            add_ons=running.add_ons,
            start_month=running.start_month,
            granted_at=context.now(),
            recheck_due_on=running.recheck_on,
        ).opened(
            tuple(one.number for one in case.members), Act(reason=REASON, at=context.now(), decision_id=decision.id)
        )
        standards = standards_on(context.unit_of_work, local_day(context.now()))
        require_no_overlap(context.unit_of_work, case, benefit, standards)
        if not context.unit_of_work.benefits.add(benefit):
            raise ConcurrentChange
        if running.programme == RECHECKED:
            start_process_of(context, case, RECHECK_PROCESS, {"benefit_id": str(benefit.id)})


def _require_administrator(context: Context[CaseworkUnitOfWork], region: str) -> None:
    if not context.actor.system and not context.actor.has_role("administrator", region):
        raise NotPermitted("转入在享待遇", "administrator")


def _known(context: Context[CaseworkUnitOfWork], application: Application) -> Case | None:
    known = context.unit_of_work.cases.by_submission_key(application.submission_key)
    if known is not None and known.submission_digest != application.digest:
        raise IdempotencyConflict(as_given(application.submission_key))
    return known


def _check(running: RunningBenefit, today: date) -> None:
    errors = application_errors(replace(running.application, received_on=None), today=today)
    faults = (*errors, *_faults(running, today))
    if faults:
        raise ApplicationInvalid(faults)


def _faults(running: RunningBenefit, today: date) -> list[ApplicationError]:
    found = []
    if running.programme not in PROGRAMMES:
        known = ", ".join(PROGRAMMES)
        return [fault("programme", "choice-unknown", f"应为下列之一：{known}", f"One of these is needed: {known}")]
    if not running.old_number.strip():
        found.append(
            fault("old_number", "old-number-missing", "请填写原决定文号", "Enter the number of the earlier decision")
        )
    if running.decided_on > today:
        found.append(
            fault("decided_on", "date-in-future", "决定日期不能晚于今天", "It cannot have been decided after today")
        )
    if running.start_month.day != 1:
        found.append(fault("start_month", "month-expected", "应为某月第一日", "The first day of a month is needed"))
    monthly = running.programme in MONTHLY
    if min(running.base, running.add_ons) < 0 or (running.base + running.add_ons > 0) != monthly:
        found.append(
            fault(
                "base",
                "amount-unfit",
                "低保、特困应有月金额，其他身份不应有",
                "A monthly benefit has a sum, a status has none",
            )
        )
    if running.programme == "rigid" and running.valid_until is None:
        found.append(fault("valid_until", "validity-missing", "请填写有效期截止日", "Enter the last day it is valid"))
    if running.recheck_on is not None and running.programme != RECHECKED:
        found.append(
            fault(
                "recheck_on",
                "recheck-not-planned",
                "只有低保按日期定期复核；特困的自理能力复评、其他身份的到期核查另有安排，请勿填写",
                "Only the subsistence allowance is re-checked by a day; leave this empty for the others: "
                "they have reviews of their own",
            )
        )
    if running.valid_until is not None and running.valid_until < today:
        found.append(fault("valid_until", "date-in-past", "该身份已过有效期", "The status is over already"))
    return found


def _case(context: Context[CaseworkUnitOfWork], running: RunningBenefit) -> Case:
    application, now = running.application, context.now()
    return Case(
        id=uuid4(),
        number=context.unit_of_work.cases.next_number(region=application.region, year=local_day(now).year),
        region=application.region,
        channel=application.channel,
        status=CaseStatus.CLOSED,
        submission_key=application.submission_key,
        submission_digest=application.digest,
        received_on=running.decided_on,
        received_at=now,
        accepted_on=running.decided_on,
        household=application.household,
        members=members_of(application),
        needs=application.needs,
        recognised_status=running.programme,
        account=application.account,
        documents=application.documents,
        remark=application.remark,
        outcome=Outcome.GRANTED.value,
        closed_at=now,
        supporters=application.supporters,
    )


def _referral(case: Case, running: RunningBenefit, context: Context[CaseworkUnitOfWork]) -> Referral:
    monthly = running.programme in MONTHLY
    return Referral(
        id=uuid4(),
        number=f"{case.number}-01",
        case_id=case.id,
        region=case.region,
        need=(Need.CARE if running.programme == "tekun" else Need.SUBSISTENCE).value,
        programme=running.programme,
        unit_kind=CIVIL_AFFAIRS,
        process_id=PROGRAMMES[running.programme],
        rule=RULE,
        reason=REASON,
        reason_en=REASON_EN,
        state=ReferralState.DONE,
        sent_at=context.now(),
        result_at=context.now(),
        outcome=Outcome.GRANTED.value,
        amount=running.base + running.add_ons if monthly else None,
        amount_period="month" if monthly else None,
        outcome_reason=f"{REASON}：{running.old_number}",
    )


def _decision(
    case: Case, referral: Referral, running: RunningBenefit, context: Context[CaseworkUnitOfWork]
) -> Decision:
    monthly = running.programme in MONTHLY
    return Decision(
        id=uuid4(),
        number=running.old_number.strip(),
        case_id=case.id,
        region=case.region,
        programme=running.programme,
        kind=DecisionKind.GRANT if monthly else DecisionKind.RECOGNISE,
        decided_at=context.now(),
        signer=context.actor.id,
        reasons=f"{REASON}，原决定日期 {running.decided_on.isoformat()}。",
        referral_id=referral.id,
        amount=referral.amount,
        amount_period=referral.amount_period,
        start_month=running.start_month if monthly else None,
        valid_from=running.decided_on,
        valid_until=running.valid_until,
    )
