"""What can go wrong in casework; every kind has a stable code and says what to do, without personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.core.texts import Words
from engine.errors import EngineError


class CaseworkError(EngineError):
    """Base of every error casework raises on purpose."""

    code = "casework-error"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationError:
    """One thing wrong in an application: `path` as in 'members[2].identity_number', texts in both languages."""

    path: str
    code: str
    zh: str
    en: str


class ApplicationInvalid(CaseworkError):
    """The application breaks rules of the domain; `errors` names each place."""

    code = "application-invalid"
    text_zh = "申请有 {count} 处需要更正，尚未登记。请逐项更正后重新提交。"
    text_en = "The application was not registered (corrections needed: {count}). Correct each and submit again."

    def __init__(self, errors: Sequence[ApplicationError]) -> None:
        self.errors = tuple(errors)
        super().__init__(count=len(self.errors))


class CaseNotFound(CaseworkError):
    """There is no such case, or the actor may not know that it exists."""

    code = "case-not-found"
    text_zh = "没有找到案件“{key}”，或该案件不在您单位的办理范围内。请核对案件编号。"
    text_en = "There is no case {key!r} here, or it is none of your unit's. Check the case number."

    def __init__(self, key: object) -> None:
        super().__init__(key=str(key))


class NothingDrawn(CaseworkError):
    """A procedure is about a benefit that this household does not draw any more, or never did."""

    code = "nothing-drawn"
    text_zh = "案件 {number} 没有次月仍在享受的“{programme}”待遇，无法办理该程序。请核对案件编号和待遇状态。"
    text_en = (
        "In case {number} nothing of {programme!r} goes on next month, so this cannot be started. "
        "Check the case number and its benefits."
    )

    def __init__(self, number: str, programme: str) -> None:
        super().__init__(number=number, programme=programme)


class RecordNotFound(CaseworkError):
    """A record of a case that a step refers to does not exist."""

    code = "record-not-found"
    text_zh = "要求办理{kind}“{key}”，但登记簿中没有。请核对流程变量后重试。"
    text_en = "The step needs {kind} {key!r}, which is not on file. Check the variables, then try again."

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(kind=kind, key=str(key))


class InputInvalid(CaseworkError):
    """A step was given an input variable it cannot work with; the diagram's mappings must be corrected."""

    code = "input-invalid"
    text_zh = "步骤“{step}”的输入变量“{name}”应为{expected_zh}，现为{found_zh}。请更正流程图的输入映射或变量后重试。"
    text_en = "The step {step!r} expects {expected} in the variable {name!r}, found {found}. Correct it, then retry."

    def __init__(self, *, step: str, name: str, expected: Words, found: Words) -> None:
        super().__init__(
            step=step,
            name=name,
            expected=expected.en,
            expected_zh=expected.zh,
            found=found.en,
            found_zh=found.zh,
        )


class ReferralStateWrong(CaseworkError):
    """A referral is not in a state in which this can be done."""

    code = "referral-state-wrong"
    text_zh = "转办单“{number}”当前为“{state}”，不能{action}。请刷新案件查看最新进展。"
    text_en = "The referral {number!r} is {state!r}, so you cannot {action}. Reload the case to see where it stands."

    def __init__(self, *, number: str, state: str, action: str) -> None:
        super().__init__(number=number, state=state, action=action)


class ParameterMissing(CaseworkError):
    """A figure of policy has no value in force on the day it is needed for."""

    code = "parameter-missing"
    text_zh = "政策参数“{key}”在 {day} 没有生效的取值。请由管理员登记该参数及其生效日期和依据。"
    text_en = (
        "The policy parameter {key!r} has no value in force on {day}. An administrator must enter it with its date."
    )

    def __init__(self, *, key: str, day: object) -> None:
        super().__init__(key=key, day=str(day))


class ParameterOutOfRange(CaseworkError):
    """A figure of policy is in force and cannot be: the month in which schools open is one of twelve."""

    code = "parameter-out-of-range"
    text_zh = "政策参数“{key}”在 {day} 的取值应为 {least} 至 {most}，实际为 {found}。请由管理员更正该参数。"
    text_en = (
        "The policy parameter {key!r} must be {least} to {most} on {day}, and is {found}. "
        "An administrator must correct it."
    )

    def __init__(self, *, key: str, day: object, least: int, most: int, found: int) -> None:
        super().__init__(key=key, day=str(day), least=least, most=most, found=found)


class CaseNotAccepted(CaseworkError):
    """A step needs the day of acceptance and the case has none."""

    code = "case-not-accepted"
    text_zh = "案件“{number}”尚未受理，不能{action}。请先完成受理。"
    text_en = "The case {number!r} is not accepted yet, so this cannot be done: {action}. Accept it first."

    def __init__(self, *, number: str, action: str) -> None:
        super().__init__(number=number, action=action)


class MeansUnchecked(CaseworkError):
    """A programme that rests on means is to be opened in a case nobody accepted or whose means nobody checked."""

    code = "means-unchecked"
    refuses_command = True
    text_zh = "案件“{number}”未受理或没有核对结论，不能转办依据收入财产的项目“{need}”。请申请人到窗口申请，核对后再办。"
    text_en = (
        "The case {number!r} is not accepted or has no concluded check, so {need!r}, which rests on means, cannot be "
        "opened. Have the household apply at the window; its means are checked first."
    )

    def __init__(self, *, number: str, need: str) -> None:
        super().__init__(number=number, need=need)


class CaseStillOpen(CaseworkError):
    """Something can only be done with a finished case whose process has ended."""

    code = "case-still-open"
    text_zh = "案件“{number}”尚未办结，或其流程仍在运行，不能销毁个人信息。请先办结案件，待通知送达、流程结束后再试。"
    text_en = (
        "The case {number!r} is not finished or its process still runs, so its personal facts cannot be destroyed. "
        "Finish it, and try again when the letters are sent and the process has ended."
    )

    def __init__(self, *, number: str) -> None:
        super().__init__(number=number)


class CaseErased(CaseworkError):
    """The persons of the case were forgotten, so nothing can be sent to or about them."""

    code = "case-erased"
    text_zh = "案件“{number}”的个人信息已销毁，不能{action}。如需继续救助，请重新登记申请。"
    text_en = (
        "The persons of the case {number!r} were erased; this cannot be done: {action}. Take in a new application."
    )

    def __init__(self, *, number: str, action: str) -> None:
        super().__init__(number=number, action=action)


class SubmissionKeyTaken(CaseworkError):
    """The key of a submission belongs to another matter; the second one is not entered."""

    code = "submission-key-taken"
    text_zh = (
        "同一提交标识已用于另一项登记，本次未登记。请核对已登记的内容，确需另行登记的再次提交（接口请换用新的标识）。"
    )
    text_en = (
        "The key of this submission belongs to another entry; nothing was entered. Look at what was entered, "
        "and submit again if this is to be one more (programs: under a new Idempotency-Key)."
    )
