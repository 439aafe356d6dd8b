"""What is written to the household and posted in public: Chinese texts, without health facts or identity numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from engine.json_values import JsonObject
from workflows.casework.county import PROGRAMME_NAMES, TOWN_BY_REGION
from workflows.casework.model import Case
from workflows.casework.records import Referral
from workflows.rules.money import format_whole_yuan

PERIODS = {"month": "每月", "year": "每年", "once": "一次性"}
OUTCOMES = {"granted": "批准", "refused": "未批准", "not_eligible": "不符合条件", "cancelled": "已撤销"}
GROUNDS = {
    "not_corrected": "申请材料未按补正通知补齐",
    "correction_overdue": "补正期限届满仍未补齐申请材料",
    "withdrawn": "申请人撤回申请",
    "not_our_matter": "申请事项不属于社会救助受理范围",
}
ADULT_AGE = 18


def correction_letter(case: Case, missing: Sequence[JsonObject], due_on: date, note: str | None) -> str:
    """Return the single notice that names everything missing."""
    items = ";".join(f"{index}.{item['title']}({item['reason']})" for index, item in enumerate(missing, start=1))
    remark = f"说明：{note}。" if note else ""
    return (
        f"【{_town(case)}】您的救助申请 {case.number} 需一次性补正以下材料：{items}。"
        f"{remark}请于 {_day(due_on)} 前补齐；逾期未补齐的，将书面告知不予受理。"
    )


def receipt_letter(case: Case) -> str:
    """Return the letter of acceptance with the number to ask by and the last day of the limit."""
    accepted = _day(case.accepted_on) if case.accepted_on else ""
    due = f",办理期限至 {_day(case.due_on)}" if case.due_on else ""
    return (
        f"【{_town(case)}】您的救助申请已于 {accepted} 受理，案件编号 {case.number},"
        f"受理通知书 {case.receipt_number}{due}。凭案件编号可查询办理进度。"
    )


def decline_letter(case: Case, ground: str, reason: str | None) -> str:
    """Return the letter of non-acceptance, or of closing when the household withdrew."""
    remark = f"({reason})" if reason else ""
    if ground == "withdrawn":
        return f"【{_town(case)}】您的救助申请 {case.number} 已按您的意愿撤回并办结{remark}。如有需要可随时重新申请。"
    return (
        f"【{_town(case)}】您的救助申请 {case.number} 不予受理，原因：{GROUNDS[ground]}{remark}。"
        "补齐材料后可重新申请；如有异议，可依法申请行政复议。"
    )


def result_letter(case: Case, referral: Referral | None, result: JsonObject) -> str:
    """Return the letter on one result, or on the whole application when there is no referral."""
    subject = f"救助申请 {case.number}"
    if referral is not None:
        subject = f"{programme_name(referral.programme)}({referral.number})"
    outcome = str(result["outcome"])
    amount = _amount(result) if outcome == "granted" else ""
    reason = f",原因：{result['reason']}" if result.get("reason") else ""
    remedy = "" if outcome == "granted" else "如有异议，可自收到本通知之日起60日内申请行政复议。"
    return f"【{_town(case)}】您的{subject}办理结果：{OUTCOMES.get(outcome, outcome)}{amount}{reason}。{remedy}"


def programme_name(programme: str) -> str:
    """Return the Chinese name of a programme; one the county added itself keeps its key."""
    return PROGRAMME_NAMES.get(programme, (programme, programme))[0]


def _town(case: Case) -> str:
    town = TOWN_BY_REGION.get(case.region)
    return town.name if town else case.region


def _amount(result: JsonObject) -> str:
    if result.get("amount") is None:
        return ""
    return f",{PERIODS.get(str(result.get('amount_period')), '')}{format_whole_yuan(Decimal(result['amount']))} 元"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
