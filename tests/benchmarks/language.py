"""`python -m tests.benchmarks language`: FEEL and DMN against Python and against other engines, in one run.

It prints figures and judges nothing; `docs/reference/measurements.md` keeps those of a quiet machine.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from engine import dmn
from engine.feel import FeelError, Settings, compile_expression
from engine.feel.expression import FUNCTION_NAMES
from engine.feel.parser import MAXIMUM_NESTING, parse_expression
from tests.benchmarks.cases import CASES, TABLE_INPUTS, SpeedCase, exact, long_texts, nested_text, table_of
from tests.benchmarks.measuring import microseconds
from tests.benchmarks.rivals.running import answers_of_rivals

SETTINGS = Settings(now=datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
_LENGTHS = (1_000, 10_000, 100_000)


def main(*, as_json: bool) -> None:
    """Measure all and print it."""
    report = {
        "expressions": list(expressions()),
        "tables": list(tables()),
        "parsing": list(parsing()),
        "nesting": list(nesting()),
    }
    if as_json:
        print(json.dumps(report, indent=1, default=str))
        return
    for name, rows in report.items():
        print(f"\n{name}")
        columns = list(dict.fromkeys(key for row in rows for key in row))
        widths = {column: max(len(column), *(len(shown(row.get(column))) for row in rows)) for column in columns}
        for row in ({column: column for column in columns}, *rows):
            print("  " + "  ".join(shown(row.get(column)).ljust(widths[column]) for column in columns))


def shown(value: Any) -> str:
    """A figure for a person."""
    return f"{value:.2f}" if isinstance(value, float) else "" if value is None else str(value)


def expressions() -> Iterator[dict[str, Any]]:
    """Microseconds an evaluation: ours, the equivalent Python, and the rivals where they give the right value."""
    rivals = answers_of_rivals(CASES)
    for place, case in enumerate(CASES):
        row = _ours(case)
        for name, answers in rivals.items():
            row |= _rival(name, answers[place], case)
        yield row


def _ours(case: SpeedCase) -> dict[str, Any]:
    variables = exact(case.variables)
    expression = compile_expression(case.feel)
    found = expression.evaluate(variables, SETTINGS).value
    if found != exact(case.expected):
        raise SystemExit(f"{case.feel}: expected {case.expected}, found {found}")
    names = {name.replace(" ", "_"): value for name, value in variables.items()} | {"RATE": Decimal("0.8")}
    code = compile(case.python, "case", "eval")
    ours, python = microseconds(lambda: expression.evaluate(variables, SETTINGS), lambda: eval(code, names))
    (parsing,) = microseconds(lambda: parse_expression(case.feel, names=(), functions=FUNCTION_NAMES))
    return {
        "case": case.name,
        "python µs": python,
        "ours µs": ours,
        "ours / python": ours / python,
        "ours parsing µs": parsing,
    }


def _rival(name: str, answer: dict[str, Any], case: SpeedCase) -> dict[str, Any]:
    if "error" in answer or not _is_right(answer.get("value"), case.expected):
        return {f"{name} µs": "wrong" if "value" in answer else "refuses"}
    kept = f"{answer['kept']:.1f} kept, " if "kept" in answer else ""
    return {f"{name} µs": f"{kept}{answer['parsed']:.1f} parsing"}


def _is_right(found: Any, expected: Any) -> bool:
    if isinstance(expected, bool) or isinstance(found, (bool, str)) or found is None:
        return found == expected
    return abs(float(found) - float(expected)) < 1e-9


def tables() -> Iterator[dict[str, Any]]:
    """Microseconds a decision by a table of four inputs, with the trace it writes."""
    for rules in (10, 100, 1_000):
        model = dmn.parse(table_of(rules))
        for place, where in ((0, "first rule"), (rules // 2, "middle"), (rules - 1, "last"), (rules + 5, "none")):
            inputs = exact({**TABLE_INPUTS, "income": place * 10 + 5})
            (taken,) = microseconds(lambda model=model, inputs=inputs: dmn.decide(model, "grade", inputs, SETTINGS))
            yield {"rules": rules, "inputs": 4, "matches": where, "µs": taken}


def parsing() -> Iterator[dict[str, Any]]:
    """Milliseconds to compile texts of growing length; linear when the last column stays level."""
    for length in _LENGTHS:
        for name, text in long_texts(length).items():
            yield {"text": name, **_compiled(text)}


def _compiled(text: str) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        compile_expression(text)
        outcome = "compiled"
    except FeelError as error:
        outcome = str(error)[:60]
    taken = time.perf_counter() - started
    return {"characters": len(text), "ms": taken * 1e3, "µs a character": taken * 1e6 / len(text), "outcome": outcome}


def nesting() -> Iterator[dict[str, Any]]:
    """Milliseconds to compile texts that nest, up to the limit and beyond it."""
    for depth in (10, 20, 40, 80, MAXIMUM_NESTING - 1, MAXIMUM_NESTING + 1, 10_000):
        yield {"depth": depth, **_compiled(nested_text(depth))}
