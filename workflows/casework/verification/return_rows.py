"""The rows that come back from a bank, turned into an answer as the exchange would give it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from engine.core.texts import Words
from engine.json_values import JsonObject
from workflows.casework.correspondence import Inquiry
from workflows.casework.verification.table_files import TableRow

Meaning = TypeVar("Meaning")
RETURN_COLUMNS = ("查询编号", "姓名", "证件号码", "状态", "截至日期")
FOUND = {"有记录": True, "有": True, "hit": True, "无记录": False, "无": False, "no_hit": False}
ITEMS = {
    "存款": "deposit",
    "证券": "securities",
    "保险现金价值": "insurance_value",
    "电子钱包": "wallet",
}
UNITS = {"元": "yuan", "万元": "ten_thousand_yuan", "分": "fen", "yuan": "yuan", "fen": "fen"}
STATES = {"": None, "正常": None, "销户": "closed", "已销户": "closed", "注销": "cancelled"}
YES = frozenset({"是", "代管", "代持"})


class RowFault(Exception):
    """A row cannot be taken in: which one, and why, without personal facts."""

    def __init__(self, row: int, fault: Words) -> None:
        super().__init__(fault.en)
        self.row = row
        self.fault = fault

    def shown(self) -> JsonObject:
        """Return it for the list of faults."""
        return {"row": self.row, "zh": self.fault.zh, "en": self.fault.en}


def answer_of(rows: Sequence[TableRow], inquiry: Inquiry) -> JsonObject:
    """Return the answer that the rows of one question give.

    Raises:
        RowFault: a row cannot be read, is about somebody else, or somebody is missing.
    """
    asked = {subject.identity_number: subject for subject in inquiry.subjects}
    records, days = [], []
    for row in rows:
        if row.cells["证件号码"].upper() not in asked:
            raise RowFault(row.number, Words("证件号码不在本次查询中", "the identity number was not asked about"))
        days.append(_day(row))
        if _of(row, "状态", FOUND, Words("状态应为有记录或无记录", "the state must be found or not found")):
            records.append(_record(row, inquiry))
    missing = len(asked) - len({row.cells["证件号码"].upper() for row in rows})
    if missing:
        raise RowFault(rows[0].number, Words(f"缺少 {missing} 人的答复", f"persons missing: {missing}"))
    return {
        "request_id": str(inquiry.request_id),
        "agency": inquiry.agency,
        "status": "hit" if records else "no_hit",
        "as_of": min(days).isoformat(),
        "subjects": [{"name": one.name, "identity_number": one.identity_number} for one in inquiry.subjects],
        "records": records,
    }


def _record(row: TableRow, inquiry: Inquiry) -> JsonObject:
    cells = row.cells
    record: JsonObject = {
        "identity_number": cells["证件号码"].upper(),
        "name": cells["姓名"],
        "item": ITEMS.get(cells.get("项目", ""), cells.get("项目") or inquiry.items[0]),
        "amount": _number(row, "金额", Words("金额应为不小于 0 的数字", "the sum must be a number from 0")),
        "unit": _of(row, "单位", UNITS, Words("单位应为元、万元或分", "the unit must be yuan, 10 000 yuan or fen")),
        "state": _of(row, "账户状态", STATES, Words("账户状态不明", "the state of the account is unknown")),
        "held_for_others": cells.get("代管", "") in YES,
    }
    if cells.get("参考号"):
        record["reference"] = cells["参考号"]
    if cells.get("份额"):
        record["share"] = _number(
            row, "份额", Words("份额应为 0 至 1 的数字", "the share must be a number from 0 to 1")
        )
    if cells.get("共有人数"):
        record["holders"] = _number(
            row, "共有人数", Words("共有人数应为数字", "the number of holders must be a number")
        )
    return record


def _day(row: TableRow) -> date:
    try:
        return date.fromisoformat(row.cells["截至日期"].replace("/", "-"))
    except ValueError:
        raise RowFault(
            row.number, Words("截至日期应写作 2026-06-30", "the day must be written like 2026-06-30")
        ) from None


def _number(row: TableRow, column: str, fault: Words) -> Decimal:
    try:
        number = Decimal(row.cells.get(column, "").replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise RowFault(row.number, fault) from None
    if not number.is_finite() or number < 0:
        raise RowFault(row.number, fault)
    return number


def _of(row: TableRow, column: str, known: Mapping[str, Meaning], fault: Words) -> Meaning:
    cell = row.cells.get(column, "")
    if cell not in known:
        raise RowFault(row.number, fault)
    return known[cell]
