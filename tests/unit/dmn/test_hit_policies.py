from __future__ import annotations

from typing import Any

import pytest

from tests.unit.dmn.drawing import decided, decision, model_of, outcome, table

RULES = [
    ["< 60", '"full"', "300"],
    ["< 80", '"part"', "200"],
    ["[50..90)", '"part"', "100"],
]
LEVELS = 'level:"none", "part", "full"'


def by(hit_policy: str, score: int, *, outputs: list[str] | None = None, aggregation: str = "") -> Any:
    outputs = outputs or [LEVELS]
    rules = [rule[: 1 + len(outputs)] for rule in RULES]
    if outputs == ["amount"]:
        rules = [[rule[0], rule[2]] for rule in RULES]
    logic = table(["score"], outputs, rules, hit_policy=hit_policy, aggregation=aggregation)
    return outcome(model_of(decision("level", logic)), "level", {"score": score})


@pytest.mark.parametrize(
    ("hit_policy", "score", "expected"),
    [
        ("UNIQUE", 85, "part"),
        ("FIRST", 55, "full"),
        ("ANY", 70, "part"),
        ("PRIORITY", 55, "part"),
        ("RULE ORDER", 55, ["full", "part", "part"]),
        ("OUTPUT ORDER", 55, ["part", "part", "full"]),
        ("COLLECT", 55, ["full", "part", "part"]),
        ("COLLECT", 95, []),
    ],
)
def test_every_hit_policy_picks_its_rules(hit_policy: str, score: int, expected: object) -> None:
    assert by(hit_policy, score).value == expected


@pytest.mark.parametrize(("aggregation", "expected"), [("SUM", 600), ("MIN", 100), ("MAX", 300), ("COUNT", 3)])
def test_collected_outputs_are_aggregated(aggregation: str, expected: int) -> None:
    assert by("COLLECT", 55, outputs=["amount"], aggregation=aggregation).value == expected


@pytest.mark.parametrize(
    ("hit_policy", "score", "reason"),
    [
        ("UNIQUE", 55, "the hit policy is UNIQUE, and the rules 1, 2, 3 all match"),
        ("ANY", 55, "the rules 1 and 2 give different outputs"),
        ("FIRST", 95, "no rule matches, and the table has no default output"),
        ("PRIORITY", 95, "no rule matches"),
    ],
)
def test_a_violated_hit_policy_is_null_with_its_reason(hit_policy: str, score: int, reason: str) -> None:
    result = by(hit_policy, score)
    assert result.value is None
    assert reason in result.warnings[-1].reason


def test_several_outputs_make_a_context() -> None:
    assert by("FIRST", 55, outputs=["level", "amount"]).value == {"level": "full", "amount": 300}


def test_without_a_match_the_default_outputs_count() -> None:
    logic = table(["score"], ['level="none"', "amount=0"], [["< 5", '"full"', "1"]])
    result = outcome(model_of(decision("d", logic)), "d", {"score": 9})
    assert result.value == {"level": "none", "amount": 0}
    assert result.trace.decisions[0].tables[0].used_default


def test_an_output_outside_the_allowed_values_is_null() -> None:
    logic = table(["score"], ['level:"none", "part"'], [["-", '"everything"']])
    result = outcome(model_of(decision("d", logic)), "d", {"score": 9})
    assert result.value is None
    assert "not among the allowed values" in result.warnings[0].reason


def test_cells_see_the_tested_value_and_other_variables() -> None:
    rules = [["? > limit and ? < limit * 2", '"near"'], ["limit", '"at"'], ["-", '"else"']]
    model = model_of(decision("d", table(["income"], ["level"], rules, hit_policy="FIRST")))
    assert [decided(model, "d", {"income": n, "limit": 10}) for n in (15, 10, 30)] == ["near", "at", "else"]


def test_a_null_condition_does_not_match_and_says_why() -> None:
    model = model_of(decision("d", table(["income"], ["level=1"], [["< 5", "2"]])))
    result = outcome(model, "d", {"income": "much"})
    assert result.value == 1
    assert [(w.place.element_id, w.place.text("en"), w.place.text("zh"), w.text) for w in result.warnings] == [
        ("cell1_1", "d, rule 1, condition 1", "d，第 1 条规则的第 1 个条件", "< 5"),
    ]


def test_a_column_of_dates_takes_dates_written_as_text() -> None:
    logic = table(["born"], ["old=false"], [['< date("1966-03-02")', "true"]]).replace(
        "<inputExpression>", '<inputExpression typeRef="date">'
    )
    model = model_of(decision("d", logic))
    assert decided(model, "d", {"born": "1950-05-01"}) is True
    assert decided(model, "d", {"born": "2010-05-01"}) is False


def test_an_input_outside_its_allowed_values_is_null() -> None:
    logic = table(["kind"], ["n"], [["-", "1"]]).replace(
        "</inputExpression>", '</inputExpression><inputValues><text>"低保","特困"</text></inputValues>'
    )
    model = model_of(decision("d", logic))
    assert decided(model, "d", {"kind": "低保"}) == 1
    assert decided(model, "d", {"kind": "其他"}) is None
