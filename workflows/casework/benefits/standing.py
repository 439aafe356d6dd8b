"""What a household counts as today: what it holds, else what the check of its means found, else what it came with."""

from __future__ import annotations

from engine.host import Context
from engine.json_values import JsonObject
from workflows.casework.days import local_day, month_of
from workflows.casework.deciding import decided, standard_today
from workflows.casework.means import are_checked
from workflows.casework.model import Case, RecognisedStatus
from workflows.casework.ports import CaseworkUnitOfWork

ORDER = (RecognisedStatus.DIBAO, RecognisedStatus.TEKUN, RecognisedStatus.EDGE, RecognisedStatus.RIGID)
"""From the one that entitles to most."""


def status_now(context: Context[CaseworkUnitOfWork], case: Case, seen: JsonObject) -> str:
    """Return the status by which programmes take the household of a case today; `seen` is its case file.

    A status that was recognised in the case and has ended is over, whatever its check found then.
    """
    work, today = context.unit_of_work, local_day(context.now())
    held = {one.status for one in work.recognitions.of_household(case.id, today)}
    for drawn in work.benefits.of_household(case.id):
        if drawn.version_in(month_of(today)) is not None:
            held.add(drawn.programme)
    holding = next((one for one in ORDER if one in held), None)
    if holding is not None:
        return holding.value
    if work.recognitions.of_case(case.id):
        return RecognisedStatus.NONE.value
    report = work.cases.check_report(case.id)
    is_in_time = report is not None and (report.valid_until is None or report.valid_until >= today)
    if is_in_time and are_checked(case, report):
        known: JsonObject = {"case": seen, "standard": standard_today(context)}
        income = decided(context, "countable_income", known)
        found = decided(context, "means_status", {**known, "countable_income": income})
        return str(found["status"])
    return case.recognised_status
