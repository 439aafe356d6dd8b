"""What an incident keeps of an expression or decision that failed, and what a check says of a decision table."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from engine import dmn
from engine.bindings import NotBound
from engine.checking import check_resource
from engine.core.model import ExpressionFailed
from engine.expressions import FeelEvaluator
from engine.feel import Settings
from engine.model import Resource
from tests.unit.dmn.drawing import decision, document, table

TABLE = document(decision("level", table(["income"], ["level"], [["< 500", '"full"'], ["< 100", '"more"']])))


def evaluator() -> FeelEvaluator:
    model = dmn.parse(TABLE)

    def decisions(decision_id: str, *_: object) -> tuple[UUID, dmn.Model]:
        if decision_id != "level":
            raise NotBound(f"{decision_id}尚未部署 / {decision_id} is not deployed")
        return UUID(int=1), model

    return FeelEvaluator(
        settings=Settings(now=datetime(2026, 3, 2, tzinfo=UTC)),
        roots={},
        decisions=decisions,
    )


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        (
            '=rent + "a"',
            "结果为空值：数字与文本之间不能做“+”运算（第 6 个字符）",
            "the value is null: number + string is not defined (character 6)",
        ),
        (
            "=1 +",
            "第 1 行第 4 列：此处应为一个值，但文字已经结束",
            "line 1, column 4: expected a value, found the end of the text",
        ),
    ],
)
def test_a_failed_expression_says_why_in_both_languages(text: str, zh: str, en: str) -> None:
    with pytest.raises(ExpressionFailed) as caught:
        evaluator().evaluate(text, {"rent": 5})
    assert str(caught.value) == f"{zh} / {en}"


@pytest.mark.parametrize(
    ("decision_id", "reason"),
    [
        (
            "level",
            "决策没有结果：level：没有规则符合，决策表也没有默认输出 / the decision gave no result: level: no rule",
        ),
        ("gone", "gone尚未部署 / gone is not deployed"),
    ],
)
def test_a_failed_decision_says_why_in_both_languages(decision_id: str, reason: str) -> None:
    with pytest.raises(ExpressionFailed) as caught:
        evaluator().decide(decision_id, {"income": 900}, caller="", binding="latest", version_tag=None)
    assert str(caught.value).startswith(reason)


def test_a_finding_about_a_decision_keeps_its_code_and_both_languages() -> None:
    resource = Resource(name="level.dmn", kind="decision", content=TABLE)
    (found,) = [one for one in check_resource(resource) if one.code == "rules-overlap"]
    assert (found.severity, found.code, found.element_id) == ("warning", "rules-overlap", "rule2")
    assert found.message_zh == "level：第 1 条与第 2 条规则可能同时符合（income: < 100）。"
    assert found.message_en == "level: rules 1 and 2 can match at once (income: < 100)."


def test_an_object_of_the_office_wins_over_a_variable_kept_from_before() -> None:
    reader = FeelEvaluator(
        settings=Settings(now=datetime(2026, 3, 2, tzinfo=UTC)),
        roots={"case": {"number": "real"}},
        decisions=lambda *_: (UUID(int=1), dmn.parse(TABLE)),
    )
    assert reader.evaluate("=case.number", {"case": {"number": "forged"}}) == "real"
