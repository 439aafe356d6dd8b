"""What the API takes and answers of the rules by which units give out their tasks."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load

from api.schemas.requests import OfficeField
from engine.core.limits import LONGEST_TEXT
from web.distribution import RuleBook, RuleLine
from web.schemas.base import RequestSchema, WholeNumber, answer_schema, text
from workflows.casework.distribution.model import Method, RulePlace
from workflows.casework.supervision import OfficeKey


class RuleListSchema(RequestSchema):
    """Of which unit; without one of all in sight, and without the record."""

    unit = OfficeField(load_default=None)


class RulePlaceSchema(RequestSchema):
    """What a rule is for: a unit, and where wanted one process or one step of it."""

    unit = OfficeField(required=True)
    process_id = text(most=LONGEST_TEXT, load_default="")
    element_id = text(most=LONGEST_TEXT, load_default="")

    @post_load
    def _place(self, loaded: dict[str, Any], **_: object) -> dict[str, Any]:
        unit = OfficeKey.parsed(loaded.pop("unit"))
        place = {name: loaded.pop(name) for name in ("process_id", "element_id")}
        return {"place": RulePlace(unit=unit or OfficeKey(kind="", region=""), **place), **loaded}


class RuleRequestSchema(RulePlaceSchema):
    """A rule: how tasks are given out, up to how many open ones a person, after how many working days they go back."""

    method = fields.Enum(Method, by_value=True, required=True)
    most_open = WholeNumber(load_default=None, allow_none=True)
    release_after = WholeNumber(load_default=None, allow_none=True)


RuleSchema = answer_schema(RuleLine)
RuleBookSchema = answer_schema(RuleBook)
