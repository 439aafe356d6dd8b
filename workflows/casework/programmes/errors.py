"""What can go wrong at the units a referral goes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workflows.casework.errors import CaseworkError


class ReferralNotFound(CaseworkError):
    """There is no such referral, or the actor may not know that it exists."""

    code = "referral-not-found"
    text_zh = "没有找到转办单“{number}”，或该转办单不在您单位的办理范围内。请核对转办单号。"
    text_en = "There is no referral {number!r} here, or it is none of your unit's. Check its number."

    def __init__(self, number: str) -> None:
        super().__init__(number=number)


class NeedWithUnit(CaseworkError):
    """The need is with a unit already: it is not handed over twice."""

    code = "need-with-unit"
    refuses_command = True
    text_zh = "该需要已在转办单“{number}”中办理，不能重复转办。请等待其结果，或由窗口撤销后再转。"
    text_en = (
        "This need is with a unit already by the referral {number!r} and is not referred twice. Wait for its result, "
        "or have the window take it back first."
    )

    def __init__(self, number: str) -> None:
        super().__init__(number=number)


class ProgrammeNotOffered(CaseworkError):
    """What is asked for is no programme of the county that this household can be referred to now."""

    code = "programme-not-offered"
    text_zh = "案件“{number}”目前不能转办“{need}”。请从列出的项目中选择。"
    text_en = "The case {number!r} cannot be referred for {need!r} now. Choose one of the programmes listed."

    def __init__(self, *, number: str, need: str) -> None:
        super().__init__(number=number, need=need)


class NeedAwaitsRouting(CaseworkError):
    """It is the routing's to answer: asked for with the application, or resting on what the check has still to find."""

    code = "need-awaits-routing"
    text_zh = (
        "案件“{number}”的“{need}”要等核对之后由窗口“确认转办事项”：申请时提出的在那里转办，新发现的在那里补充。"
        "现在只能另行转办急难等不能等待的事项，或已认定家庭新发现的事项。"
    )
    text_en = (
        "In the case {number!r}, {need!r} waits for the check and for the window to confirm the referrals: what the "
        "household asked for is referred there, what was found later is added there. Until then only what cannot wait "
        "is referred apart, or what is found of a household recognised already."
    )

    def __init__(self, *, number: str, need: str) -> None:
        super().__init__(number=number, need=need)


class CourseClosesWithout(CaseworkError):
    """The case runs by a drawing that would close it without waiting for what is referred from a task."""

    code = "course-closes-without"
    text_zh = (
        "案件“{number}”按较早版本的流程办理，办结时不会等待另行转办的答复，不能由此转办。"
        "请在“确认转办事项”时补充，或由管理员把案件迁移到现行流程后再转，或待办结后转办。"
    )
    text_en = (
        "The case {number!r} runs by an earlier drawing, which would close it without waiting for an answer, so "
        "nothing is referred from its tasks. Add the need when the referrals are confirmed, have an administrator move "
        "the case to the drawing in force, or refer when it is closed."
    )

    def __init__(self, *, number: str) -> None:
        super().__init__(number=number)


class ReferringWithoutUnit(CaseworkError):
    """Whoever holds the task belongs to no unit for the region of the case, so nobody would be the referring unit."""

    code = "referring-without-unit"
    text_zh = "任务的办理人在案件“{number}”所属区域没有单位，不能转办。请由有单位的办理人接手任务后转办。"
    text_en = (
        "Whoever holds the task belongs to no unit in the region of the case {number!r}, so nothing can be referred. "
        "Have somebody of a unit there take the task."
    )

    def __init__(self, *, number: str) -> None:
        super().__init__(number=number)


class ReferralNotOpened(CaseworkError):
    """The process of a referral stopped before it opened one; nothing of it is kept."""

    code = "referral-not-opened"
    text_zh = "案件“{number}”的“{need}”没有转办成功，未保存任何内容。请稍后再试；仍不行的，请管理员检查转办流程。"
    text_en = (
        "The need {need!r} of the case {number!r} was not referred, and nothing was kept. Try again later; if it fails "
        "again, have an administrator look at the process of referrals."
    )

    def __init__(self, *, number: str, need: str) -> None:
        super().__init__(number=number, need=need)


class ReferringWithoutCase(CaseworkError):
    """The task belongs to no case that something could be referred from."""

    code = "referring-without-case"
    text_zh = "该任务不属于某个案件，不能由此转办。请从案件的任务中转办。"
    text_en = "This task belongs to no case, so nothing can be referred from it. Refer from a task of the case."


class CallWaiting(CaseworkError):
    """A call to the household stands on the window's list already."""

    code = "call-waiting"
    text_zh = "案件“{number}”的满意度回访已在待办中，不必再次安排。请在工作清单中办理。"
    text_en = "A call to the household of {number!r} waits already. Do it from the work list."

    def __init__(self, number: str) -> None:
        super().__init__(number=number)


class BillInvalid(CaseworkError):
    """The sums of a bill contradict each other."""

    code = "bill-invalid"
    text_zh = "费用单“{number}”的合规费用 {in_scope} 元超过总费用 {total} 元。请核对后重新提交。"
    text_en = "Of the bill {number!r} {in_scope} yuan are in scope, more than the total of {total}. Check the sums."

    def __init__(self, *, number: str, in_scope: object, total: object) -> None:
        super().__init__(number=number, in_scope=str(in_scope), total=str(total))


class BillKnown(CaseworkError):
    """The hospital's number is on file with other sums or another person."""

    code = "bill-known"
    text_zh = "费用单“{number}”已经登记，内容与本次不同。请核对医院单号，更正须先冲销原单。"
    text_en = "The bill {number!r} is on file with other content. Check the hospital's number."

    def __init__(self, number: str) -> None:
        super().__init__(number=number)


class PlaceNotWaiting(CaseworkError):
    """A place in the queue for public rental is settled already."""

    code = "place-not-waiting"
    text_zh = "公租房轮候 {number} 号已不在等待中，不能再配租或退出。"
    text_en = "The place {number} in the queue for public rental is settled already."

    def __init__(self, number: int) -> None:
        super().__init__(number=number)


class NotFirstInQueue(CaseworkError):
    """Somebody with a better claim waits before this place."""

    code = "not-first-in-queue"
    text_zh = "公租房轮候 {number} 号之前还有 {first} 号在等待，不能越过。请先为 {first} 号配租或登记其退出。"
    text_en = "Place {first} waits before place {number} in the queue for public rental. Settle {first} first."

    def __init__(self, *, number: int, first: int) -> None:
        super().__init__(number=number, first=first)


class MemberUnfit(CaseworkError):
    """An offer is recorded of somebody who is no member of the case."""

    code = "member-unknown"
    text_zh = "案件“{number}”没有序号为 {member} 的家庭成员。请核对成员序号。"
    text_en = "The case {number!r} has no member {member}. Check the member's number."

    def __init__(self, *, number: str, member: int) -> None:
        super().__init__(number=number, member=member)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowError:
    """One thing wrong in an uploaded list: the row as a spreadsheet counts it, the column, texts in both languages."""

    row: int
    column: str
    zh: str
    en: str


class AidListInvalid(CaseworkError):
    """An uploaded list of aid breaks rules; nothing of it is kept."""

    code = "aid-list-invalid"
    text_zh = "上报表有 {count} 处需要更正，没有保存：{places_zh}"
    text_en = "The list was not kept (corrections needed: {count}): {places}"

    def __init__(self, errors: Sequence[RowError]) -> None:
        self.errors = tuple(errors)
        shown = self.errors[:20]
        super().__init__(
            count=len(self.errors),
            places="; ".join(f"row {one.row} {one.column}: {one.en}" for one in shown),
            places_zh="；".join(f"第 {one.row} 行{one.column}：{one.zh}" for one in shown),
        )
