"""Winter and spring relief: a season is opened, households are entered, towns hand in; how the register stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.demo.desk import Desk
from api.scenario.course import SUPERVISOR, Course, Office
from api.scenario.registry import takes
from engine.json_values import JsonObject
from workflows.playing.comparing import Comparison, compared


@takes("season")
def open_winter_register(desk: Desk, _course: Course, given: JsonObject) -> Any:
    """部署某年度冬春救助。 Open the winter register of a season."""
    return desk.post("/winter-registers", given)


@takes("season", "village", "persons", "kinds", optional=("amount", "goods"))
def enter_winter_need(desk: Desk, course: Course, given: JsonObject) -> Any:
    """把本案家庭登记为冬春困难家庭。 Enter the household of the case in the winter register."""
    entry = {name: value for name, value in given.items() if name != "season"}
    return desk.post(f"/winter-registers/{given['season']}/needs", {**entry, "case_number": course.case})


def winter_register(office: Office, _course: Course, expected: JsonObject) -> Iterator[Comparison]:
    """某年度冬春救助登记册（season 必填；state、approval_number 等及 needs 逐户）。 The winter register of a season."""
    found = office.desk(SUPERVISOR).get(f"/winter-registers/{expected['season']}")
    lines = [{**line, **line["need"]} for line in found["needs"]]
    yield from compared("winter_register", expected, {**found["register"], "needs": lines})


ACTS = {"open_winter_register": open_winter_register, "enter_winter_need": enter_winter_need}
EXPECTATIONS = {"winter_register": winter_register}
