"""What stood of a person on a day, read from what stood before each change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workflows.casework.days import local_day
from workflows.casework.register.model import EntryAction
from workflows.casework.register.queries import HistoryLine, PersonView

CHANGES = (EntryAction.CONFIRMED, EntryAction.CORRECTED, EntryAction.MERGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingFacts:
    """Name and numbers of a person at the end of a day; numbers are masked."""

    name: str
    identity_number: str
    phone: str


def facts_on(view: PersonView, day: date) -> StandingFacts | None:
    """Return what stood at the end of a day; None before the person was entered."""
    if not _is_entered(view.history, day):
        return None
    now = {
        "name": view.person.name,
        "identity_number": view.person.identity_number,
        "phone": view.person.phone,
    }
    later = (one for one in view.history if one.action in CHANGES and local_day(one.at) > day)
    before = next((one.before for one in later if "name" in one.before), {})
    return StandingFacts(**{name: before.get(name, value) for name, value in now.items()})


def _is_entered(history: Sequence[HistoryLine], day: date) -> bool:
    entered = next((one for one in history if one.action is EntryAction.REGISTERED), None)
    return entered is None or local_day(entered.at) <= day
