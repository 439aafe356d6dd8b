"""What deciding runs into besides FEEL itself: each reason by its stable code, in Chinese and English."""

from __future__ import annotations

from typing import ClassVar

from engine.feel import FeelLimitError
from engine.feel.errors import NullResult
from engine.feel.messages import Message, Texts

_PLACES: Texts = {
    "rule": ("第 {rule} 条规则", "rule {rule}"),
    "condition": ("第 {rule} 条规则的第 {number} 个条件", "rule {rule}, condition {number}"),
    "conclusion": ("第 {rule} 条规则的第 {number} 个结论", "rule {rule}, conclusion {number}"),
}

_INPUTS: Texts = {
    "input-missing": ("缺少输入“{name}”", "the input {name!r} is missing"),
    "input-refused": ("输入“{name}”不能采用：{reason}", "the input {name!r} is refused: {reason}"),
    "given-refused": ("给出的“{name}”不能采用：{reason}", "the given {name!r} is refused: {reason}"),
    "value-refused": ("结果不能采用：{reason}", "the value is refused: {reason}"),
}

_TABLES: Texts = {
    "input-not-allowed": (
        "输入“{label}”的值不在允许的范围内；允许：{allowed}",
        "the input {label!r} has a value that is not allowed; allowed: {allowed}",
    ),
    "output-not-allowed": (
        "输出不在允许的值之内：{allowed}",
        "the output is not among the allowed values {allowed}",
    ),
    "no-rule-matches": (
        "没有规则符合，决策表也没有默认输出",
        "no rule matches, and the table has no default output",
    ),
    "several-rules-match": (
        "命中策略为 UNIQUE（唯一），但第 {rules:list} 条规则同时符合",
        "the hit policy is UNIQUE, and the rules {rules:list} all match",
    ),
    "outputs-differ": (
        "命中策略为 ANY（任一），但第 {first} 条与第 {second} 条规则的输出不同",
        "the hit policy is ANY, and the rules {first} and {second} give different outputs",
    ),
}

_LOGIC: Texts = {
    "no-logic-drawn": ("没有画出决策逻辑", "no decision logic is drawn"),
    "language-not-run": (
        "不能执行表达式语言“{language}”；请改用 FEEL",
        "the expression language {language!r} is not run; use FEEL",
    ),
    "part-missing": ("缺少“{part}”部分", "the part {part!r} is missing"),
    "expression-empty": ("表达式是空的", "the expression is empty"),
    "no-feel": ("这不是 FEEL：{error}", "this is no FEEL: {error}"),
    "function-kind": (
        "{function}：只能执行 FEEL 函数，实际为 {kind}",
        "{function}: only functions of kind FEEL are run, found {kind}",
    ),
    "not-invocable": ("{found:kind}不能调用", "a {found:kind} cannot be invoked"),
    "condition-null": ("条件为空值，按 else 处理", "the condition is null: 'else' is taken"),
    "condition-no-boolean": (
        "条件是{found:kind}，应为布尔值",
        "the condition is {found:kind}, expected a boolean",
    ),
    "loop-condition-kind": (
        "“{form}”有一个条件是{found:kind}，应为布尔值",
        "a condition of {form!r} is {found:kind}, expected a boolean",
    ),
    "loop-undecided": (
        "“{form}”无法判断：有条件为空值",
        "{form!r} cannot be decided: a condition is null",
    ),
}

_DECISIONS: Texts = {
    "no-decision": (
        "模型“{model}”中没有决策“{decision}”；它有：{known:list}",
        "there is no decision {decision!r} in the model {model!r}; it has {known:list}",
    ),
    "decision-too-deep": (
        "决策嵌套过深；请缩短依赖或调用的链条",
        "the decision nests too deep; shorten the chain of requirements or calls",
    ),
}

DECISION_TEXTS: Texts = {**_PLACES, **_INPUTS, **_TABLES, **_LOGIC, **_DECISIONS}


class DecisionMessage(Message):
    """One thing deciding has to say."""

    __slots__ = ()

    texts: ClassVar[Texts] = DECISION_TEXTS


class DecisionNull(NullResult):
    """The result of a piece of decision logic is null, for a reason of its own."""

    message_class: ClassVar[type[Message]] = DecisionMessage


class DecisionTooDeep(FeelLimitError):
    """A chain of decisions nests deeper than can be followed."""

    message_class: ClassVar[type[Message]] = DecisionMessage
