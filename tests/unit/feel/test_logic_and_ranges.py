from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import FeelSyntaxError, compile_expression
from tests.unit.feel.evaluating import evaluation, passes, reasons, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true and null", None),
        ("false and null", False),
        ("null or true", True),
        ("null or false", None),
        ("not(null)", None),
        ("not(false)", True),
        ("null = null", True),
        ("1 = null", False),
        ("1 != 2", True),
        ("[1, [2]] = [1, [2]]", True),
        ("{a: 1, b: 2} = {b: 2, a: 1}", True),
        ("5 between 1 and 5", True),
        ("5 in [1..5)", False),
        ("5 in ]1..5]", True),
        ("5 in (< 3, > 4)", True),
        ("5 in [1, 5]", True),
        ('"b" in ["a".."c"]', True),
        ("(< 10).end", 10),
        ("(>= 10).start included", True),
        ("1 instance of number", True),
        ("[1, 2] instance of list<number>", True),
        ("{a: 1} instance of context<a: string>", False),
        ("null instance of Any", False),
        ("if null then 1 else 2", 2),
        ("before([1..5], [6..9])", True),
        ("after(10, [1..5])", True),
        ("meets([1..5], [5..9])", True),
        ("met by([5..9], [1..5])", True),
        ("overlaps([1..5], [3..9])", True),
        ("overlaps before([1..5], [3..9])", True),
        ("overlaps after([3..9], [1..5])", True),
        ("finishes(5, [1..5])", True),
        ("finished by([1..5], (3..5])", True),
        ("includes([1..9], [2..3])", True),
        ("during(3, (1..5))", True),
        ("starts([1..3], [1..9])", True),
        ("started by([1..9], 1)", True),
        ("coincides([1..3], [1..3])", True),
        ('3 in range("[1..5]")', True),
        ("(function(a: number, b) a + b)(1, 2)", 3),
        ("{f: function(n) if n <= 1 then 1 else n * 2, g: f(4)}.g", 8),
        ("(function(x) x * x)(x: 3)", 9),
        ("(function(x: list<list<number>>) x)([1])", [[1]]),
        ("(function(x: list<number>) x)([[1]])", [1]),
    ],
)
def test_logic_has_three_values_and_ranges_know_their_ends(text: str, expected: object) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('1 = "1"', "number and string cannot be compared"),
        ("null < 1", "null and number have no order"),
        ("true < false", "values of kind boolean have no order"),
        ("5()", "a number cannot be called"),
        ("missing(1)", "there is no function 'missing'"),
        ("1 instance of nonsense", "there is no type 'nonsense'"),
        ('(function(a: number) a)("x")', "expected number, found string"),
        ("(function(a) a)(1, 2)", "arguments needed: 1, found: 2"),
        ("(function(a) a)(b: 1)", "no parameter 'b'"),
        ('(function(a) external {java: {class: "X"}})(1)', "external functions are not run"),
        ('range("[3..1]")', "start lies after the end"),
        ('5 between "a" and "b"', "have no order"),
    ],
)
def test_what_cannot_be_compared_or_called_is_null_with_a_reason(text: str, reason: str) -> None:
    assert reason in reasons(text)


@pytest.mark.parametrize(
    ("tests", "tested", "expected"),
    [
        ("-", None, True),
        ("5", 5, True),
        ("< 5", 3, True),
        ("< 5, > 10", 12, True),
        ("[1..5]", 6, False),
        ("not(1, 2)", 3, True),
        ("not(1, 2)", 2, False),
        ('"低保", "特困"', "特困", True),
        ("? > 3 and ? < 6", 4, True),
        ("count(?) > 1", [1, 2], True),
        ("limit", 7, True),
        ("[1, 7]", 7, True),
        ("true", False, False),
        ("false", False, True),
        ("null", None, True),
        ("< 5", None, None),
        ("not(null)", 3, True),
        ("limit > 5", "anything", True),
        ('@"2026-01-01"', None, False),
        ("= 5", 5, True),
        ("!= 5", 5, False),
    ],
)
def test_unary_tests_compare_with_the_tested_value(tests: str, tested: object, expected: object) -> None:
    assert passes(tests, tested, {"limit": 7}) is expected


def test_a_warning_names_the_place_in_the_text() -> None:
    found = evaluation('1 + 2 = (3 + "x")').warnings
    assert [(w.position, w.reason) for w in found] == [(11, "number + string is not defined")]


@given(st.integers(), st.integers(), st.integers())
def test_between_is_the_closed_range(x: int, low: int, high: int) -> None:
    variables = {"x": x, "a": low, "b": high}
    assert value("(x between a and b) = (x in [a..b])", variables) is True


@given(st.integers(), st.integers(), st.integers(), st.integers())
def test_two_ranges_either_overlap_or_lie_apart(a: int, b: int, c: int, d: int) -> None:
    variables = {"a": min(a, b), "b": max(a, b), "c": min(c, d), "d": max(c, d)}
    apart = value("before([a..b], [c..d]) or after([a..b], [c..d])", variables)
    assert value("overlaps([a..b], [c..d])", variables) is not apart


@pytest.mark.parametrize(
    ("text", "tested", "expected"),
    [
        ("not((1..5])", 5, False),
        ("not((1..5])", 1, True),
        ("not([18..60))", 60, True),
        ("not([18..60), 70)", 70, False),
        ("not(? > 3)", 4, False),
        ("not(true) = ?", False, True),
        ("not(false), 3", 3, True),
    ],
)
def test_negated_tests_may_hold_half_open_ranges(text: str, tested: object, *, expected: bool) -> None:
    assert passes(text, tested) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('5 in range("[1..)")', True),
        ('range("(..2]").end', 2),
        ('range("[-2..-1]").start', -2),
        ('range("(..)")', None),
        ("before(range: [2..3], point: 5)", True),
        ("before(point: 5, range: [2..3])", False),
        ("after(range: [2..3], point: 1)", True),
    ],
)
def test_range_texts_may_lack_an_end_and_named_points_keep_their_order(text: str, expected: object) -> None:
    assert value(text) == expected


@pytest.mark.parametrize("text", ["{a: 1,}", "function(a,) a", "{,}"])
def test_a_comma_is_followed_by_something(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        compile_expression(text)
