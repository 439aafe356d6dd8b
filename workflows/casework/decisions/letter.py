"""What the household is told of a decision: what was counted, on what law, and what can be done against it by when."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from workflows.casework.county import COUNTY_NAME, TOWN_BY_REGION
from workflows.casework.decisions.model import Decision, DecisionKind, Remedy, RemedyKind
from workflows.casework.letters import PERIODS, programme_name
from workflows.casework.model import Case
from workflows.rules.money import format_whole_yuan

VERBS = {
    DecisionKind.GRANT: "给予",
    DecisionKind.REFUSE: "不予",
    DecisionKind.RECOGNISE: "认定",
    DecisionKind.CHANGE: "变更",
    DecisionKind.SUSPEND: "暂停发放",
    DecisionKind.RESUME: "恢复发放",
    DecisionKind.STOP: "停发",
    DecisionKind.RECOVER: "追回",
}
STATUS_NAMES = {"edge": "低保边缘家庭", "rigid": "刚性支出困难家庭", "tekun": "特困人员"}
ACTIONS = {"cut": "减发", "stop": "停发"}
REMEDIES = {RemedyKind.REVIEW: "向{authority}申请行政复议", RemedyKind.SUIT: "向{authority}提起行政诉讼"}


def decision_letter(case: Case, decision: Decision) -> str:
    """Return the text of the letter."""
    remedies = "；".join(_remedy(one) for one in decision.remedies)
    return (
        f"【{_town(case)}】{decision.number}：经审核，决定{VERBS[decision.kind]}{_programme(decision)}"
        f"{_terms(decision)}。理由：{decision.reasons}。"
        f"{_calculation(decision)}{_articles(decision)}如不服本决定，可在收到之日起法定期限内{remedies}。"
    )


def hearing_letter(case: Case, *, action: str, reasons: str, amount: Decimal | None, until: date) -> str:
    """Return the letter before something is cut or stopped: what is meant, why, and until when to speak."""
    to = f"为每月{format_whole_yuan(amount)} 元" if action == "cut" and amount is not None else ""
    return (
        f"【{_town(case)}】案件 {case.number}：拟对您家低保金作出{ACTIONS[action]}{to}的决定。理由：{reasons}。"
        f"作出决定前，您有权陈述申辩。请于 {_day(until)} 前到{_town(case)}社会救助窗口或以书面、电话方式提出，"
        f"逾期未提出的视为放弃。依据：社会救助法（2026）第四十八条。"
    )


def recovery_hearing_letter(case: Case, *, amount: Decimal, fine_most: Decimal, reasons: str, until: date) -> str:
    """Return the letter before money is taken back: how much, what fine is possible, and until when to speak."""
    fine = f"，并可处{format_whole_yuan(fine_most)} 元以下罚款" if fine_most else ""
    return (
        f"【{_town(case)}】案件 {case.number}：拟追回已发放的救助资金{format_whole_yuan(amount)} 元{fine}。"
        f"理由：{reasons}。"
        f"作出决定前，您有权陈述申辩。请于 {_day(until)} 前到{_town(case)}社会救助窗口或以书面、电话方式提出，"
        f"逾期未提出的视为放弃。"
    )


def expiry_letter(case: Case, *, programme: str, valid_until: date) -> str:
    """Return the letter before a recognised status ends."""
    return (
        f"【{_town(case)}】案件 {case.number}：您家的{status_name(programme)}认定将于 {_day(valid_until)} 到期。"
        f"如仍有困难，请在到期前到{_town(case)}社会救助窗口重新申请。"
    )


def expired_letter(case: Case, *, programme: str, valid_until: date) -> str:
    """Return the letter that a recognised status is over, and what can be done."""
    return (
        f"【{_town(case)}】案件 {case.number}：您家的{status_name(programme)}认定已于 {_day(valid_until)} 到期，"
        f"未续期，自次日起终止。以此为条件的各项救助由有关单位分别复核并告知。"
        f"如仍有困难，可随时到{_town(case)}社会救助窗口重新申请；有异议的，可向窗口提出。"
        f"依据：社会救助法（2026）第二十一条、第二十二条。"
    )


def _programme(decision: Decision) -> str:
    return status_name(decision.programme)


def status_name(status: str) -> str:
    """Return the Chinese name of a recognised status, or of a programme."""
    return STATUS_NAMES.get(status) or programme_name(status)


def _terms(decision: Decision) -> str:
    terms = ""
    if decision.amount is not None and decision.kind != DecisionKind.REFUSE:
        terms += f"，{PERIODS.get(decision.amount_period or '', '')}{format_whole_yuan(decision.amount)} 元"
    if decision.start_month is not None:
        terms += f"，自 {decision.start_month.year}年{decision.start_month.month}月起"
    if decision.valid_from and decision.valid_until:
        terms += f"，有效期 {_day(decision.valid_from)}至{_day(decision.valid_until)}"
    return terms


def _calculation(decision: Decision) -> str:
    return f"计算：{decision.calculation}。" if decision.calculation else ""


def _articles(decision: Decision) -> str:
    return f"依据：{'、'.join(decision.articles)}。" if decision.articles else ""


def _remedy(remedy: Remedy) -> str:
    act = REMEDIES[remedy.kind].format(authority=remedy.authority)
    if remedy.until is not None:
        return f"{act}（截至 {_day(remedy.until)}）"
    return f"{act}（{remedy.year_not_loaded} 年日历未导入，截止日请向窗口查询）"


def _town(case: Case) -> str:
    town = TOWN_BY_REGION.get(case.region)
    return town.name if town else COUNTY_NAME


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
