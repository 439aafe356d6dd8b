"""A county that moves in brings its running benefits along; the books and figures count them from then on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from engine.errors import EngineError, NotPermitted
from engine.model import SYSTEM, Actor
from storage.supervision_figures import SqlFigureQueries
from tests.applications import plain_dibao
from tests.casework import CaseworkUnderTest, casework_on
from workflows.casework.benefits.transfer import RunningBenefit, TakeOverBenefit
from workflows.casework.errors import ApplicationInvalid
from workflows.casework.figures.books import Check, Finding
from workflows.casework.figures.model import SupervisorFigures
from workflows.casework.figures.ports import FigureFilter
from workflows.casework.model import Case

FROM_OLD = {"programme": "tekun", "old_number": "溧民低〔2021〕17", "decided_on": date(2021, 3, 5)}
SUMS = {"start_month": date(2021, 4, 1), "base": Decimal(1512), "add_ons": Decimal(249)}


@pytest.fixture
def house(database_url: str) -> Iterator[CaseworkUnderTest]:
    with casework_on(database_url) as house:
        house.at("2026-09-14 10:00")
        yield house


def running(key: str = "old-system-0001", **changes: Any) -> RunningBenefit:
    application = plain_dibao(submission_key=key)
    return replace(RunningBenefit(application=application, **FROM_OLD, **SUMS), **changes)


def taken_over(house: CaseworkUnderTest, benefit: RunningBenefit) -> Case:
    case: Case = house.run(TakeOverBenefit(running=benefit), actor=SYSTEM)
    return case


def questions(house: CaseworkUnderTest) -> SqlFigureQueries:
    return SqlFigureQueries(house.under_test.database, house.under_test.clock)


def figures(house: CaseworkUnderTest) -> SupervisorFigures:
    wanted = FigureFilter(actor=SYSTEM, since=date(2026, 9, 1), until=date(2026, 9, 30))
    return questions(house).figures(wanted)


def findings(house: CaseworkUnderTest) -> Sequence[Finding]:
    return questions(house).books()


def change(house: CaseworkUnderTest, statement: str) -> None:
    with house.under_test.database.begin() as connection:
        connection.execute(text(statement))


def test_a_running_benefit_is_paid_on_and_its_books_hold(house: CaseworkUnderTest) -> None:
    case = taken_over(house, running(authorised_on=date(2021, 3, 5)))

    view = house.questions.case(case.id, SYSTEM)
    assert (view.summary.status, view.outcome, view.benefits[0].amount) == ("closed", "granted", Decimal(1761))
    assert [one.number for one in view.decisions] == ["溧民低〔2021〕17"]
    assert [one.status for one in view.recognitions] == ["tekun"]
    assert all(one.authorised for one in house.case(case).members)
    assert findings(house) == []
    (tekun,) = figures(house).benefits
    assert (tekun.programme, tekun.households, tekun.persons, tekun.amount) == ("tekun", 1, 3, Decimal(1761))
    assert tekun.average_base == Decimal("504.00")


def test_a_line_taken_over_twice_is_there_once(house: CaseworkUnderTest) -> None:
    first = taken_over(house, running())

    assert taken_over(house, running()).id == first.id
    with pytest.raises(EngineError) as conflict:
        taken_over(house, running(application=plain_dibao(submission_key="old-system-0001", remark="另一户")))
    assert conflict.value.code == "idempotency-conflict"


def test_a_household_cannot_be_taken_over_twice_under_another_key(house: CaseworkUnderTest) -> None:
    taken_over(house, running())

    with pytest.raises(EngineError) as overlap:
        taken_over(house, running(key="old-system-0002", old_number="溧民低〔2021〕18"))
    assert overlap.value.code == "benefits-overlap"
    assert house.count("case_file") == 1


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"programme": "pension"}, "programme"),
        ({"old_number": " "}, "old_number"),
        ({"decided_on": date(2026, 9, 15)}, "decided_on"),
        ({"start_month": date(2021, 4, 2)}, "start_month"),
        ({"base": Decimal(0), "add_ons": Decimal(0)}, "base"),
        ({"programme": "rigid", "base": Decimal(0), "add_ons": Decimal(0)}, "valid_until"),
        ({"valid_until": date(2026, 9, 13)}, "valid_until"),
        ({"programme": "tekun", "recheck_on": date(2026, 10, 1)}, "recheck_on"),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(house: CaseworkUnderTest, changes: dict[str, Any], path: str) -> None:
    with pytest.raises(ApplicationInvalid) as invalid:
        taken_over(house, running(**changes))
    assert [one.path for one in invalid.value.errors] == [path]
    assert house.count("case_file") == 0


def test_only_an_administrator_takes_over(house: CaseworkUnderTest) -> None:
    with pytest.raises(NotPermitted):
        house.run(TakeOverBenefit(running=running()), actor=Actor(id="clerk", name="陈敏"))


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE benefit SET amount = amount + 1", Check.ENTITLEMENT),
        ("DELETE FROM case_decision", Check.ENTITLEMENT),
        ("UPDATE referral SET state = 'sent'", Check.STATE),
        ("UPDATE case_file SET closed_at = NULL", Check.STATE),
        ("UPDATE case_file SET status = 'referred'", Check.STATE),
        ("UPDATE case_file SET due_on = '2031-01-05'", Check.CALENDAR),
    ],
)
def test_the_books_name_the_case_that_does_not_hold(house: CaseworkUnderTest, statement: str, check: Check) -> None:
    case = taken_over(house, running())

    change(house, statement)

    found = [one for one in findings(house) if one.check is check]
    assert found
    assert {one.case_number for one in found} == {case.number}


def test_the_books_find_a_person_in_two_exclusive_schemes(house: CaseworkUnderTest) -> None:
    first = taken_over(house, running())
    change(house, "UPDATE benefit_version SET until_month = '2026-08-01'")
    second = taken_over(
        house, running(key="old-system-0002", old_number="溧民低〔2026〕2", start_month=date(2026, 9, 1))
    )
    assert findings(house) == []

    change(house, "UPDATE benefit_version SET until_month = NULL")

    assert {one.case_number for one in findings(house)} <= {first.number, second.number}
    assert {one.check for one in findings(house)} == {Check.EXCLUSIVE}
