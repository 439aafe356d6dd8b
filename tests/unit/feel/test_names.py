from __future__ import annotations

from decimal import Decimal

import pytest

from engine.feel import compile_expression
from tests.unit.feel.evaluating import evaluation, value


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [
        ("income per capita < 900", {"income per capita": 850}, True),
        ("income   per\ncapita + 1", {"income per capita": 850}, Decimal(851)),
        ("家庭人均收入 < 低保标准", {"家庭人均收入": 500, "低保标准": 800}, True),
        ("count(家庭 成员)", {"家庭 成员": [1, 2]}, Decimal(2)),
        ("申请人.姓名", {"申请人": {"姓名": "王芳"}}, "王芳"),
        ("terms and conditions", {"terms and conditions": "agreed"}, "agreed"),
        ("income-net - 1", {"income-net": 10}, Decimal(9)),
        ("driver's age >= 18", {"driver's age": 20}, True),
        ("income 2025 + income 2026", {"income 2025": 1, "income 2026": 2}, Decimal(3)),
        ("case.living alone", {"case": {"living alone": True}}, True),
        ("{a+b: 1, c: a+b + 1}.c", {}, Decimal(2)),
        ("date and time", {"date": True, "time": False}, False),
        ("x.in", {"x": {"in": 3}}, Decimal(3)),
    ],
)
def test_names_are_read_with_their_spaces_and_signs(text: str, variables: dict[str, object], expected: object) -> None:
    assert value(text, variables) == expected


def test_a_known_name_wins_over_the_operator_in_it() -> None:
    assert value("a-b", {"a-b": 1, "a": 5, "b": 3}) == 1
    assert value("a-b", {"a": 5, "b": 3}) == 2


def test_the_variables_an_expression_reads_are_known_beforehand() -> None:
    text = "for m in household.members return if m.age < limit then sum([1]) else add working days(start, 3)"
    assert compile_expression(text).names == {"household", "limit", "start", "add working days"}


def test_names_in_a_filter_may_belong_to_the_member() -> None:
    expression = compile_expression("members[age > limit]")
    assert expression.names == {"members"}
    assert expression.possible_names == {"members", "age", "limit"}


def test_a_full_width_sign_read_as_part_of_a_name_is_pointed_out() -> None:
    assert evaluation("收入＜800").warnings[0].reason.endswith("it holds the full-width '＜': write '<' instead")


def test_a_missing_variable_is_null_with_its_name_and_place() -> None:
    result = evaluation("1 + 房租")
    assert result.value is None
    assert (result.warnings[0].position, result.warnings[0].reason) == (4, "there is no variable '房租'")


def test_a_variable_whose_name_no_text_can_hold_does_no_harm() -> None:
    assert value("a + 1", {"a": 1, 'half a "quotation': 2, "/* never": 3}) == 2
