from __future__ import annotations

import sys
import threading
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import FeelLimitError, FeelSyntaxError, Settings, compile_expression, compile_unary_tests, to_json
from engine.feel.builtins import BUILT_INS
from tests.unit.feel.evaluating import NOW, evaluation, value

PIECES = st.sampled_from(
    [
        "(", ")", "[", "]", "{", "}", "..", "1", "a", "b c", '"s"', "+", "-", "*", "**", "<", "=", "in", "if", "then",
        "else", "for", "return", "some", "satisfies", "function", "@", ",", ":", ".", "?", "not", "null", "between",
        "and", "instance", "of", "list<", "date and time(", "/*", "'", "\\", "，", "\x00", " ",
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("1 +", 1, 4, "expected a value, found the end of the text"),
        ("1 +\n  * 2", 2, 3, "expected a value, found '*'"),
        ('"abc', 1, 1, "no closing quotation mark"),
        ("1 /* never", 1, 3, "has no end"),
        ("(1", 1, 3, "expected ')'"),
        ("if a then b", 1, 12, "expected 'else'"),
        ("1 2", 1, 3, "expected an operator"),
        ('@"yesterday"', 1, 1, "is no date, time or duration"),
        ("{a: 1, a: 2}", 1, 8, "two entries 'a'"),
        ("f(1, b: 2)", 1, 9, "all by position or all by name"),
        ("", 1, 1, "expected a value"),
        ("for x [1] return x", 1, 7, "expected 'in'"),
        ("a ; b", 1, 3, "found ';'"),
        ("count(成员）", 1, 10, "it holds the full-width '）': write ')' instead"),
        ("“低保”", 1, 1, "it holds the full-width '“'"),
        ("1 + 1e7000", 1, 5, "out of range"),
        ("1" * 7000, 1, 1, "out of range"),
    ],
)
def test_a_syntax_error_says_where_and_what(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert message in str(caught.value)


def test_fifty_nested_parentheses_are_read_at_once() -> None:
    assert value("(" * 50 + "1" + ")" * 50) == 1
    assert value("[" * 50 + "1" + "]" * 50 + "[1]" * 49) == [1]


@pytest.mark.parametrize("opening", ["(", "[", "{a:", "-", "not(", "if ", "f(", "function() ", "for x in "])
def test_endless_nesting_ends_in_a_syntax_error(opening: str) -> None:
    with pytest.raises(FeelSyntaxError):
        compile_expression(opening * 20_000)


def test_chains_of_operators_may_be_as_long_as_a_text() -> None:
    assert value("+".join(["1"] * 50_000)) == 50_000
    assert value(" or ".join(["false"] * 20_000) + " or true") is True
    assert value("1" + " - 1 * 2" * 20_000) == 1 - 2 * 20_000


@pytest.mark.parametrize(
    "text", ["a" + ".b" * 50_000, "a" + "[1]" * 50_000, "1" + " = 1" * 50_000, "f" + "()" * 50_000]
)
def test_endless_chains_end_in_an_error_of_ours(text: str) -> None:
    with pytest.raises((FeelSyntaxError, FeelLimitError)):
        evaluation(text)


def syntax_error(text: str, compile_text: Callable[[str], object]) -> FeelSyntaxError | None:
    try:
        compile_text(text)
    except FeelSyntaxError as error:
        return error
    return None


@given(st.lists(PIECES, max_size=25))
def test_any_jumble_is_either_feel_or_a_syntax_error(pieces: list[str]) -> None:
    text = "".join(pieces)
    for compile_text in (compile_expression, compile_unary_tests):
        error = syntax_error(text, compile_text)
        assert error is None or 0 <= error.position <= len(text)


SAMPLES = st.sampled_from(
    [
        "null", "true", "0", "-1", "2.5", "10 ** 6144", "1e-6000", '""', '"abc"', '"("', '"2026-01-01"', "[]", "[1, 2]",
        '["a", null]', "{}", '{key: "a", value: 1}', 'date("2026-01-01")', 'date("-5000-02-28")', 'time("10:00:00")',
        'time("10:00:00.000000001Z")', '@"2026-01-01T00:00:00@Asia/Shanghai"', '@"99999-12-31T23:00:00"',
        'duration("P999999999D")', 'duration("P99999999999Y")', "[1..5]", "(1..null)", "(!= 3)", "function(a, b) a < b",
        "sum", "for i in [1, null] return i", "-false", "[1..5].start", "5 in (< 3)",
    ]
)  # fmt: skip


@settings(max_examples=400)
@given(st.sampled_from(sorted(BUILT_INS)), st.lists(SAMPLES, max_size=4))
def test_no_built_in_fails_on_any_values(name: str, arguments: list[str]) -> None:
    result = evaluation(f"{name}({', '.join(arguments)})", settings=Settings(now=NOW, step_limit=20_000))
    assert result.value is not None or result.warnings or "null" in arguments or name in {"max", "min", "median", "sum"}


@settings(max_examples=300)
@given(SAMPLES, st.sampled_from(["+", "-", "*", "/", "**", "=", "<", ">=", "in", "and"]), SAMPLES)
def test_no_operator_fails_on_any_values(left: str, operator: str, right: str) -> None:
    result = evaluation(f"({left}) {operator} ({right})", settings=Settings(now=NOW, step_limit=20_000))
    assert result.value is not None or result.warnings


@given(st.text(max_size=40))
def test_any_text_is_either_feel_or_a_syntax_error(text: str) -> None:
    error = syntax_error(text, compile_expression)
    assert error is None or error.line >= 1


@pytest.mark.parametrize(
    "text",
    [
        "for a in 1..100000, b in 1..100000 return a",
        "count(for a in 1..2000, b in 1..2000 return a)",
        "{f: function(n) f(n), g: f(1)}.g",
        "some a in 1..5000000 satisfies a < 0",
        "count(for i in 1..100000 return count(partial))",
        "for a in 1..99999999999 return a",
        "for i in 1..60 return if i = 1 then [1] else concatenate(partial[-1], partial[-1])",
        "{ys: for i in 1..9000 return i, n: for i in 1..9000 return sum(ys)}",
        "{ys: for i in 1..9000 return {n: i}, n: for i in 1..9000 return distinct values(ys)}",
        "{ys: for i in 1..9000 return i, n: for i in 1..9000 return i in ys}",
    ],
)
def test_an_evaluation_without_end_is_stopped(text: str) -> None:
    with pytest.raises(FeelLimitError):
        evaluation(text, settings=Settings(now=NOW, step_limit=50_000))


def test_a_function_that_calls_itself_forever_is_stopped() -> None:
    with pytest.raises(FeelLimitError):
        evaluation("(function(f) f(f))(function(f) f(f))")


def test_texts_cannot_be_blown_up() -> None:
    doubling = 'for i in 1..60 return if i = 1 then "aaaaaaaaaa" else partial[-1] + partial[-1]'
    assert value(doubling)[-1] is None


@pytest.mark.parametrize(
    "text", ["a.__class__", "a.__init__.__globals__", "__import__", 'a["__class__"]', "a.constructor", "a.keys"]
)
def test_python_stays_out_of_reach(text: str) -> None:
    assert value(text, {"a": {"x": 1}}) is None


def test_one_compiled_expression_serves_many_threads() -> None:
    expression = compile_expression("sum(for i in 1..n return i)")
    found: dict[int, object] = {}

    def work(n: int) -> None:
        found[n] = expression.evaluate({"n": n}, Settings(now=NOW)).value

    threads = [threading.Thread(target=work, args=(n,)) for n in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: n * (n + 1) / 2 for n in range(1, 9)}


DOUBLED = 'for i in 1..18 return if i = 1 then "a,b,c," else partial[-1] + partial[-1]'
NESTED = "for i in 1..45 return if i = 1 then [1] else [partial[-1], partial[-1]]"


@pytest.mark.parametrize(
    "text",
    [
        f"count(for i in 1..100000 return {' + '.join(['i'] * 60)})",
        f"some i in 1..100000 satisfies {' or '.join(['i < 0'] * 60)}",
        "count(for i in [1..9999999] return i)",
        f"{{s: {DOUBLED}, r: for i in 1..10000 return s[-1] + string(i)}}",
        f'{{s: {DOUBLED}, r: for i in 1..10000 return split(s[-1], ",")}}',
        f'{{s: {DOUBLED}, r: replace(s[-2], "b", s[-2])[1], n: for i in 1..100 return replace(s[-1], "a", "b")}}',
        f"{{l: {NESTED}, r: string(l[-1])}}",
        f"{{l: {NESTED}, k: {NESTED}, r: l[-1] = k[-1]}}",
        f"{{l: {NESTED}, r: {{inner: l[-1]}}.inner}}",
        f"{{l: {NESTED}, r: flatten(l[-1])}}",
        "{c: {big: for i in 1..9000 return i}, r: for i in 1..9000 return c.big[1]}",
        "{l: for i in 1..9000 return i, r: for i in 1..9000 return max(l)}",
        "{l: for i in 1..900 return i, r: for i in 1..9000 return l[item < 0 or item > 9000]}",
        "for i in 1..40000 return exp(i / 40000)",
        'for i in 1..1000 return matches("a", "a" + string(i))',
        "for i in 1..40000 return i + null",
    ],
)
def test_work_is_paid_for_in_proportion(text: str) -> None:
    with pytest.raises(FeelLimitError):
        evaluation(text, settings=Settings(now=NOW, step_limit=100_000))


def long_list(members: int) -> str:
    return f"[{'1,' * members}1]"


@pytest.mark.parametrize(
    "text",
    [
        lambda n: "{" + ",".join(f"k{place}: 1" for place in range(n)) + "}",
        lambda n: "{" + ",".join(f"k-{place}: 1" for place in range(n)) + "}",
        lambda n: "1 in (" * 90 + long_list(n) + ")" * 90,
        lambda n: "for a in [1] return " * 90 + long_list(n),
        lambda n: "[1][" * 90 + long_list(n) + "]" * 90,
        lambda n: "+".join(["a b c"] * n),
        lambda n: " or ".join(['status = "a"'] * n),
        lambda n: "(" * 45 + long_list(n) + ")" * 45,
    ],
)
def test_twice_the_text_is_at_most_twice_the_work_to_compile(text: Callable[[int], str]) -> None:
    once, twice = calls_to_compile(text(1_500)), calls_to_compile(text(3_000))
    assert twice < 2.1 * once


def calls_to_compile(text: str) -> int:
    """How many functions are called: the same on every machine, unlike the time it takes."""
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        compile_expression(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("text", ["for i in 1..50 return partial", "for i in 1..300 return [partial[-1]]"])
def test_a_result_that_grows_beyond_measure_when_written_is_refused(text: str) -> None:
    found = value(text)
    with pytest.raises(FeelLimitError):
        to_json(found)


NESTED = "(for i in 1..40 return if i = 1 then [1] else [partial[-1], partial[-1]])[-1]"


@pytest.mark.parametrize(
    "text",
    [
        "is(l, k)",
        "[l..l] = [k..k]",
        "(= l) = (= k)",
        "[l..l] in ([k..k])",
        "distinct values([l..k])",
        "list contains([[l..l]], [k..k])",
        "union([[l..l]], [[k..k]])",
        'get value({a: l}, "a") = k',
        "string(get entries({a: l}))",
    ],
)
def test_what_shares_its_parts_is_paid_for_as_if_it_did_not(text: str) -> None:
    with pytest.raises(FeelLimitError):
        evaluation(f"{{l: {NESTED}, k: {NESTED}, r: {text}}}.r", settings=Settings(now=NOW, step_limit=100_000))
