"""How the cases of a scenario stand: the route, the letters, what is open, and what went wrong inside the engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from api.demo.desk import Refused
from api.scenario.course import ADMINISTRATOR, SUPERVISOR, Course, Office, local_day
from engine.json_values import JsonObject

SHOWN_OPEN = ("element_id", "name", "name_en", "business_key", "candidate_groups", "assignee", "created_at")


def is_settled(office: Office, case: str) -> bool:
    """Say whether nothing is on its way to anybody outside."""
    view = office.case(case)
    unsent = any(one["sent_at"] is None for one in view["notices"])
    unanswered = any(one["answered_at"] is None for one in view["agency_requests"])
    return not (unsent or unanswered)


def referrals(view: JsonObject) -> dict[str, JsonObject]:
    """Return the referrals of a case by need."""
    return {one["referral"]["need"]: {**one["referral"], "overdue": one["overdue"]} for one in view["referrals"]}


def incidents(office: Office) -> list[JsonObject]:
    """Return what is stuck in the county's engine."""
    found: list[JsonObject] = office.desk(ADMINISTRATOR).get("/incidents")["incidents"]
    return [one for one in found if one["resolved_at"] is None]


def open_tasks(office: Office, case: str | None = None) -> list[JsonObject]:
    """Return what somebody still has to do."""
    rows = office.desk(SUPERVISOR).tasks(tab="unit", case=case)
    return [{**{name: row.get(name) for name in SHOWN_OPEN}, "due_on": local_day(row["due_at"])} for row in rows]


def closing_state(course: Course) -> JsonObject:
    """Return how everything stood at the end, for the report."""
    office = course.office
    return {
        "cases": {name: _case(office, number) for name, number in course.cases.items()},
        "open_tasks": open_tasks(office),
        "incidents": [
            {name: one[name] for name in ("business_key", "element_id", "element_name", "kind", "reason", "raised_at")}
            for one in incidents(office)
        ],
    }


def _case(office: Office, number: str) -> JsonObject:
    view: JsonObject = {}
    with suppress(Refused):
        view = office.case(number)
    if not view:
        return {"number": number}
    return {
        "number": number,
        **{name: view["summary"].get(name) for name in ("status", "accepted_on", "due_on")},
        "outcome": view["outcome"],
        "route": list(_route(view)),
        "benefits": view["benefits"],
        "notices": [{name: one.get(name) for name in ("kind", "channel", "sent_at")} for one in view["notices"]],
        "trail": [{name: one.get(name) for name in ("at", "zh", "en")} for one in view["trail"]],
    }


def _route(view: JsonObject) -> Iterator[JsonObject]:
    shown = (
        "number",
        "need",
        "programme",
        "unit_kind",
        "rule",
        "state",
        "outcome",
        "amount",
        "amount_period",
        "reason",
    )
    for one in view["referrals"]:
        referral: dict[str, Any] = one["referral"]
        days = {
            "sent_on": local_day(referral.get("sent_at")),
            "acknowledge_by": local_day(referral.get("acknowledge_due_at")),
            "result_by": local_day(referral.get("result_due_at")),
        }
        yield {**{name: referral.get(name) for name in shown}, **days, "overdue": one["overdue"]}
