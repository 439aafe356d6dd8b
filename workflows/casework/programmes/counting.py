"""Counting refusals of job offers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workflows.casework.programmes.model import JobOffer


def refusals_in_row(offers: Sequence[JobOffer]) -> list[date]:
    """Return the days of one member's unjustified refusals since the last offer that started the count anew."""
    days: list[date] = []
    for offer in offers:
        if offer.resets:
            days = []
        elif offer.counts:
            days.append(offer.offered_on)
    return days
