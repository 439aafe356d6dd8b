"""Benefits, statuses and decisions: what happens to them, and how they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.demo.desk import Desk
from api.scenario.course import Course, Missing, Office
from api.scenario.registry import by_nobody, takes
from engine.json_values import JsonObject
from workflows.playing.comparing import Comparison, compared

MONTH = 7  # characters of a month as texts write it, 2026-11


@takes("reported", optional=("trigger",))
def report_change(desk: Desk, course: Course, given: JsonObject) -> Any:
    """登记家庭情况变化（trigger：report 或 data）。 Report a change of the household that draws the benefit."""
    return desk.post(f"/cases/{course.case}/benefits/changes", given)


@takes("member", "refusals")
def notify_refusals(desk: Desk, course: Course, given: JsonObject) -> Any:
    """通报成员连续拒绝就业的次数。 Tell how often in a row a member refused suitable work."""
    return desk.post(f"/cases/{course.case}/benefits/refusals", given)


@takes("reason")
def suspend_benefit(desk: Desk, course: Course, given: JsonObject) -> Any:
    """提请暂停待遇。 Ask the county to suspend the benefit."""
    return desk.post(f"/cases/{course.case}/benefits/suspensions", given)


@takes("ground", "reason")
def end_benefit(desk: Desk, course: Course, given: JsonObject) -> Any:
    """登记待遇终止事由。 Report that the benefit is to end."""
    return desk.post(f"/cases/{course.case}/benefits/ends", given)


@takes()
def recheck_benefit(desk: Desk, course: Course, given: JsonObject) -> Any:
    """提前复核待遇。 Have the benefit looked at again now."""
    return desk.post(f"/cases/{course.case}/benefits/rechecks", given)


@takes("member")
def request_single_entry(desk: Desk, course: Course, given: JsonObject) -> Any:
    """为边缘家庭的一名成员申请单人纳入低保。 Ask that one member of an edge family draws the allowance alone."""
    return desk.post(f"/cases/{course.case}/single-entries", given)


@by_nobody
@takes("member")
def linked_case(_desk: Desk, course: Course, given: JsonObject) -> str:
    """给为某成员另立的案件起名（as）。 Name the case that was opened for a member."""
    for link in course.view()["linked_cases"]:
        if link["member"] == int(given["member"]):
            return str(link["number"])
    raise Missing(f"没有为成员 {given['member']} 另立的案件。", f"No case was opened for the member {given['member']}.")


def benefits(_office: Office, course: Course, expected: Any) -> Iterator[Comparison]:
    """待遇列表（各月应发写 months）。 The benefits of the case, with the sums due in months."""
    found = course.view()["benefits"]
    yield Comparison(what="benefits", expected=len(expected), found=len(found))
    for index, (wanted, had) in enumerate(zip(expected, found, strict=False), start=1):
        yield from compared(f"benefit {index}", wanted, _benefit(had, wanted.get("months") or {}))


def decisions(_office: Office, course: Course, expected: Any) -> Iterator[Comparison]:
    """决定列表，逐键核对（kind、programme、amount、reasons、served_on 等）。 The decisions of the case, key by key."""
    yield from compared("decisions", expected, course.view()["decisions"])


def recognitions(_office: Office, course: Course, expected: Any) -> Iterator[Comparison]:
    """认定列表，逐键核对（status、valid_from、valid_until）。 The recognised statuses of the case, key by key."""
    yield from compared("recognitions", expected, course.view()["recognitions"])


def linked_cases(_office: Office, course: Course, expected: Any) -> Iterator[Comparison]:
    """关联案件列表，逐键核对（kind、member）。 The cases linked with this one, key by key."""
    yield from compared("linked_cases", expected, course.view()["linked_cases"])


def _benefit(had: JsonObject, months: JsonObject) -> JsonObject:
    standing = sorted(
        (one for one in had["versions"] if one["superseded_at"] is None), key=lambda one: str(one["from_month"])
    )
    last = standing[-1]["until_month"] if standing else None
    return {
        **had,
        "start_month": str(had["start_month"])[:MONTH],
        "last_month": last and str(last)[:MONTH],
        "months": {month: _due(standing, str(month)) for month in months},
    }


def _due(standing: list[JsonObject], month: str) -> Any:
    for one in standing:
        begun = str(one["from_month"])[:MONTH] <= month
        if begun and (one["until_month"] is None or month <= str(one["until_month"])[:MONTH]):
            return 0 if one["suspended"] else one["base"] + one["add_ons"]
    return 0


ACTS = {
    "report_change": report_change,
    "notify_refusals": notify_refusals,
    "suspend_benefit": suspend_benefit,
    "end_benefit": end_benefit,
    "recheck_benefit": recheck_benefit,
    "request_single_entry": request_single_entry,
    "linked_case": linked_case,
}
EXPECTATIONS = {
    "benefits": benefits,
    "decisions": decisions,
    "recognitions": recognitions,
    "linked_cases": linked_cases,
}
