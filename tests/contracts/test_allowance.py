"""Benefits from the first opinion to the last letter, over the shipped diagrams on PostgreSQL."""

from __future__ import annotations

from tests.contracts.test_casework_scenarios import County, county, survey, take_in
from workflows.casework.model import Case

__all__ = ["county"]


def checked(county: County, case: Case, members: int) -> None:
    take_in(county, members=members)
    survey(county)
    county.done("Task_ReviewReport", review="usable")


def confirm(county: County, *, posted: str, sent_up: str, decided: str) -> None:
    county.done("Task_FirstOpinion", opinion="grant")
    county.done("Task_PostNotice", posted_on=posted, place="村务公开栏")
    county.at(f"{sent_up} 09:00")
    county.work()
    county.done("Task_TakeDownNotice", objection="no")
    county.done("Task_CountyReview", county_opinion="agree", county_visit="no", county_opinion_reason="符合条件")
    county.at(f"{decided} 09:00")
    county.done("Task_CountyConfirm", county_decision="grant")


def test_a1(county: County) -> None:
    county.at("2026-09-14 09:00")
    case = county.submit()
    checked(county, case, 3)
    county.done("Task_ConfirmReferrals", selected_rules=["R1"], added_needs=[], referral_note="x")
    county.at("2026-09-23 09:00")
    county.done("Task_FirstOpinion", opinion="grant")
    with county.under_test.database.connect() as c:
        print(c.exec_driver_sql("select element_id, kind, reason from incident").all())
    confirm(county, posted="2026-09-23", sent_up="2026-10-08", decided="2026-10-15")
    print(county.open())
    with county.under_test.database.connect() as c:
        print(c.exec_driver_sql("select element_id, reason from incident").all())
        print(c.exec_driver_sql("select text from notice").all())
        print(c.exec_driver_sql("select * from benefit_version").all())
        print(c.exec_driver_sql("select * from recognition").all())
    raise AssertionError
