"""How tasks are added up for the people of a unit."""

from __future__ import annotations

from datetime import date

from engine.queries import HolderCounts
from workflows.casework.load import Away, OfficeLoad, Staff, office_loads
from workflows.casework.supervision import Offices
from workflows.organisation.model import Account, Post, Unit

TOWN = Unit(id="kunlun", kind="township", name="昆仑", name_en="Kunlun", region="320481001")
SCHOOL = Unit(id="school", kind="education", name="教育局", name_en="Education", region="320481")


def account(login: str, *posts: tuple[Unit, str]) -> Account:
    held = tuple(Post(unit=unit, role=role) for unit, role in posts)
    return Account(login=login, name=login.capitalize(), posts=held, password_hash="")


STAFF = Staff(
    accounts=(account("ann", (TOWN, "clerk")), account("ben", (TOWN, "clerk")), account("gao", (TOWN, "supervisor"))),
    names={"ann": "Ann", "ben": "Ben", "he": "He"},
    away={"ben": Away(last_on=date(2026, 6, 19), substitute_name="Ann")},
)


def loads(*counts: HolderCounts, tells_soon: bool = True) -> list[OfficeLoad]:
    return list(office_loads(counts, STAFF, Offices([TOWN, SCHOOL]), tells_soon=tells_soon))


def held(kind: str, region: str, holder: str | None, **numbers: int) -> HolderCounts:
    return HolderCounts(unit_kind=kind, region=region, holder=holder, **numbers)


def test_a_unit_has_its_people_those_without_a_task_too_and_what_nobody_holds() -> None:
    [office] = loads(
        held("township", TOWN.region, "ann", open=3, overdue=1, due_soon=2),
        held("township", f"{TOWN.region}005", "ann", open=1),
        held("township", TOWN.region, None, open=5, overdue=2),
        held("township", TOWN.region, "ann", done=7),
    )

    assert (office.open, office.unheld, office.overdue, office.due_soon, office.done) == (9, 5, 3, 2, 7)
    assert [(one.name, one.open, one.done) for one in office.people] == [("Ann", 4, 7), ("Ben", 0, 0)]
    assert (office.absent, office.people[1].away) == (1, STAFF.away["ben"])


def test_who_holds_a_task_of_another_unit_stands_there_and_the_latest_unit_comes_first() -> None:
    school, town = loads(held("education", TOWN.region, "he", open=1, overdue=1))

    assert (school.unit, [one.name for one in school.people]) == ("education:320481", ["He"])
    assert (town.unit, town.open) == (f"township:{TOWN.region}", 0)


def test_without_a_calendar_nobody_can_tell_what_is_due_soon() -> None:
    [office] = loads(held("township", TOWN.region, "ann", open=1, due_soon=1), tells_soon=False)
    assert office.due_soon is office.people[0].due_soon is None
