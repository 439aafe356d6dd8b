"""The proof of the line: real servers, scenarios handed in over HTTP, every unit at its desk, found beside expected."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from api.bootstrap import open_house
from api.demo.county import set_up
from api.demo.desk import Desk
from api.demo.scenario import SHIPPED, Scenario, Step, shipped
from api.demo.servers import Servers
from api.demo.staff import Occasion, answer
from engine.json_values import JsonObject, dump_json

LOCAL = ZoneInfo("Asia/Shanghai")
PATIENCE = 90.0  # seconds until something that should have happened counts as missing
PAUSE = 0.05

Say = Callable[[str], None]


class Missing(RuntimeError):
    """Something that the scenario needs did not happen in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One expected fact beside what was found."""

    what: str
    expected: str
    found: str

    @property
    def holds(self) -> bool:
        """Tell whether they are the same."""
        return self.expected == self.found


@dataclass(slots=True)
class Course:
    """What was noticed while a scenario ran."""

    case: str = ""
    dues: dict[str, str] = field(default_factory=dict)
    comparisons: list[Comparison] = field(default_factory=list)


class Office:
    """The county's people at their desks."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        self._desks: dict[str, Desk] = {}

    def desk(self, login: str) -> Desk:
        """Return somebody's desk."""
        if login not in self._desks:
            self._desks[login] = Desk(login, lambda: self._servers.base_url)
        return self._desks[login]

    def close(self) -> None:
        """Everybody goes home."""
        for desk in self._desks.values():
            desk.close()


def check(say: Say) -> bool:
    """Run the shipped scenarios on servers of their own; say the trail, and tell whether everything was as expected."""
    scenarios = [shipped(name) for name in SHIPPED]
    with running_county(min(one.starts_at for one in scenarios), say=say) as servers, ExitStack() as closing:
        office = Office(servers)
        closing.callback(office.close)
        results = [run(one, servers, office, say) for one in scenarios]
    failed = sum(not one.holds for course in results for one in course.comparisons)
    total = sum(len(course.comparisons) for course in results)
    say(f"\n{total - failed} / {total} 项与预期一致。 {total - failed} of {total} facts are as expected.")
    return failed == 0


@contextmanager
def running_county(start: datetime, *, say: Say) -> Iterator[Servers]:
    """Yield the servers of a fresh county in an empty folder; everything is gone afterwards."""
    with Servers(start=start) as servers:
        servers.start("agencies")
        say(f"文件夹 folder {servers.folder}")
        with open_house(servers.settings) as house:
            for _ in set_up(house.services.engine, house.services.organisation, now=start):
                pass
        servers.start("serve", "work")
        say(f"服务 servers {servers.base_url} {servers.simulator_url}")
        yield servers


def run(scenario: Scenario, servers: Servers, office: Office, say: Say, *, key: str | None = None) -> Course:
    """Take one household through the house; `key` tells one hand-in of it from another."""
    say(f"\n== {scenario.id} {scenario.title} / {scenario.title_en}")
    servers.clock.set(scenario.starts_at)
    register_facts(scenario, servers)
    course = Course()
    submitted = office.desk(scenario.window).submit(scenario.application, key=key or scenario.id)
    course.case = submitted["number"]
    _trail(say, scenario.starts_at, scenario.window, f"收到申请 {course.case} received")
    for step in scenario.steps:
        servers.clock.set(step.at)
        _work(step, course, office, say)
        _until(lambda: _settled(office, course.case), f"letters sent and agencies answered in {course.case}")
    view = _until(lambda: _closed(office, course.case), f"case {course.case} closed")
    _compare(scenario, view, course)
    for one in view["trail"]:
        _trail(say, datetime.fromisoformat(one["at"]), "", f"{one['zh']} / {one['en']}")
    for comparison in course.comparisons:
        mark = "✓" if comparison.holds else "✗"
        say(f"  {mark} {comparison.what}: 预期 expected {comparison.expected}, 实得 found {comparison.found}")
    return course


def register_facts(scenario: Scenario, servers: Servers) -> None:
    """Tell the simulated agencies what they know of the household."""
    members = scenario.application["members"]
    for fact in scenario.agency_facts:
        member = members[fact["member"] - 1]
        known = {name: value for name, value in fact.items() if name != "member"}
        body = {"identity_number": member["identity_number"], "name": member["name"], **known}
        httpx.post(f"{servers.simulator_url}/simulator/facts", content=dump_json(body)).raise_for_status()


def _work(step: Step, course: Course, office: Office, say: Say) -> None:
    for need in step.late:
        referral = _referrals(office.desk("supervisor").case(course.case)).get(need, {})
        course.comparisons.append(
            Comparison(what=f"{need} 逾期 late on {step.at:%m-%d}", expected="True", found=str(referral.get("overdue")))
        )
    if step.by is None:
        return
    desk = office.desk(step.by)
    for element in step.tasks:
        task = _until(lambda: _open_task(desk, course.case, element), f"{element} open for {step.by}")  # noqa: B023
        course.dues[element] = _local_day(task["due_at"])
        _do(desk, task, step.at)
        _trail(say, step.at, step.by, f"{task['name']} / {task['name_en']}")


def _do(desk: Desk, task: JsonObject, at: datetime) -> None:
    desk.claim(task["id"])
    opened = desk.open(task["id"])
    occasion = Occasion(element_id=task["element_id"], shown=opened["values"], today=at.astimezone(LOCAL).date())
    desk.complete(task["id"], answer(occasion))


def _open_task(desk: Desk, case: str, element: str) -> JsonObject | None:
    tasks = desk.tasks(tab="to-claim", case=case) + desk.tasks(tab="mine", case=case)
    return next((one for one in tasks if one["element_id"] == element), None)


def _settled(office: Office, case: str) -> JsonObject | None:
    """Return the case once nothing is on its way to anybody outside."""
    view = office.desk("supervisor").case(case)
    unsent = any(one["sent_at"] is None for one in view["notices"])
    unanswered = any(one["answered_at"] is None for one in view["agency_requests"])
    return None if unsent or unanswered else view


def _closed(office: Office, case: str) -> JsonObject | None:
    view = _settled(office, case)
    return view if view is not None and view["summary"]["status"] == "closed" else None


def _compare(scenario: Scenario, view: JsonObject, course: Course) -> None:
    def same(what: str, expected: object, found: object) -> None:
        course.comparisons.append(Comparison(what=what, expected=str(expected), found=str(found)))

    expected = scenario.expected
    for name in ("status", "accepted_on", "due_on"):
        if name in expected:
            same(name, expected[name], view["summary"][name])
    referrals = _referrals(view)
    same("referrals", sorted(expected["referrals"]), sorted(referrals))
    for need, facts in expected["referrals"].items():
        for name, value in facts.items():
            same(f"{need} {name}", value, _fact(referrals.get(need, {}), name))
    for element, day in expected["dues"].items():
        same(f"{element} due", day, course.dues.get(element))
    results = [one for one in view["notices"] if one["kind"] == "result"]
    same("notices of results", expected["result_notices"], len(results))


def _referrals(view: JsonObject) -> dict[str, JsonObject]:
    return {one["referral"]["need"]: {**one["referral"], "overdue": one["overdue"]} for one in view["referrals"]}


def _fact(referral: JsonObject, name: str) -> object:
    if name == "sent_on":
        return _local_day(referral.get("sent_at"))
    value = referral.get(name)
    return f"{float(value):g}" if name == "amount" and value is not None else value


def _local_day(instant: str | None) -> str:
    return "-" if instant is None else datetime.fromisoformat(instant).astimezone(LOCAL).date().isoformat()


def _trail(say: Say, at: datetime, who: str, what: str) -> None:
    say(f"  {at.astimezone(LOCAL):%Y-%m-%d %H:%M} {who:22} {what}")


def _until(found: Callable[[], Any], what: str) -> Any:
    """Return what `found` gives as soon as it gives something."""
    deadline = datetime.now(UTC).timestamp() + PATIENCE
    while True:
        value = found()
        if value is not None:
            return value
        if datetime.now(UTC).timestamp() > deadline:
            raise Missing(f"waited {PATIENCE:.0f} seconds for: {what}")
        time.sleep(PAUSE)
