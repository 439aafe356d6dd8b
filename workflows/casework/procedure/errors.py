"""What can go wrong in procedure; texts name numbers and days, never persons."""

from __future__ import annotations

from datetime import date

from workflows.casework.errors import CaseworkError


class ExtensionTooLate(CaseworkError):
    """More time must be asked for, and be decided, before the limit is over."""

    code = "extension-too-late"
    text_zh = "案件“{number}”的办理期限为 {due},已经届满，不能再延长。请尽快办结，并如实登记超期原因。"
    text_en = "The limit of the case {number!r} was {due} and is over; it cannot be extended. Finish it, and state why."

    def __init__(self, *, number: str, due: date) -> None:
        super().__init__(number=number, due=due.isoformat())


class ExtensionExists(CaseworkError):
    """A case is extended once; a second wish is not taken while one stands."""

    code = "extension-exists"
    text_zh = "案件“{number}”已有一次延期申请（{state}），每个案件只能延期一次。请按现有期限办理。"
    text_en = "The case {number!r} has an extension already ({state}); a case is extended once. Keep to its limit."

    def __init__(self, *, number: str, state: str) -> None:
        super().__init__(number=number, state=state)


class OwnRequest(CaseworkError):
    """Nobody decides what they asked for themselves."""

    code = "own-request"
    text_zh = "“{task}”是您本人提出的申请，须由另一位负责人决定。"
    text_en = "{task!r} was asked for by yourself: somebody else must decide it."

    def __init__(self, task: str) -> None:
        super().__init__(task=task)


class KinBarred(CaseworkError):
    """Nobody handles the case of their relatives."""

    code = "kin-barred"
    text_zh = "案件“{number}”的近亲属备案中登记了该工作人员，须回避，不能办理“{task}”。请改由其他人员办理。"
    text_en = (
        "The register of relatives names this person in the case {number!r}: {task!r} must be done by somebody else."
    )

    def __init__(self, *, number: str, task: str) -> None:
        super().__init__(number=number, task=task)


class CountyVisitMissing(CaseworkError):
    """Where relatives of staff apply, the county confirms only after two of its own people went to see."""

    code = "county-visit-missing"
    text_zh = "案件“{number}”属近亲属备案案件，县级须先由两名工作人员入户核查并登记，才能办理“{task}”。"
    text_en = "Relatives of staff apply in the case {number!r}: two of the county must visit before {task!r} is done."

    def __init__(self, *, number: str, task: str) -> None:
        super().__init__(number=number, task=task)


class KinKnown(CaseworkError):
    """The register names this person for the case already."""

    code = "kin-known"
    text_zh = "案件“{number}”的近亲属备案中已有该人员，无需重复登记。"
    text_en = "The register of the case {number!r} names this person already."

    def __init__(self, number: str) -> None:
        super().__init__(number=number)


class NoticeNotFound(CaseworkError):
    """There is no such public notice."""

    code = "notice-not-found"
    text_zh = "没有找到公示“{number}”。请按公示上印的编号填写。"
    text_en = "There is no public notice {number!r}. Give the number printed on the notice."

    def __init__(self, number: str) -> None:
        super().__init__(number=number)


class NoticeNotOpen(CaseworkError):
    """Objections are taken while a notice hangs, from the day it is posted to the end of its last day."""

    code = "notice-not-open"
    text_zh = "公示“{number}”的异议期为 {first} 至 {last},现已不受理公示异议；可向县级民政部门投诉或申请行政复议。"
    text_en = (
        "Objections to the notice {number!r} were taken from {first} to {last}. "
        "Complain to the county's civil affairs bureau, or apply for administrative review."
    )

    def __init__(self, *, number: str, first: date | None, last: date | None) -> None:
        super().__init__(number=number, first=_day(first), last=_day(last))


class ObjectionsWaiting(CaseworkError):
    """So many objections that nobody signed wait for an answer that no more are taken on line."""

    code = "objections-waiting"
    text_zh = (
        "公示“{number}”已有 {count} 件网上异议待答复，暂不再从网上受理。请拨打公示上的监督电话，或到受理窗口提出。"
    )
    text_en = (
        "Objections on line to the notice {number!r} that wait for an answer: {count}; no more are taken there. "
        "Call the telephone on the notice or go to the window."
    )

    def __init__(self, *, number: str, count: int) -> None:
        super().__init__(number=number, count=count)


class ObjectionNotFound(CaseworkError):
    """There is no such objection."""

    code = "objection-not-found"
    text_zh = "没有找到异议“{number}”。请核对编号。"
    text_en = "There is no objection {number!r}. Check the number."

    def __init__(self, number: str) -> None:
        super().__init__(number=number)


class SecondCorrection(CaseworkError):
    """The law knows one correction notice; only a supervisor lets another pass, with a reason."""

    code = "second-correction"
    text_zh = "案件“{number}”已出具过一次性补正通知书，不得再次要求补正；确有必要的，由主管说明理由后方可再出具。"
    text_en = (
        "The case {number!r} had its one correction notice. Only a supervisor may let another pass, and must say why."
    )

    def __init__(self, number: str) -> None:
        super().__init__(number=number)


class LimitsLeft(CaseworkError):
    """The calendar is changed, but limits of cases others were busy with still follow the calendar before."""

    code = "limits-left"
    text_zh = "工作日历已更改，{moved} 个期限已重算；另有 {left} 个案件正被他人办理，未能重算。请原样再提交一次。"
    text_en = (
        "The calendar is changed (limits moved: {moved}). Others were busy with cases whose limits could not be "
        "computed anew ({left}). Send the same change once more."
    )

    def __init__(self, *, moved: int, left: int) -> None:
        super().__init__(moved=moved, left=left)


def _day(day: date | None) -> str:
    return "—" if day is None else day.isoformat()
