"""What stood of a person on a day, read back from the history of the entry."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

from engine.json_values import JsonObject
from workflows.casework.register.model import EntryAction
from workflows.casework.register.queries import HistoryLine, PersonLine, PersonView
from workflows.casework.register.standing import facts_on

NOW = {"name": "陈新", "identity_number": "3204********1011", "phone": "199****2222"}
FIRST = NOW | {"phone": "199****1111"}
MARRIED = NOW | {"name": "陈旧", "phone": "199****1111"}


def line(day: date, action: EntryAction, before: JsonObject) -> HistoryLine:
    at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    return HistoryLine(at=at, actor="clerk", action=action, before=before)


def view() -> PersonView:
    history = [
        line(date(2026, 1, 5), EntryAction.REGISTERED, {}),
        line(date(2026, 3, 1), EntryAction.CORRECTED, MARRIED),
        line(date(2026, 4, 1), EntryAction.REVEALED, {"purpose": "contact"}),
        line(date(2026, 6, 1), EntryAction.CONFIRMED, FIRST),
    ]
    person = PersonLine(id=uuid4(), birth_date=date(1986, 3, 2), sex="male", confirmed_at=history[-1].at, **NOW)
    return PersonView(
        person=person, version=3, merged_into=None, households=[], cases=[], corrections=[], history=history
    )


def test_what_stood_on_a_day_is_what_the_next_change_replaced() -> None:
    told = {day: facts_on(view(), day) for day in (date(2026, 2, 1), date(2026, 3, 1), date(2026, 7, 1))}
    assert [(one.name, one.phone) for one in told.values() if one] == [
        ("陈旧", "199****1111"),
        ("陈新", "199****1111"),
        ("陈新", "199****2222"),
    ]


def test_before_a_person_was_entered_nothing_stood() -> None:
    assert facts_on(view(), date(2026, 1, 4)) is None
