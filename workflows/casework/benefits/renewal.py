"""Whether an application asks for a status anew that is about to end."""

from __future__ import annotations

from datetime import timedelta

from engine.host import Context
from workflows.casework.days import local_day
from workflows.casework.model import Case, RecognisedStatus
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.standards import standards_on

WARNING_DAYS = "expiry_warning_days"
OF_LIMITED_TIME = (RecognisedStatus.EDGE, RecognisedStatus.RIGID)
SUBSISTENCE = "subsistence"


def asks_for_renewal(context: Context[CaseworkUnitOfWork], case: Case) -> bool:
    """Say whether a household of an edge or rigid status asks for recognition while it ends within the warning time.

    Its means are then checked like those of a new household, and the status is proposed again; at any other time the
    status is taken as it stands, without a second test of means.
    """
    if case.recognised_status not in OF_LIMITED_TIME or SUBSISTENCE not in case.needs:
        return False
    today = local_day(context.now())
    held = context.unit_of_work.recognitions.of_household(case.id, today)
    theirs = [one for one in held if one.status == case.recognised_status]
    soon = today + timedelta(days=standards_on(context.unit_of_work, today).days(WARNING_DAYS))
    return bool(theirs) and all(one.valid_until is not None and one.valid_until <= soon for one in theirs)
