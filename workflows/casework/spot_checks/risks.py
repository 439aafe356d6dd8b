"""What makes a case worth a look: the table `spot_check_risks` gives points with their reasons."""

from __future__ import annotations

from collections.abc import Sequence

from engine.host import Context
from engine.json_values import JsonObject
from workflows.casework.deciding import decided
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.spot_checks.model import Candidate, RiskReason

RISKS = "spot_check_risks"


def reasons_of(context: Context[CaseworkUnitOfWork], candidate: Candidate) -> Sequence[RiskReason]:
    """Return the rules that fit a case, in the order of the table.

    Raises:
        NotFound: the table is not deployed.
    """
    found = decided(context, RISKS, {"decided_case": facts_of(candidate)}) or ()
    return [
        RiskReason(code=one["code"], points=int(one["points"]), text=one["text"], text_en=one["text_en"])
        for one in found
    ]


def facts_of(candidate: Candidate) -> JsonObject:
    """Return what the table looks at."""
    return {
        "programme": candidate.programme,
        "outcome": candidate.outcome,
        "amount": candidate.amount,
        "amount_period": candidate.amount_period,
        "days_to_decide": candidate.days_to_decide,
        "repaired": candidate.is_repaired,
        "objections": candidate.objections,
        "same_person": candidate.is_same_person,
        "kin_declared": candidate.is_kin_declared,
    }
