"""The joint conference: calling a meeting, issues, problems between units, seats; how they and decided items stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.demo.desk import Desk
from api.scenario.course import SUPERVISOR, Course, Office
from api.scenario.registry import takes
from engine.json_values import JsonObject
from workflows.playing.comparing import Comparison, compared


@takes("title", "place", "meets_on", optional=("kind",))
def convene_conference(desk: Desk, _course: Course, given: JsonObject) -> Any:
    """召集联席会议。 Call a meeting of the joint conference."""
    return desk.post("/conference/meetings", given)


@takes("unit_kind", "title", "text", optional=("meeting_id",))
def file_issue(desk: Desk, _course: Course, given: JsonObject) -> Any:
    """向会议报送议题，不写会议的留待下次。 File an issue for a meeting, or for the next one."""
    return desk.post("/conference/issues", given)


@takes("unit_kind", "title", "text")
def file_problem(desk: Desk, _course: Course, given: JsonObject) -> Any:
    """提出跨部门协调事项。 Put a problem between units into the box."""
    return desk.post("/conference/problems", given)


@takes("role", "post", "name", "since", optional=("unit_kind", "login"))
def take_seat(desk: Desk, _course: Course, given: JsonObject) -> Any:
    """登记联席会议成员任职。 Enter who holds a seat of the conference."""
    return desk.post("/conference/seats", given)


def conference_meetings(office: Office, _course: Course, expected: Any) -> Iterator[Comparison]:
    """各次联席会议，最近的在前，逐项核对。 The meetings of the conference, the newest first."""
    found = office.desk(SUPERVISOR).get("/conference/meetings")["meetings"]
    yield Comparison(what="conference_meetings", expected=len(expected), found=len(found))
    for number, (wanted, line) in enumerate(zip(expected, found, strict=False), start=1):
        yield from compared(f"meeting {number}", wanted, {**line, **line["meeting"]})


def decided_items(office: Office, _course: Course, expected: Any) -> Iterator[Comparison]:
    """各议定事项，先到期的在前，逐项核对。 What the conference decided, those due first first."""
    found = office.desk(SUPERVISOR).get("/conference/items?open_only=false")["items"]
    yield Comparison(what="decided_items", expected=len(expected), found=len(found))
    for number, (wanted, line) in enumerate(zip(expected, found, strict=False), start=1):
        yield from compared(f"item {number}", wanted, {**line, **line["item"]})


def conference_year(office: Office, _course: Course, expected: Any) -> Iterator[Comparison]:
    """联席会议全年情况，逐键核对。 The year of the conference, key by key."""
    yield from compared("conference_year", expected, office.desk(SUPERVISOR).get("/conference"))


def problems(office: Office, _course: Course, expected: Any) -> Iterator[Comparison]:
    """跨部门协调事项，最近的在前，逐项核对。 Problems between units, the newest first."""
    found = office.desk(SUPERVISOR).get("/conference/problems")["problems"]
    yield Comparison(what="problems", expected=len(expected), found=len(found))
    for number, (wanted, line) in enumerate(zip(expected, found, strict=False), start=1):
        yield from compared(f"problem {number}", wanted, {**line, **line["problem"]})


def orders(office: Office, _course: Course, expected: Any) -> Iterator[Comparison]:
    """督办单，未办结先到期的在前，逐项核对。 The supervision orders, those open and due first first."""
    found = office.desk(SUPERVISOR).get("/supervision/orders")["orders"]
    yield Comparison(what="orders", expected=len(expected), found=len(found))
    for number, (wanted, line) in enumerate(zip(expected, found, strict=False), start=1):
        yield from compared(f"order {number}", wanted, line["order"])


def circular(office: Office, _course: Course, expected: JsonObject) -> Iterator[Comparison]:
    """某月通报列出的逾期议定事项：{month, overdue_items}。 The overdue items a month's circular lists."""
    found = office.desk(SUPERVISOR).get(f"/circulars/{expected['month']}")["figures"]["overdue_items"]
    wanted: Any = expected["overdue_items"]
    yield Comparison(what="circular", expected=wanted, found=[one["item"]["number"] for one in found])


ACTS = {
    "convene_conference": convene_conference,
    "file_issue": file_issue,
    "file_problem": file_problem,
    "take_seat": take_seat,
}
EXPECTATIONS = {
    "conference_meetings": conference_meetings,
    "decided_items": decided_items,
    "conference_year": conference_year,
    "problems": problems,
    "orders": orders,
    "circular": circular,
}
