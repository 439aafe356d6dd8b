from __future__ import annotations

import pytest

from engine.dmn import lint
from tests.unit.dmn.drawing import decision, input_data, literal, model_of, requires_decision, table


def messages(*parts: str) -> list[str]:
    return [finding.message_en for finding in lint(model_of(*parts))]


def test_a_sound_model_has_no_findings() -> None:
    rules = [["< 60", '"full"'], ["[60..80)", '"part"'], [">= 80", '"none"']]
    assert messages(decision("d", table(["score"], ["level"], rules))) == []


def test_a_text_that_is_no_feel_is_found_by_table_rule_and_cell() -> None:
    rules = [["< 60", '"full"'], ["60 ..", "none at all("]]
    found = lint(model_of(decision("d", table(["score +"], ["level"], rules))))
    assert [(f.severity, f.code, f.element_id, f.name) for f in found] == [
        ("error", "no-feel", "in1", "score +"),
        ("error", "no-feel", "cell2_1", "d"),
        ("error", "no-feel", "cell2_2", "d"),
    ]
    assert found[1].message_en.startswith("d, rule 2, condition 1: '60 ..' is no FEEL: line 1, column 4: expected")
    assert found[1].message_zh.startswith("d，第 2 条规则的第 1 个条件：“60 ..”不是 FEEL：第 1 行第 4 列：")
    assert found[1].line == 1


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("< 60", "< 50", True),
        ("< 60", ">= 60", False),
        ("<= 60", ">= 60", True),
        ("[1..5)", "[5..9]", False),
        ("[1..5]", "5", True),
        ("1, 7", "[6..8]", True),
        ('"a", "b"', '"b"', True),
        ('"a"', '"b"', False),
        ('not("a")', '"a"', False),
        ('not("a")', '"b"', True),
        ("not(1, [3..5])", "[3..4]", False),
        ("not(1, [3..5])", "(5..9]", True),
        ("true", "false", False),
        ("not(true)", "false", True),
        ("not(true)", "not(false)", False),
        ("-", "7", True),
        ('date("2026-01-01")', "-", True),
        ('@"2026-01-01"', '> @"2025-01-01"', True),
        ("1", '"1"', False),
        ("> -5", "-7", False),
        ("? > 3", "? > 2", False),
        ("!= 5", "5", False),
    ],
)
def test_overlapping_rules_of_a_unique_table_are_found(first: str, second: str, clash: bool) -> None:
    found = lint(model_of(decision("d", table(["x"], ["y"], [[first, "1"], [second, "2"]]))))
    overlaps = [finding for finding in found if finding.code == "rules-overlap"]
    assert [finding.element_id for finding in overlaps] == (["rule2"] if clash else [])


def test_one_column_that_excludes_is_enough() -> None:
    rules = [["< 60", '"a"', "1"], ["< 50", '"b"', "2"]]
    assert messages(decision("d", table(["x", "kind"], ["y=0"], rules))) == []


def test_a_table_that_cannot_keep_its_hit_policy_is_found() -> None:
    assert (
        "needs the allowed output values"
        in messages(decision("d", table(["x"], ["y"], [["-", "1"]], hit_policy="PRIORITY")))[0]
    )
    assert (
        "cannot aggregate several outputs (2)"
        in messages(
            decision("d", table(["x"], ["y", "z"], [["-", "1", "2"]], hit_policy="COLLECT", aggregation="SUM"))
        )[0]
    )


def test_reading_what_is_drawn_but_not_required_is_found() -> None:
    found = messages(
        input_data("income", "number"),
        decision("limit", literal("800")),
        decision("d", literal("if income < limit then other else 1"), requires=requires_decision("limit")),
    )
    assert found == [
        "'d' reads 'income', which is drawn but not required here: it will be null.",
        "d: 'if income < limit then other else 1' at character 24: nothing brings a variable 'other' here.",
    ]


def test_names_bound_inside_the_logic_need_no_requirement() -> None:
    entry = f"<contextEntry><variable name='income'/>{literal('1')}</contextEntry>"
    logic = f"<context>{entry}<contextEntry>{literal('income + sum(for d in [1] return d)')}</contextEntry></context>"
    assert messages(input_data("income"), decision("d", logic)) == []


def test_full_width_signs_are_found() -> None:
    found = messages(decision("d", table(["收入"], ["level"], [["？＜800", "1"]])))
    assert "write '?' instead" in found[0]


def test_missing_logic_types_and_requirements_are_found() -> None:
    found = lint(
        model_of(
            decision("a", ""),
            decision("b", literal("1"), requires=requires_decision("gone"), type_ref="unheard of"),
        )
    )
    assert [(f.severity, f.code, f.message_en) for f in found] == [
        ("warning", "unknown-type", "There is no type 'unheard of'; it is taken as Any."),
        ("warning", "no-logic", "The value is always null: no decision logic is drawn."),
        ("error", "dangling-requirement", "'b' requires the element 'gone', which does not exist."),
    ]
    assert found[1].message_zh == "结果总是空值：没有画出决策逻辑。"
