"""The supervisors' board: whom tasks and faults are counted for, and from when on something waits too long."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from engine.queries import Area, PlaceCounts, TaskMoments
from workflows.casework.supervision import (
    NOWHERE,
    OfficeKey,
    Offices,
    board_rows,
    moments_at,
    soon_ends,
    unheld_since,
)
from workflows.organisation.model import Unit
from workflows.rules.calendar import WorkingCalendar, seed_days

CHINA = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkingCalendar(days=seed_days(2026, 2026))
COUNTY, TOWN, VILLAGE = "320481", "320481001", "320481001005"


def unit(kind: str, region: str) -> Unit:
    return Unit(id=f"{kind}-{region}", kind=kind, name=f"{kind}单位", name_en=kind, region=region)


def key(kind: str, region: str) -> OfficeKey:
    return OfficeKey(kind=kind, region=region)


OFFICES = Offices(
    [unit("civil_affairs", COUNTY), unit("civil_affairs", TOWN), unit("township", TOWN), unit("education", COUNTY)]
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}:00").replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("kind", "region", "office"),
    [
        ("township", VILLAGE, key("township", TOWN)),
        ("civil_affairs", VILLAGE, key("civil_affairs", TOWN)),
        ("civil_affairs", "320481002", key("civil_affairs", COUNTY)),
        ("township", "320481002", key("township", "")),
        ("", TOWN, NOWHERE),
    ],
)
def test_a_task_is_counted_for_the_nearest_unit_of_its_kind(kind: str, region: str, office: OfficeKey) -> None:
    assert OFFICES.of_task(kind, region) == office


@pytest.mark.parametrize(
    ("region", "office"),
    [
        (VILLAGE, key("township", TOWN)),
        ("320481002", key("civil_affairs", COUNTY)),
        (COUNTY, key("civil_affairs", COUNTY)),
        ("320482001", NOWHERE),
    ],
)
def test_a_fault_is_counted_for_who_leads_the_case(region: str, office: OfficeKey) -> None:
    assert OFFICES.of_incident(region) == office


def test_the_area_of_a_unit_leaves_out_what_a_nearer_one_answers_for() -> None:
    assert OFFICES.area_of_tasks(key("civil_affairs", COUNTY)) == Area(region=COUNTY, without=(TOWN,))
    assert OFFICES.area_of_tasks(key("township", "")) == Area(region="", without=(TOWN,))
    assert OFFICES.area_of_incidents(key("township", TOWN)) == Area(region=TOWN)
    assert OFFICES.area_of_incidents(key("education", COUNTY)) == Area(region=COUNTY, without=("",))
    assert OFFICES.area_of_incidents(NOWHERE) == Area(region="", without=(COUNTY, TOWN))


def test_a_key_is_read_as_it_is_written_and_nothing_else_is_one() -> None:
    assert OfficeKey.parsed(str(key("education", COUNTY))) == key("education", COUNTY)
    assert OfficeKey.parsed(":") == NOWHERE
    assert [OfficeKey.parsed(text) for text in ("education", "a:b", "A:1", "a:1\n")] == [None] * 4


@pytest.mark.parametrize(
    ("now", "since"),
    [
        ("06-10 10:00", "06-09 10:00"),  # Wednesday
        ("06-08 10:00", "06-05 10:00"),  # Monday: at this time on Friday
        ("06-07 15:00", "06-05 00:00"),  # Sunday: what came on Friday has not waited a working day yet
    ],
)
def test_what_waits_for_more_than_a_working_day_came_before(now: str, since: str) -> None:
    assert unheld_since(at(now), CALENDAR) == at(since)


@pytest.mark.parametrize(("now", "end"), [("06-08 10:00", "06-12 00:00"), ("06-10 10:00", "06-16 00:00")])
def test_what_is_due_within_three_working_days_is_due_before_the_fourth(now: str, end: str) -> None:
    assert soon_ends(at(now), CALENDAR) == at(end)


def test_what_no_calendar_tells_is_not_counted() -> None:
    moments = moments_at(at("12-30 10:00"), CALENDAR)
    assert (moments.due_before, moments.unheld_since) == (None, at("12-29 10:00"))
    [row], total = board_rows([place("education", COUNTY)], {}, OFFICES, moments)
    assert (row.due_soon, row.unheld, row.incidents) == (None, 5, None)
    assert (total.due_soon, total.unheld, total.incidents) == (None, 5, 0)


def test_rows_stand_with_the_most_over_the_limit_first_and_add_up_to_the_total() -> None:
    now = at("06-10 10:00")
    moments = TaskMoments(now=now, due_before=now, unheld_since=now)
    places = [place("education", COUNTY), place("township", TOWN, overdue=7), place("township", VILLAGE)]
    rows, total = board_rows(places, {VILLAGE: 2, "320482001": 1}, OFFICES, moments)

    assert [(row.unit, row.overdue, row.incidents) for row in rows] == [
        (f"township:{TOWN}", 9, 2),
        (f"education:{COUNTY}", 2, None),
        (":", 0, 1),
    ]
    assert (total.open, total.overdue, total.incidents, total.unit) == (3, 11, 3, None)


def place(kind: str, region: str, *, overdue: int = 2) -> PlaceCounts:
    return PlaceCounts(unit_kind=kind, region=region, open=1, overdue=overdue, due_soon=3, paused=4, unheld=5)
