"""Money: the monthly run, deaths found by data, price figures, new standards, recoveries, the books."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Iterator
from typing import Any

from api.demo.desk import Desk
from api.demo.occasion import Occasion
from api.demo.staff import answer
from api.scenario.course import LOCAL, SUPERVISOR, Course, Missing, Office
from api.scenario.registry import takes
from engine.json_values import JsonObject
from workflows.playing.comparing import Comparison, compared

FINANCE = "finance.clerk"
RUN = (
    ("civil-affairs.clerk", "Task_PrepareRoster"),
    ("civil-affairs.reviewer", "Task_CheckRoster"),
    (FINANCE, "Task_PrepareFunds"),
    ("finance.reviewer", "Task_ApproveFunds"),
    (FINANCE, "Task_DeliverBankFile"),
)
RETURN_COLUMNS = ("批次号", "序号", "付款编号", "金额", "结果", "失败代码")
MONTH = 7  # characters of a month as texts write it


@takes("month")
def start_payments(desk: Desk, _course: Course, given: JsonObject) -> Any:
    """发起某月的发放。 Begin the payments of a month."""
    return desk.post("/payments/runs", given)


@takes("month", optional=("failed",))
def import_return(desk: Desk, course: Course, given: JsonObject) -> Any:
    """导入银行回盘：failed 列出的案件（case）失败（code），其余成功。 Import the bank's answer to a batch."""
    number = _newest(course.office, given["month"])
    return _returned(desk, course, number, given.get("failed") or [])


@takes("month", optional=("failed",))
def pay_month(desk: Desk, course: Course, given: JsonObject) -> Any:
    """某月发放全程：编制、复核、拨付、审批、送盘、回盘。 The whole run of a month, everybody at their desks."""
    number = desk.post("/payments/runs", {"month": given["month"]})["number"]
    for login, element in RUN:
        _do(course, login, element, number)
    return _returned(course.office.desk(FINANCE), course, number, given.get("failed") or [])


@takes("identity_number", "name", "died_on", "source")
def record_death(desk: Desk, _course: Course, given: JsonObject) -> Any:
    """登记死亡（火化）信息。 Take in a record of a death."""
    return desk.post("/deaths", given)


@takes("bank", "holder", "number", "reason", optional=("evidence",))
def change_account(desk: Desk, course: Course, given: JsonObject) -> Any:
    """申请变更本案收款账户，由他人以 decide_correction 审批。 Ask to pay the household to another account."""
    return desk.post(f"/cases/{course.case}/account", given)


@takes("month")
def start_price_link(desk: Desk, _course: Course, given: JsonObject) -> Any:
    """启动某月物价联动。 Begin looking at the price figure of a month."""
    return desk.post("/price-links", given)


@takes("key", "value", "effective_from", "document")
def propose_standard(desk: Desk, _course: Course, given: JsonObject) -> Any:
    """拟定新标准。 Propose another value of a figure of policy."""
    return desk.post("/standard-changes", given)


@takes("cause", "from_month", "until_month", "reason", optional=("share",))
def start_recovery(desk: Desk, course: Course, given: JsonObject) -> Any:
    """启动追回（cause：fraud、death、error）。 Begin the recovery of what was paid wrongly."""
    return desk.post(f"/cases/{course.case}/recoveries", given)


@takes("amount", "received_on", "reference")
def record_receipt(desk: Desk, course: Course, given: JsonObject) -> Any:
    """登记本案最近一笔追回的收款。 Enter a sum that came in for the newest recovery of the case."""
    recoveries = _money(course.office, course)["recoveries"]
    if not recoveries:
        raise Missing("本案没有追回。", "The case has no recovery.")
    return desk.post(f"/recoveries/{recoveries[-1]['id']}/receipts", given)


def payments(office: Office, course: Course, expected: Any) -> Iterator[Comparison]:
    """本案的付款，按月份逐项核对（month、kind、amount、state、attempts 次数）。 The payments of the case by month."""
    found = [
        {**one, "month": one["month"][:MONTH], "attempts": len(one["attempts"])}
        for one in _money(office, course)["payments"]
    ]
    yield from compared("payments", expected, found)


def recoveries(office: Office, course: Course, expected: Any) -> Iterator[Comparison]:
    """本案的追回，按先后逐项核对（instalments、receipts 为笔数）。 The recoveries of the case, the earliest first."""
    found = [
        {**one, "instalments": len(one["instalments"]), "receipts": len(one["receipts"])}
        for one in _money(office, course)["recoveries"]
    ]
    yield from compared("recoveries", expected, found)


def books(office: Office, _course: Course, expected: Any) -> Iterator[Comparison]:
    """某月账目：应发、已发、在途和不符笔数（differences）。 The books of months: owed, paid, waiting, differences."""
    for month, facts in expected.items():
        found = office.desk(SUPERVISOR).get(f"/payments/books?month={month}")
        yield from compared(f"books {month}", facts, {**found, "differences": len(found["differences"])})


def batches(office: Office, _course: Course, expected: Any) -> Iterator[Comparison]:
    """各批次，按先后逐项核对（number、state、count、total）。 The batches, the earliest first."""
    numbers = [one["number"] for one in reversed(office.desk(SUPERVISOR).get("/payments/batches")["batches"])]
    found = [office.desk(SUPERVISOR).get(f"/payments/batches/{number}") for number in numbers]
    yield from compared(
        "batches", expected, [{**one["batch"], "count": len(one["lines"]), "total": one["total"]} for one in found]
    )


def price_links(office: Office, _course: Course, expected: Any) -> Iterator[Comparison]:
    """物价联动，按月份先后逐项核对（month、link_class、per_person、persons、total）。 The price figures by month."""
    found = reversed(office.desk(SUPERVISOR).get("/price-links")["price_links"])
    yield from compared("price_links", expected, [{**one, "month": one["month"][:MONTH]} for one in found])


def standard_changes(office: Office, _course: Course, expected: Any) -> Iterator[Comparison]:
    """标准调整及逐户测算（lines 含 case_number、flag、新旧金额、back_pay）。 The new standards with their previews."""
    found = reversed(office.desk(SUPERVISOR).get("/standard-changes")["changes"])
    yield from compared("standard_changes", expected, [{**one["change"], "lines": one["lines"]} for one in found])


def _money(office: Office, course: Course) -> Any:
    return office.desk(SUPERVISOR).get(f"/cases/{course.case}/money")


def _newest(office: Office, month: str) -> str:
    for batch in office.desk(SUPERVISOR).get("/payments/batches")["batches"]:
        if batch["month"][:MONTH] == month:
            return str(batch["number"])
    raise Missing(f"{month} 没有发放批次。", f"There is no batch of {month}.")


def _do(course: Course, login: str, element: str, number: str) -> None:
    desk = course.office.desk(login)
    for task in desk.tasks(tab="to-claim", element=element):
        if task["business_key"] == number:
            desk.claim(task["id"])
            shown = desk.open(task["id"])["values"]
            today = course.at.astimezone(LOCAL).date()
            desk.complete(task["id"], answer(Occasion(element_id=element, shown=shown, today=today)))
            return
    raise Missing(f"批次 {number} 没有任务 {element}。", f"The batch {number} offers no task {element}.")


def _returned(desk: Desk, course: Course, number: str, failed: list[JsonObject]) -> Any:
    """Answer a batch as the bank would, line by line; it may send the same answer twice."""
    codes = {course.cases.get(one["case"], one["case"]): one["code"] for one in failed}
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(RETURN_COLUMNS)
    for line in desk.get(f"/payments/batches/{number}")["lines"]:
        code = codes.get(line["case_number"], "")
        writer.writerow([number, line["line"], line["id"], line["amount"], "失败" if code else "成功", code])
    content = base64.b64encode(text.getvalue().encode("utf-8")).decode("ascii")
    return desk.post(f"/payments/batches/{number}/returns", {"content": content})


ACTS = {
    "start_payments": start_payments,
    "import_return": import_return,
    "pay_month": pay_month,
    "record_death": record_death,
    "change_account": change_account,
    "start_price_link": start_price_link,
    "propose_standard": propose_standard,
    "start_recovery": start_recovery,
    "record_receipt": record_receipt,
}
EXPECTATIONS = {
    "payments": payments,
    "recoveries": recoveries,
    "books": books,
    "batches": batches,
    "price_links": price_links,
    "standard_changes": standard_changes,
}
