"""Shorthands for tests: evaluate a text, and look at the value or at why it became null."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel import Evaluation, Settings, compile_expression, compile_unary_tests

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
SETTINGS = Settings(now=NOW)


def evaluation(text: str, variables: dict[str, Any] | None = None, settings: Settings = SETTINGS) -> Evaluation:
    known = frozenset(variables or ())
    return compile_expression(text, names=known).evaluate({} if variables is None else variables, settings)


def value(text: str, variables: dict[str, Any] | None = None) -> Any:
    return evaluation(text, variables).value


def reasons(text: str, variables: dict[str, Any] | None = None) -> str:
    result = evaluation(text, variables)
    assert result.value is None
    return "; ".join(warning.reason for warning in result.warnings)


def passes(tests: str, tested: Any, variables: dict[str, Any] | None = None) -> Any:
    known = frozenset(variables or ())
    return compile_unary_tests(tests, names=known).evaluate(tested, variables or {}, SETTINGS).value
