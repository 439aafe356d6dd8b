"""What units do beside their tasks: information, cancelling, job offers, bills, terms, all aid of a household."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.demo.desk import Desk
from api.scenario.course import Course, Missing, Office
from api.scenario.registry import takes
from api.scenario.state import referrals
from engine.json_values import JsonObject
from workflows.playing.comparing import Comparison, compared

TABS = ("mine", "to-claim")  # where whoever refers has the task


@takes("need", "question")
def ask_for_information(desk: Desk, course: Course, given: JsonObject) -> JsonObject:
    """单位要求补充情况，转办时限停钟。 A unit asks for information; the clock of its referral rests."""
    path = f"/referrals/{_number(course, given['need'])}/information-requests"
    asked: JsonObject = desk.post(path, {"question": given["question"]})
    return asked


@takes("task", "need", "reason")
def refer_need(desk: Desk, course: Course, given: JsonObject) -> JsonObject:
    """办理任务（task 为环节编号）时发现另有需要，转给责任单位。 Refer a need found while working on a task."""
    found = [one for tab in TABS for one in desk.tasks(tab=tab, case=course.case, element=given["task"])]
    if not found:
        raise Missing(f"本案没有待办的 {given['task']}。", f"The case has no open task {given['task']}.")
    task = found[0]
    if task["assignee"] is None:
        desk.claim(task["id"])
    asked = {name: given[name] for name in ("need", "reason")}
    referred: JsonObject = desk.post(f"/tasks/{task['id']}/referrals", asked)
    return referred


@takes("need", "reason")
def cancel_referral(desk: Desk, course: Course, given: JsonObject) -> JsonObject:
    """窗口撤销不再需要的转办。 The window takes back a referral whose need is gone."""
    path = f"/referrals/{_number(course, given['need'])}/cancellation"
    cancelled: JsonObject = desk.post(path, {"reason": given["reason"]})
    return cancelled


@takes("member_number", "title", "answer", optional=("offered_on", "monthly_wage", "distance_km", "ground", "reason"))
def log_job_offer(desk: Desk, course: Course, given: JsonObject) -> JsonObject:
    """人社登记一次岗位推荐及结果。 The employment bureau logs an offer and what came of it."""
    log: JsonObject = desk.post(f"/cases/{course.case}/job-offers", given)
    return log


@takes("number", "identity_number", "hospital", "discharged_on", "total", "in_scope", optional=("channel",))
def settle_bill(desk: Desk, _course: Course, given: JsonObject) -> JsonObject:
    """医保结算一张费用单。 The medical security bureau settles a bill."""
    settled: JsonObject = desk.post("/medical/bills", given)
    return settled


@takes("identity_number", "day", "status")
def query_medical_status(desk: Desk, _course: Course, given: JsonObject) -> JsonObject:
    """医院查询困难身份，须为所写结果。 A hospital asks for a status; it must be the one written here (null: none)."""
    asked = {name: given[name] for name in ("identity_number", "day")}
    answer: JsonObject = desk.post("/medical/status-queries", asked)
    if answer["status"] != given["status"]:
        raise Missing(
            f"查询身份应为 {given['status']}，实为 {answer['status']}。",
            f"The status should be {given['status']}, but is {answer['status']}.",
        )
    return answer


@takes("term")
def begin_school_term(desk: Desk, _course: Course, given: JsonObject) -> None:
    """教育局开始核对学期名单。 The education bureau begins matching a school term."""
    desk.post("/education/terms", given)


@takes()
def ask_for_satisfaction_call(desk: Desk, course: Course, _given: JsonObject) -> None:
    """窗口安排满意度回访。 The window asks for a satisfaction call."""
    desk.post(f"/cases/{course.case}/satisfaction-calls")


def shared(_office: Office, course: Course, expected: dict[str, list[str]]) -> Iterator[Comparison]:
    """各转办单共享的事实（按需求列出事实名），不多不少。 The facts each unit was told, by need: these and no others."""
    told = {
        one["referral"]["need"]: sorted(fact["fact"] for fact in one["shared"]) for one in course.view()["referrals"]
    }
    for need, facts in expected.items():
        yield Comparison(what=f"shared {need}", expected=sorted(facts), found=told.get(need))


def refusals_in_row(office: Office, course: Course, expected: dict[str, list[str]]) -> Iterator[Comparison]:
    """各成员连续无正当理由拒绝的日期。 The days of each member's unjustified refusals in a row, by member number."""
    log = office.desk("supervisor").get(f"/cases/{course.case}/job-offers")
    found = {str(one["member_number"]): one["days"] for one in log["refusals_in_row"]}
    for member, days in expected.items():
        yield Comparison(what=f"refusals of member {member}", expected=days, found=found.get(str(member), []))


def bills(office: Office, course: Course, expected: dict[str, dict[str, Any]]) -> Iterator[Comparison]:
    """各费用单的分摊（按单号）。 How bills were split, by the hospital's number."""
    settled = office.desk("supervisor").get(f"/cases/{course.case}/medical-bills")["bills"]
    found = {one["number"]: one for one in settled}
    for number, parts in expected.items():
        yield from compared(f"bill {number}", parts, found.get(number, {}))


def claims(office: Office, _course: Course, expected: dict[str, dict[str, dict[str, Any]]]) -> Iterator[Comparison]:
    """某月各医院的垫付清单（月份、医院）。 What hospitals paid ahead, by month (its first day) and hospital."""
    for month, hospitals in expected.items():
        rows = office.desk("supervisor").get(f"/medical/claims?month={month}")["hospitals"]
        found = {one["hospital"]: one for one in rows}
        for hospital, sums in hospitals.items():
            yield from compared(f"claim {hospital}", sums, found.get(hospital, {}))


def term_grants(office: Office, _course: Course, expected: dict[str, list[Any]]) -> Iterator[Comparison]:
    """各学期的资助金额。 The grants of terms, in the order of cases and members."""
    for term, amounts in expected.items():
        rows = office.desk("supervisor").get(f"/education/terms/{term}")["grants"]
        found = [float(one["grant"]["amount"]) for one in rows]
        yield Comparison(what=f"grants of {term}", expected=[float(one) for one in amounts], found=found)


def aid_findings(office: Office, course: Course, expected: list[list[str]]) -> Iterator[Comparison]:
    """家庭总救助中的重复和遗漏。 Doubles and gaps in all aid of the household: kind and programmes."""
    aid = office.desk("supervisor").get(f"/cases/{course.case}/total-aid")
    found = sorted([one["kind"], *one["programmes"]] for one in aid["findings"])
    yield Comparison(what="aid findings", expected=sorted(expected), found=found)


def _number(course: Course, need: str) -> str:
    referral = referrals(course.view()).get(need)
    if referral is None:
        raise Missing(f"本案没有需求 {need} 的转办单。", f"The case has no referral for the need {need}.")
    return str(referral["number"])


ACTS = {
    "ask_for_information": ask_for_information,
    "refer_need": refer_need,
    "cancel_referral": cancel_referral,
    "log_job_offer": log_job_offer,
    "settle_bill": settle_bill,
    "query_medical_status": query_medical_status,
    "begin_school_term": begin_school_term,
    "ask_for_satisfaction_call": ask_for_satisfaction_call,
}
EXPECTATIONS = {
    "shared": shared,
    "refusals_in_row": refusals_in_row,
    "bills": bills,
    "claims": claims,
    "term_grants": term_grants,
    "aid_findings": aid_findings,
}
