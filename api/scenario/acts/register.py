"""The register and its channels: asking how it stands, duplicates, corrections, entries on line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from api.demo.desk import Desk
from api.scenario.course import SUPERVISOR, Course, Missing, Office
from api.scenario.registry import by_nobody, takes
from engine.json_values import JsonObject
from workflows.playing.comparing import Comparison, compared


@by_nobody
@takes(optional=("number", "code"))
def ask_status(desk: Desk, course: Course, given: JsonObject) -> Any:
    """家庭凭编号和查询码查询进度，缺省为本案的编号和回执上的查询码。 Ask how it stands with number and code."""
    slip = desk.get(f"/cases/{quote(course.case)}/receipt")
    asked = {"number": slip["case_number"], "code": slip["query_code"], **given}
    return desk.post("/status", asked)


@takes("kind", "decision", "reason", optional=("keeps_older",))
def decide_duplicate(desk: Desk, course: Course, given: JsonObject) -> Any:
    """认定本案的疑似重复（same 同一、different 不同、merge 合并）。 Decide a suspected duplicate of the case."""
    found = desk.get(f"/register/duplicates?open_only=true&case={quote(course.case)}&kind={given['kind']}")
    if not found["duplicates"]:
        raise Missing(f"本案没有待认定的疑似重复 {given['kind']}。", f"No open duplicate {given['kind']} in the case.")
    body = {name: one for name, one in given.items() if name != "kind"}
    return desk.post(f"/register/duplicates/{found['duplicates'][0]['duplicate']['id']}/decision", body)


@by_nobody
def enter_online(desk: Desk, _course: Course, given: JsonObject) -> Any:
    """家庭在网上填报申请（内容同申请）。 A household enters an application on line."""
    return desk.post("/online-entries", given)


@takes("number")
def confirm_online_entry(desk: Desk, _course: Course, given: JsonObject) -> Any:
    """窗口确认网上申请。 The window confirms an entry on line."""
    return desk.post(f"/online-entries/{given['number']}/confirmation")


@takes("changes", "reason", optional=("evidence",))
def request_correction(desk: Desk, course: Course, given: JsonObject) -> Any:
    """申请更正本案申请人的登记。 Ask for a correction of the applicant's entry in the register."""
    case = desk.case(course.case)
    persons = desk.get(f"/register/persons?text={quote(case['members'][0]['name'])}")["persons"]
    if not persons:
        raise Missing("申请人尚未登记。", "The applicant is not in the register yet.")
    return desk.post(f"/register/persons/{persons[0]['id']}/corrections", given)


@takes("approve", "note", optional=("id",))
def decide_correction(desk: Desk, _course: Course, given: JsonObject) -> Any:
    """审批登记更正，缺省为最近一份。 Decide a correction, the newest unless named."""
    asked = desk.get("/register/corrections?state=requested")["corrections"]
    if not asked and "id" not in given:
        raise Missing("没有待审批的更正。", "There is no correction to decide.")
    number = given.get("id") or asked[0]["id"]
    return desk.post(f"/register/corrections/{number}/decision", {"approve": given["approve"], "note": given["note"]})


def told_status(office: Office, course: Course, expected: Any) -> Iterator[Comparison]:
    """家庭查到的进度，逐键核对。 What the household is told, key by key: step, missing, matters."""
    yield from compared("status", expected, ask_status(office.desk(SUPERVISOR), course, {}))


def duplicates(office: Office, course: Course, expected: Any) -> Iterator[Comparison]:
    """本案的疑似重复，按种类排列，逐条核对。 The suspected duplicates of the case, sorted by kind."""
    found = office.desk(SUPERVISOR).get(f"/register/duplicates?case={quote(course.case)}")["duplicates"]
    shown = sorted(
        ({**one["duplicate"], "other_town": one["other"]["town"], "same": one["same"]} for one in found),
        key=lambda one: str(one["kind"]),
    )
    yield Comparison(what="duplicates", expected=len(expected), found=len(shown))
    for number, (wanted, one) in enumerate(zip(expected, shown, strict=False), start=1):
        yield from compared(f"duplicate {number}", wanted, one)


ACTS = {
    "ask_status": ask_status,
    "confirm_online_entry": confirm_online_entry,
    "decide_correction": decide_correction,
    "decide_duplicate": decide_duplicate,
    "enter_online": enter_online,
    "request_correction": request_correction,
}
EXPECTATIONS = {"duplicates": duplicates, "told_status": told_status}
