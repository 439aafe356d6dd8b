"""How cases are handled: clock, more time, kin of staff, objections to notices, the working calendar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from api.demo.desk import Desk
from api.scenario.course import Course, Missing, Office
from api.scenario.registry import takes
from engine.json_values import JsonObject
from workflows.playing.comparing import Comparison, compared


@takes("reason", optional=("referral",))
def pause_clock(desk: Desk, course: Course, given: JsonObject) -> Any:
    """暂停本案计时。 Stop the clock of the case, or of one referral."""
    return desk.post(f"/cases/{quote(course.case)}/clock/pauses", given)


@takes(optional=("referral",))
def resume_clock(desk: Desk, course: Course, given: JsonObject) -> Any:
    """恢复本案计时。 Let the clock run again."""
    return desk.post(f"/cases/{quote(course.case)}/clock/resume", given)


@takes("reason")
def request_extension(desk: Desk, course: Course, given: JsonObject) -> Any:
    """申请延长办理期限。 Ask a leader for more time."""
    return desk.post(f"/cases/{quote(course.case)}/extensions", given)


@takes("name", "relation", "post", optional=("unit", "login", "note"))
def register_kin(desk: Desk, course: Course, given: JsonObject) -> Any:
    """事后登记近亲属备案。 Enter a relative whose link came out later."""
    return desk.post(f"/cases/{quote(course.case)}/kin", given)


@takes("text", optional=("channel", "objector", "contact"))
def record_objection(desk: Desk, course: Course, given: JsonObject) -> Any:
    """对本案最近一次公示提出异议。 Object to the newest public notice of the case."""
    notices = _procedure(course.office, course)["notices"]
    if not notices:
        raise Missing("本案没有公示，不能提出异议。", "The case has no public notice to object to.")
    return desk.post(f"/notices/{quote(notices[-1]['number'])}/objections", given)


@takes("day", "is_workday", "name", "source")
def change_calendar_day(desk: Desk, _course: Course, given: JsonObject) -> Any:
    """调整某日是否上班。 Close the offices on a day, or have them work."""
    return desk.put(f"/calendar/days/{given['day']}", {name: one for name, one in given.items() if name != "day"})


@takes()
def look_at_case(desk: Desk, course: Course, _given: JsonObject) -> Any:
    """查看本案。 Look at the case."""
    return desk.case(course.case)


def clock(office: Office, course: Course, expected: Any) -> Iterator[Comparison]:
    """本案计时：期限、暂停、延期，逐键核对。 The clock of the case, key by key: limit, due_on, is_paused, pauses."""
    found = office.desk("supervisor").get(f"/cases/{quote(course.case)}/clock")
    yield from compared("clock", expected, found)


def procedure(office: Office, course: Course, expected: Any) -> Iterator[Comparison]:
    """备案、调查、公示、异议、评议，逐键核对。 Kin, surveys, notices, objections and appraisals, key by key."""
    yield from compared("procedure", expected, _procedure(office, course))


def kin_register(office: Office, _course: Course, expected: Any) -> Iterator[Comparison]:
    """纪检监察用的近亲属备案名单，逐条核对。 The list of kin for the discipline office, line by line."""
    lines = office.desk("supervisor").get("/kin-register")["lines"]
    yield Comparison(what="kin_register", expected=len(expected), found=len(lines))
    for number, (line, wanted) in enumerate(zip(lines, expected, strict=False), start=1):
        yield from compared(f"kin_register {number}", wanted, line)


def _procedure(office: Office, course: Course) -> JsonObject:
    found: JsonObject = office.desk("supervisor").get(f"/cases/{quote(course.case)}/procedure")
    return found


ACTS = {
    "pause_clock": pause_clock,
    "resume_clock": resume_clock,
    "request_extension": request_extension,
    "register_kin": register_kin,
    "record_objection": record_objection,
    "change_calendar_day": change_calendar_day,
    "look_at_case": look_at_case,
}
EXPECTATIONS = {"clock": clock, "procedure": procedure, "kin_register": kin_register}
