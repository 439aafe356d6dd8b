"""The demo's staff know what to enter for every task of the product, and say plainly where they do not."""

from __future__ import annotations

from datetime import date

import pytest

from api.demo.occasion import Occasion
from api.demo.staff import NoAnswer, answer, known_answers
from api.scenario.forms import required_fields
from api.scenario.people import known_names, logins_of
from api.scenario.registry import known_acts, known_expectations
from api.scenario.shapes import words
from api.scenario.vocabulary import known_tasks

FORM = {
    "components": [
        {"type": "number", "key": "amount", "label": "金额", "validate": {"required": True}},
        {"type": "number", "key": "shown", "label": "合计", "readonly": True, "validate": {"required": True}},
        {"type": "textfield", "key": "note", "label": "备注"},
        {
            "type": "group",
            "components": [
                {
                    "type": "radio",
                    "key": "decision",
                    "label": "结论",
                    "values": [{"value": "agree"}, {"value": "refuse"}],
                    "validate": {"required": True},
                }
            ],
        },
    ]
}


def test_every_task_of_the_product_has_a_sensible_answer_and_no_answer_is_for_a_task_that_is_gone() -> None:
    assert set(known_tasks()) == set(known_answers())


def test_a_task_nobody_was_taught_names_the_fields_its_form_requires() -> None:
    fields = tuple(required_fields(FORM))
    occasion = Occasion(element_id="Task_New", shown={}, today=date(2026, 6, 15), required_fields=fields)
    with pytest.raises(NoAnswer) as unknown:
        answer(occasion)

    assert fields == ("amount（金额 number）", "decision（结论：agree|refuse）")
    assert "Task_New" in unknown.value.zh
    assert "decision（结论：agree|refuse）" in unknown.value.en


def test_a_person_is_a_login_or_everybody_with_a_role() -> None:
    assert logins_of("kunlun.clerk") == ("kunlun.clerk",)
    assert tuple(logins_of("township/surveyor@320481001")) == ("kunlun.surveyor1", "kunlun.surveyor2")
    assert tuple(logins_of("civil_affairs/reviewer")) == ("civil-affairs.reviewer", "civil-affairs.reviewer2")
    assert logins_of("township/clerk") == ()
    assert len(set(known_names())) == len(known_names())


def test_every_act_and_expectation_is_described_in_both_languages_and_says_how_it_is_written() -> None:
    for one in (*known_acts().values(), *known_expectations().values()):
        zh, _, en = one.description.partition("。 ")
        assert any("\u4e00" <= sign <= "\u9fff" for sign in zh), one.name
        assert en, one.name
        assert en.isascii(), one.name
        assert all(words(one.shape)), one.name
