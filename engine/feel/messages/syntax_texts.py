"""Why a text is no FEEL: what was expected and what was found there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.feel.messages.filling import Texts

_EXPECTED: Texts = {
    "expected-sign": (
        "此处应为“{sign}”（{purpose}），{found}{hint}",
        "expected {sign!r} {purpose}, found {found}{hint}",
    ),
    "expected-value": (
        "此处应为一个值，{found}{hint}",
        "expected a value, found {found}{hint}",
    ),
    "expected-operator": (
        "此处应为运算符，或到此结束，{found}{hint}",
        "expected an operator or the end of the expression, found {found}{hint}",
    ),
    "number-out-of-range": ("数字超出范围，{found}{hint}", "the number is out of range, {found}{hint}"),
    "expected-name": (
        "此处应为名称，{found}{hint}",
        "expected a name, found {found}{hint}",
    ),
    "expected-name-after-point": (
        "“.”之后应为名称，{found}{hint}",
        "expected a name after '.', found {found}{hint}",
    ),
    "expected-iterator": (
        "此处应为循环变量的名称，{found}{hint}",
        "expected the name of an iterator, found {found}{hint}",
    ),
    "expected-parameter": (
        "此处应为参数的名称，{found}{hint}",
        "expected the name of a parameter, found {found}{hint}",
    ),
    "expected-argument": (
        "“,”之后还应有一个参数，{found}{hint}",
        "expected one more argument after ',', found {found}{hint}",
    ),
    "expected-string-after-at": (
        "“@”之后应为带双引号的文本，{found}{hint}",
        "expected a string after '@', found {found}{hint}",
    ),
    "expected-interval-end": (
        "区间应以“)”“]”或“[”结束，{found}{hint}",
        "expected ')', ']' or '[' to close the interval, found {found}{hint}",
    ),
    "expected-type": (
        "此处应为类型的名称，{found}{hint}",
        "expected the name of a type, found {found}{hint}",
    ),
    "expected-type-end": (
        "类型到此应已结束，{found}{hint}",
        "expected the end of the type, found {found}{hint}",
    ),
    "mixed-arguments": (
        "参数须全部按位置或全部按名称给出，此处应与前面一致，{found}{hint}",
        "arguments must be all by position or all by name; expected the same kind as before, found {found}{hint}",
    ),
    "nesting": (
        "表达式嵌套超过 {limit} 层，{found}{hint}",
        "the expression nests deeper than {limit} levels, found {found}{hint}",
    ),
}

_FOUND: Texts = {
    "found-token": ("写的却是“{token}”", "{token!r}"),
    "end-of-text": ("但文字已经结束", "the end of the text"),
    "full-width-hint": (
        "；其中有全角字符“{sign}”，请改为半角的 {instead}",
        "; it holds the full-width {sign!r}: write {instead!r} instead",
    ),
    "in-element": ("在“{place}”中：{reason}", "{place}: {reason}"),
    "at-place": ("第 {line} 行第 {column} 列：{reason}", "line {line}, column {column}: {reason}"),
}

_PURPOSES: Texts = {
    "to-close-context": ("结束上下文", "to close the context"),
    "to-close-parameters": ("结束参数列表", "to close the parameters"),
    "to-close-not": ("用来结束 not(...)", "to close not(...)"),
    "to-close-tests": ("用来结束一组条件", "to close the list of tests"),
    "to-close-filter": ("用来结束筛选", "to close the filter"),
    "to-close-parenthesis": ("用来结束括号", "to close the parenthesis"),
    "to-close-list": ("用来结束列表", "to close the list"),
    "to-close-type": ("用来结束 {name}<", "to close {name}<"),
    "between-the-ends": ("写在 between 的下限与上限之间", "between the two ends of 'between'"),
    "between-arguments": ("用来分隔参数，最后一个参数之后写“)”", "between arguments, or ')' after the last"),
    "between-parameters": ("用来分隔参数，最后一个参数之后写“)”", "between parameters, or ')' after the last"),
    "between-entries": ("用来分隔条目，最后一个条目之后写“}}”", "between entries, or '}}' after the last"),
    "between-entry-types": ("用来分隔条目的类型，最后一个之后写“>”", "between entry types, or '>' after the last"),
    "between-parameter-types": (
        "用来分隔参数的类型，最后一个之后写“>”",
        "between parameter types, or '>' after the last",
    ),
    "before-arguments": ("写在参数之前", "before the arguments"),
    "before-result-type": ("写在结果的类型之前", "before the result type"),
    "after-instance": ("写在 instance 之后", "after 'instance'"),
    "after-key": ("写在条目名称“{key}”之后", "after the entry name {key!r}"),
    "after-entry-name": ("写在条目名称之后", "after the entry name"),
    "after-condition": ("写在 if 的条件之后", "after the condition of 'if'"),
    "after-first-result": ("写在 if 的第一个结果之后", "after the first result of 'if'"),
    "after-iterators": ("写在 {form} 的循环变量之后", "after the iterators of {form!r}"),
    "after-iterator": ("写在循环变量“{name}”之后", "after the iterator {name!r}"),
    "after-function": ("写在 function 之后", "after 'function'"),
    "inside-interval": ("写在区间的两端之间", "inside the interval"),
}

_REFUSED: Texts = {
    "string-without-end": ("这段文本缺少右边的双引号", "this string has no closing quotation mark"),
    "comment-without-end": ("这段注释没有结束，缺少 */", "this comment has no end; expected */"),
    "text-too-long": ("文本超过 {limit} 个字符", "the text is longer than {limit} characters"),
    "expression-too-deep": ("表达式嵌套过深", "the expression nests too deep"),
    "tests-too-deep": ("条件嵌套过深", "the tests nest too deep"),
    "no-temporal": ('@"{written}" 不是日期、时间或时长', '@"{written}" is no date, time or duration'),
    "entry-twice": ("上下文中有两个名为“{key}”的条目", "the context has two entries {key!r}"),
}

SYNTAX_TEXTS: Texts = {**_EXPECTED, **_FOUND, **_PURPOSES, **_REFUSED}
