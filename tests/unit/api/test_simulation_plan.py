"""What a simulation draws by its seed: who comes when, who is away, what agencies do; and the synthetic county."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import islice

import pytest

from api.scenario.course import LOCAL
from api.schemas.transfer import RunningBenefitSchema
from api.simulation.agencies import NEVER, AgencyTemper
from api.simulation.calendar import calendar_of
from api.simulation.plan import Absences, Plan, session_count, sessions
from api.synthetic import people
from api.synthetic.households import HouseholdMaker
from api.synthetic.running import households_of, recipients
from api.synthetic.shares import FULL_SIZE, Kind
from web.schemas.application import ApplicationSchema
from workflows.casework.intake import application_errors
from workflows.rules.calendar import YearNotLoaded
from workflows.rules.identity import account_number, identity_number, mobile_number

DAY = date(2026, 7, 1)
FULL = Plan(start=DAY, months=2, seed=3)


def test_the_same_seed_lets_the_same_people_come() -> None:
    calendar = calendar_of(FULL.start, FULL.end)

    first = list(islice(sessions(FULL, calendar), 6))

    assert first == list(islice(sessions(FULL, calendar), 6))
    other = Plan(start=DAY, months=2, seed=4)
    assert first != list(islice(sessions(other, calendar), 6))


def test_sessions_lie_on_working_days_alone() -> None:
    october = Plan(start=date(2026, 10, 1), months=1, seed=1, households=10)
    calendar = calendar_of(october.start, october.end)

    found = [one.at for one in sessions(october, calendar)]

    assert found[0] == datetime(2026, 10, 8, 9, tzinfo=LOCAL)
    assert {moment.date() for moment in found} >= {date(2026, 10, 10)}
    assert len(found) == session_count(october, calendar)


def test_a_plan_ends_on_the_same_day_so_many_months_later() -> None:
    assert FULL.end == date(2026, 9, 1)
    assert Plan(start=date(2026, 7, 15), months=24, seed=1).end == date(2028, 7, 15)


def test_years_without_a_notice_are_provisional_and_later_ones_unknown() -> None:
    calendar = calendar_of(DAY, date(2028, 7, 1))

    assert calendar.loaded_years == (2025, 2026, 2027, 2028, 2029)
    assert not calendar.is_workday(date(2028, 1, 26))
    with pytest.raises(YearNotLoaded):
        calendar_of(date(2029, 7, 1), date(2030, 7, 1))


def test_a_county_of_full_size_has_its_shares() -> None:
    kinds = Counter(households_of(FULL_SIZE))

    assert (kinds[Kind.DIBAO], kinds[Kind.TEKUN], kinds[Kind.EDGE], kinds[Kind.RIGID]) == (5000, 2400, 1200, 350)
    assert len(households_of(17)) == 17


def test_synthetic_households_are_valid_and_can_belong_to_nobody() -> None:
    for household, line in recipients(households=60, seed=2, day=DAY):
        running = RunningBenefitSchema().load(line)
        assert line["synthetic"] is True
        assert (running.base > 0) == (running.programme in ("dibao", "tekun"))
        for member in household.application["members"]:
            assert member["identity_number"].startswith("320499")
            assert member["name"].endswith(people.NAME_MARK)
            assert identity_number(member["identity_number"]).text == member["identity_number"]
        assert household.application["members"][0]["phone"].startswith("1990000")
        assert account_number(household.application["account"]["number"])
        assert mobile_number(household.application["members"][0]["phone"])


@pytest.mark.parametrize("kind", Kind)
def test_who_comes_to_the_window_hands_in_what_the_register_takes(kind: Kind) -> None:
    maker = HouseholdMaker(seed=1, standard=1080)
    for _ in range(40):
        application = ApplicationSchema().load(maker.applicant(kind, DAY).application)
        key = maker.applicant(kind, DAY).application["submission_key"]
        errors = application_errors(application, today=DAY)
        assert not [one for one in errors if one.path != "submission_key"], (kind, errors)
        assert key


def test_sizes_corrections_and_hidden_means_come_in_their_shares() -> None:
    maker = HouseholdMaker(seed=9, standard=1080)
    made = [maker.applicant(Kind.DIBAO, DAY) for _ in range(1_500)]

    alone = sum(len(one.application["members"]) == 1 for one in made) / len(made)
    hidden = sum(one.hidden == "assets" for one in made) / len(made)
    assert 0.55 < alone < 0.65
    assert 0.09 < hidden < 0.15


def test_agencies_take_their_time_and_some_never_answer() -> None:
    temper = AgencyTemper(seed=1)
    asked = [temper("tax", [{"identity_number": str(number)}], "2026-07-01") for number in range(2_000)]

    silent = sum(one.ready_in == NEVER for one in asked) / len(asked)
    stale = sum(one.mode == "stale" for one in asked) / len(asked)
    hours = sorted(one.ready_in for one in asked if one.ready_in != NEVER)
    assert 0.02 < silent < 0.04
    assert 0.03 < stale < 0.05
    assert timedelta(hours=3.4) < hours[len(hours) // 2] < timedelta(hours=4.6)
    assert temper("tax", [{"identity_number": "7"}], "2026-07-01") == asked[7]
    banks = sorted(temper("bank", [{"identity_number": str(n)}], "x").ready_in for n in range(500))
    assert banks[len(banks) // 2] > timedelta(hours=40)


def test_staff_are_away_now_and_then_and_alike_for_a_seed() -> None:
    days = [DAY + timedelta(days=count) for count in range(300)]

    away = [Absences(1).is_away("licheng.clerk", day) for day in days]

    assert 0.02 < sum(away) / len(away) < 0.15
    assert away == [Absences(1).is_away("licheng.clerk", day) for day in days]
