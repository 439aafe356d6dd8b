"""What the core says of a place where an instance is stuck, by stable codes, in Chinese and English.

An incident keeps one text with both languages, because clerks and analysts read the same one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

TEXTS: dict[str, tuple[str, str]] = {
    "no-flow": (
        "没有条件成立的分支，也没有默认分支",
        "no condition is true and there is no default flow",
    ),
    "condition-kind": (
        "{text}:条件必须是真或假，现为{found}",
        "{text}: a condition must be true or false, found {found}",
    ),
    "list-needed": ("{text}:需要列表，现为{found}", "{text}: a list is needed, found {found}"),
    "text-needed": ("{text}:需要非空文本，现为{found}", "{text}: a text that is not empty is needed, found {found}"),
    "texts-needed": ("{text}:需要文本列表，现为{found}", "{text}: a list of texts is needed, found {found}"),
    "date-needed": ("{text}:需要 ISO 8601 日期，现为{found}", "{text}: an ISO 8601 date is needed, found {found}"),
    "time-needed": (
        "{text}:需要 ISO 8601 的日期、时长或循环文本，现为{found}",
        "{text}: an ISO 8601 text is needed, found {found}",
    ),
    "duration-needed": (
        "{text}:需要 ISO 8601 时长，现为{found}",
        "{text}: an ISO 8601 duration is needed, found {found}",
    ),
    "number-needed": ("{text}:需要整数，现为{found}", "{text}: a whole number is needed, found {found}"),
    "priority-range": (
        "{text}:优先级须在 0 到 100 之间，现为 {found}",
        "{text}: a priority lies between 0 and 100, found {found}",
    ),
    "number-too-long": (
        "{text}:数字超过 {limit} 位",
        "{text}: the number has more than {limit} digits",
    ),
    "retries-range": (
        "{text}:重试次数须在 0 到 {limit} 之间，现为 {found}",
        "{text}: retries lie between 0 and {limit}, found {found}",
    ),
    "text-too-long": (
        "{text}:文本最多 {limit} 个字符，现为 {found} 个",
        "{text}: a text has at most {limit} characters here, found {found}",
    ),
    "text-not-storable": (
        "{text}:文本含有无法保存的字符（空字符或不完整的字符）",
        "{text}: the text holds a character that cannot be stored (NUL, or half of a character)",
    ),
    "nobody-assigned": (
        "办理人、候选组、候选人都为空",
        "the assignee, the candidate groups and the candidate users are all empty",
    ),
    "no-choice": (
        "{text}:“{chosen}”不是“{element}”中可以启动的活动",
        "{text}: {chosen!r} is no element that can be chosen in {element}",
    ),
    "outputs-overwritten": (
        "{name}:结果无法汇集，其他环节写入了{found}；请改用另一变量名，或重新设为列表",
        "{name}: the outputs cannot be collected: {found} was written over them; rename a variable or set a list again",
    ),
    "no-message": ("“{element}”没有指定消息", "{element} names no message"),
    "no-signal": ("“{element}”没有指定信号", "{element} names no signal"),
    "no-process": ("“{element}”没有指定被调用流程", "{element} names no process"),
    "no-job-type": ("“{element}”没有指定作业类型", "{element} has no job type"),
    "no-plain-start": (
        "流程“{process}”没有无触发条件的开始事件",
        "the process {process} has no start event without a trigger",
    ),
    "error-not-caught": (
        "没有事件捕获错误 {error}；此处能捕获的错误：{caught}",
        "nothing catches the error {error}; errors that are caught here: {caught}",
    ),
    "step-limit": (
        "一次操作超过 {limit} 步：请查找从不等待的循环",
        "more than {limit} steps in one command: look for a loop that never waits",
    ),
    "time-limit": (
        "一次操作计算超过 {seconds} 秒：请查找从不等待的循环，或简化其中的表达式",
        "one command has computed for more than {seconds} s: look for a loop that never waits, or for dear expressions",
    ),
    "variables-too-large": (
        "流程已保存 {held} 个字符的变量，再加 {found} 个就超过上限 {limit} 个；请只留需要的，或把大变量改小后重试",
        "the instance holds {held} characters, {found} more are beyond the limit of {limit}: make variables smaller",
    ),
    "too-much-written": (
        "一次操作写入的变量超过 {limit} 个字符：请查找反复写入大变量的循环",
        "one command sets more than {limit} characters of variables: look for a loop that sets large ones again",
    ),
    "deadlock": (
        "令牌在 {joins} 空等沿 {flows} 的令牌：流程中已没有能前进的环节；请在处置中启动该网关，或通向它的环节",
        "tokens wait in vain at {joins} for one along {flows}: nothing can move any more; begin it or what leads to it",
    ),
    "timers-at-once": (
        "连续 {limit} 个定时器一设定就已到期：请查找由这种定时器构成的循环",
        "{limit} timers in a row were due when they were set: look for a loop through such a timer",
    ),
    "year-out-of-reach": (
        "年份 {year} 超出范围；请用 {earliest} 至 {latest} 年",
        "the year {year} is out of reach; use {earliest} to {latest}",
    ),
    "out-of-calendar": ("该时长超出日历范围", "the duration leads out of the calendar"),
    "no-duration": (
        "“{text}”不是 ISO 8601 时长，例如 PT1H、P3D、P1M",
        "{text!r} is not an ISO 8601 duration such as PT1H, P3D or P1M",
    ),
    "duration-too-long": ("“{text}”太长", "{text!r} is too long"),
    "over-a-thousand-years": ("“{text}”超过一千年", "{text!r} is longer than a thousand years"),
    "no-date": (
        "“{text}”不是 ISO 8601 日期，例如 2026-05-01T09:00:00+08:00",
        "{text!r} is not an ISO 8601 date such as 2026-05-01T09:00:00+08:00",
    ),
    "no-cycle": (
        "“{text}”不是循环，例如 R3/PT1H、R/P1D，也不是六段的 cron 表达式，例如 0 0 9 * * MON-FRI",
        "{text!r} is not a cycle such as R3/PT1H or R/P1D, nor cron in six fields such as 0 0 9 * * MON-FRI",
    ),
    "interval-not-forward": (
        "“{text}”:循环的间隔至少一秒",
        "{text!r}: the interval of a cycle is at least one second",
    ),
    "listener-cannot-throw": (
        "{type}:监听器不能抛出 BPMN 错误 {error}",
        "{type}: a listener cannot throw the BPMN error {error}",
    ),
    "never-fires": ("“{text}”永远不会触发", "{text!r} never fires"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """A word in both languages, to stand in a text."""

    zh: str
    en: str


def tell(code: str, **fields: str | int | Words) -> str:
    """Return the text of a code in both languages, Chinese first."""
    return both(tell_in("zh", code, fields), tell_in("en", code, fields))


_BETWEEN = " / "
_KEPT = " \u2215 "  # stands for the sign between the languages where a text holds it itself
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def both(zh: str, en: str) -> str:
    """Return one text of both languages, from which `said` gives back either."""
    return f"{zh.replace(_BETWEEN, _KEPT)}{_BETWEEN}{en.replace(_BETWEEN, _KEPT)}"


def said(text: str, language: str) -> str:
    """Return what a text of both languages says in 'zh' or 'en'; any other text is returned as it is."""
    zh, between, en = text.partition(_BETWEEN)
    if not between or _BETWEEN in en or not _CHINESE.search(zh):
        return text
    return (zh if language == "zh" else en).replace(_KEPT, _BETWEEN)


_MACHINES_WORD = re.compile(r"(?!(?:.*\d){7})[!-~]{0,40}")
_TIME = re.compile(r"(?:R\d*/)?(?:\d{4}-\d\d-\d\d(?:T\d\d:?\d\d[\d:.]*(?:Z|[+-]\d\d:?\d\d)?)?|-?P[\dYMWDTHS.]{1,20})")


def discreet(text: str) -> str | Words:
    """Return a text that a variable held, to be quoted in an incident: where it may name a person, its length alone.

    Identifiers with up to six digits, dates and durations are shown. Operators read incidents without seeing the case
    they belong to, and incidents are not sealed; more digits may be a telephone, identity or account number.
    """
    if _MACHINES_WORD.fullmatch(text) or _TIME.fullmatch(text):
        return text
    return Words(f"（一段 {len(text)} 个字的文本）", f"(a text of length {len(text)})")


def in_both(word: str | Words) -> tuple[str, str]:
    """Return a word in Chinese and in English."""
    return (word, word) if isinstance(word, str) else (word.zh, word.en)


def listed(words: Sequence[str | Words]) -> Words:
    """Return several words as a list."""
    return Words("、".join(in_both(each)[0] for each in words), ", ".join(in_both(each)[1] for each in words))


def under(subject: str, text: str) -> str:
    """Return a text with what it is about before it, in both languages where it has both."""
    zh, en = said(text, "zh"), said(text, "en")
    return f"{subject}: {text}" if zh == en else both(f"{subject}: {zh}", f"{subject}: {en}")


def tell_in(language: str, code: str, fields: dict[str, str | int | Words]) -> str:
    """Return the text of a code in 'zh' or 'en'."""
    zh, en = TEXTS[code]
    is_chinese = language == "zh"
    said = {
        name: (value.zh if is_chinese else value.en) if isinstance(value, Words) else value
        for name, value in fields.items()
    }
    return (zh if is_chinese else en).format_map(said)
