"""The line of steps of a case, as the pages of a task and of the case draw it: what is done, when, and what comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from web.i18n import COUNTY_TIME
from web.labels import in_language
from workflows.casework.model import CaseStatus
from workflows.casework.queries import CaseView
from workflows.casework.register.progress import steps_at


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStep:
    """A step: done, now or next, and the day it was reached, where one is known."""

    name: str
    state: str
    reached_on: date | None


def case_steps(case: CaseView) -> Sequence[ShownStep]:
    """Return the steps of a case as far as its reader may see it, in order."""
    reached = _reached(case)
    return [
        ShownStep(
            name=in_language(step.zh, step.en),
            state=step.state,
            reached_on=None if step.state == "next" else reached.get(step.key),
        )
        for step in steps_at(CaseStatus(case.summary.status))
    ]


def _reached(case: CaseView) -> Mapping[str, date | None]:
    summary = case.summary
    asked = min((one.asked_at for one in case.agency_requests), default=None)
    referred = min((one.referral.sent_at for one in case.referrals if one.referral.sent_at), default=None)
    return {
        "received": summary.received_on,
        "papers": _day(case.correction.issued_at) if case.correction else summary.received_on,
        "accepted": summary.accepted_on,
        "checking": _day(asked),
        "deciding": _day(referred),
        "finished": _day(summary.closed_at),
    }


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.astimezone(COUNTY_TIME).date()
