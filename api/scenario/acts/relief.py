"""Temporary relief and what follows a grant: claims with their payment and file, procedures about a household."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.demo.desk import Desk
from api.scenario.course import SUPERVISOR, Course, Office
from api.scenario.registry import takes
from engine.json_values import JsonObject
from workflows.playing.comparing import Comparison, compared


@takes("procedure", "note", optional=("reported_on",))
def start_procedure(desk: Desk, course: Course, given: JsonObject) -> JsonObject:
    """发起待遇变更程序（self_care_review 自理能力复评、tekun_ending 终止供养）。 Start a procedure about a benefit."""
    started: JsonObject = desk.post(f"/cases/{course.case}/procedures", given)
    return started


def relief_claims(office: Office, course: Course, expected: Any) -> Iterator[Comparison]:
    """本案的临时救助申领，按先后逐项核对。 The claims to temporary relief of the case, the earliest first."""
    found = list(reversed(office.desk(SUPERVISOR).get(f"/relief-claims?case={course.case}")["claims"]))
    yield Comparison(what="relief_claims", expected=len(expected), found=len(found))
    for index, (facts, claim) in enumerate(zip(expected, found, strict=False), start=1):
        shown = {**claim["claim"], "duplicates": [one["case_number"] for one in claim["duplicates"]]}
        yield from compared(f"claim {index}", facts, {**shown, "duplicate_count": len(claim["duplicates"])})


def overdue_files(office: Office, _course: Course, expected: Any) -> Iterator[Comparison]:
    """此刻先行救助逾期未补手续的案件数。 How many files of urgent relief are overdue now."""
    found = office.desk(SUPERVISOR).get("/relief-claims?overdue_only=true")["total"]
    yield Comparison(what="overdue_files", expected=expected, found=found)


ACTS = {"start_procedure": start_procedure}
EXPECTATIONS = {"relief_claims": relief_claims, "overdue_files": overdue_files}
