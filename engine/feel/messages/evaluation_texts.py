"""What evaluating an expression runs into: missing names, kinds that do not go together, exhausted limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.feel.messages.filling import Texts

_REFERENCES: Texts = {
    "no-tested-value": (
        "“?”代表被检验的值，而此处没有这样的值",
        "'?' stands for the tested value, and there is none here",
    ),
    "no-variable": ("没有名为“{name}”的变量{hint}", "there is no variable {name!r}{hint}"),
    "no-function": ("没有名为“{name}”的函数{hint}", "there is no function {name!r}{hint}"),
    "no-type": ("没有名为“{name}”的类型", "there is no type {name!r}"),
    "no-entry-asked": (  # the key is a value, which may be personal
        "上下文中没有所要的条目（键有 {length} 个字）",
        "the context has no entry of the key asked for (its length: {length})",
    ),
    "no-entry": ("上下文中没有名为“{key}”的条目", "the context has no entry {key!r}"),
    "no-property": ("{kind:kind}没有名为“{name}”的属性", "a value of kind {kind:kind} has no property {name!r}"),
    "range-without-ends": ("用 != 写成的区间没有起点和终点", "a range written with != has no ends"),
    "null-filtered": ("空值不能筛选", "null cannot be filtered"),
    "filter-kind": (
        "筛选条件须为布尔值或数字，实际为{found:kind}",
        "a filter must be a boolean or a number, found {found:kind}",
    ),
    "no-member": ("列表共 {length} 项，没有第 {place} 项", "there is no member {place} in a list of {length}"),
    "empty-list-has-no-members": ("列表是空的，没有任何一项", "an empty list has no members"),
    "not-callable": ("{found:kind}不能作为函数调用", "a {found:kind} cannot be called"),
    "parameter-twice": ("同一参数给了两次", "a parameter is given twice"),
}

_OPERATORS: Texts = {
    "operation-undefined": (
        "{left:kind}与{right:kind}之间不能做“{operator}”运算",
        "{left:kind} {operator} {right:kind} is not defined",
    ),
    "operation-out-of-range": (
        "{left:kind}与{right:kind}做“{operator}”运算的结果超出范围",
        "the result of {left:kind} {operator} {right:kind} is out of range",
    ),
    "negation-undefined": ("{found:kind}不能取负", "-{found:kind} is not defined"),
    "division-by-zero": ("除数为零", "division by zero"),
    "moments-not-subtractable": (
        "日期时间一个带时差、一个不带，不能相减",
        "a moment with an offset and one without cannot be subtracted",
    ),
    "times-not-subtractable": (
        "时间一个带时差、一个不带，不能相减",
        "a time with an offset and one without cannot be subtracted",
    ),
    "power-out-of-range": (
        "{base} ** {exponent} 的结果超出数字的范围",
        "{base} ** {exponent} is no number within range",
    ),
    "power-undefined": ("{base} ** {exponent} 的结果不是数字", "{base} ** {exponent} is no number"),
    "logic-kind": (
        "“{operator}”两边须为布尔值，实际有{found:kind}",
        "{operator!r} needs booleans, found {found:kind}",
    ),
    "range-undefined": (
        "{low:kind}与{high:kind}不能构成区间",
        "a range from {low:kind} to {high:kind} is not defined",
    ),
    "tests-undecided": (
        "没有一个条件成立，且其中有条件为空值",
        "none of the tests holds and one of them is null",
    ),
}

_COMPARISONS: Texts = {
    "comparison-undefined": ("{reason}（比较：{operator}）", "{reason} (by {operator})"),
    "not-comparable": ("{left:kind}与{right:kind}不能比较", "{left:kind} and {right:kind} cannot be compared"),
    "values-too-deep": ("值嵌套过深，无法比较", "the values nest too deep to be compared"),
    "kinds-without-order": ("{left:kind}与{right:kind}不能比较大小", "{left:kind} and {right:kind} have no order"),
    "kind-without-order": ("{kind:kind}之间不能比较大小", "values of kind {kind:kind} have no order"),
    "offset-without-order": (
        "这两个{kind:kind}不能比较先后（一个带时差，一个不带）",
        "these values of kind {kind:kind} have no order (one has a time offset, the other none)",
    ),
    "null-in-range": ("空值无法判断是否在区间内", "null lies neither in nor outside a range"),
}

_FORMS: Texts = {
    "condition-kind": (
        "if 的条件是{found:kind}，不是布尔值，按 else 处理",
        "the condition of 'if' is {found:kind}, not a boolean: 'else' is taken",
    ),
    "external-function": ("不执行外部函数", "external functions are not run"),
    "quantifier-undecided": (
        "“{quantifier}”无法判断：有条件的结果不是布尔值",
        "{quantifier!r} could not be decided: a condition was not a boolean",
    ),
    "null-iterated": ("空值不能逐项循环", "null cannot be iterated over"),
    "range-backwards": ("区间的起点在终点之后", "the range starts after its end"),
    "range-not-iterable": (
        "从{low:kind}到{high:kind}的区间不能逐项循环",
        "a range from {low:kind} to {high:kind} cannot be iterated over",
    ),
}

_LIMITS: Texts = {
    "too-many-steps": (
        "计算超过 {limit} 步；请缩短列表或减少循环嵌套",
        "the evaluation took more than {limit} steps; use shorter lists or fewer nested loops",
    ),
    "calls-too-deep": (
        "函数相互调用超过 {limit} 层；请检查函数是否在反复调用自身",
        "functions call each other more than {limit} levels deep; look for a function that keeps calling itself",
    ),
    "evaluation-too-deep": (
        "计算嵌套过深；请拆分表达式或减少递归",
        "the evaluation nests too deep; split the expression or shorten the recursion",
    ),
    "value-too-large": (
        "结果超过 {limit} 项，无法保存；请只取需要的部分",
        "the result holds more than {limit} values and cannot be kept; take only the part that is needed",
    ),
    "number-out-of-reach": (
        "结果含有超出 10 的 {limit} 次方范围的数，无法保存",
        "the result holds a number beyond ten to the power of {limit} and cannot be kept",
    ),
    "value-too-long": (
        "结果超过 {limit} 个字符，无法保存；请只取需要的部分",
        "the result holds more than {limit} characters and cannot be kept; take only the part that is needed",
    ),
    "json-too-deep": (
        "结果嵌套超过 {limit} 层，无法保存",
        "the result nests deeper than {limit} levels and cannot be kept",
    ),
    "loop-too-long": (
        "循环 {length} 次太多，最多 {limit} 次；请缩小范围",
        "a loop over so many numbers ({length}) is too long; the limit is {limit}; use a narrower range",
    ),
}

EVALUATION_TEXTS: Texts = {**_REFERENCES, **_OPERATORS, **_COMPARISONS, **_FORMS, **_LIMITS}
