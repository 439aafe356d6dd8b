"""What is written to the household and posted in public: Chinese texts, without health facts or identity numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from engine.json_values import JsonObject
from workflows.casework.agencies import AGENCY_BY_KEY
from workflows.casework.county import COUNTY_NAME, PROGRAMME_NAMES, TOWN_BY_REGION
from workflows.casework.model import Case
from workflows.casework.records import CheckReport, Referral
from workflows.casework.standards import Standards
from workflows.casework.verification.model import ReportObjection
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


def findings_letter(case: Case, report: CheckReport, *, until: date, standards: Standards) -> str:
    """Return what a check found over a limit or to be explained, item by item; how, where and until when to object.

    The days run from its delivery, `until` is the last one if it is delivered today. The report is no decision: what
    there is against it is this objection; review and suit are against the decision that follows.
    """
    days, review = standards.days("report_objection_days"), standards.days("review_days")
    phone = standards.values.get("service_phone")
    call = f"（电话 {phone}）" if phone else ""
    town, version = _town(case), report.version
    missing = f"尚有{'、'.join(report.missing)}未答复。" if report.missing else ""
    return (
        f"【{town}】您的救助申请 {case.number} 经济状况核对报告（第 {version} 版）显示：{report_summary(report)}。"
        f"{missing}"
        f"如有异议，请自收到本告知之日起 {days} 个工作日内（今天收到的，至 {_day(until)} 止，含当日）"
        f"向{town}社会救助窗口{call}就有争议的项目提出并附凭证，我们只就该项目重新查询。"
        "核对报告仅作为审核依据，不是最终决定；对以后作出的决定不服的，"
        f"可自收到决定之日起 {review} 日内向{COUNTY_NAME}人民政府申请行政复议，或者依法提起行政诉讼。"
    )


def report_summary(report: CheckReport) -> str:
    """Return in one text which limits a report is over, by how much, and what is to be explained."""
    over = [
        f"{hit['title']}，超出 {format_whole_yuan(Decimal(hit['over_by']))} 元"
        if hit.get("over_by") is not None
        else str(hit["title"])
        for hit in report.hits
    ]
    explain = [f"{_source(matter['source'])}：{matter['zh']}" for matter in report.explanations]
    matters = [f"{index}.{matter}" for index, matter in enumerate((*over, *explain), start=1)]
    return "；".join(matters) if matters else "未发现超限或需说明的事项"


def objection_letter(case: Case, objection: ReportObjection) -> str:
    """Return the answer to an objection to a report."""
    answer = f"（{objection.answer}）" if objection.answer else ""
    if objection.new_version is None:
        return (
            f"【{_town(case)}】您对救助申请 {case.number} 核对报告第 {objection.report_version} 版的异议"
            f"经审查不予采纳{answer}，该版报告继续有效。"
        )
    return (
        f"【{_town(case)}】您对救助申请 {case.number} 核对报告第 {objection.report_version} 版的异议"
        f"已重新核对{answer}，以第 {objection.new_version} 版报告为准，原报告存档备查。"
    )


def withdrawal_letter(case: Case, until: date) -> str:
    """Return the written reminder after a member withdrew or refused the consent to the check."""
    return (
        f"【{_town(case)}】因家庭成员撤回或者没有签署经济状况核对授权，救助申请 {case.number} 暂停办理，"
        "不再发出任何查询。"
        f"请于 {_day(until)} 前签署授权；逾期未签署的，将终止办理并书面告知。"
    )


def withdrawal_end_letter(case: Case, reason: str | None) -> str:
    """Return the letter that a case was ended because a consent stayed withdrawn or refused."""
    remark = f"（{reason}）" if reason else ""
    return (
        f"【{_town(case)}】因家庭成员撤回或者拒绝签署核对授权，经书面提醒仍未签署，"
        f"救助申请 {case.number} 已终止办理{remark}。"
        "如有需要可重新申请；如有异议，可依法申请行政复议。"
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


def _source(agency: str) -> str:
    known = AGENCY_BY_KEY.get(agency)
    return known.name if known else agency
