"""The agencies that know something of a household's means: what each is asked, how it is reached, what it gives.

A channel is how the county reaches an agency: `exchange` answers JSON over HTTP, `file` takes and returns signed table
files, `desk` answers on paper to a checker's desk. Which agencies a check asks is a dated parameter, `check_sources`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """How an agency is reached."""

    EXCHANGE = "exchange"
    FILE = "file"
    DESK = "desk"


class AgencyClass(StrEnum):
    """What an authorisation names: a class of agencies, the banks apart from the others."""

    POLICE = "police"
    CIVIL_AFFAIRS = "civil_affairs"
    HUMAN_RESOURCES = "human_resources"
    MEDICAL = "medical"
    PROPERTY = "property"
    TAX = "tax"
    MARKET = "market"
    PROVIDENT_FUND = "provident_fund"
    TRANSPORT = "transport"
    FINANCE = "finance"
    AGRICULTURE = "agriculture"
    OTHER = "other"


ALL_CLASSES = tuple(one.value for one in AgencyClass)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """Somebody who knows something about a household's means, and what is asked of it."""

    key: str
    name: str
    name_en: str
    agency_class: AgencyClass
    channel: Channel
    items: tuple[str, ...]
    was: str = ""  # the name in the county's notice of 2014, where it changed since


AGENCIES = tuple(
    Agency(key=key, name=name, name_en=name_en, agency_class=kind, channel=channel, items=items, was=was)
    for key, name, name_en, kind, channel, items, was in (
        (
            "household_register",
            "公安局户籍",
            "police household register",
            AgencyClass.POLICE,
            Channel.EXCHANGE,
            ("register_member", "life_state"),
            "公安局",
        ),
        (
            "vehicle",
            "公安局交警大队",
            "police vehicle register",
            AgencyClass.POLICE,
            Channel.EXCHANGE,
            ("vehicle",),
            "公安局",
        ),
        (
            "exit_entry",
            "公安局出入境",
            "police exit and entry",
            AgencyClass.POLICE,
            Channel.DESK,
            ("trip",),
            "公安局",
        ),
        (
            "civil_affairs_register",
            "民政局登记处",
            "civil affairs register",
            AgencyClass.CIVIL_AFFAIRS,
            Channel.EXCHANGE,
            ("civil_status", "cremation", "other_aid"),
            "民政局",
        ),
        (
            "social_insurance",
            "社保中心",
            "social insurance",
            AgencyClass.HUMAN_RESOURCES,
            Channel.EXCHANGE,
            ("wage", "pension", "unemployment_pay", "injury_pay", "employer"),
            "人社局",
        ),
        (
            "medical_insurance",
            "医保局",
            "medical insurance",
            AgencyClass.MEDICAL,
            Channel.EXCHANGE,
            ("insured_state", "reimbursed"),
            "卫生局",
        ),
        (
            "health_register",
            "卫健局出生死亡登记",
            "birth and death register",
            AgencyClass.MEDICAL,
            Channel.EXCHANGE,
            ("life_state",),
            "卫生局",
        ),
        (
            "housing_register",
            "不动产登记中心",
            "property register",
            AgencyClass.PROPERTY,
            Channel.EXCHANGE,
            ("dwelling", "dwelling_deal"),
            "住建委",
        ),
        (
            "housing_bureau",
            "住建局",
            "housing bureau",
            AgencyClass.PROPERTY,
            Channel.EXCHANGE,
            ("public_rental", "letting"),
            "住建委",
        ),
        (
            "tax",
            "税务局",
            "Tax Bureau",
            AgencyClass.TAX,
            Channel.EXCHANGE,
            ("taxable_income", "business"),
            "国税局、地税局",
        ),
        (
            "market",
            "市场监督管理局",
            "market register",
            AgencyClass.MARKET,
            Channel.EXCHANGE,
            ("company", "company_capital"),
            "工商局",
        ),
        (
            "provident_fund",
            "住房公积金中心",
            "housing provident fund",
            AgencyClass.PROVIDENT_FUND,
            Channel.EXCHANGE,
            ("provident_balance", "provident_base"),
            "",
        ),
        (
            "transport",
            "交通运输局",
            "transport bureau",
            AgencyClass.TRANSPORT,
            Channel.EXCHANGE,
            ("commercial_vehicle", "vessel"),
            "",
        ),
        ("bank", "银行", "banks", AgencyClass.FINANCE, Channel.FILE, ("deposit",), "人行支行"),
        ("securities", "证券公司", "securities firms", AgencyClass.FINANCE, Channel.FILE, ("securities",), "金融办"),
        ("insurance", "保险公司", "insurers", AgencyClass.FINANCE, Channel.FILE, ("insurance_value",), "金融办"),
        ("payment", "非银行支付机构", "payment firms", AgencyClass.FINANCE, Channel.FILE, ("wallet",), ""),
        (
            "agriculture",
            "农业农村局",
            "agriculture bureau",
            AgencyClass.AGRICULTURE,
            Channel.EXCHANGE,
            ("land", "land_subsidy", "farm_machine"),
            "农工办",
        ),
        (
            "disability_register",
            "残疾人联合会",
            "disability register",
            AgencyClass.OTHER,
            Channel.EXCHANGE,
            ("disability_card",),
            "残联",
        ),
        (
            "school_register",
            "教育局学籍",
            "school register",
            AgencyClass.OTHER,
            Channel.DESK,
            ("school_roll",),
            "教育局",
        ),
        ("veterans", "退役军人事务局", "veterans affairs", AgencyClass.OTHER, Channel.DESK, ("honour_pay",), ""),
        ("justice", "司法局", "justice bureau", AgencyClass.OTHER, Channel.DESK, ("prison",), ""),
        ("court", "人民法院", "court", AgencyClass.OTHER, Channel.DESK, ("dishonest_debtor",), ""),
    )
)
AGENCY_BY_KEY = {agency.key: agency for agency in AGENCIES}
