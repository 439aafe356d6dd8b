"""A status of a family that ends while one of its members holds a status alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from engine.model import SYSTEM
from tests.applications import FATHER, MOTHER, plain_dibao
from tests.casework import CaseworkUnderTest, casework_on
from tests.contracts.test_benefits import ask
from workflows.casework.benefits.recognition import Recognition
from workflows.casework.commands import SubmitApplication
from workflows.casework.model import Case

LAST_DAY, DAY_AFTER = date(2026, 9, 30), date(2026, 10, 1)


@pytest.fixture
def house(database_url: str) -> Iterator[CaseworkUnderTest]:
    with casework_on(database_url) as house:
        house.at("2026-09-14 10:00")
        yield house


@pytest.fixture
def family(house: CaseworkUnderTest) -> Case:
    case: Case = house.run(SubmitApplication(application=plain_dibao()), actor=SYSTEM)
    return case


def alone(house: CaseworkUnderTest) -> Case:
    """Return the case of the mother alone."""
    mother = replace(MOTHER, relation="self", phone=FATHER.phone)
    application = plain_dibao(submission_key="alone-0001", members=(mother,), account=None)
    case: Case = house.run(SubmitApplication(application=application), actor=SYSTEM)
    return case


@contextmanager
def counted(house: CaseworkUnderTest, words: str) -> Iterator[list[str]]:
    """Give the statements with these words that are sent meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if words in statement.replace("\n", ""):
            seen.append(statement)

    event.listen(house.under_test.database, "before_cursor_execute", note)
    yield seen
    event.remove(house.under_test.database, "before_cursor_execute", note)


def recognised(
    house: CaseworkUnderTest, case: Case, status: str, *persons: int, from_day: date, until: date | None = None
) -> UUID:
    held = Recognition(
        id=uuid4(),
        case_id=case.id,
        referral_id=None,
        status=status,
        persons=persons,
        valid_from=from_day,
        valid_until=until,
        recorded_at=house.under_test.clock.time,
    )
    ask(house, lambda context: context.unit_of_work.recognitions.add(held))
    return held.id


def test_a_status_is_renewed_only_when_each_of_its_persons_holds_one_after_it(
    house: CaseworkUnderTest, family: Case
) -> None:
    ending = recognised(house, family, "edge", 1, 2, 3, from_day=date(2025, 10, 1), until=LAST_DAY)

    def renewed() -> object:
        step = house.step("check_recognition", family, recognition_id=str(ending), valid_until="2026-09-30")
        assert step["holds"]
        return step["renewed"]

    recognised(house, alone(house), "dibao", 1, from_day=date(2026, 9, 1))
    assert not renewed()
    recognised(house, family, "edge", 1, 3, from_day=DAY_AFTER)
    assert renewed()


def test_a_status_ends_for_each_who_loses_it_whatever_another_holds(house: CaseworkUnderTest, family: Case) -> None:
    recognised(house, family, "dibao", 1, 2, 3, from_day=date(2025, 10, 1), until=LAST_DAY)
    recognised(house, alone(house), "dibao", 1, from_day=DAY_AFTER)
    known = {"status": "dibao", "persons": [1, 2, 3], "status_from": "2025-10-01"}
    house.step("record_status_end", family, **known)

    told = house.step("read_status_end", family, status="dibao", ended_from="2026-10-01")
    assert told["ended"]
    assert [(one["status"], one["persons"]) for one in told["pushes"]] == [("none", [1, 3])]

    with counted(house, "FROM recognition") as asked:
        house.step("read_status_end", family, status="dibao", ended_from="2026-10-01")
    assert len(asked) == len(("the day before", "the day"))  # for all persons at once

    recognised(house, family, "dibao", 1, 3, from_day=DAY_AFTER)
    assert not house.step("read_status_end", family, status="dibao", ended_from="2026-10-01")["ended"]
