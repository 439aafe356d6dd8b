from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.feel.evaluating import evaluation, reasons, value

MEMBERS = [{"name": "王芳", "age": 41}, {"name": "王小明", "age": 9}, {"name": "王奶奶", "age": 78}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("members[age > 18].name", ["王芳", "王奶奶"]),
        ("members[item.age < 18][1].name", "王小明"),
        ("members[1].name", "王芳"),
        ("members[-1].name", "王奶奶"),
        ("members[i].name", "王小明"),
        ("count(members[age >= 60])", Decimal(1)),
        ("5[item > 3]", [Decimal(5)]),
        ("[][1]", None),
        ("[][item > 1]", []),
        ("some m in members satisfies m.age >= 60", True),
        ("every m in members satisfies m.age >= 18", False),
        ("some a in [1, 2], b in [3, 4] satisfies a + b = 6", True),
        ("for m in members return m.age * 2", [82, 18, 156]),
        ("for a in [1, 2], b in [10, 20] return a + b", [11, 21, 12, 22]),
        ("for n in 3..1 return n", [3, 2, 1]),
        ("for n in [1..3] return n", [1, 2, 3]),
        ("for n in 1..6 return if n <= 2 then 1 else partial[-1] + partial[-2]", [1, 1, 2, 3, 5, 8]),
        ("list contains([1, 2], 2)", True),
        ("list contains([1, null], null)", True),
        ("append([1], 2, 3)", [1, 2, 3]),
        ("concatenate([1], [2, 3])", [1, 2, 3]),
        ("insert before([1, 3], 2, 2)", [1, 2, 3]),
        ("remove([1, 2, 3], -1)", [1, 2]),
        ("list replace([1, 2, 3], 2, 9)", [1, 9, 3]),
        ("list replace([1, 2, 3], function(old, new) old < new, 3)", [3, 3, 3]),
        ("reverse([1, 2])", [2, 1]),
        ("index of([1, 2, 1], 1)", [1, 3]),
        ("union([1, 2], [2, 3])", [1, 2, 3]),
        ("distinct values([1, 2, 1.0, null, null])", [1, 2, None]),
        ("duplicate values([1, 2, 1, 1])", [1]),
        ("flatten([1, [2, [3]]])", [1, 2, 3]),
        ("sublist([1, 2, 3], 2)", [2, 3]),
        ("sublist([1, 2, 3], -2, 1)", [2]),
        ("sort([3, 1, 2])", [1, 2, 3]),
        ("sort(members, function(a, b) a.age < b.age).age", [9, 41, 78]),
        ("is empty([])", True),
        ("partition([1, 2, 3], 2)", [[1, 2], [3]]),
        ("all([true, true])", True),
        ("any([false, true])", True),
        ("all([])", True),
        ("any([])", False),
        ("{a: 1, b: a + 1, c: {d: b * 2}}.c.d", Decimal(4)),
        ('get value({a: {b: 2}}, ["a", "b"])', Decimal(2)),
        ("get entries({a: 1})", [{"key": "a", "value": 1}]),
        ('context([{key: "a", value: 1}])', {"a": 1}),
        ('context put({a: 1}, "b", 2)', {"a": 1, "b": 2}),
        ('context put({a: {b: 1}}, ["a", "b"], 2)', {"a": {"b": 2}}),
        ("context merge([{a: 1}, {a: 2, b: 3}])", {"a": 2, "b": 3}),
        ("is defined(nothing)", False),
        ("is defined(members)", True),
        ("get or else(nothing, 5)", Decimal(5)),
        ("assert(5, true)", Decimal(5)),
        ("if members = null then 1 else 2", Decimal(2)),
    ],
)
def test_lists_and_contexts_are_filtered_built_and_asked(text: str, expected: object) -> None:
    assert value(text, {"members": MEMBERS, "i": 2}) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[1, 2][5]", "no member 5 in a list of 2"),
        ("{a: 1}.b", "no entry 'b'"),
        ("for x in null return x", "null cannot be iterated over"),
        ("remove([1], 3)", "no position 3"),
        ("sort([1, true])", "have no order"),
        ("min([1, true])", "have no order"),
        ('[1, 2]["a"]', "a filter must be a boolean or a number"),
        ('assert(1, false, "income is missing")', "income is missing"),
        ("some x in [1, null] satisfies x > 5", "could not be decided"),
        ('get value({a: 1}, "b")', "no entry of the key"),
        ("all([true, 5])", "must be a boolean"),
        ("partition([1], 0)", "at least 1"),
    ],
)
def test_what_a_list_or_context_lacks_is_null_with_a_reason(text: str, reason: str) -> None:
    assert reason in reasons(text)


def test_asking_whether_something_is_there_is_no_mistake() -> None:
    assert evaluation("is defined(a.b.c)").warnings == ()
    assert evaluation("get or else(a.b.c, 1)").warnings == ()


class Lazy(dict[str, Any]):
    """A mapping that reads a value when it is asked for, and counts the reading."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    def __missing__(self, name: str) -> Any:
        self.read.append(name)
        if name == "nothing":
            raise KeyError(name)
        return {"income": 3}


def test_only_the_variables_that_matter_are_read() -> None:
    from_storage = Lazy()
    result = evaluation("if case.income < 5 then 1 else standard.amount", from_storage)
    assert result.value == 1
    assert from_storage.read == ["case"]


def test_plain_json_numbers_nested_anywhere_count_as_numbers() -> None:
    assert value("sum(xs.n) + ys[1][2] + 0.5", {"xs": [{"n": 1}, {"n": 2}], "ys": [[1, 2]]}) == Decimal("5.5")
    assert reasons("x + 1", {"x": True}) == "boolean + number is not defined"


@given(st.lists(st.integers(), max_size=30))
def test_sorting_agrees_with_python(numbers: list[int]) -> None:
    assert value("sort(xs)", {"xs": numbers}) == sorted(numbers)
    assert value("sort(xs, function(a, b) a > b)", {"xs": numbers}) == sorted(numbers, reverse=True)


@given(st.lists(st.integers(min_value=0, max_value=9), max_size=30))
def test_distinct_values_keep_the_first_of_each(numbers: list[int]) -> None:
    assert value("distinct values(xs)", {"xs": numbers}) == list(dict.fromkeys(numbers))


@given(st.lists(st.integers(), max_size=20), st.lists(st.integers(), max_size=20))
def test_concatenating_adds_the_counts(a: list[int], b: list[int]) -> None:
    assert value("count(concatenate(a, b)) = count(a) + count(b)", {"a": a, "b": b}) is True
