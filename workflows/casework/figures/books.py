"""Whether the books hold: what must be true of every case, benefit and limit at any moment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Check(StrEnum):
    """What is looked at."""

    STATE = "state"  # every case is in a legal state
    STUCK = "stuck"  # nothing rests that nobody waits for
    ENTITLEMENT = "entitlement"  # no benefit without its decision, to the fen
    PAYMENT = "payment"  # nothing is paid that no decision says, nothing owed is left out, to the fen
    EXCLUSIVE = "exclusive"  # nobody draws two schemes that exclude each other in one month
    LIMIT = "limit"  # no statutory limit is missed unnoticed
    CALENDAR = "calendar"  # every limit lies in a year whose working days are known


CHECK_NAMES = {
    Check.STATE: ("案件状态合法", "every case is in a legal state"),
    Check.STUCK: ("没有无人知晓的停滞", "nothing is stuck unseen"),
    Check.ENTITLEMENT: ("待遇与决定一致", "every benefit equals its decision"),
    Check.PAYMENT: ("付款与决定一致", "every payment equals its decision"),
    Check.EXCLUSIVE: ("同月不享互斥待遇", "nobody draws two schemes that exclude each other"),
    Check.LIMIT: ("法定时限无漏报", "no limit is missed unnoticed"),
    Check.CALENDAR: ("时限所在年份日历齐全", "the calendar covers every limit"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One place where the books do not hold: the case and what is wrong, without personal data."""

    check: Check
    case_number: str
    zh: str
    en: str
