"""Evaluate random texts until the time is up; whatever is no error of FEEL's own is printed and fails the run."""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

from engine.feel import (
    FeelError,
    FeelLimitError,
    FeelSyntaxError,
    FeelTypeError,
    FeelValue,
    Settings,
    compile_expression,
    compile_unary_tests,
    to_json,
)
from engine.feel.analysis import StaticScope, check_expression
from engine.feel.analysis.kinds import kind
from engine.feel.expression import FUNCTION_NAMES
from engine.feel.parser import parse_expression
from engine.feel.printer import print_node
from engine.feel.syntax import Node
from engine.feel.types import DATE, NUMBER
from engine.feel.values import kind_of
from tests.fuzz.texts import Writer, real_texts
from tests.unit.feel.trees import shape

SETTINGS = Settings(now=datetime(2026, 3, 2, 9, 30, tzinfo=UTC), step_limit=100_000)
VARIABLES = {
    "a": Decimal(7),
    "b c": "text",
    "income": Decimal("1250.50"),
    "members": [{"age": Decimal(41), "wage": Decimal(2100)}, {"age": Decimal(9), "wage": None}, {}],
    "case": {"household": {"size": Decimal(4)}, "needs": ["education", "housing"], "means": None},
    "月收入": date(2026, 1, 31),
}
SCOPE = StaticScope(names={"a": NUMBER, "income": NUMBER, "月收入": DATE}, is_open=True)
SLOWEST_ALLOWED = 2.0
"""Seconds of the processor; with a tenth of the default steps nothing may take longer."""


class Run:
    """What happened so far."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.slowest = (0.0, "")
        self.broken: list[str] = []

    def one(self, text: str) -> None:
        """Compile, check, print and evaluate a text."""
        started = time.process_time()
        try:
            self.outcomes[_outcome(text)] += 1
        except Exception:  # what is looked for
            self.broken.append(f"{text!r}\n{traceback.format_exc(limit=-3)}")
        taken = time.process_time() - started
        self.slowest = max(self.slowest, (taken, text))
        if taken > SLOWEST_ALLOWED:
            self.broken.append(f"{text!r}\ntook {taken:.1f} s")


def _outcome(text: str) -> str:
    try:
        expression = compile_expression(text)
    except FeelSyntaxError as error:
        assert 0 <= error.position <= len(text), "the position lies outside the text"
        return _tests_outcome(text)
    _check_printed(expression.syntax)
    found, _ = check_expression(expression.syntax, SCOPE)
    try:
        evaluation = expression.evaluate(VARIABLES, SETTINGS)
    except FeelLimitError:
        return "limit"
    assert evaluation.value is None or kind(found) in (None, kind_of(evaluation.value)), f"not of type {found.name}"
    return "null" if evaluation.value is None else f"value, {_json_outcome(evaluation.value)}"


def _json_outcome(value: FeelValue) -> str:
    try:
        to_json(value)
    except FeelTypeError:
        return "no JSON"
    except FeelLimitError:
        return "too large for JSON"
    return "JSON"


def _tests_outcome(text: str) -> str:
    try:
        compile_unary_tests(text).evaluate(Decimal(5), VARIABLES, SETTINGS)
    except FeelSyntaxError:
        return "no FEEL"
    except FeelError:
        return "limit in tests"
    return "tests"


def _check_printed(node: Node) -> None:
    printed = print_node(node)
    read = parse_expression(printed, names=(), functions=FUNCTION_NAMES)
    assert shape(read) == shape(node), f"printed as {printed!r}"


def main() -> int:
    """Run and report."""
    options = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument(
        "--corpus", type=Path, action="append", default=[Path("workflows")], help="folders of diagrams"
    )
    given = options.parse_args()
    corpus = real_texts(given.corpus)
    writer, run, end = Writer(Random(given.seed), corpus), Run(), time.monotonic() + given.minutes * 60
    print(f"seed {given.seed}, {len(corpus)} texts to change, {given.minutes} minutes", flush=True)
    while time.monotonic() < end and len(run.broken) < 20:
        run.one(writer.text())
    print(f"{sum(run.outcomes.values())} texts: {dict(run.outcomes.most_common())}")
    print(f"slowest: {run.slowest[0]:.2f} s for {run.slowest[1]!r}")
    for one in run.broken:
        print(f"\nBROKEN {one}")
    print(f"{len(run.broken)} broken")
    return int(bool(run.broken))


if __name__ == "__main__":
    sys.exit(main())
