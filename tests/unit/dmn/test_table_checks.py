"""Rules against each other: what is missing, never reached, never true, contradicting."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dmn import Finding, lint
from engine.feel.comparison import same
from tests.unit.dmn.drawing import decided, decision, input_data, model_of, requires_input, table


def found(code: str, *parts: str) -> list[Finding]:
    return [finding for finding in lint(model_of(*parts)) if finding.code == code]


def told(
    code: str, inputs: list[str], outputs: list[str], rules: list[list[str]], hit_policy: str = "UNIQUE"
) -> list[str]:
    drawn = decision("d", table(inputs, outputs, rules, hit_policy=hit_policy))
    return [finding.message_en for finding in found(code, drawn)]


@pytest.mark.parametrize(
    ("rules", "missing"),
    [
        ([["< 800", "1"], [">= 800", "2"]], []),
        ([["< 800", "1"], ["> 800", "2"]], ["income: 800"]),
        ([["[0..800)", "1"], ["[800..1200]", "2"]], ["income: < 0, > 1200"]),
        ([["(0..1]", "1"], ["-", "2"]], []),
        ([["not(5)", "1"]], ["income: 5"]),
        ([["true", "1"]], ["income: false"]),
        ([["true, false", "1"]], []),
        ([['"urban"', "1"], ['"rural"', "2"]], ['income: not("urban", "rural")']),
        ([['not("urban")', "1"]], ['income: "urban"']),
        ([['date("2026-01-01")', "1"], ['> date("2026-01-01")', "1"]], ['income: < @"2026-01-01"']),
        ([['< duration("P30D")', "1"]], ['income: >= @"P30D"']),
        ([["? > 3", "1"]], []),  # nobody can tell what a cleverer cell accepts
        ([["< 1", "1"], ['"a"', "1"]], []),  # nor what a column of several kinds holds
        ([['<= date("2025-12-31")', "1"], ['>= date("2026-01-01")', "2"]], []),  # between two days lies none
    ],
)
def test_values_no_rule_is_for_are_named(rules: list[list[str]], missing: list[str]) -> None:
    expected = [f"d: no rule is for {values}; the result would be null." for values in missing]
    assert sorted(told("rule-missing", ["income"], ["y"], rules)) == sorted(
        text.replace('"urban", "rural"', '"rural", "urban"') for text in expected
    )


def test_gaps_are_found_in_the_combination_of_columns() -> None:
    rules = [["< 800", "-", '"full"'], [">= 800", "true", '"part"']]
    assert told("rule-missing", ["income", "disabled"], ["y"], rules) == [
        "d: no rule is for income: >= 800; disabled: false; the result would be null."
    ]


@pytest.mark.parametrize(
    ("outputs", "hit_policy"), [(["y=0"], "UNIQUE"), (["y"], "COLLECT"), (["y"], "RULE ORDER"), (["y=0"], "FIRST")]
)
def test_a_default_or_a_list_of_hits_leaves_no_gap(outputs: list[str], hit_policy: str) -> None:
    assert told("rule-missing", ["x"], outputs, [["< 1", "1"]], hit_policy) == []


def test_allowed_values_bound_what_must_be_covered() -> None:
    item = (
        '<itemDefinition name="tKind"><typeRef>string</typeRef>'
        '<allowedValues><text>"urban", "rural", "camp"</text></allowedValues></itemDefinition>'
    )
    drawn = table(["kind"], ["y"], [['"urban"', "1"], ['"rural"', "2"]]).replace(
        "<inputExpression>", '<inputExpression typeRef="tKind">'
    )
    missing = found("rule-missing", item, decision("d", drawn))
    assert [finding.message_zh for finding in missing] == ['d：没有规则适用于 kind: "camp"，此时结果为空。']


def test_a_condition_outside_the_allowed_values_never_matches() -> None:
    drawn = table(["kind"], ["y=0"], [['"urbn"', "1"]]).replace(
        "</inputExpression>", '</inputExpression><inputValues><text>"urban", "rural"</text></inputValues>'
    )
    [finding] = found("condition-not-allowed", decision("d", drawn))
    assert (finding.element_id, finding.severity) == ("cell1_1", "warning")


@pytest.mark.parametrize("cell", ["[10..5]", "(5..5]", "(5..5)"])
def test_a_condition_no_value_passes_is_found(cell: str) -> None:
    [finding] = found("condition-empty", decision("d", table(["x"], ["y=0"], [[cell, "1"]])))
    assert finding.message_zh == f"d，第 1 条规则的第 1 个条件：没有任何值能满足“{cell}”，这条规则永远不会符合。"


@pytest.mark.parametrize(
    ("rules", "unreachable"),
    [
        ([["-", "1"], ["> 3", "2"]], [2]),
        ([["> 3", "1"], ["-", "2"]], []),
        ([["<= 3", "1"], ["> 3", "2"], ["5", "3"]], [3]),
        ([["<= 3", "1"], ["> 4", "2"], ["[3..5]", "3"]], []),
        ([["? > 3", "1"], ["> 3", "2"]], []),
        ([['"a", "b"', "1"], ['"b"', "2"], ['"c"', "3"]], [2]),
        ([["true", "1"], ["false", "2"], ["-", "3"]], []),  # the last one is for null
        ([["< 5", "1"], [">= 5", "2"], ["-", "3"], ["-", "4"]], [4]),
        ([["< 5", "1"], [">= 5", "2"], ["not(7)", "3"]], []),
    ],
)
def test_rules_that_earlier_ones_leave_nothing_to_are_found(rules: list[list[str]], unreachable: list[int]) -> None:
    expected = [
        f"d: rule {number} is never reached; the rules before it take all its values." for number in unreachable
    ]
    assert told("rule-unreachable", ["x"], ["y"], rules, "FIRST") == expected


def test_rules_of_any_that_contradict_each_other_are_found() -> None:
    assert told("rules-contradict", ["x"], ["y"], [["< 5", "1"], ["> 3", "2"]], "ANY") == [
        "d: rules 1 and 2 can match at once (x: (3..5)) and conclude differently."
    ]
    assert told("rules-contradict", ["x"], ["y"], [["< 5", "1"], ["> 3", "1"]], "ANY") == []


def test_an_overlap_says_for_which_values() -> None:
    rules = [["[0..10]", '"a"', "1"], ["[10..20]", "-", "2"]]
    assert told("rules-overlap", ["x", "kind"], ["y=0"], rules) == [
        'd: rules 1 and 2 can match at once (x: 10; kind: "a").'
    ]


def test_a_gap_is_found_among_more_combinations_than_can_be_looked_at() -> None:
    rules = [[f"{number * 7 % 101}, {number * 13 % 101}" for _ in range(12)] + ["1"] for number in range(60)]
    assert told("rule-missing", [f"x{number}" for number in range(12)], ["y"], rules)


CELLS = st.sampled_from(["-", "1", "2", "< 2", ">= 1", "[1..2]", "(0..2)", "not(1)", "1, 3", "> 3", "[2..1]"])
VALUES = (-1, 0, 0.5, 1, 1.5, 2, 2.5, 3, 4)


@settings(max_examples=100)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5))
def test_what_is_said_of_rules_is_what_happens(cells: list[tuple[str, str]]) -> None:
    rules = [[*row, str(number)] for number, row in enumerate(cells, start=1)]
    parts = [input_data("a", "number"), input_data("b", "number")]
    drawn = decision("d", table(["a", "b"], ["y"], rules, hit_policy="RULE ORDER"), requires=requires_input("a", "b"))
    model = model_of(*parts, drawn)
    hits = [decided(model, "d", {"a": a, "b": b}) for a, b in product(VALUES, VALUES)]
    missing = told("rule-missing", ["a", "b"], ["y"], rules)
    overlapping = told("rules-overlap", ["a", "b"], ["y"], rules)
    unreachable = told("rule-unreachable", ["a", "b"], ["y"], rules, "FIRST")
    assert bool(missing) == any(same(hit, []) for hit in hits)
    assert bool(overlapping) == any(len(hit) > 1 for hit in hits)
    with_nulls = [pair for pair in product((*VALUES, None), repeat=2) if None in pair]
    hits += [decided(model, "d", {"a": a, "b": b}) for a, b in with_nulls]
    reached = {hit[0] for hit in hits if hit}
    has_negations = any("not(1)" in row for row in cells)  # what null and other kinds do there is left open
    told_for_certain = [] if has_negations else [n for n, row in enumerate(cells, start=1) if "[2..1]" not in row]
    dead = {number for number in told_for_certain if number not in reached}
    assert {f"d: rule {number} is never reached; the rules before it take all its values." for number in dead} <= set(
        unreachable
    )
    assert not {number for number in reached if any(f"rule {int(number)} is" in text for text in unreachable)}


def test_days_that_follow_each_other_do_not_overlap_in_between() -> None:
    rules = [['< date("2026-01-02")', "1"], ['> date("2026-01-01")', "2"]]
    assert told("rules-overlap", ["day"], ["y=0"], rules) == []


def test_rules_that_share_only_what_is_not_allowed_do_not_overlap() -> None:
    drawn = table(["kind"], ["y"], [['not("a", "b")', "1"], ['not("c")', "2"]]).replace(
        "</inputExpression>", '</inputExpression><inputValues><text>"a", "b", "c"</text></inputValues>'
    )
    assert found("rules-overlap", decision("d", drawn)) == []


def test_a_negated_condition_is_passed_by_null() -> None:
    assert told("condition-empty", ["x"], ["y=0"], [["not(true, false)", "1"]]) == []
