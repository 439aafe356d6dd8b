"""Substitutes on PostgreSQL: whose right counts, that four eyes hold for both, and that the record names both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from engine.commands.process_instances import StartProcessInstance
from engine.commands.user_tasks import (
    AssignUserTask,
    ClaimUserTask,
    CompleteUserTask,
    PutOffUserTask,
    ReleaseUserTask,
    SaveDraft,
)
from engine.errors import AlreadyClaimed, FourEyesViolation, NotAssignee, NotFound, NotPermitted
from engine.host import Host
from engine.model import SYSTEM, Actor, ProcessInstance, UserTask
from engine.operation_errors import SubstitutionOver
from engine.queries import TaskTab, UserTaskFilter
from storage.absence_view import SqlAbsenceQueries
from storage.organisation import SqlOrganisationQueries
from storage.tables.engine import history_entry
from tests.contracts.test_user_tasks import TWO_STEPS
from tests.engines import REGION, EngineUnderTest, engine_on
from workflows.casework.absences.commands import EndAbsence, EnterAbsence
from workflows.casework.absences.errors import (
    AbsenceDaysWrong,
    AbsenceIsOver,
    AbsenceOverlaps,
    AbsenceTaken,
    SubstituteUnfit,
)
from workflows.casework.absences.model import Absence
from workflows.casework.absences.ports import AbsenceFilter
from workflows.organisation.commands import CreateAccount, CreateUnit
from workflows.organisation.model import Unit, actor_of

TODAY = date(2026, 6, 15)
UNITS = {"kunlun": ("township", REGION), "school": ("education", "320481"), "civil": ("civil_affairs", "320481")}
PEOPLE: dict[str, tuple[tuple[str, str], ...]] = {
    "wang": (("kunlun", "clerk"),),
    "li": (("kunlun", "reviewer"),),
    "zhao": (("kunlun", "clerk"),),
    "he": (("school", "clerk"),),
    "fang": (("school", "supervisor"),),
    "gao": (("civil", "supervisor"),),
    "idle": (),
}


@dataclass(slots=True, kw_only=True)
class Office:
    """A house with staff, and the people in it as they are when they ask."""

    house: EngineUnderTest
    barred: set[str] = field(default_factory=set)

    def who(self, login: str) -> Actor:
        account = SqlOrganisationQueries(self.house.database, self.house.clock).account(login)
        assert account is not None
        return actor_of(account)

    def run(self, command: Any, by: str) -> Any:
        return self.house.engine.execute(command, actor=self.who(by))

    def away(self, login: str, substitute: str, *, by: str | None = None, **changes: Any) -> Absence:
        usual = {"first_on": TODAY, "last_on": TODAY + timedelta(days=4), "reason": "年休假", "absence_id": uuid4()}
        command = EnterAbsence(login=login, substitute=substitute, **{**usual, **changes})
        entered: Absence = self.run(command, by or login)
        return entered

    def begin(self) -> ProcessInstance:
        start = StartProcessInstance(process_id="P", variables={}, region=REGION, business_key="2026-1")
        return self.house.engine.execute(start, actor=SYSTEM)

    def listed(self, tab: TaskTab, login: str) -> list[UserTask]:
        return list(self.house.queries.user_tasks(UserTaskFilter(actor=self.who(login), tab=tab)).tasks)

    def the_task(self) -> UserTask:
        [task] = self.house.queries.user_tasks(UserTaskFilter(actor=SYSTEM, tab=TaskTab.UNIT)).tasks
        return task

    def claim(self, by: str) -> UserTask:
        task: UserTask = self.run(ClaimUserTask(user_task_id=self.the_task().id), by)
        return task

    def complete(self, by: str) -> UserTask:
        task: UserTask = self.run(CompleteUserTask(user_task_id=self.the_task().id, values={}), by)
        return task

    def history(self) -> list[tuple[str, str, str | None]]:
        columns = history_entry.c
        with self.house.database.connect() as connection:
            rows = connection.execute(select(columns.actor, columns.action, columns.details).order_by(columns.id))
            return [(row.actor, row.action, row.details.get("for")) for row in rows if row.actor != "system"]


class Barring(Exception):
    """The office bars somebody."""


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    barred: set[str] = set()

    def guard(_context: Any, _task: UserTask, person: Actor, /, *, step: str) -> None:
        if person.id in barred:
            raise Barring(step)

    with engine_on(database_url, Host(region="320481", guard=guard)) as house:
        house.deploy(two_steps_bpmn=TWO_STEPS)
        for id_, (kind, region) in UNITS.items():
            unit = Unit(id=id_, kind=kind, name=id_, name_en=id_, region=region)
            house.engine.execute(CreateUnit(unit=unit), actor=SYSTEM)
        for login, posts in PEOPLE.items():
            account = CreateAccount(login=login, name=login.capitalize(), password=None, posts=posts)
            house.engine.execute(account, actor=SYSTEM)
        yield Office(house=house, barred=barred)


def test_a_substitute_claims_and_completes_in_the_name_of_who_is_absent(office: Office) -> None:
    office.begin()
    assert office.listed(TaskTab.TO_CLAIM, "li") == []
    with pytest.raises(NotPermitted):
        office.claim("li")
    office.away("wang", "li")

    assert len(office.listed(TaskTab.TO_CLAIM, "li")) == 1
    assert office.claim("li").assignee == "wang"
    assert [one.assignee for one in office.listed(TaskTab.MINE, "li")] == ["wang"]
    assert office.claim("li").version == office.the_task().version  # claimed already, in the same name
    office.run(SaveDraft(user_task_id=office.the_task().id, values={"a": 1}), "li")
    done = office.complete("li")

    assert (done.completed_by, done.completed_for, done.completed_by_name) == ("li", "wang", "Li（代Wang）")
    assert office.history() == [("li", "claimed", "wang"), ("li", "completed", "wang")]
    assert [one.completed_for for one in office.listed(TaskTab.DONE, "li")] == ["wang"]
    assert [one.completed_by for one in office.listed(TaskTab.DONE, "wang")] == ["li"]


def test_what_an_absent_person_holds_is_done_by_the_substitute_and_by_nobody_else(office: Office) -> None:
    office.begin()
    office.claim("wang")
    office.away("wang", "li")

    with pytest.raises(AlreadyClaimed):
        office.claim("zhao")
    with pytest.raises(NotAssignee):
        office.complete("zhao")
    assert office.complete("li").completed_for == "wang"


def test_own_work_is_done_in_ones_own_name(office: Office) -> None:
    office.begin()
    office.away("wang", "zhao")

    assert office.claim("zhao").assignee == "zhao"
    assert (office.complete("zhao").completed_for, office.history()[-1]) == (None, ("zhao", "completed", None))


def test_what_four_eyes_forbid_the_substitute_is_not_done_for_the_absent_person(office: Office) -> None:
    office.begin()
    office.claim("zhao")
    office.complete("zhao")
    office.away("wang", "zhao")
    office.claim("wang")
    with pytest.raises(FourEyesViolation):
        office.complete("zhao")
    assert office.complete("wang").completed_for is None


def test_what_four_eyes_forbid_the_absent_person_the_substitute_does_not_do_for_them(office: Office) -> None:
    office.begin()
    office.claim("wang")
    office.complete("wang")
    office.away("wang", "li")
    assert office.listed(TaskTab.TO_CLAIM, "li") == []
    with pytest.raises(FourEyesViolation):
        office.claim("li")


def test_who_acted_through_a_substitute_may_not_check_it_nor_may_the_substitute(office: Office) -> None:
    office.begin()
    office.away("wang", "li")
    office.claim("li")
    office.complete("li")

    assert office.listed(TaskTab.TO_CLAIM, "li") == office.listed(TaskTab.TO_CLAIM, "wang") == []
    for login in ("li", "wang"):
        with pytest.raises(FourEyesViolation):
            office.claim(login)
    assert len(office.listed(TaskTab.TO_CLAIM, "zhao")) == 1


@pytest.mark.parametrize("barred", ["wang", "li"])
def test_what_the_office_bars_one_from_the_other_does_not_touch(office: Office, barred: str) -> None:
    office.begin()
    office.claim("wang")
    office.away("wang", "li")
    office.barred.add(barred)
    task_id = office.the_task().id
    until = office.house.clock() + timedelta(days=1)
    for command in (
        SaveDraft(user_task_id=task_id, values={"a": 1}),
        ReleaseUserTask(user_task_id=task_id),
        PutOffUserTask(user_task_id=task_id, until=until, reason="等"),
        CompleteUserTask(user_task_id=task_id, values={}),
    ):
        with pytest.raises(Barring):
            office.run(command, "li")


def test_a_substitution_ends_with_its_last_day_and_the_task_is_the_absent_persons_again(office: Office) -> None:
    office.begin()
    office.away("wang", "li")
    office.claim("li")
    li = office.who("li")
    office.house.clock.move(days=5)

    assert office.listed(TaskTab.MINE, "li") == []
    with pytest.raises(SubstitutionOver):
        office.house.engine.execute(CompleteUserTask(user_task_id=office.the_task().id, values={}), actor=li)
    with pytest.raises(NotAssignee):
        office.complete("li")
    assert office.complete("wang").completed_by == "wang"


def test_it_ends_at_once_when_it_is_ended_early(office: Office) -> None:
    office.begin()
    absence = office.away("wang", "li")
    li = office.who("li")
    assert office.run(EndAbsence(absence_id=absence.id), "wang").ended_by == "wang"
    again = office.run(EndAbsence(absence_id=absence.id), "gao")

    assert again.ended_by == "wang"
    with pytest.raises(SubstitutionOver):
        office.house.engine.execute(ClaimUserTask(user_task_id=office.the_task().id), actor=li)
    assert office.who("li").stands_in_for == ()
    office.away("wang", "zhao")


def test_there_is_no_chain_and_it_is_for_some_processes_where_they_are_named(office: Office) -> None:
    office.begin()
    office.house.deploy(other_bpmn=TWO_STEPS.decode().replace('id="P"', 'id="Q"').replace("process_P", "process_Q"))
    office.away("wang", "zhao", process_ids=("Q",))
    office.away("zhao", "li", last_on=TODAY + timedelta(days=2), process_ids=("P",))

    assert [one.person.id for one in office.who("li").stands_in_for] == ["zhao"]
    office.run(AssignUserTask(user_task_id=office.the_task().id, assignee=office.who("wang")), "gao")
    with pytest.raises(NotAssignee):
        office.complete("zhao")
    with pytest.raises(NotAssignee):
        office.complete("li")


def test_who_may_be_the_substitute(office: Office) -> None:
    with pytest.raises(SubstituteUnfit, match="themselves"):
        office.away("wang", "wang")
    with pytest.raises(SubstituteUnfit, match="no post"):
        office.away("wang", "idle", by="gao")
    with pytest.raises(SubstituteUnfit, match="supervisor of both units"):
        office.away("wang", "he")
    assert office.away("wang", "he", by="gao").substitute == "he"
    with pytest.raises(SubstituteUnfit, match="absent"):
        office.away("zhao", "wang")
    with pytest.raises(NotFound):
        office.away("wang", "nobody")


def test_who_may_enter_and_end_it(office: Office) -> None:
    for by in ("zhao", "he", "fang"):
        with pytest.raises(NotPermitted):
            office.away("wang", "zhao", by=by)
    absence = office.away("wang", "zhao", by="gao")
    assert absence.entered_by == "gao"
    with pytest.raises(NotPermitted):
        office.run(EndAbsence(absence_id=absence.id), "zhao")
    for command in (EndAbsence(absence_id=absence.id), EndAbsence(absence_id=uuid4())):
        with pytest.raises(NotFound):
            office.run(command, "fang")
    assert office.away("he", "fang", by="fang").entered_by == "fang"


def test_two_absences_on_one_day_are_for_different_processes(office: Office) -> None:
    office.house.deploy(other_bpmn=TWO_STEPS.decode().replace('id="P"', 'id="Q"').replace("process_P", "process_Q"))
    office.away("wang", "li", process_ids=("P",))
    for processes in (("P", "Q"), ()):
        with pytest.raises(AbsenceOverlaps):
            office.away("wang", "zhao", process_ids=processes)
    office.away("wang", "zhao", process_ids=("Q",))
    office.away("wang", "zhao", first_on=TODAY + timedelta(days=5), last_on=TODAY + timedelta(days=6))
    with pytest.raises(NotFound):
        office.away("zhao", "li", process_ids=("nothing",))


@pytest.mark.parametrize("days", [(0, -1), (-3, -1), (0, 366), (-400, 10)])
def test_the_days_are_days_an_absence_can_have(office: Office, days: tuple[int, int]) -> None:
    first, last = (TODAY + timedelta(days=number) for number in days)
    with pytest.raises(AbsenceDaysWrong):
        office.away("wang", "li", first_on=first, last_on=last)


def test_the_same_entry_twice_is_one_absence(office: Office) -> None:
    id_ = UUID(int=7)
    first = office.away("wang", "li", absence_id=id_)
    office.house.clock.move(minutes=1)

    assert office.away("wang", "li", absence_id=id_) == first
    with pytest.raises(AbsenceTaken):
        office.away("wang", "zhao", absence_id=id_)
    with pytest.raises(AbsenceTaken):
        office.away("he", "fang", absence_id=id_)


def test_everybody_sees_what_concerns_them_and_only_some_the_reason(office: Office) -> None:
    office.away("wang", "li")
    office.away("he", "fang")
    questions = SqlAbsenceQueries(office.house.database, office.house.keys, office.house.clock)

    def seen(login: str) -> list[tuple[str, str, bool]]:
        page = questions.absences(AbsenceFilter(actor=office.who(login)))
        assert page.total == len(page.absences)
        return sorted((one.name, one.absence.reason, one.may_end) for one in page.absences)

    assert seen("wang") == [("Wang", "年休假", True)]
    assert seen("li") == [("Wang", "", False)]
    assert seen("zhao") == []
    assert seen("fang") == [("He", "年休假", True)]
    assert seen("gao") == [("He", "年休假", True), ("Wang", "年休假", True)]
    choices = questions.choices(office.who("wang"))
    assert [one.login for one in choices.absent] == ["wang"]
    assert [one.login for one in choices.substitutes] == ["li", "wang", "zhao"]


def test_an_absence_that_is_over_is_not_ended(office: Office) -> None:
    absence = office.away("wang", "li")
    office.house.clock.move(days=6)
    with pytest.raises(AbsenceIsOver):
        office.run(EndAbsence(absence_id=absence.id), "wang")
