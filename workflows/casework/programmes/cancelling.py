"""What follows when somebody ends the course of a need referred on the way: its case waits for no answer any more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from engine.commands.messages import PublishMessage
from engine.core import codec
from engine.host import Context
from engine.model import SYSTEM, ProcessInstance
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.programmes.model import ADDED_REFERRAL
from workflows.casework.records import Outcome, ReferralState, unanswered_of

ANSWERED = "added_referral_answered"
WAITS = timedelta(days=1)  # as the end of the course says it: for a case that only then begins to wait
COURSE_ENDED = "转办流程已由管理人员终止"
REFERRAL = "referral"


def let_case_go_on(context: Context[CaseworkUnitOfWork], instance: ProcessInstance) -> None:
    """Take the referral of a cancelled course back, and tell the case that waits for its answer.

    `instance` is the course as it was before it ended; of other processes nothing follows.
    """
    if instance.process_id != ADDED_REFERRAL:
        return
    case = context.unit_of_work.cases.by_number(instance.business_key)
    if case is None:
        return
    own, referrals = set(_referrals_in(instance)), context.unit_of_work.referrals
    for one in unanswered_of(referrals.of_case(case.id)):
        if str(one.id) in own:
            referrals.save(
                replace(
                    one,
                    state=ReferralState.CANCELLED,
                    result_at=context.now(),
                    outcome=Outcome.CANCELLED,
                    outcome_reason=COURSE_ENDED,
                )
            )
    told = PublishMessage(name=ANSWERED, correlation_key=str(case.id), variables={}, time_to_live=WAITS)
    told.execute(replace(context, actor=SYSTEM))


def _referrals_in(instance: ProcessInstance) -> Iterator[str]:
    """Yield the ids of the referrals that the course held in its scopes."""
    if instance.snapshot is None:
        return
    for one in codec.decode(instance.snapshot).instances:
        held = one.variables.get(REFERRAL)
        if isinstance(held, dict) and isinstance(held.get("id"), str):
            yield held["id"]
