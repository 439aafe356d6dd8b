"""Applications as JSON for tests of the API and the pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.applications import identity

APPLICANT = "陈建国"


def application_json(**changes: Any) -> dict[str, Any]:
    """Return an application as the API takes it."""
    return {
        "channel": "window",
        "region": "320481001",
        "household": {
            "address": "昆仑街道测试路1号",
            "tenure": "rented",
            "own_area": "0",
            "settlement": "town",
            "monthly_rent": 600,
            "assets_declared": "9000.50",
        },
        "members": [
            {
                "name": APPLICANT,
                "identity_number": identity(date(1986, 3, 2), count=11),
                "relation": "self",
                "phone": "19900001234",
                "labour_capacity": "full",
                "employment": "employed",
                "net_monthly_wage": "2000",
            },
            {
                "name": "陈小明",
                "identity_number": identity(date(2016, 2, 1), count=33),
                "relation": "child",
                "employment": "student",
                "school_stage": "primary",
                "grade": 4,
            },
        ],
        "needs": ["subsistence", "education"],
        "documents": ["application_form", "identity_papers"],
    } | changes
