"""The names of states and needs of winter and spring relief, in Chinese and in English."""

from __future__ import annotations

WINTER_LABELS: dict[str, dict[str, tuple[str, str]]] = {
    "winter_state": {
        "survey": ("调查登记中", "Being surveyed"),
        "planned": ("拟定方案", "Being planned"),
        "approved": ("已批准", "Approved"),
        "published": ("已公布", "Published"),
        "refused": ("未获批准", "Refused"),
        "no_need": ("无需救助", "Nobody in need"),
    },
    "winter_town_state": {
        "survey": ("调查登记中", "Being surveyed"),
        "reported": ("待审核", "To be reviewed"),
        "confirmed": ("已确认", "Confirmed"),
        "no_need": ("零报告", "Nobody in need"),
        "published": ("已公示", "Published"),
    },
    "winter_need": {
        "food": ("口粮", "Food"),
        "clothing": ("衣物", "Clothing"),
        "bedding": ("被褥", "Bedding"),
        "heating": ("取暖", "Heating"),
        "dwelling": ("住房未修复", "Dwelling not mended"),
        "other": ("其他", "Other"),
    },
}
