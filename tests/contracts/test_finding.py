"""What lists know of cases and of their readers: a search made anew, tasks not opened yet, tasks at rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql

from engine.commands.user_tasks import AssignUserTask, ClaimUserTask, ReleaseUserTask
from engine.model import SYSTEM, Actor, UserTask
from engine.queries import TaskTab, UserTaskFilter
from storage.case_search import is_named, paper_number, searched_tokens
from storage.presence import SqlPresenceQueries
from storage.tables.casework import case_file
from storage.task_questions import Named, page_of
from tests.applications import FATHER, KUNLUN, plain_dibao
from tests.casework import CaseworkUnderTest, casework_on
from tests.contracts.test_work_lists import plan_of
from tests.engines import person
from workflows.casework.commands import SubmitApplication
from workflows.casework.finding import RenewSearches
from workflows.casework.model import Case
from workflows.casework.presence import NoteTaskOpened
from workflows.casework.queries import CaseFilter

CLERK = person("clerk", "township/clerk", region=KUNLUN)
OTHER = person("other-clerk", "township/clerk", region=KUNLUN)


@pytest.fixture
def house(database_url: str) -> Iterator[CaseworkUnderTest]:
    with casework_on(database_url) as house:
        yield house


def submitted(house: CaseworkUnderTest, key: str) -> Case:
    case: Case = house.run(SubmitApplication(application=plain_dibao(submission_key=key)), actor=CLERK)
    return case


def found(house: CaseworkUnderTest, wanted: str) -> set[str]:
    return {one.number for one in house.questions.cases(CaseFilter(actor=SYSTEM, text=wanted)).cases}


def test_cases_of_a_release_before_come_to_be_found_by_ends_of_identity_numbers(house: CaseworkUnderTest) -> None:
    cases = [submitted(house, f"the-submission-{number}") for number in range(3)]
    with house.under_test.database.begin() as connection:
        connection.execute(text("UPDATE case_file SET search_form = 1, search = ARRAY[number]"))
        erased = text("UPDATE case_file SET wrapped_key = NULL WHERE id = :id")
        connection.execute(erased, {"id": cases[0].id})
    end = FATHER.identity_number[-4:]
    assert found(house, end) == set()

    duty = RenewSearches(execute=lambda command: house.run(command, actor=SYSTEM))
    assert [(one.done, one.has_more) for one in (duty(), duty())] == [(3, False), (0, False)]
    kept = {one.number for one in cases[1:]}
    assert found(house, end) == found(house, FATHER.identity_number[-6:]) == found(house, FATHER.name) == kept


@pytest.mark.parametrize("wanted", ["陈建国", "cjg", "溧民低申〔2026〕1号"])
def test_a_search_looks_cases_up_and_reads_none_it_does_not_name(house: CaseworkUnderTest, wanted: str) -> None:
    submitted(house, "the-one-submission")
    keys = house.under_test.keys
    named = is_named(searched_tokens(wanted, keys), paper_number(wanted))
    query = select(case_file.c.number).where(named)
    written = query.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    with house.under_test.database.connect() as connection:
        connection.execute(text("SET LOCAL enable_seqscan TO off"))
        lines = connection.execute(text("EXPLAIN " + str(written).replace(":", r"\:"))).scalars()
        plan = "\n".join(lines)
    assert "ix_case_file_search" in plan
    assert "Seq Scan" not in plan

    wish = UserTaskFilter(actor=CLERK, tab=TaskTab.TO_CLAIM, text=wanted)
    words = Named(searched_tokens(wanted, keys), paper_number(wanted))
    plan = plan_of(house.under_test, page_of(wish, named=words), off=["seqscan"])
    assert "ix_case_file_search" in plan
    assert "Seq Scan on case_file" not in plan


def test_a_task_is_new_until_it_is_opened_and_again_when_it_is_given_to_somebody(house: CaseworkUnderTest) -> None:
    submitted(house, "the-one-submission")
    queries = SqlPresenceQueries(house.under_test.database, now=house.under_test.clock)

    def unopened(actor: Actor) -> bool:
        return bool(queries.unopened([task_of(house)], actor))

    def opened(actor: Actor) -> None:
        house.run(NoteTaskOpened(task=task_of(house)), actor=actor)

    assert unopened(CLERK)
    opened(CLERK)
    opened(CLERK)
    assert (unopened(CLERK), unopened(OTHER)) == (False, True)
    opened(OTHER)
    chief = person("chief", "township/supervisor", region=KUNLUN)
    house.run(AssignUserTask(user_task_id=task_of(house).id, assignee=OTHER, reason="分派"), actor=chief)
    assert (unopened(CLERK), unopened(OTHER)) == (False, True)
    opened(OTHER)
    assert not unopened(OTHER)
    house.run(ReleaseUserTask(user_task_id=task_of(house).id, reason=None), actor=OTHER)
    assert not unopened(OTHER)


def test_a_task_that_is_put_off_rests(house: CaseworkUnderTest) -> None:
    submitted(house, "the-one-submission")
    task = task_of(house)
    queries, now = house.under_test.queries, house.under_test.clock()
    house.run(ClaimUserTask(user_task_id=task.id), actor=CLERK)
    with house.under_test.database.begin() as connection:
        connection.execute(text("UPDATE user_task SET follow_up_at = :at"), {"at": now + timedelta(days=2)})
    assert queries.tasks_at_rest([task.id], now) == {task.id}
    assert queries.tasks_at_rest([task.id], now + timedelta(days=3)) == queries.tasks_at_rest([], now) == frozenset()


def task_of(house: CaseworkUnderTest) -> UserTask:
    [task] = house.under_test.queries.user_tasks(UserTaskFilter(actor=SYSTEM, tab=TaskTab.UNIT)).tasks
    return task
