"""What a schema objects to: the right end of a range, the right counting word, no English in a Chinese refusal."""

from __future__ import annotations

import re

import pytest
from flask import Flask, request
from marshmallow import Schema

from api.schemas.operation_requests import InstanceListSchema, ModificationSchema, RetriesSchema
from web.errors import BadJson, BadRequest
from web.requests import json_body, json_text, require_plain_address
from web.schemas.base import ExactDecimal
from web.schemas.messages import objections

ENGLISH = re.compile(r"[a-z]{4,}")


@pytest.mark.parametrize(
    ("schema", "given", "zh", "en"),
    [
        (RetriesSchema, {"retries": 101}, "应在 1 至 100 之间", "From 1 to 100 is needed"),
        (ModificationSchema, {"reason": "x" * 501}, "应为 1 至 500 个字", "Characters needed: 1 to 500"),
        (ModificationSchema, {"reason": "x", "cancel_keys": [1] * 101}, "最多 100 项", "Entries allowed: at most 100"),
        (InstanceListSchema, {"business_key": "x" * 257}, "最多 256 个字", "Characters allowed: at most 256"),
        (
            InstanceListSchema,
            {"region": "west"},
            "应为 1 至 12 位数字的区划代码",
            "A division code of 1 to 12 digits is needed",
        ),
    ],
)
def test_an_objection_names_the_bound_that_was_passed(schema: type, given: object, zh: str, en: str) -> None:
    (found,) = objections(schema().validate(given))
    assert (found.message_zh, found.message_en) == (zh, en)


@pytest.mark.parametrize(
    "body",
    ["{", '{"a": ' + "9" * 41 + "}", '{"a": "\\u0000"}', "[" * 40 + "]" * 40, '{"a": NaN}', '{"a": 1, "a": 2}'],
    ids=["broken", "long number", "NUL", "deep", "NaN", "twice"],
)
def test_json_that_is_refused_is_refused_in_the_language_of_the_reader(body: str) -> None:
    with (
        Flask(__name__).test_request_context(method="POST", data=body, content_type="application/json"),
        pytest.raises(BadJson) as refused,
    ):
        json_body(request)
    assert not ENGLISH.search(refused.value.fields["reason_zh"])
    assert refused.value.fields["reason"]


def test_a_name_that_stands_twice_in_one_object_is_named() -> None:
    with pytest.raises(BadJson) as refused:
        json_text('[{"sum": 1}, {"sum": 1, "who": {}, "sum": 2}]')
    assert refused.value.fields["reason_zh"] == "同一对象中“sum”出现两次"
    assert json_text('[{"sum": 1}, {"sum": 2}]') == [{"sum": 1}, {"sum": 2}]


def test_a_character_that_is_no_text_is_refused_in_the_language_of_the_reader() -> None:
    with Flask(__name__).test_request_context("/?name=%00"), pytest.raises(BadRequest) as refused:
        require_plain_address(request)
    assert refused.value.text("zh") == "请求无法读取：“name”含有不是文字的字符"


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        (
            "1e30",
            "数值过大，最大为 99999999999999999999（负数同此）",
            "The number is too large; the largest is 99999999999999999999, with or without a minus",
        ),
        ("0." + "1" * 21, "最多共 20 位数字", "Digits allowed: at most 20 altogether"),
        ("many", "应为数字", "A number is needed"),
    ],
)
def test_a_number_that_cannot_be_kept_hears_why(given: str, zh: str, en: str) -> None:
    (found,) = objections(Schema.from_dict({"amount": ExactDecimal()})().validate({"amount": given}))
    assert (found.message_zh, found.message_en) == (zh, en)
