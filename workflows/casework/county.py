"""The county as data: its towns and the units that work on cases; the agencies that are asked stand beside.

Codes are of the national division table (Liyang under Changzhou); 320481400 and 320481401 are prisons, no windows.
"""

from __future__ import annotations

from dataclasses import dataclass

COUNTY_REGION = "320481"
COUNTY_NAME = "溧阳市"
COUNTY_NAME_EN = "Liyang"
CASE_NUMBER_PREFIX = "溧民救"


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A street or town with a relief window."""

    region: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit that works on cases: `kind` is what diagrams name in candidate groups."""

    kind: str
    region: str
    name: str
    name_en: str
    roles: tuple[str, ...]


TOWNS = tuple(
    Town(region=COUNTY_REGION + code, name=name, name_en=name_en)
    for code, name, name_en in (
        ("001", "昆仑街道", "Kunlun Street"),
        ("002", "溧城街道", "Licheng Street"),
        ("003", "古县街道", "Guxian Street"),
        ("101", "埭头镇", "Daitou Town"),
        ("102", "上黄镇", "Shanghuang Town"),
        ("103", "戴埠镇", "Daibu Town"),
        ("106", "天目湖镇", "Tianmuhu Town"),
        ("107", "别桥镇", "Bieqiao Town"),
        ("109", "上兴镇", "Shangxing Town"),
        ("111", "竹箦镇", "Zhuze Town"),
        ("114", "南渡镇", "Nandu Town"),
        ("116", "社渚镇", "Shezhu Town"),
    )
)
TOWN_BY_REGION = {town.region: town for town in TOWNS}


ABOLISHED_TOWNS = {"320481100": ("溧城镇", "Licheng Town")}
"""Towns that were renamed or taken apart: their codes stand on old papers, so they are told and not refused."""


def is_place(region: str) -> bool:
    """Say whether a region is a town of the county or lies in one: only those have a window that works for it."""
    return any(region.startswith(town) for town in TOWN_BY_REGION)


TOWNSHIP = "township"
CIVIL_AFFAIRS = "civil_affairs"
MEDICAL = "medical"

_COUNTY_UNITS = tuple(
    Unit(kind=kind, region=COUNTY_REGION, name=COUNTY_NAME + name, name_en=f"{COUNTY_NAME_EN} {name_en}", roles=roles)
    for kind, name, name_en, roles in (
        (CIVIL_AFFAIRS, "民政局", "Civil Affairs Bureau", ("checker", "clerk", "reviewer", "leader")),
        ("education", "教育局", "Education Bureau", ("clerk", "reviewer")),
        ("housing", "住房和城乡建设局", "Housing Bureau", ("clerk", "reviewer")),
        ("employment", "人力资源和社会保障局", "Employment Bureau", ("clerk", "reviewer")),
        (MEDICAL, "医疗保障局", "Medical Security Bureau", ("clerk", "reviewer")),
        ("health", "卫生健康局", "Health Bureau", ("clerk",)),
        ("emergency", "应急管理局", "Emergency Management Bureau", ("clerk",)),
        ("agriculture", "农业农村局", "Agriculture Bureau", ("clerk",)),
        ("finance", "财政局", "Finance Bureau", ("clerk", "reviewer")),
        ("justice", "司法局", "Justice Bureau", ("clerk",)),
        ("disabled_federation", "残疾人联合会", "Disabled Persons' Federation", ("clerk",)),
        ("trade_union", "总工会", "Federation of Trade Unions", ("clerk",)),
        ("youth_league", "团市委", "Youth League Committee", ("clerk",)),
        ("womens_federation", "妇女联合会", "Women's Federation", ("clerk",)),
        ("rescue_station", "救助管理站", "Rescue Station", ("clerk",)),
        ("charity", "慈善总会", "Charity Federation", ("clerk",)),
        ("red_cross", "红十字会", "Red Cross", ("clerk",)),
    )
)
UNITS = (
    *_COUNTY_UNITS,
    *(
        Unit(
            kind=TOWNSHIP,
            region=town.region,
            name=f"{town.name}社会救助窗口",
            name_en=f"{town.name_en} relief window",
            roles=("clerk", "surveyor", "reviewer", "leader"),
        )
        for town in TOWNS
    ),
)
GROUPS = frozenset(f"{unit.kind}/{role}" for unit in UNITS for role in (*unit.roles, "supervisor", "administrator"))
"""The candidate groups somebody can belong to: roles that do work, and those who lead a unit."""

_REVIEWED = frozenset(unit.kind for unit in UNITS if "reviewer" in unit.roles)

UNIT_KIND_NAMES = {
    TOWNSHIP: ("乡镇（街道）", "township"),
    CIVIL_AFFAIRS: ("民政局", "Civil Affairs Bureau"),
    "education": ("教育局", "Education Bureau"),
    "housing": ("住建局", "Housing Bureau"),
    "employment": ("人社局", "Employment Bureau"),
    MEDICAL: ("医保局", "Medical Security Bureau"),
    "health": ("卫健局", "Health Bureau"),
    "emergency": ("应急局", "Emergency Management Bureau"),
    "agriculture": ("农业农村局", "Agriculture Bureau"),
    "finance": ("财政局", "Finance Bureau"),
    "justice": ("司法局", "Justice Bureau"),
    "disabled_federation": ("残联", "Disabled Persons' Federation"),
    "trade_union": ("总工会", "Federation of Trade Unions"),
    "youth_league": ("团市委", "Youth League Committee"),
    "womens_federation": ("妇联", "Women's Federation"),
    "rescue_station": ("救助站", "Rescue Station"),
    "charity": ("慈善会", "Charity Federation"),
    "red_cross": ("红十字会", "Red Cross"),
}

PROGRAMME_NAMES = {
    "dibao": ("最低生活保障", "subsistence allowance"),
    "edge": ("低保边缘家庭认定", "recognition as an edge family"),
    "rigid": ("刚性支出困难家庭认定", "recognition as a rigid-spending family"),
    "tekun": ("特困人员供养", "support of extremely poor persons"),
    "temporary_relief": ("临时救助", "temporary relief"),
    "medical_aid": ("医疗救助", "medical aid"),
    "emergency_fund": ("疾病应急救助", "emergency medical fund"),
    "education_aid": ("教育救助", "education aid"),
    "housing_aid": ("住房救助", "housing aid"),
    "house_rebuilding": ("农村危房改造", "rebuilding of a dangerous house"),
    "employment_aid": ("就业救助", "employment aid"),
    "disability_subsidy": ("残疾人两项补贴", "disability subsidies"),
    "rehabilitation": ("残疾人康复与培训", "rehabilitation and training"),
    "disaster_relief": ("受灾人员救助", "disaster relief"),
    "winter_relief": ("冬春救助", "winter and spring relief"),
    "union_aid": ("困难职工帮扶", "aid to workers in hardship"),
    "dream_action": ("圆梦行动助学", "aid to new university students"),
    "womens_aid": ("妇女儿童关爱", "aid to women and children"),
    "shelter": ("生活无着人员救助", "shelter of stranded persons"),
    "legal_aid": ("法律援助", "legal aid"),
    "charity_aid": ("慈善救助", "charity aid"),
    "red_cross_aid": ("红十字人道救助", "Red Cross aid"),
    "child_support": ("孤儿和事实无人抚养儿童保障", "support of children without a carer"),
}


def deciding_group(unit_kind: str) -> str:
    """Return the group that decides on a unit's aid: its reviewers, or its clerks, who grant it where it has none."""
    return f"{unit_kind}/{'reviewer' if unit_kind in _REVIEWED else 'clerk'}"
