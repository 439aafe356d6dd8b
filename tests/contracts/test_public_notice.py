"""A public notice over the shipped diagram: seven full days, an objection locks it, two paths out (scenario A14)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pytest

from engine.commands.process_instances import StartProcessInstance
from engine.errors import NotPermitted
from engine.host import Context
from engine.model import SYSTEM, Actor
from tests.applications import CHILD, FATHER, MOTHER
from tests.casework import confirmed
from tests.engines import person
from tests.offices import Office, office_on
from tests.processes.diagrams import end, flows, one_process, start
from workflows.casework.commands import SetParameters
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.errors import NoticeNotFound, NoticeNotOpen, ObjectionNotFound, ObjectionsWaiting
from workflows.casework.procedure.kin_commands import Kin, RegisterKin
from workflows.casework.procedure.model import (
    Appraisal,
    DocumentReference,
    KinPost,
    NoticePosting,
    NoticeState,
    Objection,
    SurveyRecord,
)
from workflows.casework.procedure.objections import (
    ANONYMOUS,
    MOST_WAITING,
    Objected,
    RecordObjection,
    RevealObjector,
)
from workflows.casework.records import Parameter

ANYBODY = person("e.clerk", "education/clerk", region="320481")
PHOTO = "a" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadProcedure:
    """A command that reads what procedure keeps of a case, in the clear."""

    case: Case

    def execute(
        self, context: Context[CaseworkUnitOfWork]
    ) -> tuple[list[NoticePosting], list[Objection], list[SurveyRecord], list[Appraisal]]:
        kept = context.unit_of_work.procedure
        notices = list(kept.notice_board.of_case(self.case.id))
        objections = [one for notice in notices for one in kept.notice_board.objections(notice.notice_id)]
        return (
            notices,
            objections,
            list(kept.surveys.of_case(self.case.id)),
            list(kept.appraisals.of_case(self.case.id)),
        )


@dataclass(slots=True, kw_only=True)
class Notice:
    """A notice under test: its case, its process, and what is kept of it."""

    office: Office
    case: Case

    def state(self) -> NoticeState:
        return self.kept()[0].state

    def kept(self) -> list[NoticePosting]:
        notices: list[NoticePosting] = self.office.run(ReadProcedure(case=self.case), actor=SYSTEM)[0]
        return notices

    def is_over(self) -> bool:
        return "Task_SentUp" in self.office.open()

    def outcome(self) -> object:
        return self.office.open()["Task_SentUp"].variables["outcome"]

    def sent_up_on(self) -> object:
        return self.office.open()["Task_SentUp"].variables["sent_up_on"]

    def objected(self, text: str = "该户有门面房出租", **facts: str) -> Objected:
        command = RecordObjection(
            notice_number=self.kept()[0].number, text=text, channel=facts.pop("channel", "phone"), **facts
        )
        objected: Objected = self.office.run(command, actor=ANYBODY)
        self.office.work()
        return objected


PROGRAMME = one_process(
    start(),
    """<bpmn:callActivity id="Call_Notice"><bpmn:extensionElements>
         <zeebe:calledElement processId="public_notice" propagateAllChildVariables="false"/>
         <zeebe:ioMapping><zeebe:output source="=notice_outcome" target="notice_outcome"/></zeebe:ioMapping>
       </bpmn:extensionElements></bpmn:callActivity>""",
    """<bpmn:userTask id="Task_SentUp" name="上报"><bpmn:extensionElements><zeebe:userTask/>
         <zeebe:assignmentDefinition candidateGroups="civil_affairs/clerk"/>
         <zeebe:ioMapping><zeebe:input source="=notice_outcome" target="outcome"/>
           <zeebe:input source="=string(today())" target="sent_up_on"/></zeebe:ioMapping>
       </bpmn:extensionElements></bpmn:userTask>""",
    end(),
    flows("s>Call_Notice>Task_SentUp>e"),
).replace(b'id="P"', b'id="programme"')


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    with office_on(database_url) as opened:
        opened.under_test.deploy(programme_bpmn=PROGRAMME)
        yield opened


def posted(office: Office, *, on: str = "2026-05-06", amount: int | None = 1964, **changes: object) -> Notice:
    """A case accepted on Monday 2026-04-13 whose notice somebody posts."""
    office.at("2026-04-13 09:00")
    case = office.submit(**changes)
    office.done("Task_CheckCompleteness")
    given = office.step("open_referrals", case, confirmed=[confirmed("dibao")], dropped=[], note=None)
    office.at(f"{on} 09:00")
    office.run(
        StartProcessInstance(
            process_id="programme",
            variables={
                "caseId": str(case.id),
                "referral": given["referrals"][0],
                "programme": "dibao",
                "amount": amount,
                "amount_period": "month" if amount else None,
                "opinion": "grant",
            },
            region=case.region,
            business_key=case.number,
        ),
        actor=SYSTEM,
    )
    office.done("Task_PostNotice", posted_on=on, place="村务公开栏", photo_name="公示栏.jpg", photo_sha256=PHOTO)
    return Notice(office=office, case=case)


def test_a_notice_hangs_seven_full_days_and_goes_on_by_itself(office: Office) -> None:
    notice = posted(office, on="2026-09-23")
    [hung] = notice.kept()
    assert (hung.posted_on, hung.ends_on, hung.place) == (date(2026, 9, 23), date(2026, 9, 30), "村务公开栏")
    assert hung.photo_up == DocumentReference(name="公示栏.jpg", sha256=PHOTO)

    office.until("2026-10-07 23:00")  # the period ended on 09-30, but nobody works before 10-08
    assert not notice.is_over()
    office.until("2026-10-08 00:01")

    assert (notice.outcome(), notice.sent_up_on(), notice.state()) == ("undisputed", "2026-10-08", NoticeState.OVER)
    assert office.due("Task_TakeDownNotice") == "2026-10-08"  # while the case goes on
    office.done("Task_TakeDownNotice", taken_down_on="2026-10-08", photo_name="撤下.jpg", photo_sha256=PHOTO)
    [removed] = notice.kept()
    assert removed.taken_down_on == date(2026, 10, 8)
    assert removed.photo_down == DocumentReference(name="撤下.jpg", sha256=PHOTO)


def test_a_notice_says_no_number_no_illness_and_no_childs_name(office: Office) -> None:
    notice = posted(office)
    text = office.view(notice.case).public_notices[0].text
    for shown in ("户主陈建国", "家庭人口 3 人", "1,964", notice.kept()[0].number):
        assert shown in text
    for hidden in (FATHER.identity_number, CHILD.name, MOTHER.name, "重病", "癌"):
        assert hidden not in text


def test_a_minor_at_the_head_is_masked_and_a_status_without_money_names_no_sum(office: Office) -> None:
    head = replace(CHILD, relation="self", phone="19900001234")
    notice = posted(office, amount=None, members=(head,), account=None, needs=("subsistence",))
    text = office.view(notice.case).public_notices[0].text
    assert "陈*明" in text
    assert CHILD.name not in text
    assert "元" not in text


def test_an_objection_locks_the_notice_until_it_is_answered(office: Office) -> None:
    notice = posted(office)  # Wednesday 05-06
    office.at("2026-05-11 10:00")  # Monday, day 5
    told = notice.objected(objector="王五", contact="19900009999")
    assert notice.state() is NoticeState.LOCKED
    assert {"Task_FirstSurveyor", "Task_HoldAppraisal"} <= set(office.open())

    office.until("2026-05-14 09:00")  # the seven days are over, but nothing is sent up
    assert not notice.is_over()
    office.done("Task_FirstSurveyor", findings="无门面房")
    office.done("Task_SecondSurveyor")
    office.done("Task_HoldAppraisal", votes_for=6, votes_against=1)
    office.at("2026-05-15 09:00")
    shown = office.open()["Task_NewOpinion"].variables
    assert (shown["objection_texts"], shown["findings"], shown["votes_for"]) == (["该户有门面房出租"], "无门面房", 6)
    assert "王五" not in str(shown)
    office.done("Task_NewOpinion", objection_outcome="dismissed")
    office.at("2026-05-18 09:00")
    assert not notice.is_over()
    office.done("Task_AnswerObjector", answer_text="未发现门面房，维持原意见")

    assert (notice.outcome(), notice.sent_up_on(), notice.state()) == ("dismissed", "2026-05-18", NoticeState.OVER)
    _, objections, surveys, appraisals = office.run(ReadProcedure(case=notice.case), actor=SYSTEM)
    assert [(one.number, one.outcome, one.objector) for one in objections] == [(told.number, "dismissed", "王五")]
    assert objections[0].delivered_at is not None
    [sent] = [one for one in office.ledger()["messages"] if one["to"] == "19900009999"]
    assert "未发现门面房" in sent["text"]
    assert [(one.kind, one.first_surveyor != one.second_surveyor) for one in surveys] == [("again", True)]
    assert (len(appraisals[0].participants), appraisals[0].votes_for) == (7, 6)


def test_an_objection_that_holds_takes_the_notice_down_and_asks_for_another_opinion(office: Office) -> None:
    notice = posted(office)
    office.at("2026-05-07 10:00")
    notice.objected()
    settle(office, outcome="upheld")

    assert (notice.is_over(), notice.outcome(), notice.state()) == (True, "upheld", NoticeState.WITHDRAWN)
    assert "Task_TakeDownNotice" in office.open()


def test_after_an_early_answer_the_notice_still_hangs_its_seven_days(office: Office) -> None:
    notice = posted(office)
    office.at("2026-05-07 10:00")
    notice.objected()
    settle(office, outcome="dismissed")
    assert (notice.is_over(), notice.state()) == (False, NoticeState.POSTED)

    office.until("2026-05-13 23:59")
    assert not notice.is_over()
    office.until("2026-05-14 00:01")
    assert notice.outcome() == "dismissed"


def test_who_objects_during_the_re_investigation_gets_one_of_their_own(office: Office) -> None:
    notice = posted(office)
    office.at("2026-05-07 10:00")
    notice.objected()
    office.done("Task_FirstSurveyor")
    office.done("Task_SecondSurveyor")
    office.done("Task_HoldAppraisal")
    office.done("Task_NewOpinion", objection_outcome="dismissed")
    second = notice.objected("还有一辆车")
    office.done("Task_AnswerObjector")

    assert {"Task_FirstSurveyor", "Task_HoldAppraisal"} <= set(office.open())
    settle(office, outcome="dismissed")
    _, objections, _, _ = office.run(ReadProcedure(case=notice.case), actor=SYSTEM)
    assert [one.number for one in objections if one.answered_at] == [objections[0].number, second.number]


def test_objections_are_taken_only_while_the_notice_hangs(office: Office) -> None:
    notice = posted(office)
    number = notice.kept()[0].number
    with pytest.raises(NoticeNotFound):
        office.run(RecordObjection(notice_number="无此公示", text="不实", channel="letter"), actor=ANYBODY)
    office.at("2026-05-14 00:10")
    with pytest.raises(NoticeNotOpen):
        office.run(RecordObjection(notice_number=number, text="不实", channel="letter"), actor=ANYBODY)


def test_who_objected_is_shown_to_a_leader_with_a_reason_and_the_look_is_kept(office: Office) -> None:
    notice = posted(office)
    office.at("2026-05-07 10:00")
    told = notice.objected(objector="王五", contact="19900009999")
    command = RevealObjector(objection_number=told.number, reason="需当面核实")
    with pytest.raises(NotPermitted):
        office.run(command, actor=person("c", "township/clerk"))
    assert office.run(command, actor=person("l", "township/leader")).objector == "王五"
    assert "王五" not in str(office.view(notice.case))


def test_a_leader_who_is_kin_never_learns_who_objected(office: Office) -> None:
    notice = posted(office)
    office.at("2026-05-07 10:00")
    told = notice.objected(objector="王五")
    leader = person("l", "township/leader")
    kin = Kin(name="陈官", relation="儿子", post=KinPost.STAFF, login=leader.id)
    office.run(RegisterKin(case_id=notice.case.id, kin=kin), actor=SYSTEM)
    with pytest.raises(ObjectionNotFound):
        office.run(RevealObjector(objection_number=told.number, reason="需当面核实"), actor=leader)


def test_a_flood_from_the_public_page_ends_at_a_bound_and_staff_still_enter_what_they_are_told(office: Office) -> None:
    notice = posted(office)
    office.at("2026-05-07 10:00")
    bound = Parameter(key=MOST_WAITING, value=2, effective_from=date(2026, 1, 1), source="test")
    office.run(SetParameters(parameters=(bound,), region="320481"), actor=SYSTEM)
    command = RecordObjection(notice_number=notice.kept()[0].number, text="不实", channel="online")
    somebody = Actor(id=ANONYMOUS, name="公众")
    for _ in range(2):
        office.run(command, actor=somebody)
    with pytest.raises(ObjectionsWaiting):
        office.run(command, actor=somebody)
    assert office.run(command, actor=ANYBODY).number.endswith("YY03")
    settle(office, outcome="dismissed")
    assert office.run(command, actor=somebody).number.endswith("YY04")


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        (
            {"participants": [{"name": f"评议员{n}", "role": "other"} for n in range(6)], "votes_for": 6},
            "至少需要 7 人",
        ),
        ({"votes_for": 5}, "票数之和为 5"),
        ({"participants": [{"name": "同一人", "role": "other"}] * 7}, "登记了两次"),
    ],
)
def test_an_appraisal_that_is_not_valid_is_held_again(office: Office, answers: dict[str, object], fault: str) -> None:
    notice = posted(office)
    office.at("2026-05-07 10:00")
    notice.objected()
    office.done("Task_HoldAppraisal", **answers)

    assert fault in str(office.open()["Task_HoldAppraisal"].variables["appraisal_fault"])
    assert office.run(ReadProcedure(case=notice.case), actor=SYSTEM)[3] == []


def test_a_notice_cannot_be_backdated(office: Office) -> None:
    notice = posted(office)
    again = notice.kept()[0]
    assert again.posted_on == date(2026, 5, 6)
    office.at("2026-05-20 09:00")
    case = notice.case
    office.run(
        StartProcessInstance(
            process_id="programme",
            variables={
                "caseId": str(case.id),
                "referral": {"id": str(again.referral_id)},
                "programme": "dibao",
                "amount": 1,
                "amount_period": "month",
                "opinion": "grant",
            },
            region=case.region,
            business_key=case.number,
        ),
        actor=SYSTEM,
    )
    office.done("Task_PostNotice", posted_on="2026-05-01")
    assert [one.posted_on for one in notice.kept()] == [date(2026, 5, 6), date(2026, 5, 20)]


def settle(office: Office, *, outcome: str) -> None:
    office.done("Task_FirstSurveyor")
    office.done("Task_SecondSurveyor")
    office.done("Task_HoldAppraisal")
    office.done("Task_NewOpinion", objection_outcome=outcome)
    office.done("Task_AnswerObjector")
