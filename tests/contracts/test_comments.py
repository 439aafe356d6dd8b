"""Comments on PostgreSQL: who reads and writes them, whom they may mention, what is kept of them; and who is where."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.errors import NotFound
from engine.model import SYSTEM, Actor
from storage.comment_view import SqlCommentQueries
from storage.comments import SqlComments
from storage.presence import SqlPresenceQueries
from storage.supervision_view import SqlSupervisionQueries
from storage.tables.casework import referral
from tests.applications import FATHER, identity
from tests.engines import person
from tests.offices import SYSTEM_SIGHT, Office, office_on
from workflows.casework.comments.commands import CorrectComment, MarkCommentsRead, WithdrawComment, WriteComment
from workflows.casework.comments.errors import (
    CommentChanged,
    CommentKeyTaken,
    CommentNotFound,
    CommentNotOwn,
    CommentSettled,
    CommentTextWrong,
    CommentWithdrawn,
    MentionAmbiguous,
    MentionOutsideSight,
    TooManyMentions,
)
from workflows.casework.comments.model import MOST_SIGNS, Comment
from workflows.casework.comments.queries import CommentFilter, CommentLine, CommentPage
from workflows.casework.county import COUNTY_REGION
from workflows.casework.errors import CaseErased, CaseNotFound
from workflows.casework.model import Case
from workflows.casework.orders.notices import NoticeCause
from workflows.casework.presence import LASTS, BeHere
from workflows.casework.privacy import EraseCase
from workflows.casework.procedure.kin_commands import Kin, RegisterKin
from workflows.casework.procedure.model import KinPost
from workflows.organisation.commands import CreateAccount, CreateUnit
from workflows.organisation.model import Unit

CHECK = "Task_CheckCompleteness"
CLERK = person("kunlun.li", "township/clerk")
OTHER = person("kunlun.wu", "township/clerk")
FAR_CLERK = person("far.li", "township/clerk", region="320481002")
SUPERVISOR = person("sup", "civil_affairs/supervisor", region=COUNTY_REGION)
TEACHER = person("edu.he", "education/clerk", region=COUNTY_REGION)
DOCTOR = person("med.luo", "medical/clerk", region=COUNTY_REGION)
NAMES = {
    "kunlun.li": "李强",
    "kunlun.wu": "陈晓",
    "far.li": "陈晓燕",
    "sup": "高远",
    "edu.he": "何芳",
    "med.luo": "何芳",
}
PEOPLE = (CLERK, OTHER, FAR_CLERK, SUPERVISOR, TEACHER, DOCTOR)
UNITS = {
    ("township", "320481001"): "kunlun",
    ("township", "320481002"): "licheng",
    ("civil_affairs", COUNTY_REGION): "bureau",
    ("education", COUNTY_REGION): "education",
    ("medical", COUNTY_REGION): "medical",
}


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    with office_on(database_url) as opened:
        for (kind, region), unit_id in UNITS.items():
            opened.run(
                CreateUnit(unit=Unit(id=unit_id, kind=kind, name=unit_id, name_en=unit_id, region=region)), actor=SYSTEM
            )
        for one in PEOPLE:
            posts = tuple((UNITS[post.unit_kind, post.region], post.role) for post in one.memberships)
            account = CreateAccount(login=one.id, name=NAMES[one.id], password="rivers-and-hills-9", posts=posts)
            opened.run(account, actor=SYSTEM)
        opened.at("2026-06-03 09:00")
        yield opened


def write(office: Office, case: Case, by: Actor, text: str, **changes: Any) -> Comment:
    command = WriteComment(**{"case_id": case.id, "text": text, "submission_key": uuid4().hex, **changes})
    written: Comment = office.run(command, actor=by)
    return written


def page(office: Office, case: Case, actor: Actor, **narrowing: Any) -> CommentPage:
    queries = SqlCommentQueries(office.under_test.database, office.under_test.keys)
    return queries.comments(CommentFilter(key=case.number, actor=actor, **narrowing))


def lines(office: Office, case: Case, actor: Actor) -> list[CommentLine]:
    return list(page(office, case, actor).comments)


def texts(office: Office, case: Case, actor: Actor) -> list[str | None]:
    return [line.text for line in lines(office, case, actor)]


def mentionable(office: Office, case: Case, actor: Actor, text: str = "") -> set[str]:
    queries = SqlCommentQueries(office.under_test.database, office.under_test.keys)
    return {one.login for one in queries.people(case.number, actor, text=text, limit=20)}


def told(office: Office, actor: Actor) -> list[tuple[NoticeCause, str, str]]:
    queries = SqlSupervisionQueries(office.under_test.database)
    found = queries.notices(actor, unread_only=False, offset=0, limit=50).notices
    return [(line.notice.cause, line.notice.matter, line.notice.text) for line in found]


def bar(office: Office, case: Case, actor: Actor) -> None:
    kin = Kin(name="亲属", relation="弟弟", post=KinPost.STAFF, login=actor.id)
    office.run(RegisterKin(case_id=case.id, kin=kin), actor=SYSTEM)


def refer(connection: Connection, case: Case, unit_kind: str) -> None:
    row = dict.fromkeys(("need", "programme", "process_id", "rule", "reason", "reason_en"), "")
    sent = {"region": case.region, "unit_kind": unit_kind, "state": "sent", "sent_at": case.received_at}
    connection.execute(referral.insert().values(id=uuid4(), number=unit_kind, case_id=case.id, **row, **sent))


def test_comments_are_read_in_order_by_whoever_sees_the_case_and_sealed_in_the_table(office: Office) -> None:
    case = office.submit()
    task = office.open()[CHECK]
    write(office, case, CLERK, "  收入证明待补\r\n请核实 ", task_id=task.id)
    office.at("2026-06-03 10:00")
    write(office, case, SUPERVISOR, "同意")

    first, second = lines(office, case, OTHER)
    assert (first.text, second.text) == ("收入证明待补\n请核实", "同意")
    assert (first.author_name, first.comment.unit_kind, first.comment.step) == ("李强", "township", task.name)
    assert (second.comment.unit_kind, second.comment.unit_region, second.comment.step) == (
        "civil_affairs",
        COUNTY_REGION,
        "",
    )
    with office.under_test.database.connect() as connection:
        [sealed, _] = connection.execute(sql("SELECT text_sealed FROM case_comment_text ORDER BY written_at")).scalars()
    assert "收入".encode() not in sealed
    with pytest.raises(CaseNotFound):
        page(office, case, FAR_CLERK)
    with pytest.raises(CaseNotFound):
        write(office, case, FAR_CLERK, "越界")
    assert case.process_instance_id is not None
    history = office.under_test.queries.instance(case.process_instance_id).history
    [entry, _] = [one for one in history if one.action == "comment-written"]
    assert (entry.actor, entry.details) == (CLERK.id, {"comment": str(first.comment.id), "version": 1})


def test_kin_of_the_household_neither_read_nor_write_and_are_not_mentioned(office: Office) -> None:
    case = office.submit()
    comment = write(office, case, OTHER, "第一条")
    bar(office, case, OTHER)

    for refused in (
        lambda: page(office, case, OTHER),
        lambda: write(office, case, OTHER, "第二条"),
        lambda: office.run(MarkCommentsRead(case_id=case.id, up_to=9), actor=OTHER),
        lambda: mentionable(office, case, OTHER),
    ):
        with pytest.raises(CaseNotFound):
            refused()
    with pytest.raises(CommentNotFound):
        office.run(WithdrawComment(comment_id=comment.id), actor=OTHER)
    for mention in ({"text": "@陈晓 请看"}, {"text": "请看", "mentions": ["kunlun.wu"]}):
        with pytest.raises(MentionOutsideSight):
            write(office, case, CLERK, **mention)
    assert (texts(office, case, CLERK), told(office, OTHER)) == (["第一条"], [])
    assert OTHER.id not in mentionable(office, case, CLERK)


def test_who_is_mentioned_gets_a_notice_without_the_text_and_only_if_they_may_see_the_case(office: Office) -> None:
    case = office.submit()
    write(office, case, CLERK, "户主住院，@陈晓 请看；抄送 sup@county.example 与 @sup.")
    assert told(office, OTHER) == told(office, SUPERVISOR) == [(NoticeCause.MENTION, case.number, "")]
    [line] = lines(office, case, CLERK)
    assert [one.name for one in line.mentioned] == ["陈晓", "高远"]

    refusals: tuple[tuple[dict[str, Any], str], ...] = (
        ({"text": "请 @陈晓燕 看"}, "陈晓燕"),  # the longest name is meant, and she works elsewhere
        ({"text": "请看", "mentions": ["far.li"]}, "far.li"),
        ({"text": "请 @谁也不是 看"}, "谁也不是"),
        ({"text": "请 @kunlun.wuxi 看"}, "kunlun.wuxi"),
        ({"text": "请 @何芳 看"}, "何芳"),
    )
    for given, who in refusals:
        with pytest.raises(MentionOutsideSight) as refused:
            write(office, case, CLERK, **given)
        assert refused.value.text("zh").startswith(f"要提醒的“{who}”不是可以查看案件“{case.number}”的人员")
    with pytest.raises(TooManyMentions):
        write(office, case, CLERK, "请看", mentions=["sup"] * 30)
    write(office, case, CLERK, "3 @ 5 元，@高远@高远", mentions=["@kunlun.li", " 高远 "])  # oneself is told nothing
    assert [len(one.mentioned) for one in lines(office, case, CLERK)] == [2, 1]
    assert (len(told(office, SUPERVISOR)), told(office, FAR_CLERK), told(office, CLERK)) == (2, [], [])


def test_the_people_offered_are_exactly_those_the_rule_of_cases_lets_see_it(office: Office) -> None:
    case = office.submit()
    bar(office, case, OTHER)
    with office.under_test.database.connect() as connection:
        comments = SqlComments(connection, office.under_test.keys)
        able = {one.id for one in PEOPLE if comments.is_in_sight(case.id, one)}
    assert mentionable(office, case, SYSTEM) == able == {CLERK.id, SUPERVISOR.id}
    assert mentionable(office, case, SYSTEM, "李") == mentionable(office, case, SYSTEM, "kun") == {CLERK.id}
    assert mentionable(office, case, CLERK, "%") == set()


@pytest.mark.parametrize(
    ("changes", "who"),
    [
        ("candidate_groups = '{education/clerk}'", {TEACHER.id}),
        ("candidate_groups = '{medical/clerk,education/reviewer}'", {TEACHER.id, DOCTOR.id}),
        ("candidate_groups = '{education/supervisor}'", set()),
        ("state = 'completed', completed_by = 'med.luo', candidate_groups = '{education/clerk}'", {DOCTOR.id}),
        ("state = 'completed', completed_by = 'far.li'", set()),
    ],
)
def test_the_people_offered_follow_the_tasks_of_the_case_as_the_rule_does(
    office: Office, changes: str, who: set[str]
) -> None:
    case = office.submit()
    with office.under_test.database.begin() as connection:
        connection.execute(sql(f"UPDATE user_task SET {changes}"))
        comments = SqlComments(connection, office.under_test.keys)
        able = {one.id for one in PEOPLE if comments.is_in_sight(case.id, one)}
    assert mentionable(office, case, SYSTEM) == able == {CLERK.id, OTHER.id, SUPERVISOR.id} | who


def test_a_comment_is_corrected_for_ten_minutes_and_what_it_said_is_kept(office: Office) -> None:
    case = office.submit()
    comment = write(office, case, CLERK, "收入三千")
    correction = CorrectComment(comment_id=comment.id, text="收入两千 @陈晓", version=1)
    with pytest.raises(CommentNotOwn):
        office.run(correction, actor=SUPERVISOR)
    office.at("2026-06-03 09:09")
    for _ in range(2):  # a form that was sent twice
        assert office.run(correction, actor=CLERK).version == 2
    [line] = lines(office, case, CLERK)
    assert (line.text, [one.text for one in line.earlier]) == ("收入两千 @陈晓", ["收入三千"])
    assert told(office, OTHER) == [(NoticeCause.MENTION, case.number, "")]
    with pytest.raises(CommentChanged):
        office.run(CorrectComment(comment_id=comment.id, text="收入一千", version=1), actor=CLERK)
    office.at("2026-06-03 09:10")
    with pytest.raises(CommentSettled):
        office.run(CorrectComment(comment_id=comment.id, text="收入一千", version=2), actor=CLERK)

    for _ in range(2):
        office.run(WithdrawComment(comment_id=comment.id), actor=CLERK)
    [line] = lines(office, case, SUPERVISOR)
    assert (line.text, list(line.earlier), line.comment.withdrawn_at) == (None, [], office.under_test.clock())
    with pytest.raises(CommentWithdrawn):
        office.run(CorrectComment(comment_id=comment.id, text="收入一千", version=2), actor=CLERK)


def test_odd_texts_tasks_and_keys_are_refused_and_the_same_key_writes_once(office: Office) -> None:
    case = office.submit()
    other = office.submit(
        submission_key="test-two", members=(replace(FATHER, identity_number=identity(date(1986, 3, 2), count=71)),)
    )
    for text in (" \n", "好" * (MOST_SIGNS + 1)):
        with pytest.raises(CommentTextWrong):
            write(office, case, CLERK, text)
    found = office.under_test.queries.user_tasks(SYSTEM_SIGHT).tasks
    task = next(one for one in found if one.business_key == other.number)
    with pytest.raises(NotFound):
        write(office, case, CLERK, "错案", task_id=task.id)
    with pytest.raises(CaseNotFound):
        office.run(WriteComment(case_id=uuid4(), text="无", submission_key="x"), actor=CLERK)

    def sent(_number: int) -> Comment:
        return write(office, case, CLERK, "请看 @高远", submission_key="same")

    with ThreadPoolExecutor(max_workers=4) as pool:
        assert len({one.id for one in pool.map(sent, range(4))}) == 1
    assert (texts(office, case, CLERK), len(told(office, SUPERVISOR))) == (["请看 @高远"], 1)
    with pytest.raises(CommentKeyTaken):
        write(office, case, CLERK, "别的", submission_key="same")


def test_what_is_unread_is_what_others_wrote_since_one_read(office: Office) -> None:
    case = office.submit()
    for text in ("一", "二"):
        write(office, case, CLERK, text)
    assert (page(office, case, CLERK).unread, page(office, case, OTHER).unread) == (0, 2)
    first, second = lines(office, case, OTHER)
    for up_to, left in ((first.number, 1), (second.number, 0), (first.number, 0), (second.number + 1000, 0)):
        office.run(MarkCommentsRead(case_id=case.id, up_to=up_to), actor=OTHER)
        assert page(office, case, OTHER).unread == left
    write(office, case, CLERK, "三")
    assert [line.is_unread for line in lines(office, case, OTHER)] == [False, False, True]
    assert [line.text for line in page(office, case, OTHER, limit=1, offset=1).comments] == ["二"]


def test_a_unit_that_sees_the_case_for_a_purpose_reads_its_own_comments_and_those_that_mention_it(
    office: Office,
) -> None:
    case = office.submit()
    with office.under_test.database.begin() as connection:
        refer(connection, case, "education")
    write(office, case, CLERK, "窗口内部")
    write(office, case, CLERK, "@何芳 请核对学籍")
    own = write(office, case, TEACHER, "学籍已核对")
    assert texts(office, case, TEACHER) == ["@何芳 请核对学籍", "学籍已核对"]
    assert (page(office, case, TEACHER).total, page(office, case, TEACHER).unread) == (2, 1)
    assert len(texts(office, case, SUPERVISOR)) == 3
    assert told(office, DOCTOR) == []
    [hidden, _, _] = lines(office, case, CLERK)
    with pytest.raises(CommentNotFound):
        office.run(WithdrawComment(comment_id=hidden.comment.id), actor=TEACHER)
    office.run(WithdrawComment(comment_id=own.id), actor=TEACHER)

    with office.under_test.database.begin() as connection:
        refer(connection, case, "medical")
        comments = SqlComments(connection, office.under_test.keys)
        able = {one.id for one in PEOPLE if comments.is_in_sight(case.id, one)}
    assert mentionable(office, case, SYSTEM) == able == {one.id for one in PEOPLE} - {FAR_CLERK.id}
    with pytest.raises(MentionAmbiguous):
        write(office, case, CLERK, "@何芳 请看")
    write(office, case, CLERK, "@med.luo 请看")
    assert len(told(office, DOCTOR)) == 1


def test_of_an_erased_case_comments_keep_who_wrote_when_and_no_text(office: Office) -> None:
    case = office.submit()
    comment = write(office, case, CLERK, "户主患病")
    with office.under_test.database.begin() as connection:
        connection.execute(sql("UPDATE case_file SET status = 'closed'"))
        connection.execute(sql("UPDATE process_instance SET state = 'completed', ended_at = now()"))
    office.run(EraseCase(case_id=case.id), actor=SYSTEM)
    [line] = lines(office, case, CLERK)
    assert (line.text, list(line.earlier), line.comment.author) == (None, [], CLERK.id)
    assert page(office, case, CLERK).is_erased
    for command in (
        WriteComment(case_id=case.id, text="还有", submission_key="k"),
        CorrectComment(comment_id=comment.id, text="改", version=1),
    ):
        with pytest.raises(CaseErased):
            office.run(command, actor=CLERK)


def test_presence_is_written_once_a_minute_shown_to_others_and_over_by_itself(office: Office) -> None:
    case = office.submit()
    task = office.open()[CHECK]
    queries = SqlPresenceQueries(office.under_test.database, now=office.under_test.clock)
    here = BeHere(business_key=case.number, task_id=task.id)
    assert office.run(here, actor=CLERK) == timedelta(seconds=61)
    before = _written(office)
    later(office, 30)
    assert office.run(here, actor=CLERK) == timedelta(seconds=31)
    office.run(BeHere(business_key=case.number), actor=CLERK)  # elsewhere, and still within the minute
    assert _written(office) == before
    [person_here] = queries.at_task(task, OTHER)
    assert (person_here.name, office.local(person_here.since)[:16], person_here.is_at_task) == (
        "李强",
        "2026-06-03 09:00",
        True,
    )
    assert queries.at_task(task, CLERK) == [] == queries.at_case(case.number, FAR_CLERK)
    assert list(queries.at_tasks([task.id], OTHER)) == [task.id]

    later(office, 60)
    office.run(here, actor=CLERK)
    [person_here] = queries.at_case(case.number, SUPERVISOR)
    assert (office.local(person_here.since)[11:16], person_here.is_at_task) == ("09:00", False)
    office.run(BeHere(business_key=case.number), actor=OTHER)
    assert [(one.login, one.is_at_task) for one in queries.at_task(task, SUPERVISOR)] == [
        (CLERK.id, True),
        (OTHER.id, False),
    ]
    later(office, 150)
    assert timedelta(seconds=150) == LASTS
    assert queries.at_task(task, SUPERVISOR) == [] == queries.at_case(case.number, SUPERVISOR)
    office.at("2026-06-03 08:00")  # a clock put back
    assert queries.at_task(task, SUPERVISOR) == []
    office.run(here, actor=CLERK)
    assert len(queries.at_task(task, SUPERVISOR)) == 1


def later(office: Office, seconds: int) -> None:
    office.under_test.clock.time += timedelta(seconds=seconds)


def _written(office: Office) -> Any:
    with office.under_test.database.connect() as connection:
        return connection.execute(sql("SELECT xmin::text, ctid::text FROM presence")).all()
