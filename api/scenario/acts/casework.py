"""The case itself: status, days, referrals, letters, open tasks, and what agencies do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.demo.desk import Desk
from api.scenario.course import Course, Missing, Office, local_day
from api.scenario.registry import by_nobody, takes
from api.scenario.shapes import Day
from api.scenario.state import incidents, open_tasks, referrals
from engine.json_values import JsonObject, dump_json
from workflows.playing.comparing import Comparison, compared


@by_nobody
@takes("agency", "mode", optional=("identity_number", "seconds"))
def agency_behaves(_desk: Desk, course: Course, given: JsonObject) -> None:
    """某机构从此如此应答（normal、silent、error、stale 等）。 From now on an agency answers in this mode."""
    answered = course.office.grounds.simulator.post("/simulator/behaviour", content=dump_json(given))
    if not answered.is_success:
        raise Missing(f"模拟机构拒收：{answered.text}。", f"The simulated agencies refused: {answered.text}.")


def status(_office: Office, course: Course, expected: str) -> Iterator[Comparison]:
    """案件状态。 The status of the case, e.g. closed."""
    yield Comparison(what="status", expected=expected, found=course.view()["summary"]["status"])


def outcome(_office: Office, course: Course, expected: str | None) -> Iterator[Comparison]:
    """案件结果。 The outcome of the case."""
    yield Comparison(what="outcome", expected=expected, found=course.view()["outcome"])


def accepted_on(_office: Office, course: Course, expected: Day | None) -> Iterator[Comparison]:
    """受理日。 The day of acceptance."""
    yield Comparison(what="accepted_on", expected=expected, found=course.view()["summary"]["accepted_on"])


def due_on(_office: Office, course: Course, expected: Day | None) -> Iterator[Comparison]:
    """法定期限届满日。 The day by which the case must be decided."""
    yield Comparison(what="due_on", expected=expected, found=course.view()["summary"]["due_on"])


def expected_referrals(_office: Office, course: Course, expected: dict[str, dict[str, Any]]) -> Iterator[Comparison]:
    """全部转办单（按需求）及要核对的内容。 All referrals by need with the facts to compare; no other may be there."""
    found = referrals(course.view())
    yield Comparison(what="referrals", expected=sorted(expected), found=sorted(found))
    for need, facts in expected.items():
        referral = found.get(need, {})
        had = {**referral, "sent_on": local_day(referral.get("sent_at"))}
        yield from compared(need, facts, had)


def late(_office: Office, course: Course, expected: list[str]) -> Iterator[Comparison]:
    """此刻逾期的转办（需求列表），不多不少。 The needs whose referral is late now: these and no others."""
    found = [need for need, one in referrals(course.view()).items() if one["overdue"]]
    yield Comparison(what="late", expected=sorted(expected), found=sorted(found))


def dues(_office: Office, course: Course, expected: dict[str, Day]) -> Iterator[Comparison]:
    """任务第一次办理时的期限日（按任务编号）。 The due day of tasks when they were first done, by element id."""
    for element, day in expected.items():
        yield Comparison(what=f"{element} due", expected=day, found=course.dues.get(element))


def result_notices(_office: Office, course: Course, expected: int) -> Iterator[Comparison]:
    """告知结果的通知份数。 How many letters told a result."""
    told = [one for one in course.view()["notices"] if one["kind"] == "result"]
    yield Comparison(what="result_notices", expected=expected, found=len(told))


def notices(_office: Office, course: Course, expected: dict[str, int]) -> Iterator[Comparison]:
    """各类通知的份数。 How many letters of each kind were written."""
    kinds = [one["kind"] for one in course.view()["notices"]]
    for kind, count in expected.items():
        yield Comparison(what=f"notices {kind}", expected=count, found=kinds.count(kind))


def tasks(office: Office, course: Course, expected: list[str]) -> Iterator[Comparison]:
    """本案未办任务（任务编号列表），不多不少。 The open tasks of the case by element id: these and no others."""
    found = [one["element_id"] for one in open_tasks(office, course.case or None)]
    yield Comparison(what="tasks", expected=sorted(expected), found=sorted(found))


def expected_incidents(office: Office, _course: Course, expected: int) -> Iterator[Comparison]:
    """引擎内的异常数；不写即为 0。 How many incidents are open in the engine; none, unless this says otherwise."""
    yield Comparison(what="incidents", expected=expected, found=len(incidents(office)))


def calls(office: Office, _course: Course, expected: dict[str, int]) -> Iterator[Comparison]:
    """向各机构发出的查询次数。 How many inquiries each agency was sent, by its key; insurer counts pushed statuses."""
    ledger = office.grounds.simulator.get("/simulator/ledger").json()["calls"]
    for place, count in expected.items():
        found = len([one for one in ledger if one["place"] == place])
        yield Comparison(what=f"calls {place}", expected=count, found=found)


def messages(office: Office, _course: Course, expected: int | list[str]) -> Iterator[Comparison]:
    """短信：写数字则核对条数，写文字列表则每条须见于某短信。 Text messages: how many, or words found in one each."""
    sent = [one["text"] for one in office.grounds.simulator.get("/simulator/ledger").json()["messages"]]
    if isinstance(expected, int):
        yield Comparison(what="messages", expected=expected, found=len(sent))
        return
    for words in expected:
        found = next((text for text in sent if words in text), None)
        yield Comparison(what="messages", expected=words, found=words if found else sent)


def case_view(_office: Office, course: Course, expected: dict[str, Any]) -> Iterator[Comparison]:
    """案件页任何内容，逐键核对。 Anything of the case as GET /cases shows it, key by key."""
    yield from compared("case", expected, course.view())


def cases(office: Office, course: Course, expected: dict[str, dict[str, Any]]) -> Iterator[Comparison]:
    """其他案件（按名称）的内容，逐键核对。 Other cases by name, each as GET /cases shows it, key by key."""
    for name, facts in expected.items():
        known = course.cases.get(name, course.named.get(name))
        number = known.get("number") if isinstance(known, dict) else known
        yield from compared(name, facts, office.case(number) if isinstance(number, str) else None)


ACTS = {"agency_behaves": agency_behaves}
EXPECTATIONS = {
    "status": status,
    "outcome": outcome,
    "accepted_on": accepted_on,
    "due_on": due_on,
    "referrals": expected_referrals,
    "late": late,
    "dues": dues,
    "result_notices": result_notices,
    "notices": notices,
    "tasks": tasks,
    "incidents": expected_incidents,
    "calls": calls,
    "messages": messages,
    "case": case_view,
    "cases": cases,
}
