"""Turn a syntax tree into nested closures, once; evaluating is then only calling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.feel import compile_forms, compile_operators, compile_references, compile_tests

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.feel.session import Scope
    from engine.feel.syntax import Node
    from engine.feel.values import FeelValue

    Code = Callable[[Scope], FeelValue]

_COMPILERS = {
    **compile_operators.COMPILERS,
    **compile_references.COMPILERS,
    **compile_forms.COMPILERS,
    **compile_tests.COMPILERS,
}


def compile_node(node: Node) -> Code:
    """The closure that evaluates a node in a scope."""
    return _COMPILERS[type(node)](node, compile_node)
