"""Putting values into the texts of a catalogue, in the words of the reader's language."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, cast, runtime_checkable

Texts = Mapping[str, tuple[str, str]]
"""Chinese and English templates by code; both have the same fields in braces.

`{found:kind}` names a kind or type of value, `{forms:or}` joins several by "or", `{names:list}` enumerates them.
A field that tells itself (a reason, a place) does so in the language of the text around it; None leaves nothing.
"""


@runtime_checkable
class Telling(Protocol):
    """Whatever can tell itself in both languages: a message, an error, a place."""

    def text(self, language: str) -> str:
        """The text in 'zh' or 'en'."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What somebody else has to say, in both languages: a host function, the name of a place."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        """The words in 'zh' or 'en'."""
        return self.zh if language.startswith("zh") else self.en


Field = str | int | Decimal | Sequence[str] | Telling | None

KINDS_IN_CHINESE = {
    "null": "空值",
    "boolean": "布尔值",
    "number": "数字",
    "string": "文本",
    "date": "日期",
    "time": "时间",
    "date and time": "日期时间",
    "days and time duration": "日时时长",
    "years and months duration": "年月时长",
    "list": "列表",
    "context": "上下文",
    "range": "区间",
    "function": "函数",
    "Any": "任意值",
    "unknown": "未知类型的值",
}
"""What the kinds of FEEL are called in Chinese texts; types an analyst has written or named stand as written."""


def fill(templates: tuple[str, str], fields: Mapping[str, Field], language: str) -> str:
    """The text of a pair of templates in 'zh' or 'en'."""
    if language.startswith("zh"):
        return _CHINESE.vformat(templates[0], (), fields)
    return _ENGLISH.vformat(templates[1], (), fields)


class _Filling(string.Formatter):
    def __init__(self, language: str) -> None:
        self._language = language
        self._specs: Mapping[str, Callable[[Field], str]] = {
            "kind": self._kind,
            "or": lambda value: f" {'或' if self._is_chinese else 'or'} ".join(_parts(value)),
            "list": lambda value: ("、" if self._is_chinese else ", ").join(_parts(value)) or self._none,
        }

    @property
    def _is_chinese(self) -> bool:
        return self._language == "zh"

    @property
    def _none(self) -> str:
        return "无" if self._is_chinese else "none"

    def format_field(self, value: Field, format_spec: str) -> str:
        special = self._specs.get(format_spec)
        if special is not None:
            return special(value)
        if value is None:
            return ""
        if isinstance(value, Telling):
            return value.text(self._language)
        return format(value, format_spec)

    def _kind(self, value: Field) -> str:
        options = str(value).split(" or ")
        return self._specs["or"]([KINDS_IN_CHINESE.get(one, one) if self._is_chinese else one for one in options])


def _parts(value: Field) -> Sequence[str]:
    return cast("Sequence[str]", value)


_CHINESE, _ENGLISH = _Filling("zh"), _Filling("en")
