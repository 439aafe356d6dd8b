"""What can be wrong in a submission: the texts of every field error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.errors import EngineError
from engine.forms.model import Path
from engine.forms.values import is_list
from engine.json_values import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """One thing to correct in a submission.

    `path` leads to the value (names and row numbers from 0); `label` is what the form calls it. The messages hold
    limits and lengths, never the value itself.
    """

    path: Path
    key: str
    label: str
    code: str
    message_zh: str
    message_en: str


class FormInvalid(EngineError):
    """The submission breaks the form's rules; `errors` names each field."""

    code = "form-invalid"
    text_zh = "有 {count} 处需要更正：{names}。"
    text_en = "Fields to correct: {count} ({names})."

    def __init__(self, errors: Sequence[FieldError]) -> None:
        self.errors = tuple(errors)
        super().__init__(count=len(self.errors), names=", ".join(dict.fromkeys(error.key for error in self.errors)))


TEXTS: dict[str, tuple[str, str]] = {
    "not-an-object": (
        "要求一个表单对象，收到的不是；请重新提交。",
        "An object was asked for, another kind of value was found; submit again.",
    ),
    "too-deep": (
        "提交内容嵌套超过 {limit} 层；请检查客户端。",
        "The submission nests more than {limit} levels deep; check the client.",
    ),
    "too-large": (
        "提交内容超过 {limit} 项；请分次提交。",
        "The submission holds more than {limit} values; submit less at once.",
    ),
    "beyond-json": (
        "提交内容含有 JSON 无法表示的数（如无穷大）；请检查客户端。",
        "The submission holds a number JSON cannot write, such as infinity; check the client.",
    ),
    "unknown-key": (
        "表单中没有此项；请删除后再提交。",
        "The form has no such field; leave it out.",
    ),
    "required": (
        "“{label}”为必填项，现为空；请填写。",
        "“{label}” is required and empty; fill it in.",
    ),
    "hidden": (
        "“{label}”在当前情况下不需填写，却收到了内容；请清空后再提交。",
        "“{label}” is not asked for in this situation, yet something was entered; leave it empty.",
    ),
    "wrong-type": (
        "“{label}”应为{expected_zh}，收到{found_zh}；请重新填写。",
        "“{label}” must be {expected_en}, {found_en} was found; enter it again.",
    ),
    "characters": (
        "“{label}”含有无法保存的控制字符；请删除后重新输入。",
        "“{label}” holds characters that cannot be stored; remove them.",
    ),
    "too-long": (
        "“{label}”最多 {limit} 个字符，现有 {found} 个；请缩短。",
        "“{label}” is too long (characters: at most {limit}, found {found}); shorten it.",
    ),
    "too-short": (
        "“{label}”至少 {limit} 个字符，现有 {found} 个；请补充。",
        "“{label}” is too short (characters: at least {limit}, found {found}); complete it.",
    ),
    "pattern": (
        "“{label}”格式不符合要求；请按说明填写。",
        "“{label}” does not have the form that is asked for; enter it as described.",
    ),
    "email": (
        "“{label}”应为电子邮箱地址，如 name@example.org；请重新填写。",
        "“{label}” must be an e-mail address such as name@example.org; enter it again.",
    ),
    "phone": (
        "“{label}”应为电话号码（手机、区号加固话，或以 + 开头的国际号码）；请重新填写。",
        "“{label}” must be a phone number (mobile, area code and number, or international with +); enter it again.",
    ),
    "number-too-large": (
        "“{label}”的数值过大，最大为 {limit}（负数同此）；请更正。",
        "“{label}” is too large: the largest is {limit}, with or without a minus; correct it.",
    ),
    "number-out-of-reach": (
        "“{label}”的数字过长，最多共 {limit} 位；请更正。",
        "“{label}” has too many digits (at most {limit} altogether); correct it.",
    ),
    "too-small": (
        "“{label}”不得小于 {limit}；请更正。",
        "“{label}” must be at least {limit}; correct it.",
    ),
    "too-great": (
        "“{label}”不得大于 {limit}；请更正。",
        "“{label}” must be at most {limit}; correct it.",
    ),
    "limit-no-number": (
        "“{label}”的上下限算出来不是数字，无法核对；请联系表单管理员。",
        "A limit of “{label}” comes to something that is no number; tell whoever keeps the form.",
    ),
    "decimal-digits": (
        "“{label}”最多 {limit} 位小数，现有 {found} 位；请更正。",
        "“{label}” is too exact (decimals: at most {limit}, found {found}); correct it.",
    ),
    "increment": (
        "“{label}”应为 {limit} 的整数倍；请更正。",
        "“{label}” must be a multiple of {limit}; correct it.",
    ),
    "must-be-checked": (
        "“{label}”须勾选；请确认后勾选。",
        "“{label}” must be checked; confirm it.",
    ),
    "not-an-option": (
        "“{label}”的值不在可选项中；请重新选择。",
        "“{label}” holds what is not among its options; choose again.",
    ),
    "chosen-twice": (
        "“{label}”中同一选项选择了多次；请只选一次。",
        "“{label}” holds the same option more than once; choose it once.",
    ),
    "too-many": (
        "“{label}”最多 {limit} 项，现有 {found} 项；请减少。",
        "“{label}” has too many entries (at most {limit}, found {found}); remove some.",
    ),
    "date": (
        "“{label}”应为日期（年-月-日），且该日期须存在；请重新选择。",
        "“{label}” must be a date that exists, as year-month-day; choose again.",
    ),
    "time": (
        "“{label}”应为时间（时：分）；请重新选择。",
        "“{label}” must be a time, as hours:minutes; choose again.",
    ),
    "date-and-time": (
        "“{label}”应为日期和时间（年-月-日T时：分）；请重新选择。",
        "“{label}” must be a date and time, as year-month-dayThours:minutes; choose again.",
    ),
    "passed-date": (
        "“{label}”不得早于今天（{limit}）；请重新选择。",
        "“{label}” must not lie before today ({limit}); choose again.",
    ),
    "file-reference": (
        "“{label}”应为已上传文件的编号；请重新上传。",
        "“{label}” must name uploaded files; upload again.",
    ),
    "one-file": (
        "“{label}”只能上传一个文件，现有 {found} 个；请删除多余文件。",
        "“{label}” takes one file (found {found}); remove the others.",
    ),
    "fixed-rows": (
        "“{label}”应为 {limit} 行，现有 {found} 行；不能增删行，请刷新后重新填写。",
        "“{label}” has rows: {found}, expected: {limit}; none can be added or removed, reload the page.",
    ),
    "expression-failed": (
        "“{label}”的规则无法计算（{reason_zh}）；请联系表单管理员。",
        "A rule of “{label}” cannot be computed ({reason_en}); tell whoever keeps the form.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What a field is called in each language."""

    zh: str = ""
    en: str = ""


UNNAMED = Labels()


def field_error(code: str, *, path: Path, labels: Labels, **words: object) -> FieldError:
    """Make an error from the catalogue; the words fill its texts."""
    zh, en = TEXTS[code]
    return FieldError(
        path=path,
        key=str(path[-1]) if path else "",
        label=labels.zh,
        code=code,
        message_zh=zh.format(label=labels.zh, **words),
        message_en=en.format(label=labels.en, **words),
    )


def wrong_type(path: Path, labels: Labels, expected: tuple[str, str], found: JsonValue) -> FieldError:
    """Make the error of a value of another kind than expected, named in Chinese and English."""
    found_zh, found_en = kind_words(found)
    return field_error(
        "wrong-type",
        path=path,
        labels=labels,
        expected_zh=expected[0],
        expected_en=expected[1],
        found_zh=found_zh,
        found_en=found_en,
    )


def kind_words(value: object) -> tuple[str, str]:
    """Name the kind of a JSON value in both languages."""
    if value is None:
        return "空值", "null"
    if isinstance(value, bool):
        return "真假值", "true or false"
    if isinstance(value, str):
        return "文本", "a text"
    if isinstance(value, Mapping):
        return "对象", "an object"
    return ("列表", "a list") if is_list(value) else ("数字", "a number")
