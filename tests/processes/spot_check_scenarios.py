"""Spot checks in a county, played over the shipped diagram: each function is one story to its end."""

from __future__ import annotations

from tests.processes.office import Office, at
from tests.processes.scenarios import family

DRAWN = {
    "item_id": "I", "spot_check_number": "溧抽查〔2026〕1号", "programme": "dibao", "outcome": "granted",
    "risk_reasons": None, "concerned_unit": "civil_affairs", "reviewing_group": "civil_affairs/reviewer",
    "deciding_group": "civil_affairs/supervisor",
}  # fmt: skip
SEVERE = {"survey": "severe"}
ORDER = {
    "finding_decision": "order", "unit_kind": "township", "demand": "重新入户", "basis_kind": "legal",
    "basis": "社会救助法第四十三条", "working_days": 5,
}  # fmt: skip


def sampled(**changes):
    office = Office(family(accepted_on="2026-03-02"), now=at("06-03"))
    return office.start("spot_check", **{**DRAWN, **changes})


def answers(office, **severities):
    """Answer every item of the checklist; those named are found wanting."""
    rows = office.shown("Task_ReviewSample")["checklist"]
    return [
        {**row, "verdict": "finding", "severity": severities[row["code"]], "finding": "见附页"}
        if row["code"] in severities
        else {**row, "verdict": "right"}
        for row in rows
    ]


def reviewed(conclusion="right", severities=(), **changes):
    office = sampled(**changes)
    office.do("Task_ReviewSample", checklist=answers(office, **dict(severities)), conclusion=conclusion)
    return office


def in_order():
    return reviewed()


def with_a_slight_finding():
    return reviewed(severities={"notice": "minor", "file": "serious"}, conclusion="wrong_amount")


def ordered():
    office = reviewed(severities=SEVERE, conclusion="wrongly_in")
    office.do("Task_DecideFindings", **ORDER)
    return office


def kept():
    office = reviewed(severities=SEVERE, conclusion="wrongly_in")
    office.do("Task_DecideFindings", finding_decision="keep", decision_note="已由单位自行纠正")
    return office


STORIES = (in_order, with_a_slight_finding, ordered, kept)
