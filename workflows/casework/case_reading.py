"""The case as expressions see it, read of what is on file."""

from __future__ import annotations

from datetime import date

from engine.json_values import JsonObject
from workflows.casework.case_file import case_file
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.verification.authorising import unauthorised_of


def case_on(room: CaseworkUnitOfWork, case: Case, today: date) -> JsonObject:
    """Return a case as it is on file, with the ages and consents of a day."""
    return case_file(
        case,
        room.cases.check_report(case.id),
        today=today,
        referrals=room.referrals.of_case(case.id),
        unauthorised=unauthorised_of(case, room.authorisations.of_case(case.id), today),
    )
