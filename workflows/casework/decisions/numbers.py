"""How decisions are numbered: each deciding authority has a series, counted from 1 every year."""

from __future__ import annotations

from workflows.casework.county import CIVIL_AFFAIRS, MEDICAL, TOWNSHIP

_SERIES = {
    CIVIL_AFFAIRS: "溧民救",
    TOWNSHIP: "溧乡救",
    MEDICAL: "溧医救",
    "education": "溧教救",
    "housing": "溧住救",
    "employment": "溧人救",
    "emergency": "溧应救",
}


def series_of(unit_kind: str) -> str:
    """Return the series of a unit kind; one without a series of its own counts in the county's."""
    return _SERIES.get(unit_kind, _SERIES[CIVIL_AFFAIRS])
