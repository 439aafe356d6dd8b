"""How a small county's case load is made up: orders of magnitude for synthetic data, not figures of any real county."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a synthetic household draws, or comes to the window for."""

    DIBAO = "dibao"
    TEKUN = "tekun"
    EDGE = "edge"
    RIGID = "rigid"
    URGENT = "urgent"  # temporary relief after a sudden event
    BILL = "bill"  # temporary relief for a bill beyond its means
    DISABILITY = "disability"
    CHILD = "child"
    SERVICES = "services"  # education, housing, employment or medical aid alone
    SHELTER = "shelter"


RECIPIENTS = {Kind.DIBAO: 5_000, Kind.TEKUN: 2_400, Kind.EDGE: 1_200, Kind.RIGID: 350}
"""Households with a status or benefit in a county of full size."""
FULL_SIZE = sum(RECIPIENTS.values())
ARRIVALS_A_MONTH = {
    Kind.DIBAO: 90.0,
    Kind.TEKUN: 20.0,
    Kind.EDGE: 22.0,
    Kind.RIGID: 8.0,
    Kind.URGENT: 73.0,
    Kind.BILL: 110.0,
    Kind.DISABILITY: 60.0,
    Kind.CHILD: 1.0,
    Kind.SERVICES: 60.0,
    Kind.SHELTER: 22.0,
}
"""Applications a month in a county of full size; temporary relief is 2,200 a year."""

TOWN_SHARES = (13, 20, 6, 4, 3, 8, 6, 7, 8, 7, 9, 9)  # in the order of the county's towns
SIZES, SIZE_SHARES = (1, 2, 3, 4, 5), (60, 22, 11, 5, 2)
CAUSES = ("illness", "disability", "no_labour", "education", "disaster", "other")
CAUSE_SHARES = (38, 34, 18, 5, 3, 2)
HEAD_OVER_60 = 0.48
SEVERELY_DISABLED = 0.30  # of the persons
MINORS = 0.12
ABLE = 0.16
AT_WORK = 1 / 3  # of those who can
GAP_MEAN, GAP_DEVIATION, GAP_LEAST, GAP_MOST = 0.62, 0.25, 0.05, 1.0
URGENT_MEAN, URGENT_SIGMA = 1_800, 0.6  # yuan, lognormal
CENTRALISED = 0.35  # of extremely poor persons

CORRECTION = 0.35  # of applications lack a paper
OVER_LIMIT = 0.12  # of new cases own more than they say
HIDDEN_INCOME = 0.13  # earn more than they say; with the share above a quarter is refused
WITHDRAWAL = 0.08
NOTICE_OBJECTION = 0.015
REPORT_OBJECTION = 0.30  # of reports that find something over a limit
KIN = 0.04
DEATHS_A_MONTH = 0.0035
CHANGES_A_MONTH = 0.010
DEATHS_BY_DATA = 0.5  # of deaths of those who draw alone: known by a register before the town hears of them
FAILED_PAYMENTS = 0.004
PRICE_MEAN, PRICE_DEVIATION = 1.9, 0.9  # percent over a year ago

HOURS_MEDIAN, FILE_HOURS_MEDIAN = 4.0, 48.0  # until an agency has its answer, and a bank that returns a file
HOURS_SIGMA = 1.0
NO_ANSWER, STALE, WRONG_PERSON = 0.03, 0.04, 0.003


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a synthetic county is, by its households with a status or benefit."""

    households: int = FULL_SIZE

    @property
    def scale(self) -> float:
        """Return its share of a county of full size."""
        return self.households / FULL_SIZE
