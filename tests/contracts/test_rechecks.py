"""Periodic re-checks of a benefit, over the shipped diagrams on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from engine.commands.operations import ResumeProcessInstance, SuspendProcessInstance
from engine.commands.process_instances import CancelProcessInstance
from engine.model import SYSTEM
from storage.supervision_figures import SqlFigureQueries
from tests.contracts.test_allowance import DECEMBER, NOVEMBER, no_incident, plain_benefit, the_benefit
from tests.contracts.test_casework_scenarios import County, county
from tests.races import after_the_first
from workflows.casework.benefits.commands import NotifyRefusals, RecheckBenefit
from workflows.casework.benefits.rechecks import begin_due_rechecks
from workflows.casework.county import COUNTY_REGION
from workflows.casework.figures.ports import FigureFilter
from workflows.casework.model import Case

__all__ = ["county", "no_incident"]

RUNNING_RECHECKS = text("SELECT id FROM process_instance WHERE process_id = 'periodic_recheck' AND ended_at IS NULL")


def test_a_recheck_visits_again_and_counts_what_the_visit_found(county: County) -> None:
    case = plain_benefit(county)
    due_on = the_benefit(county.view(case)).recheck_due_on
    county.at("2026-11-02 09:00")
    begun = begin_due_rechecks(partial(county.run, actor=SYSTEM), region=COUNTY_REGION, due_by=due_on)
    assert [begun.benefit_ids, begun.failed] == [(the_benefit(county.view(case)).id,), ()]
    again = begin_due_rechecks(partial(county.run, actor=SYSTEM), region=COUNTY_REGION, due_by=due_on)
    assert again.benefit_ids == ()  # it is being looked at already
    county.work()
    assert {"Task_ReviewReport", "Task_FirstSurveyor"} <= set(county.open())
    county.done("Task_ReviewReport", review="usable")
    seen = {"visited_on": "2026-11-03", "persons_met": "申请人", "dwelling": "adequate", "findings": "另有零工收入"}
    county.done("Task_FirstSurveyor", **seen, income_seen="more", extra_monthly_income=600, assets_seen="as_declared")
    county.done("Task_SecondSurveyor", agrees="yes")
    assert county.open()["Task_HoldHearing"].variables["new"]["base"] < Decimal(1640)


def change_benefit(county: County, case: Case, action: str) -> None:
    step = {"benefit_id": str(the_benefit(county.view(case)).id), "reason": "联系不上", "decision_id": None}
    step |= {"from_month": None, "base": None, "add_ons": None, "persons": None}
    county.step("change_benefit", case, action=action, **step)


def test_a_recheck_due_while_its_benefit_is_suspended_waits_until_it_is_resumed(county: County) -> None:
    case = plain_benefit(county)
    benefit = the_benefit(county.view(case))
    county.at("2026-11-02 09:00")
    change_benefit(county, case, "suspend")
    county.run(RecheckBenefit(case_id=case.id), actor=SYSTEM)
    county.at("2026-12-14 09:00")
    county.work()
    assert the_benefit(county.view(case)).recheck_due_on == benefit.recheck_due_on
    assert "Task_FirstSurveyor" not in county.open()

    change_benefit(county, case, "resume")
    county.work()
    assert "Task_FirstSurveyor" in county.open()


def test_a_recheck_nobody_told_of_the_resumption_looks_again_next_month(county: County) -> None:
    case = plain_benefit(county)
    county.at("2026-11-02 09:00")
    change_benefit(county, case, "suspend")
    county.run(RecheckBenefit(case_id=case.id), actor=SYSTEM)
    county.work()
    county.run(SuspendProcessInstance(process_instance_id=recheck_of(county), reason="核对数据"), actor=SYSTEM)
    change_benefit(county, case, "resume")
    county.run(ResumeProcessInstance(process_instance_id=recheck_of(county), reason="数据无误"), actor=SYSTEM)
    county.work()
    assert "Task_FirstSurveyor" not in county.open()

    county.at("2026-12-01 09:00")
    county.work()
    assert "Task_FirstSurveyor" in county.open()


def test_a_recheck_of_a_suspended_benefit_ends_after_its_last_month(county: County) -> None:
    case = plain_benefit(county)
    county.at("2026-11-02 09:00")
    change_benefit(county, case, "phase_out")
    change_benefit(county, case, "suspend")
    county.run(RecheckBenefit(case_id=case.id), actor=SYSTEM)
    last_month = the_benefit(county.view(case)).last_month
    assert last_month == date(2027, 5, 1)

    for look in ("2026-12-01", "2027-01-01", "2027-02-01", "2027-03-01", "2027-04-01"):
        county.at(f"{look} 09:00")
        county.work()
        assert recheck_of(county)
    county.at("2027-05-01 09:00")
    county.work()
    with county.under_test.database.connect() as connection:
        assert connection.execute(RUNNING_RECHECKS).all() == []


def test_a_recheck_under_way_is_over_when_its_benefit_ends(county: County) -> None:
    case = plain_benefit(county)
    county.at("2026-11-02 09:00")
    county.run(RecheckBenefit(case_id=case.id), actor=SYSTEM)
    county.work()
    assert {"Task_ReviewReport", "Task_FirstSurveyor"} <= set(county.open())
    change_benefit(county, case, "end")

    assert {"Task_ReviewReport", "Task_FirstSurveyor"}.isdisjoint(county.open())
    with county.under_test.database.connect() as connection:
        assert connection.execute(RUNNING_RECHECKS).all() == []


def test_who_asks_how_a_benefit_stands_waits_for_who_changes_it(county: County) -> None:
    case = plain_benefit(county)
    benefit_id = str(the_benefit(county.view(case)).id)

    def held(connection: Connection) -> None:
        connection.execute(text("SELECT id FROM benefit WHERE id = :id FOR UPDATE"), {"id": benefit_id})

    def second() -> Any:
        return county.step("check_benefit", case, benefit_id=benefit_id)["benefit_state"]

    assert after_the_first(county.under_test.database, held, second) == "in_payment"


def test_what_a_recheck_finds_of_a_benefit_suspended_meanwhile_holds_when_it_is_resumed(county: County) -> None:
    case = plain_benefit(county)
    county.at("2026-11-02 09:00")
    county.run(RecheckBenefit(case_id=case.id), actor=SYSTEM)
    county.work()
    more = {"income_seen": "more", "extra_monthly_income": 600}
    investigate(county, last=lambda: change_benefit(county, case, "suspend"), **more)
    county.done("Task_HoldHearing", heard="silent")
    county.done("Task_DecideChange", change_decision="agree")
    rests = the_benefit(county.view(case))
    assert [rests.amount_in(month) for month in (NOVEMBER, DECEMBER)] == [1964, 0]
    assert (rests.recheck_due_on, rechecks_done(county)) == (date(2027, 5, 2), 1)
    assert county.view(case).decisions[-1].reasons.endswith("恢复发放时按此执行")

    county.at("2026-11-10 09:00")
    change_benefit(county, case, "resume")
    assert the_benefit(county.view(case)).amount_in(DECEMBER) == 1964 - 600


def test_a_cut_for_refused_work_reaches_a_suspended_benefit_and_stops_short_of_one_that_ended(county: County) -> None:
    case = plain_benefit(county)
    county.at("2026-11-02 09:00")
    change_benefit(county, case, "suspend")
    told_of_refusals(county, case, member=1)
    county.done("Task_DecideChange", change_decision="agree")
    change_benefit(county, case, "resume")
    less = the_benefit(county.view(case))
    assert less.drawn_version(DECEMBER).persons == (2, 3)
    assert 0 < less.amount_in(DECEMBER) < Decimal(1964)

    told_of_refusals(county, case, member=2)
    change_benefit(county, case, "end")
    county.done("Task_DecideChange", change_decision="agree")
    assert [one.kind for one in county.view(case).decisions] == ["grant", "change"]
    assert "Task_DecideChange" not in county.open()


def told_of_refusals(county: County, case: Case, *, member: int) -> None:
    county.run(NotifyRefusals(case_id=case.id, member=member, refusals=3), actor=SYSTEM)
    county.work()
    county.done("Task_HoldHearing", heard="silent")


def test_a_recheck_that_was_cancelled_before_its_change_was_decided_is_not_done(county: County) -> None:
    case = plain_benefit(county)
    county.at("2026-11-02 09:00")
    county.run(RecheckBenefit(case_id=case.id), actor=SYSTEM)
    county.work()
    investigate(county, income_seen="more", extra_monthly_income=600)
    assert "Task_HoldHearing" in county.open()

    county.run(CancelProcessInstance(process_instance_id=recheck_of(county), reason="重复发起"), actor=SYSTEM)

    assert rechecks_done(county) == 0


def investigate(county: County, last: Callable[[], object] = lambda: None, **found: Any) -> None:
    """Verify and visit a household with nothing but what is `found`; `last` happens before it is agreed to."""
    county.done("Task_ReviewReport", review="usable")
    seen = {"visited_on": "2026-11-02", "persons_met": "申请人", "dwelling": "adequate", "findings": "与申报一致"}
    compared = {"income_seen": "as_declared", "assets_seen": "as_declared"}
    county.done("Task_FirstSurveyor", **seen | compared | found)
    last()
    county.done("Task_SecondSurveyor", agrees="yes")


def recheck_of(county: County) -> UUID:
    """Return the process that looks at the benefit of the county's one case again."""
    with county.under_test.database.connect() as connection:
        return UUID(str(connection.execute(RUNNING_RECHECKS).scalar_one()))


def rechecks_done(county: County) -> int:
    november = FigureFilter(actor=SYSTEM, since=NOVEMBER, until=date(2026, 11, 30), region=COUNTY_REGION, unit_kind="")
    return SqlFigureQueries(county.under_test.database, county.under_test.clock).figures(november).rechecks_done
