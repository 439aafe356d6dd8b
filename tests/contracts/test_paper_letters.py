# ruff: noqa: F811  the fixture is imported by name
"""Letters to a household whose number takes no message, on PostgreSQL: on paper, with the day that terms run from."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import text

from engine.forms import FormInvalid
from engine.model import SYSTEM
from tests.contracts.test_casework_scenarios import County, county, many_needs, take_in  # noqa: F401  the fixture
from workflows.casework.correspondence import DeliverOnPaper
from workflows.casework.model import Case

DELIVERIES = text("SELECT count(*) FROM process_instance WHERE process_id = 'letter_delivery'")


def unreachable(county: County) -> Case:
    county.at("2026-06-15 09:00")
    county.tell("refused-numbers", number=many_needs()["members"][0].phone)
    case = county.submit(**many_needs())
    take_in(county, members=3)
    return case


def deliveries(county: County) -> int:
    with county.under_test.database.connect() as connection:
        return int(connection.execute(DELIVERIES).scalar_one())


def letter_of(county: County, case: Case) -> UUID:
    [letter] = county.view(case).notices
    found: UUID = letter.id
    return found


def test_a_letter_nobody_could_be_told_by_telephone_is_delivered_by_the_window(county: County) -> None:
    case = unreachable(county)
    opened = county.open()["Task_DeliverLetter"]
    assert (opened.variables["letter_kind"], opened.variables["written_on"]) == ("receipt", "2026-06-15")
    assert county.due("Task_DeliverLetter") == "2026-06-23 23:59:59"  # Friday 19th is a holiday
    [letter] = county.view(case).notices
    assert (letter.sent_at, letter.delivered_how) == (None, None)

    county.at("2026-06-18 16:00")
    for day in ("2026-06-14", "2026-06-19"):
        with pytest.raises(FormInvalid) as refused:
            county.done("Task_DeliverLetter", delivered_on=day, delivered_how="handed")
        assert [one.code for one in refused.value.errors] == ["letter-day"]
    county.done("Task_DeliverLetter", delivered_on="2026-06-17", delivered_how="left")
    [letter] = county.view(case).notices
    assert (county.local(letter.sent_at)[:10], letter.delivered_how) == ("2026-06-17", "left")
    assert "Task_DeliverLetter" not in county.open()


def test_a_job_that_runs_again_begins_no_second_delivery(county: County) -> None:
    case = unreachable(county)
    for _again in range(2):
        county.run(DeliverOnPaper(notice_id=letter_of(county, case)), actor=SYSTEM)
    assert deliveries(county) == 1


def test_a_letter_that_was_told_by_telephone_needs_no_delivery(county: County) -> None:
    county.at("2026-06-15 09:00")
    case = county.submit(**many_needs())
    take_in(county, members=3)
    assert deliveries(county) == 0
    assert all(letter.sent_at for letter in county.view(case).notices)
