"""The fields of the application's form, section by section: what each is called and how it is entered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from web.label_texts import LABELS
from web.labels import in_language
from workflows.casework.county import TOWNS
from workflows.casework.model import DocumentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One field: its key, what it is called, how it is entered; a dash in the key leads into an object of its own."""

    key: str
    label: str
    kind: str = "text"  # text, number, date, choice, check, checks, textarea
    options: tuple[tuple[str, str], ...] = ()
    is_required: bool = False
    hint: str = ""


def heading_entries() -> list[Entry]:
    """Return the fields of the application itself."""
    return [
        Entry(key="region", label=_("街道（镇）"), kind="choice", options=_towns(_("请选择")), is_required=True),
        Entry(key="channel", label=_("申请渠道"), kind="choice", options=_options("channel")),
        Entry(key="received_on", label=_("申请日期"), kind="date"),
        Entry(key="recognised_status", label=_("已认定身份"), kind="choice", options=_options("recognised_status")),
        Entry(key="needs", label=_("救助需求"), kind="checks", options=_options("need"), is_required=True),
        Entry(key="documents", label=_("已提交材料"), kind="checks", options=_document_options()),
        Entry(key="remark", label=_("备注"), kind="textarea"),
    ]


def household_entries() -> list[Entry]:
    """Return the fields about where and how the household lives."""
    return [
        Entry(key="address", label=_("居住地址"), is_required=True),
        Entry(key="division", label=_("村（社区）代码"), hint=_("12 位区划代码，不清楚可留空")),
        Entry(key="settlement", label=_("城乡"), kind="choice", options=_to_choose("settlement"), is_required=True),
        Entry(key="tenure", label=_("住房性质"), kind="choice", options=_to_choose("tenure"), is_required=True),
        Entry(key="own_area", label=_("自有住房面积（平方米）"), kind="number"),
        Entry(key="monthly_rent", label=_("月租金（元）"), kind="number"),
        Entry(key="assets_declared", label=_("申报财产（元）"), kind="number"),
        Entry(key="dangerous_dwelling", label=_("居住危房"), kind="check"),
        Entry(key="has_vehicle", label=_("名下有机动车"), kind="check"),
    ]


def spending_entries() -> list[Entry]:
    """Return what the household paid itself in the last twelve months."""
    return [
        Entry(key="yearly_spending-medical", label=_("医疗自付（元）"), kind="number"),
        Entry(key="yearly_spending-education", label=_("教育自付（元）"), kind="number"),
        Entry(key="yearly_spending-rehabilitation", label=_("残疾康复自付（元）"), kind="number"),
    ]


def member_entries() -> list[Entry]:
    """Return the fields of one member of the household."""
    return [
        Entry(key="name", label=_("姓名"), is_required=True),
        Entry(key="identity_number", label=_("身份证号码"), is_required=True),
        Entry(key="relation", label=_("与申请人关系"), kind="choice", options=_to_choose("relation"), is_required=True),
        Entry(key="phone", label=_("手机号码")),
        Entry(
            key="labour_capacity",
            label=_("劳动能力"),
            kind="choice",
            options=_to_choose("labour_capacity"),
            is_required=True,
        ),
        Entry(key="employment", label=_("就业状况"), kind="choice", options=_to_choose("employment"), is_required=True),
        Entry(key="net_monthly_wage", label=_("月净工资（元）"), kind="number"),
        Entry(key="other_monthly_income", label=_("其他月收入（元）"), kind="number"),
        Entry(key="basic_pension", label=_("基础养老金（元/月）"), kind="number"),
        Entry(key="school_stage", label=_("就学阶段"), kind="choice", options=_options("school_stage")),
        Entry(key="grade", label=_("年级"), kind="number", hint=_("小学至初中按 1 至 9 年级")),
        Entry(key="disability_kind", label=_("残疾类别"), kind="choice", options=_options("disability_kind")),
        Entry(key="disability_level", label=_("残疾等级"), kind="number", hint=_("1 至 4 级，无残疾留空")),
        Entry(key="serious_illness", label=_("患重大疾病"), kind="check"),
    ]


def condition_entries() -> list[Entry]:
    """Return what few members have: not at home, a disability card, daily life they cannot manage alone."""
    return [
        Entry(key="presence", label=_("是否共同生活"), kind="choice", options=_options("presence")),
        Entry(key="card-number", label=_("残疾人证号"), hint=_("20 位，含类别码和等级码")),
        Entry(key="card-expires_on", label=_("残疾人证有效期至"), kind="date"),
        Entry(key="failed_self_care", label=_("不能自理的项目"), kind="checks", options=_options("self_care")),
    ]


def event_entries() -> list[Entry]:
    """Return the fields of the sudden event urgent relief is asked for."""
    return [
        Entry(key="kind", label=_("事件类型"), kind="choice", options=(("", _("无")), *_options("event"))),
        Entry(key="happened_on", label=_("发生日期"), kind="date"),
        Entry(key="place", label=_("发生地点")),
        Entry(key="region", label=_("发生地街道（镇）"), kind="choice", options=_towns(_("与申请地相同"))),
        Entry(key="reference", label=_("证明编号"), hint=_("报警、火警或住院编号")),
    ]


def bill_entries() -> list[Entry]:
    """Return the fields of a bill the household cannot pay."""
    return [
        Entry(key="kind", label=_("账单类别"), kind="choice", options=_to_choose("bill"), is_required=True),
        Entry(key="amount", label=_("账单金额（元）"), kind="number", is_required=True),
        Entry(key="reimbursed", label=_("已报销金额（元）"), kind="number"),
    ]


def supporter_entries() -> list[Entry]:
    """Return the fields of somebody who has a legal duty to support the applicant and lives elsewhere."""
    status = _options("recognised_status")
    return [
        Entry(key="name", label=_("姓名"), is_required=True),
        Entry(
            key="relation",
            label=_("与申请人关系"),
            kind="choice",
            options=_to_choose("supporter_relation"),
            is_required=True,
        ),
        Entry(key="age", label=_("年龄"), kind="number", is_required=True),
        Entry(key="condition", label=_("履行能力"), kind="choice", options=_options("supporter_condition")),
        Entry(key="recognised_status", label=_("已认定身份"), kind="choice", options=status),
        Entry(key="identity_number", label=_("身份证号码"), hint=_("本人同意核对时填写")),
        Entry(key="low_means", label=_("收入财产符合低收入家庭规定"), kind="check"),
        Entry(key="consented", label=_("本人同意核对其经济状况"), kind="check"),
    ]


def account_entries() -> list[Entry]:
    """Return the fields of the account a benefit is paid to."""
    return [
        Entry(key="bank", label=_("开户银行")),
        Entry(key="holder", label=_("户名")),
        Entry(key="number", label=_("账号")),
    ]


def proxy_entries() -> list[Entry]:
    """Return the fields of whoever hands in for the household, and the mandate."""
    return [
        Entry(key="name", label=_("代办人")),
        Entry(key="phone", label=_("代办人手机号码")),
        Entry(key="organisation", label=_("代办的村（居）委会")),
        Entry(key="mandate", label=_("委托书编号或存放处")),
        Entry(key="mandated_on", label=_("委托日期"), kind="date"),
    ]


def _towns(nothing: str) -> tuple[tuple[str, str], ...]:
    return (("", nothing), *((town.region, in_language(town.name, town.name_en)) for town in TOWNS))


def _options(kind: str) -> tuple[tuple[str, str], ...]:
    return tuple((value, in_language(*texts)) for value, texts in LABELS[kind].items())


def _to_choose(kind: str) -> tuple[tuple[str, str], ...]:
    """Options of a fact nobody may assume: the first says that a choice is to be made."""
    return (("", _("请选择")), *_options(kind))


def _document_options() -> tuple[tuple[str, str], ...]:
    texts: Mapping[str, Any] = LABELS["document"]
    return tuple((kind.value, in_language(*texts[kind.value])) for kind in DocumentKind)
