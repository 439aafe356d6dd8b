"""What is said of an expression before it runs, held against what happens when it runs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import FeelLimitError, Settings, compile_expression, type_named
from engine.feel.analysis import StaticScope, check_expression
from engine.feel.analysis.kinds import kind
from engine.feel.analysis.results import RESULTS
from engine.feel.builtins import BUILT_INS
from engine.feel.printer import print_node
from engine.feel.syntax import Node
from engine.feel.types import DATE, NUMBER, STRING
from engine.feel.values import kind_of
from tests.unit.feel import trees
from tests.unit.feel.evaluating import NOW

MEMBERS = type_named("list<context<age: number, kind: string, born: date>>")
SCOPE = StaticScope(
    names={"a": NUMBER, "b c": STRING, "月收入": NUMBER, "户 主": MEMBERS, "x1": DATE},
    is_open=True,
)
VARIABLES: dict[str, Any] = {
    "a": Decimal(7),
    "b c": "text",
    "月收入": Decimal("1250.5"),
    "户 主": [
        {"age": Decimal(41), "kind": "adult", "born": date(1985, 2, 3)},
        {"age": None, "kind": "child", "born": None},
    ],
    "x1": date(2026, 2, 28),
}
ARGUMENTS = st.sampled_from(
    [
        "a", "b c", "月收入", "户 主", "x1", "1", '"2026-01-01"', '"a+"', "null", "true", "[1, 2]", '["a", "b"]', "[]",
        "{k: 1}", '[{key: "k", value: 1}]', '["k"]', 'time("10:00:00")', 'duration("P1D")', '@"P1Y"', "[1..3]", "(< 4)",
        "function(p, q) p < q", "now()", '"[1..2]"', '"e30="',
    ]
)  # fmt: skip
LIMITS = Settings(now=NOW, step_limit=20_000)


def test_the_result_of_every_built_in_is_told() -> None:
    assert set(RESULTS) == set(BUILT_INS)


@settings(max_examples=800)
@given(st.sampled_from(sorted(BUILT_INS)), st.lists(ARGUMENTS, max_size=3))
def test_a_built_in_gives_what_is_said_of_it(name: str, arguments: list[str]) -> None:
    hold_against_evaluation(f"{name}({', '.join(arguments)})")


@settings(max_examples=300)
@given(trees.expressions)
def test_any_expression_gives_what_is_said_of_it(tree: Node) -> None:
    hold_against_evaluation(print_node(tree))


def hold_against_evaluation(text: str) -> None:
    """The value is of the kind that was said; and where a whole operation was called certainly null, it is."""
    expression = compile_expression(text, names=frozenset(trees.NAMES))
    found, mistakes = check_expression(expression.syntax, SCOPE)
    try:
        value = expression.evaluate(VARIABLES, LIMITS).value
    except FeelLimitError:
        return
    assert value is None or kind(found) in (None, kind_of(value)), (found.name, value)
    is_call = text.endswith(")") and not any(mistake.position for mistake in mistakes[1:])
    outermost = [one for one in mistakes if one.message.code in ("arguments-do-not-fit", "argument-not-taken")]
    if is_call and len(mistakes) == 1 and outermost and "(" not in text[: outermost[0].position]:
        assert value is None, mistakes


@pytest.mark.parametrize(
    "text",
    [
        "a + 1 > 月收入",
        'b c + "x"',
        "户 主[age > 18].kind",
        "sum(户 主.age)",
        "count(户 主[kind = b c])",
        'x1 + @"P1D"',
        "x1.year = 2026",
        "if a > 1 then b c else null",
        "for m in 户 主 return m.age * 2",
        "max(a, 月收入)",
        "a in [1..9]",
        "some m in 户 主 satisfies m.born = null",
        "户 主[1].age",
        "[a, 月收入][1] + 1",
        "string(a) + b c",
        "a instance of number",
        "{n: a, m: n + 1}.m + 1",
        "(function(n) n + 1)(a)",
        "date(b c) < x1",
        "anything.at.all + 1",
        "a between 1 and 9",
        "sort(户 主, function(p, q) p.age < q.age)[1].kind",
        "户 主.age[item > 3]",
        "get or else(a, 0) + 1",
        "not(a > 1)",
        "{f: function(n: number) if n = 0 then 1 else n * f(n - 1), r: f(5)}.r",
        '{date: @"2026-01-01", n: date("2026-02-01")}.n',
        'remove(position: 1, list: ["a", "b"])[1] = "b"',
        'sublist(start position: 2, list: ["a", "b"])[1] + "x"',
        "assert(condition: a > 1, value: a) + 1",
        "a in [[1..3], [7..9]]",
        "户 主[x1 > 1]",
    ],
)
def test_nothing_is_said_of_what_is_right(text: str) -> None:
    assert check_expression(compile_expression(text, names=frozenset(VARIABLES)).syntax, SCOPE)[1] == []


def test_a_chain_of_thousands_is_followed() -> None:
    found, mistakes = check_expression(compile_expression("a" + " + 1" * 5_000 + ' + "x"').syntax, SCOPE)
    assert [one.message.code for one in mistakes] == ["operation-undefined"]
    assert found.name == "Any"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("户 主[1].age", "number"),
        ("户 主[a].age", "Any"),  # a null index gives a list
        ("[1..5][1]", "range<number>"),
        ("for x in [1..5] return x", "list<number>"),
    ],
)
def test_what_an_index_gives(text: str, said: str) -> None:
    assert check_expression(compile_expression(text).syntax, SCOPE)[0].name == said
