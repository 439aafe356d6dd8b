from __future__ import annotations

import pytest

from engine.feel import FeelLimitError, FeelSyntaxError, FeelWarning, Settings, compile_expression, compile_unary_tests
from engine.feel.messages import Message
from tests.unit.feel.evaluating import NOW, evaluation


@pytest.mark.parametrize(
    ("text", "code", "zh", "en"),
    [
        ('1 + "a"', "operation-undefined", "数字与文本之间不能做“+”运算", "number + string is not defined"),
        (
            'upper case(duration("P1D"))',
            "parameter-refused",
            "upper case：参数“string”应为文本，实际为日时时长",
            "upper case: parameter 'string': expected string, found days and time duration",
        ),
        (
            "date([1, 2])",
            "parameter-refused",
            "date：参数“from”应为文本，实际为列表",
            "date: parameter 'from': expected string, found list",
        ),
        (
            "null < 1",
            "comparison-undefined",
            "空值与数字不能比较大小（比较：<）",
            "null and number have no order (by <)",
        ),
        ("[1][1.5]", "not-whole", "列表的序号须为整数，实际为 1.5", "an index must be a whole number, found 1.5"),
        ("abs()", "arguments-do-not-fit", "abs 不能接受 0 个参数；用法：abs(n)", None),
        ("月收入（元）", "no-variable", None, None),
    ],
)
def test_a_null_tells_its_reason_by_code_and_in_both_languages(
    text: str, code: str, zh: str | None, en: str | None
) -> None:
    found = evaluation(text).warnings[0]
    assert found.code == code
    assert zh in (None, found.reason_zh)
    assert en in (None, found.reason)


def test_a_warning_is_a_value() -> None:
    assert evaluation("1 / 0").warnings == (FeelWarning(position=2, message=Message("division-by-zero")),)


def test_a_syntax_error_tells_line_and_column_in_both_languages() -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression("count(成员）")
    assert caught.value.text("zh").startswith("第 1 行第 10 列：此处应为“,”")
    assert caught.value.text("zh").endswith("；其中有全角字符“）”，请改为半角的 )")
    assert str(caught.value).startswith("line 1, column 10: expected ',' between arguments")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("sum(for i in 1..9 return\n  count(for j in 1..99999 return j))", 2, 9),
        ("1 + count(xs[item > 1])", 1, 13),
        ("1 + count(xs.name)", 1, 13),
        ("some x in xs satisfies x > 9", 1, 1),
        ("1 = 2 or xs = [xs, xs]", 1, 13),
        ("1 + sort(xs)[1]", 1, 9),
        ("{f: function(n) f(n), g: f(1)}.g", 1, 18),
        ("1 in (1..99999999999999) or (for a in 1..99999999999 return a)", 1, 30),
    ],
)
def test_a_limit_is_met_at_a_place(text: str, line: int, column: int) -> None:
    with pytest.raises(FeelLimitError) as caught:
        compile_expression(text).evaluate({"xs": [1] * 1_500}, Settings(now=NOW, step_limit=500))
    assert (caught.value.line, caught.value.column) == (line, column)
    assert f"第 {line} 行第 {column} 列：" in caught.value.text("zh")


def test_a_recursion_python_cannot_follow_is_met_at_a_place() -> None:
    deep = "(1 + " * 40 + "f(n)" + ")" * 40
    with pytest.raises(FeelLimitError) as caught:
        evaluation(f"{{f: function(n) {deep}, g: f(1)}}.g")
    assert (caught.value.code, caught.value.column) == ("evaluation-too-deep", 17 + 40 * 5 + 1)


def test_a_limit_in_a_cell_of_conditions_is_met_at_a_place() -> None:
    tests = compile_unary_tests("count(for i in 1..99999 return i)")
    with pytest.raises(FeelLimitError) as caught:
        tests.evaluate(1, {}, Settings(now=NOW, step_limit=100))
    assert caught.value.column == 7
