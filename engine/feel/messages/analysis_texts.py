"""What can be said of an expression before it is evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.feel.messages.filling import Texts

ANALYSIS_TEXTS: Texts = {
    "nothing-brings": ("这里没有名为“{name}”的变量", "nothing brings a variable {name!r} here"),
    "entry-unknown": (
        "这里没有名为“{name}”的条目，已有的是：{known:list}",
        "there is no entry {name!r} here; known are {known:list}",
    ),
    "kind-not-taken": (
        "“{where}”处须为{expected:kind}，实际为{found:kind}",
        "{where!r} takes {expected:kind}, found {found:kind}",
    ),
    "argument-not-taken": (
        "{function} 的参数“{parameter}”须为{expected:kind}，实际为{found:kind}",
        "{function}: the parameter {parameter!r} takes {expected:kind}, found {found:kind}",
    ),
}
