"""Why a function gave no answer: its arguments, what it was asked to do, its patterns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.feel.messages.filling import Texts

_ARGUMENTS: Texts = {
    "argument-count": (
        "{function} 需要 {expected} 个参数，实际给了 {found} 个",
        "{function}: arguments needed: {expected}, found: {found}",
    ),
    "arguments-do-not-fit": (
        "{function} 不能接受 {count} 个参数；用法：{forms:or}",
        "{function}: the number of arguments cannot be {count}; it is used as {forms:or}",
    ),
    "parameters-do-not-fit": (
        "{function} 不能接受参数 {given:list}；用法：{forms:or}",
        "{function} cannot take the parameters {given:list}; it is used as {forms:or}",
    ),
    "too-few-arguments": (
        "{function} 至少需要 {least} 个参数，实际给了 {found} 个",
        "{function}: arguments needed: at least {least}, found: {found}",
    ),
    "no-parameter": (
        "{function} 没有名为“{parameter}”的参数；它的参数：{known:list}",
        "{function} has no parameter {parameter!r}; it has {known:list}",
    ),
    "other-parameters": ("{function} 的参数是：{known:list}", "{function} has the parameters {known:list}"),
    "parameter-missing": ("{function} 缺少参数“{parameter}”", "{function} needs the parameter {parameter!r}"),
    "parameter-null": ("{function}：参数“{parameter}”为空值", "{function}: parameter {parameter!r} is null"),
    "parameter-refused": (
        "{function}：参数“{parameter}”{reason}",
        "{function}: parameter {parameter!r}: {reason}",
    ),
    "only-by-position": (
        "{function} 的参数须按位置给出，不能按名称给出",
        "{function} takes its arguments by position, not by name",
    ),
    "host-function-refused": ("函数 {function}：{reason}", "{function}: {reason}"),
    "result-out-of-range": ("{function}：结果超出范围", "{function}: the result is out of range"),
    "result-too-long": (
        "{function}：结果超过 {limit} 个字符",
        "{function}: the result is longer than {limit} characters",
    ),
    "value-too-deep": ("{function}：值嵌套过深", "{function}: the value nests too deep"),
    "assertion": ("assert：条件不成立", "assert: the condition is not true"),
    "assertion-with-cause": ("assert：条件不成立：{cause}", "assert: the condition is not true: {cause}"),
}

_LISTS: Texts = {
    "list-is-null": ("{function}：有一个列表为空值", "{function}: one of the lists is null"),
    "list-is-empty": ("{function}：列表是空的", "{function}: the list is empty"),
    "two-numbers-needed": ("{function}：至少需要两个数字", "{function}: at least two numbers are needed"),
    "member-kind": (
        "{function}：列表的每一项须为{expected:kind}，实际有{found:kind}",
        "{function}: every member must be a {expected:kind}, found {found:kind}",
    ),
    "no-position-in-list": (
        "{function}：列表共 {length} 项，没有第 {place} 项",
        "{function}: there is no position {place} in a list of {length}",
    ),
    "sublist-too-short": (
        "sublist：从第 {start} 项起不足 {count} 项，或项数小于 1",
        "sublist: the members from position {start} on are fewer than {count}",
    ),
    "size-below-one": ("{function}：每组至少 1 项", "{function}: the size must be at least 1"),
    "function-gave": (
        "{function}：所给函数的结果是{found:kind}，应为布尔值",
        "{function}: the function gave {found:kind}, expected a boolean",
    ),
}

_CONTEXTS: Texts = {
    "no-key-and-value": (
        "context：每一项须为含 key 与 value 的上下文",
        "context: every entry must be a context with a key and a value",
    ),
    "key-kind": (
        "{function}：键须为文本，实际为{found:kind}",
        "{function}: a key must be a string, found {found:kind}",
    ),
    "key-twice": ("context：键“{key}”出现了两次", "context: the key {key!r} is given twice"),
    "no-random-numbers": (
        "这里不能用随机数：同样的数据每次都须得到同样的结果",
        "random numbers are not allowed here: the result must be the same every time",
    ),
    "no-base64": ("from base64：这段文本不是 Base64 编码的文本", "from base64: the string is no text in Base64"),
    "no-json": (
        "from json：这段 {length} 个字符的文本不是 JSON",
        "from json: the text (characters: {length}) is no JSON",
    ),
    "no-json-number": ("from json：{constant} 不是 JSON 的数字", "from json: {constant} is no JSON number"),
    "no-keys": ("{function}：键的列表是空的", "{function}: the list of keys is empty"),
    "entry-is-no-context": (
        "context put：条目“{key}”是{found:kind}，不是上下文",
        "context put: the entry {key!r} is {found:kind}, not a context",
    ),
}

_NUMBERS_AND_TEXTS: Texts = {
    "divisor-is-zero": ("{function}：除数为零", "{function}: the divisor is zero"),
    "number-is-negative": ("{function}：数字为负", "{function}: the number is negative"),
    "number-is-not-positive": ("{function}：数字不是正数", "{function}: the number is not positive"),
    "neither-odd-nor-even": ("只有整数才分奇偶", "only a whole number is odd or even"),
    "grouping-separator": (
        "number：千位分隔符须为空格、逗号或点",
        "number: the grouping separator must be a space, a comma or a point",
    ),
    "decimal-separator": ("number：小数点须为逗号或点", "number: the decimal separator must be a comma or a point"),
    "same-separators": ("number：千位分隔符与小数点不能相同", "number: the two separators must differ"),
    "no-number-text": (
        "number：这段 {length} 个字符的文本不是数字",
        "number: the text (characters: {length}) is no number",
    ),
    "no-position-in-text": (
        "{function}：文本共 {length} 个字符，没有第 {place} 个",
        "{function}: there is no position {place} in the string (characters: {length})",
    ),
    "length-below-one": (
        "{function}：长度至少为 1，实际为 {found}",
        "{function}: the length must be at least 1, found {found}",
    ),
    "range-text-unreadable": (
        "range：这段 {length} 个字符的文本不是区间：{reason}",
        "range: the text (characters: {length}) is no range: {reason}",
    ),
    "no-range-text": (
        "range：这段 {length} 个字符的文本不是区间",
        "range: the text (characters: {length}) is no range",
    ),
    "range-text-without-end": ("range：起点与终点须至少给出一个", "range: one end must be given"),
    "range-text-backwards": ("range：起点在终点之后", "range: the start lies after the end"),
    "range-text-end": ("range：两端只能写具体的值", "range: only literals may stand at the ends"),
}

_PATTERNS: Texts = {
    "pattern-too-long": ("正则表达式超过 {limit} 个字符", "the pattern is longer than {limit} characters"),
    "no-pattern": ("“{pattern}”不是正则表达式：{detail}", "{pattern!r} is no pattern: {detail}"),
    "no-flag": (
        "没有“{flag}”这个标志；可用的标志是 s、m、i、x、q",
        "there is no flag {flag!r}; flags are s, m, i, x and q",
    ),
    "pattern-matches-nothing": (
        "{function}：正则表达式“{pattern}”能匹配空文本",
        "{function}: the pattern {pattern!r} matches an empty text",
    ),
    "delimiter-matches-nothing": ("split：分隔符能匹配空文本", "split: the delimiter matches an empty text"),
    "replacement-backslash": (
        "替换文本中“\\”之后只能是“\\”或“$”",
        "in a replacement '\\' may only stand before '\\' or '$'",
    ),
    "replacement-dollar": (
        "替换文本中“$”之后须为分组的编号",
        "in a replacement '$' must be followed by the number of a group",
    ),
    "group-opening": ("分组只能以“(”或“(?:”开头", "only '(' and '(?:' may open a group"),
    "no-group": ("“\\{number}”之前没有第 {number} 个分组", "there is no group {number} before \\{number}"),
    "no-escape": ("“{escape}”在此处不是转义", "{escape} is no escape here"),
    "escape-in-class": ("“{escape}”不能写在字符集 [...] 中", "{escape} may not stand inside a character class"),
    "escape-without-category": ("“{escape}”之后须写类别，例如 {{Lu}}", "{escape} needs a category such as {{Lu}}"),
    "no-character-block": ("没有名为“{name}”的字符区段", "there is no character block {name!r}"),
    "class-without-end": ("字符集 [...] 没有结束", "a character class has no end"),
    "class-empty": ("字符集 [...] 是空的", "the character class is empty"),
    "bracket-in-class": (
        "字符集 [...] 中的“{bracket}”须写成“\\{bracket}”",
        "{bracket!r} inside a character class must be written \\{bracket}",
    ),
    "subtraction-not-last": (
        "从第 {start} 个字符开始的字符集，减去的部分须写在最后",
        "a subtraction must end the character class that starts at {start}",
    ),
    "parenthesis-too-many": ("正则表达式多了一个“)”", "the pattern has a ')' too many"),
    "parenthesis-missing": ("正则表达式缺少“)”", "the pattern lacks a ')'"),
    "repeats-nothing": ("“{sign}”前面没有可重复的内容", "{sign!r} repeats nothing"),
    "back-references-text-too-long": (
        "带反向引用的正则表达式只能处理不超过 {limit} 个字符的文本",
        "a pattern with back-references takes texts of up to {limit} characters",
    ),
    "back-references-too-many-steps": (
        "带反向引用的正则表达式在这段文本上步骤过多",
        "the pattern with back-references needs too many steps on this text",
    ),
    "back-references-too-deep": (
        "带反向引用的正则表达式在这段文本上嵌套过深",
        "the pattern with back-references nests too deep on this text",
    ),
}

FUNCTION_TEXTS: Texts = {**_ARGUMENTS, **_LISTS, **_CONTEXTS, **_NUMBERS_AND_TEXTS, **_PATTERNS}
