"""What can go wrong with the economic check; no text names a person."""

from __future__ import annotations

from collections.abc import Sequence

from engine.core.texts import Words
from workflows.casework.errors import CaseworkError


class QueryRefused(CaseworkError):
    """A query was not let out: without a case, outside its purpose or without consent. The attempt is kept."""

    code = "query-refused"
    text_zh = "查询未发出：{ground}。该次尝试已记入查询台账，供监督检查。请先具备办案依据和全体成员授权。"
    text_en = (
        "The query was not sent: {ground_en}. The attempt is kept for supervision. "
        "Have a case, a purpose and every member's consent first."
    )

    def __init__(self, ground: Words) -> None:
        super().__init__(ground=ground.zh, ground_en=ground.en)


class CheckRunning(CaseworkError):
    """A check of the case is under way: its report tells what another would ask for."""

    code = "check-running"
    text_zh = "案件“{number}”正在核对，尚未出具报告，不再重复向各单位查询。请待报告出具后，仍有需要再申请复核。"
    text_en = (
        "The means of the case {number!r} are being checked; the agencies are not asked twice at once. "
        "Wait for the report, and ask for another check if it is still needed."
    )

    def __init__(self, number: str) -> None:
        super().__init__(number=number)


class AgencyResting(CaseworkError):
    """An agency failed several times in a row and is left in peace for a while."""

    code = "agency-resting"
    text_zh = "信息单位“{agency}”连续失败，{until} 前不再发出查询。系统会自动再试。"
    text_en = "The agency {agency!r} failed several times in a row and is not asked before {until}. It is tried again."

    def __init__(self, *, agency: str, until: object) -> None:
        super().__init__(agency=agency, until=str(until))


class AuthorisationInvalid(CaseworkError):
    """A consent cannot be taken on as stated."""

    code = "authorisation-invalid"
    text_zh = "授权未登记：{fault}。请对照授权书更正。"
    text_en = "The consent was not kept: {fault_en}. Correct it from the signed paper."

    def __init__(self, fault: Words) -> None:
        super().__init__(fault=fault.zh, fault_en=fault.en)


class NoAuthorisation(CaseworkError):
    """There is no consent of this person that could be withdrawn."""

    code = "no-authorisation"
    text_zh = "案件“{number}”的第 {person} 人没有有效的授权可撤回。请核对人员序号。"
    text_en = "Person {person} of the case {number!r} has no consent to withdraw. Check the person's number."

    def __init__(self, *, number: str, person: int) -> None:
        super().__init__(number=number, person=person)


class ConsentMissing(CaseworkError):
    """The case cannot go on: a member's consent is missing."""

    code = "consent-missing"
    text_zh = "案件“{number}”的成员 {members} 没有有效授权，不能{action}。请先取得授权。"
    text_en = "Members {members} of the case {number!r} have not consented, so you cannot {action}. Get it first."

    def __init__(self, *, number: str, members: Sequence[int], action: str) -> None:
        super().__init__(number=number, members="、".join(map(str, members)), action=action)


class ReportMissing(CaseworkError):
    """The case has no check report, or not the version that was named."""

    code = "report-missing"
    text_zh = "案件“{number}”没有第 {version} 版核对报告。请刷新案件查看最新版本。"
    text_en = "The case {number!r} has no check report of version {version}. Reload the case to see the newest."

    def __init__(self, *, number: str, version: int) -> None:
        super().__init__(number=number, version=version)


class ReportSuperseded(CaseworkError):
    """Only the newest version of a report can be objected to."""

    code = "report-superseded"
    text_zh = "第 {version} 版核对报告已由第 {latest} 版取代，以最新版本为准。请对最新版本提出异议。"
    text_en = "Version {version} of the report was superseded by {latest}; the newest counts. Object to that one."

    def __init__(self, *, version: int, latest: int) -> None:
        super().__init__(version=version, latest=latest)


class ObjectionTooLate(CaseworkError):
    """The working days in which a household may object are over."""

    code = "objection-too-late"
    text_zh = "对核对报告的异议期已于 {last_day} 届满。如仍有不同意见，可在公示期内提出或依法申请复议。"
    text_en = "The time to object to the check report ended on {last_day}. Object in the public notice or seek review."

    def __init__(self, *, last_day: object) -> None:
        super().__init__(last_day=str(last_day))


class ObjectionOpen(CaseworkError):
    """An objection to the check report waits for its answer, so nothing may be refused or objected to anew."""

    code = "objection-open"
    refuses_command = True
    text_zh = "案件“{number}”的核对报告有未办结的异议，不能{action}。请先办结异议。"
    text_en = "An objection to the check report of {number!r} is open, so you cannot {action}. Settle it first."

    def __init__(self, *, number: str, action: str) -> None:
        super().__init__(number=number, action=action)


class ObjectionInvalid(CaseworkError):
    """An objection names no source of the report, or no ground or proof."""

    code = "objection-invalid"
    text_zh = "异议未登记：{fault}。请更正后重新提交。"
    text_en = "The objection was not kept: {fault_en}. Correct it and submit again."

    def __init__(self, fault: Words) -> None:
        super().__init__(fault=fault.zh, fault_en=fault.en)


class FileRefused(CaseworkError):
    """A table file cannot be taken in as a whole; nothing of it is kept."""

    code = "file-refused"
    text_zh = "文件未导入：{fault}。请向对方核实后重新取得文件。"
    text_en = "The file was not taken in: {fault_en}. Ask the sender and get it anew."

    def __init__(self, fault: Words) -> None:
        super().__init__(fault=fault.zh, fault_en=fault.en)


class NothingToAsk(CaseworkError):
    """No question waits for an agency, so there is nothing to put in a file."""

    code = "nothing-to-ask"
    text_zh = "“{agency}”没有待答复的查询，无需生成文件。"
    text_en = "No question waits for {agency!r}, so there is no file to make."

    def __init__(self, *, agency: str) -> None:
        super().__init__(agency=agency)


class AnswerNotDue(CaseworkError):
    """A question was answered already and is not open to another answer."""

    code = "answer-not-due"
    text_zh = "查询“{number}”已有答复，不能再登记。如有争议，请由当事人提出异议后重新查询。"
    text_en = "The question {number!r} was answered already. If it is disputed, let the household object."

    def __init__(self, *, number: str) -> None:
        super().__init__(number=number)
