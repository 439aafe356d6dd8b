"""Advice on PostgreSQL: asked while a task is kept, answered or returned, withdrawn with the task, seen by few."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from engine.commands.task_listeners import attributes_of, change_attributes, locked_open_task
from engine.commands.user_tasks import AssignUserTask
from engine.errors import ConcurrentChange, NotAssignee, TaskNotOpen
from engine.host import Context
from engine.model import SYSTEM, Actor, UserTask
from engine.operation_errors import ReasonMissing
from engine.stand_ins import StandIn
from storage.advice import SqlAdvice
from storage.advice_view import SqlAdviceQueries
from storage.evidence import SqlEvidence
from storage.evidence_view import SqlEvidenceQueries
from storage.process_instances import SqlProcessInstances
from storage.supervision_view import SqlSupervisionQueries
from storage.tables.advice import advice
from tests import files
from tests.engines import person
from tests.offices import Office, office_on
from workflows.casework.absences.commands import EnterAbsence
from workflows.casework.advice.commands import AskAdvice, WithdrawAdvice
from workflows.casework.advice.errors import (
    AdviceKeyTaken,
    AdviceNotFound,
    AdviceOpenAlready,
    AdviceOver,
    AdviceTermWrong,
    AdviceUnitWrong,
)
from workflows.casework.advice.model import AdviceState
from workflows.casework.county import COUNTY_REGION
from workflows.casework.days import local_day
from workflows.casework.errors import CaseErased, CaseNotFound
from workflows.casework.evidence.commands import AddEvidence
from workflows.casework.evidence.errors import EvidenceNotFound
from workflows.casework.evidence.model import Evidence
from workflows.casework.evidence.photo_links import OpenPhotoLink
from workflows.casework.holds.commands import HoldTask
from workflows.casework.holds.errors import HoldForNothing
from workflows.casework.holds.model import HoldEvent
from workflows.casework.model import Case
from workflows.casework.orders.errors import NobodyToNotify
from workflows.casework.orders.notices import NoticeCause
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.privacy import EraseCase
from workflows.casework.procedure.kin_commands import Kin, RegisterKin
from workflows.casework.procedure.model import KinPost
from workflows.organisation.commands import CreateAccount, CreateUnit
from workflows.organisation.model import Unit

CHECK = "Task_CheckCompleteness"
ANSWER = "Task_AnswerAdvice"
CLERK = person("kunlun.li", "township/clerk")
TEACHER = person("teacher", "education/clerk", region=COUNTY_REGION)
HOUSING = person("housing", "housing/clerk", region=COUNTY_REGION)
PEOPLE = (CLERK, TEACHER, HOUSING)
PLACES = {"township": "320481001", "education": COUNTY_REGION, "housing": COUNTY_REGION}


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    with office_on(database_url) as opened:
        for kind, region in PLACES.items():
            unit = Unit(id=kind.replace("_", "-"), kind=kind, name=kind, name_en=kind, region=region)
            opened.run(CreateUnit(unit=unit), actor=SYSTEM)
        for one in PEOPLE:
            posts = tuple((post.unit_kind, post.role) for post in one.memberships)
            account = CreateAccount(login=one.id, name=one.name, password="rivers-and-hills-9", posts=posts)
            opened.run(account, actor=SYSTEM)
        opened.at("2026-06-03 09:00")
        yield opened


def held(office: Office) -> tuple[Case, UserTask]:
    case = office.submit()
    task = office.open()[CHECK]
    office.run(AssignUserTask(user_task_id=task.id, assignee=CLERK), actor=SYSTEM)
    return case, task


def question(task: UserTask, key: str = "k1", **changes: Any) -> AskAdvice:
    given: dict[str, Any] = {
        "task_id": task.id,
        "unit_kinds": ["education"],
        "question": "该生是否在籍？",
        "working_days": 3,
        "submission_key": key,
    }
    return AskAdvice(**{**given, **changes})


def queries(office: Office) -> SqlAdviceQueries:
    return SqlAdviceQueries(office.under_test.database, office.under_test.keys)


def state(office: Office, task: UserTask) -> list[tuple[AdviceState, str | None]]:
    return [(line.advice.state, line.advice.answer) for line in queries(office).of_task(task.id, SYSTEM)]


def told(office: Office, actor: Actor) -> list[NoticeCause]:
    found = SqlSupervisionQueries(office.under_test.database)
    return sorted(line.notice.cause for line in found.notices(actor, unread_only=False, offset=0, limit=50).notices)


def test_a_unit_answers_in_a_task_of_its_own_while_the_asker_keeps_theirs(office: Office) -> None:
    case, task = held(office)
    [asked] = office.run(question(task), actor=CLERK)
    assert asked.due_on == date(2026, 6, 8)
    assert told(office, TEACHER) == [NoticeCause.ADVICE_ASKED]
    assert office.open()[CHECK].assignee == CLERK.id
    assert office.due(ANSWER) == "2026-06-08"
    assert office.questions.case(case.number, TEACHER).purpose_limited

    office.done(ANSWER, TEACHER, advice_decision="answer", answer="在籍，四年级")

    assert state(office, task) == [(AdviceState.ANSWERED, "在籍，四年级")]
    assert told(office, CLERK) == [NoticeCause.ADVICE_ANSWERED]
    assert office.open()[CHECK].assignee == CLERK.id


def test_a_unit_that_cannot_answer_returns_the_question(office: Office) -> None:
    _, task = held(office)
    office.run(question(task), actor=CLERK)
    office.done(ANSWER, TEACHER, advice_decision="return", answer="非本单位职责")
    assert state(office, task) == [(AdviceState.RETURNED, "非本单位职责")]
    assert told(office, CLERK) == [NoticeCause.ADVICE_RETURNED]


def test_questions_of_a_task_that_is_done_are_withdrawn_with_it(office: Office) -> None:
    _, task = held(office)
    office.run(question(task, unit_kinds=["education", "housing"]), actor=CLERK)
    office.done(ANSWER, office_worker(office), advice_decision="answer", answer="已核实")
    office.done(CHECK, CLERK)

    states = sorted(one for one, _ in state(office, task))
    assert states == [AdviceState.ANSWERED, AdviceState.WITHDRAWN]
    assert ANSWER not in office.open()
    assert NoticeCause.ADVICE_WITHDRAWN in [*told(office, TEACHER), *told(office, HOUSING)]


def office_worker(office: Office) -> Actor:
    """Return whose question the open task is: of two alike the list keeps one."""
    [group] = office.open()[ANSWER].candidate_groups
    return TEACHER if group == "education/clerk" else HOUSING


def test_who_asked_takes_a_question_back_once(office: Office) -> None:
    _, task = held(office)
    [asked] = office.run(question(task), actor=CLERK)
    with pytest.raises(NotAssignee):
        office.run(WithdrawAdvice(advice_id=asked.id, reason="不需要"), actor=TEACHER)
    office.run(WithdrawAdvice(advice_id=asked.id, reason="已电话核实"), actor=CLERK)
    assert state(office, task) == [(AdviceState.WITHDRAWN, "已电话核实")]
    assert ANSWER not in office.open()
    with pytest.raises(AdviceOver):
        office.run(WithdrawAdvice(advice_id=asked.id, reason="再次"), actor=CLERK)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"unit_kinds": []}, AdviceUnitWrong),
        ({"unit_kinds": ["township"]}, AdviceUnitWrong),
        ({"unit_kinds": ["no_such"]}, AdviceUnitWrong),
        ({"unit_kinds": ["medical"]}, NobodyToNotify),
        ({"working_days": 0}, AdviceTermWrong),
        ({"working_days": 16}, AdviceTermWrong),
        ({"question": " "}, ReasonMissing),
    ],
)
def test_what_is_wrong_in_a_question_is_told_and_nothing_is_kept(
    office: Office, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    _, task = held(office)
    with pytest.raises(refusal):
        office.run(question(task, **changes), actor=CLERK)
    assert office.count("advice") == 0


def test_only_who_holds_an_open_task_asks(office: Office) -> None:
    _, task = held(office)
    with pytest.raises(NotAssignee):
        office.run(question(task), actor=TEACHER)
    office.done(CHECK, CLERK)
    with pytest.raises(TaskNotOpen):
        office.run(question(task), actor=CLERK)


def test_a_submission_that_comes_twice_asks_once_and_a_unit_has_one_open_question(office: Office) -> None:
    case, task = held(office)
    [asked] = office.run(question(task), actor=CLERK)
    [again] = office.run(question(task), actor=CLERK)
    assert again.id == asked.id
    with pytest.raises(AdviceKeyTaken):
        office.run(question(task, question="另一个问题"), actor=CLERK)
    added: Evidence = office.run(AddEvidence(case_id=case.id, name="证明.png", content=files.png()), actor=CLERK)
    for changes in ({"unit_kinds": ["education", "housing"]}, {"working_days": 4}, {"evidence_ids": [added.id]}):
        with pytest.raises(AdviceKeyTaken):
            office.run(question(task, **changes), actor=CLERK)
    with pytest.raises(EvidenceNotFound):
        office.run(question(task, "k3", unit_kinds=["housing"], evidence_ids=[added.id, uuid4()]), actor=CLERK)
    with pytest.raises(AdviceOpenAlready):
        office.run(question(task, "k2"), actor=CLERK)


def test_a_unit_sees_its_question_and_the_evidence_shown_with_it_and_no_other(office: Office) -> None:
    case, task = held(office)
    added: list[Evidence] = [
        office.run(AddEvidence(case_id=case.id, name="证明.png", content=content), actor=CLERK)
        for content in (files.png(), files.webp())
    ]
    office.run(question(task, evidence_ids=[added[0].id]), actor=CLERK)
    office.run(question(task, "k2", unit_kinds=["housing"]), actor=CLERK)
    evidence = SqlEvidenceQueries(office.under_test.database, office.under_test.keys)

    assert [line.evidence.id for line in evidence.of_case(case.id, TEACHER)] == [added[0].id]
    assert [line.evidence.id for line in evidence.of_case(case.id, HOUSING)] == []
    [seen] = queries(office).of_case(case.id, TEACHER)
    assert (seen.advice.unit_kind, seen.shown) == ("education", 1)
    assert len(queries(office).of_case(case.id, CLERK)) == 2

    kin = Kin(name="教师", post=KinPost.STAFF, relation="表兄", login=TEACHER.id)
    office.run(RegisterKin(case_id=case.id, kin=kin), actor=SYSTEM)
    assert list(queries(office).of_case(case.id, TEACHER)) == []
    assert list(evidence.of_case(case.id, TEACHER)) == []
    assert told(office, TEACHER) == []
    with pytest.raises(CaseNotFound):
        office.questions.case(case.number, TEACHER)


def test_a_unit_that_is_not_asked_learns_of_no_question(office: Office) -> None:
    case, task = held(office)
    [asked] = office.run(question(task), actor=CLERK)
    assert list(queries(office).of_case(case.id, HOUSING)) == []
    with pytest.raises(AdviceNotFound):
        queries(office).one(asked.id, HOUSING)


def test_a_task_on_hold_is_back_as_soon_as_a_question_of_it_is_answered(office: Office) -> None:
    _, task = held(office)
    later = office.under_test.clock() + timedelta(days=5)
    wait = HoldTask(task_id=task.id, until=later, reason="等教育局答复", event=HoldEvent.ADVICE)
    with pytest.raises(HoldForNothing):
        office.run(wait, actor=CLERK)
    assert office.open()[CHECK].follow_up_at is None
    office.run(question(task), actor=CLERK)
    before: UserTask = office.run(wait, actor=CLERK)
    assert before.follow_up_at == later

    office.done(ANSWER, TEACHER, advice_decision="answer", answer="在籍")

    back = office.open()[CHECK]
    assert (back.follow_up_at, back.version, back.assignee) == (None, before.version + 1, CLERK.id)


def test_a_task_on_hold_is_back_as_soon_as_evidence_arrives_unless_it_was_put_off_anew(office: Office) -> None:
    case, task = held(office)
    later = office.under_test.clock() + timedelta(days=5)
    hold = HoldTask(task_id=task.id, until=later, reason="等补交材料", event=HoldEvent.EVIDENCE)
    office.run(hold, actor=CLERK)
    office.run(AddEvidence(case_id=case.id, name="证明.png", content=files.png()), actor=CLERK)
    assert office.open()[CHECK].follow_up_at is None

    office.run(hold, actor=CLERK)
    anew = later + timedelta(days=1)
    office.run(HoldTask(task_id=task.id, until=anew, reason="只等到这一天"), actor=CLERK)
    office.run(AddEvidence(case_id=case.id, name="证明.webp", content=files.webp()), actor=CLERK)
    assert office.open()[CHECK].follow_up_at == anew
    assert office.count("task_hold") == 0


@dataclass(frozen=True, kw_only=True)
class Within:
    """Something done inside a transaction."""

    do: Callable[[Context[CaseworkUnitOfWork]], object]

    def execute(self, context: Context[CaseworkUnitOfWork]) -> object:
        return self.do(context)


def test_a_task_brought_back_while_its_attributes_are_changed_stays_back(office: Office) -> None:
    case, task = held(office)
    later = office.under_test.clock() + timedelta(days=5)
    office.run(HoldTask(task_id=task.id, until=later, reason="等材料", event=HoldEvent.EVIDENCE), actor=CLERK)

    def change(context: Context[CaseworkUnitOfWork]) -> None:
        instance, found = locked_open_task(context, task.id)
        arrives = Within(do=lambda other: other.unit_of_work.holds.end(case.id, HoldEvent.EVIDENCE))
        assert office.run(arrives, actor=SYSTEM) == 1
        change_attributes(context, instance, found, replace(attributes_of(found), priority=70), {})

    office.run(Within(do=change), actor=SYSTEM)
    back = office.open()[CHECK]
    assert (back.follow_up_at, back.priority) == (None, 70)


def test_a_question_a_task_waits_for_is_closed_after_the_task_waits(office: Office) -> None:
    _, task = held(office)
    [asked] = office.run(question(task), actor=CLERK)

    def wait(context: Context[CaseworkUnitOfWork]) -> None:
        assert context.unit_of_work.advice.keep_open(task.id)
        closing = select(advice.c.id).where(advice.c.id == asked.id).with_for_update(nowait=True)
        with office.under_test.database.connect() as other, pytest.raises(ConcurrentChange):
            other.execute(closing)

    office.run(Within(do=wait), actor=SYSTEM)
    office.run(WithdrawAdvice(advice_id=asked.id, reason="不需要"), actor=CLERK)
    assert office.run(Within(do=lambda context: context.unit_of_work.advice.keep_open(task.id)), actor=SYSTEM) is False


def written_down(lock: Callable[..., Any], locked: list[UUID]) -> Callable[..., Any]:
    """Return a way to lock that keeps what it locked, in order."""

    def locking(keeper: object, key: UUID) -> Any:
        locked.append(key)
        return lock(keeper, key)

    return locking


@pytest.mark.parametrize("ends_task", [False, True])
def test_who_takes_a_question_back_locks_its_course_before_the_question(
    office: Office, monkeypatch: pytest.MonkeyPatch, *, ends_task: bool
) -> None:
    _, task = held(office)
    [asked] = office.run(question(task), actor=CLERK)
    locked: list[UUID] = []
    for kind in (SqlProcessInstances, SqlAdvice):
        monkeypatch.setattr(kind, "lock", written_down(kind.lock, locked))
    if ends_task:
        office.done(CHECK, CLERK)
    else:
        office.run(WithdrawAdvice(advice_id=asked.id, reason="不需要"), actor=CLERK)
    assert [one for one in locked if one in (asked.id, asked.process_instance_id)][:2] == [
        asked.process_instance_id,
        asked.id,
    ]


def test_a_substitute_sees_asks_and_takes_back_in_the_right_of_who_is_away(office: Office) -> None:
    case, task = held(office)
    added: Evidence = office.run(AddEvidence(case_id=case.id, name="证明.png", content=files.png()), actor=CLERK)
    [earlier] = office.run(question(task), actor=CLERK)
    today = local_day(office.under_test.clock())
    away = EnterAbsence(
        login=CLERK.id,
        substitute=HOUSING.id,
        first_on=today,
        last_on=today + timedelta(days=2),
        reason="年休假",
        absence_id=uuid4(),
    )
    office.run(away, actor=SYSTEM)
    instead = replace(HOUSING, stands_in_for=(StandIn(person=CLERK),))
    evidence = SqlEvidenceQueries(office.under_test.database, office.under_test.keys)

    assert [line.evidence.id for line in evidence.of_case(case.id, instead)] == [added.id]
    assert queries(office).one(earlier.id, instead).advice.id == earlier.id
    office.run(WithdrawAdvice(advice_id=earlier.id, reason="已电话核实"), actor=instead)
    [asked] = office.run(question(task, "k2", evidence_ids=[added.id]), actor=instead)
    assert (asked.asking_unit, asked.asked_by) == ("township", HOUSING.id)
    with pytest.raises(NotAssignee):
        office.run(question(task, "k3"), actor=HOUSING)


def test_the_same_file_that_came_meanwhile_is_the_one_kept(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case, _ = held(office)
    add = AddEvidence(case_id=case.id, name="证明.png", content=files.png())
    kept: Evidence = office.run(add, actor=CLERK)
    look, looks = SqlEvidence.same, iter([False])
    monkeypatch.setattr(SqlEvidence, "same", lambda *asked: look(*asked) if next(looks, True) else None)
    assert office.run(add, actor=CLERK) == kept


def test_an_erased_case_keeps_no_word_of_what_was_asked_or_handed_in(office: Office) -> None:
    case, task = held(office)
    added: Evidence = office.run(AddEvidence(case_id=case.id, name="证明.png", content=files.png()), actor=CLERK)
    office.run(OpenPhotoLink(case_id=case.id), actor=CLERK)
    office.run(question(task, evidence_ids=[added.id]), actor=CLERK)
    office.done(CHECK, CLERK, completeness="not_ours", refusal_reason="不属本县", right_unit="health")
    assert [one for one, _ in state(office, task)] == [AdviceState.WITHDRAWN]

    office.run(EraseCase(case_id=case.id), actor=SYSTEM)

    for table in ("advice", "advice_evidence", "evidence", "photo_link"):
        assert office.count(table) == 0
    assert case.process_instance_id is not None
    history = office.under_test.queries.instance(case.process_instance_id).history
    assert [one.details for one in history if "evidence" in one.details] == [{"evidence": str(added.id)}]
    with pytest.raises(CaseErased):
        office.run(AddEvidence(case_id=case.id, name="证明.png", content=files.png()), actor=CLERK)
