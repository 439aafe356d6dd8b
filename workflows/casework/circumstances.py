"""What a household tells of its circumstances beyond means and dwelling; every fact may be left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlySpending:
    """What the household paid itself in the last twelve months, after insurance and other cover, in yuan."""

    medical: Decimal = ZERO
    education: Decimal = ZERO
    rehabilitation: Decimal = ZERO  # of disabled members


NO_SPENDING = YearlySpending()


class SupporterRelation(StrEnum):
    """Who has a legal duty to support the applicant: 赡养, 抚养 or 扶养."""

    PARENT = "parent"
    CHILD = "child"
    SPOUSE = "spouse"
    GRANDPARENT = "grandparent"
    GRANDCHILD = "grandchild"
    SIBLING = "sibling"


class SupporterCondition(StrEnum):
    """What keeps a legal supporter from doing their duty."""

    ABLE = "able"
    SEVERELY_DISABLED = "severely_disabled"
    INCAPABLE = "incapable"
    MISSING = "missing"
    IMPRISONED = "imprisoned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supporter:
    """A legal supporter who does not live with the household; asked about only with their own consent."""

    name: str
    relation: str
    age: int
    recognised_status: str = "none"
    condition: str = SupporterCondition.ABLE
    low_means: bool = False  # income and assets within the limits of a low-income household
    identity_number: str = ""
    consented: bool = False  # to the check of their own means


class EventKind(StrEnum):
    """What befell the household."""

    ACCIDENT = "accident"
    FIRE = "fire"
    ILLNESS = "illness"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The sudden event a household asks urgent relief for."""

    kind: str
    happened_on: date
    place: str = ""
    region: str = ""  # of the place, when it is not where the household applies
    reference: str = ""  # number of the police, the fire brigade, the hospital


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """Who hands the application in for the household, and by what mandate (委托代办)."""

    name: str
    phone: str
    organisation: str = ""  # the village or community committee, where it is one
    mandate: str  # number or place of the signed mandate
    mandated_on: date


class BillKind(StrEnum):
    """What a necessary bill is for."""

    MEDICAL = "medical"
    EDUCATION = "education"
    REHABILITATION = "rehabilitation"
    LIVING = "living"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A bill the household cannot pay, in yuan."""

    kind: str
    amount: Decimal
    reimbursed: Decimal = ZERO


class SelfCareItem(StrEnum):
    """The six things of daily life by which self-care is assessed."""

    EAT = "eat"
    DRESS = "dress"
    BED = "bed"  # in and out of bed
    TOILET = "toilet"
    WALK = "walk"  # indoors
    BATHE = "bathe"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisabilityCard:
    """A disability card: its number is the identity number, the digit of the kind and the digit of the level."""

    number: str
    expires_on: date
