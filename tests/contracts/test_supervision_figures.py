"""The supervisors' figures on PostgreSQL: limits by kinds of units add up to those of all, within what is seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

from engine.model import Actor
from storage.supervision_figures import SqlFigureQueries
from tests.applications import KUNLUN
from tests.casework import CaseworkUnderTest, casework_on
from tests.contracts.test_casework import CHIEF, COUNTY, referred
from tests.engines import person
from workflows.casework.figures.model import Limits, SupervisorFigures
from workflows.casework.figures.ports import FigureFilter

OF_ANOTHER_TOWN = person("chief-there", "township/supervisor", region="320481114")

FAULT = """INSERT INTO incident (id, process_instance_id, key, definition_id, element_id, kind, reason, raised_at)
           SELECT id, id, 1, definition_id, 'Task', 'job', 'x', now() FROM process_instance LIMIT 1"""


@pytest.fixture
def house(database_url: str) -> Iterator[CaseworkUnderTest]:
    with casework_on(database_url) as house:
        yield house


def june(house: CaseworkUnderTest, actor: Actor, *, unit_kind: str = "") -> SupervisorFigures:
    wanted = FigureFilter(
        actor=actor, since=date(2026, 6, 1), until=date(2026, 6, 30), region=COUNTY, unit_kind=unit_kind
    )
    return SqlFigureQueries(house.under_test.database, house.under_test.clock).figures(wanted)


def counts(limits: Limits) -> tuple[int, ...]:
    return limits.due, limits.kept, limits.late, limits.still_open, limits.resting


@pytest.fixture
def answered_by_one(house: CaseworkUnderTest) -> CaseworkUnderTest:
    """A house past the limits of two referrals: the school answered in time, the housing bureau not at all."""
    case, (education, _housing) = referred(house, "education_aid", "housing_aid", recognised_status="dibao")
    house.step("record_referral_result", case, referral_id=education["id"], outcome="granted", reason=None, result=None)
    house.at("2026-08-03 09:00")
    return house


def test_the_results_of_units_add_up_to_all_results(answered_by_one: CaseworkUnderTest) -> None:
    found = june(answered_by_one, CHIEF)
    (result,) = [one for one in found.on_time if one.kind == "result"]

    by_unit = {one.unit_kind: one for one in found.on_time_of_units}
    assert counts(by_unit["education"]) == (1, 1, 0, 0, 0)
    assert by_unit["education"].rate == Decimal(1)
    assert [sum(column) for column in zip(*map(counts, by_unit.values()), strict=True)] == [*counts(result)]
    assert not found.is_empty


def test_one_kind_of_unit_is_told_alone(answered_by_one: CaseworkUnderTest) -> None:
    found = june(answered_by_one, CHIEF, unit_kind="education")

    assert [one.unit_kind for one in found.on_time_of_units] == ["education"]
    assert [one.unit_kind for one in found.units] == ["education"]
    assert {one.programme for one in found.programmes} == {"education_aid", "housing_aid"}


def test_a_supervisor_of_another_town_counts_nothing_of_it(answered_by_one: CaseworkUnderTest) -> None:
    found = june(answered_by_one, OF_ANOTHER_TOWN)

    assert found.is_empty
    assert found.on_time_of_units == []
    assert not OF_ANOTHER_TOWN.has_role("supervisor", KUNLUN)


def test_faults_are_counted_where_they_are_supervised(answered_by_one: CaseworkUnderTest) -> None:
    with answered_by_one.under_test.database.begin() as connection:
        connection.execute(text(FAULT))

    assert june(answered_by_one, CHIEF).incidents == 1
    assert june(answered_by_one, OF_ANOTHER_TOWN).incidents == 0
