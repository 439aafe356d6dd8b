"""The Chinese words of a printed document: choices by name, days and sums as an office writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from workflows.casework.days import COUNTY_TIME, local_day
from workflows.rules.money import format_yuan

NEEDS = {
    "subsistence": "最低生活保障",
    "medical": "医疗救助",
    "education": "教育救助",
    "housing": "住房救助",
    "employment": "就业救助",
    "urgent": "急难型临时救助",
    "large_bill": "支出型临时救助",
    "care": "特困人员救助供养",
    "disability": "残疾人两项补贴",
    "disaster": "受灾人员救助",
    "child": "孤儿和事实无人抚养儿童保障",
    "shelter": "生活无着人员救助",
    "legal": "法律援助",
    "worker": "困难职工帮扶",
    "student": "大学新生助学",
    "family": "妇女儿童关爱",
    "charity": "慈善救助",
    "humanitarian": "人道救助",
    "emergency_treatment": "疾病应急救助",
    "rebuilding": "农村危房改造",
    "rehabilitation": "残疾人康复",
}
RELATIONS = {"self": "本人", "spouse": "配偶", "child": "子女", "parent": "父母", "other": "其他"}
SUPPORTERS = {
    "parent": "父母",
    "child": "子女",
    "spouse": "配偶",
    "grandparent": "祖父母",
    "grandchild": "孙子女",
    "sibling": "兄弟姐妹",
}
CONDITIONS = {
    "able": "有赡养（抚养、扶养）能力",
    "severely_disabled": "重度残疾",
    "incapable": "无能力",
    "missing": "失踪",
    "imprisoned": "服刑",
}
SEXES = {"male": "男", "female": "女"}
WORK = {"employed": "就业", "jobless": "失业", "retired": "退休", "student": "在校", "none": "无业"}
DISABILITIES = {
    "visual": "视力",
    "hearing": "听力",
    "speech": "言语",
    "physical": "肢体",
    "intellectual": "智力",
    "mental": "精神",
    "multiple": "多重",
}
LEVELS = {1: "一级", 2: "二级", 3: "三级", 4: "四级"}
PAPERS = {
    "application_form": "救助申请书",
    "identity_papers": "身份证、户口簿",
    "authorisation": "家庭经济状况核对授权书",
    "truth_promise": "诚信承诺书",
    "bank_account": "银行账户",
    "disability_card": "残疾人证",
    "illness_proof": "疾病诊断证明",
    "rent_contract": "租赁合同",
}
TENURES = {"owned": "自有", "rented": "租住", "borrowed": "借住"}
DWELLINGS = {"adequate": "尚可", "poor": "简陋", "dangerous": "危房"}
COMPARISONS = {"as_declared": "与申报相符", "more": "高于申报", "less": "低于申报"}
ANSWERS = {"hit": "有记录", "no_hit": "无记录", "no_data": "未获答复", None: "待答复"}
ITEMS = {
    "monthly_income": "月收入",
    "other_monthly_income": "其他月收入",
    "assets": "金融资产",
    "has_vehicle": "机动车",
    "no_data": "未获答复",
    "no_hit": "无记录",
    "explanation": "需说明",
}
PURPOSES = {
    "new_application": "新申请核对",
    "periodic_recheck": "定期复核",
    "complaint": "举报核查",
    "other_programme": "其他救助项目核对",
}
CONCLUSIONS = {
    "within": "未超过规定标准",
    "over": "超过规定标准",
    "needs_explanation": "有事项需要说明",
    None: "尚未得出结论",
}
STATES = {
    "draft": "待发送",
    "sent": "待签收",
    "acknowledged": "已签收",
    "in_work": "办理中",
    "need_info": "待补充情况",
    "done": "已反馈",
    "returned": "已退回",
    "cancelled": "已撤销",
}
EVENTS = {"accident": "事故", "fire": "火灾", "illness": "突发重病", "other": "其他"}
MODES = {"cash": "现金", "goods": "实物", "bank": "银行转账"}
SELF_CARE = {
    "eat": "自主吃饭",
    "dress": "自主穿衣",
    "bed": "自主上下床",
    "toilet": "自主如厕",
    "walk": "室内自主行走",
    "bathe": "自主洗澡",
}
SIGNERS = {"self": "本人", "guardian": "监护人"}


def word(words: Mapping[Any, str], key: object) -> str:
    """Return the word of a choice; one nobody named stays as it is."""
    return str(words.get(key, key if key is not None else ""))


def day(value: date | datetime | None) -> str:
    """Write a day: 2026年4月13日; nothing for none."""
    if value is None:
        return ""
    found = local_day(value) if isinstance(value, datetime) else value
    return f"{found.year}年{found.month}月{found.day}日"


def moment(value: datetime | None) -> str:
    """Write a time of a day: 2026年4月12日10时30分."""
    if value is None:
        return ""
    local = value.astimezone(COUNTY_TIME)
    return f"{day(value)}{local.hour}时{local.minute:02d}分"


def month(value: date | None) -> str:
    """Write a month: 2026年5月."""
    return "" if value is None else f"{value.year}年{value.month}月"


def money(value: Decimal | int | str | None) -> str:
    """Write a sum of yuan with fen; nothing for none."""
    return "" if value is None else format_yuan(Decimal(value))


def numbered(texts: Iterable[str]) -> list[str]:
    """Number texts as 1. 2. 3."""
    return [f"{index}. {text}" for index, text in enumerate(texts, start=1)]


def sections(texts: Iterable[str]) -> list[str]:
    """Number texts as 一、二、三; a semicolon after each, a stop after the last."""
    found = list(texts)
    signs = "一二三四五六七八九十"
    return [
        f"{signs[index] if index < len(signs) else index + 1}、{text}{'。' if index == len(found) - 1 else '；'}"
        for index, text in enumerate(found)
    ]
