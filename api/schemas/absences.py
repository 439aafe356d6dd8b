"""What the API takes and answers of absences and substitutes."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas.requests import PageSchema
from engine.core.limits import LONGEST_TEXT
from engine.permissions import MAX_REASON
from web.schemas.base import MAX_LIST, AnswerSchema, RequestSchema, answer_schema, calendar_day, text
from workflows.casework.absences.model import Absence
from workflows.casework.absences.ports import AbsencePage

LONGEST_LOGIN = 64


class AbsenceListSchema(PageSchema):
    """Which absences."""

    current_only = fields.Boolean(load_default=False)


class AbsenceRequestSchema(RequestSchema):
    """An absence: of whom, from when to when, who acts in their name, in which processes (none named: in all)."""

    login = text(most=LONGEST_LOGIN, least=1, required=True)
    substitute = text(most=LONGEST_LOGIN, least=1, required=True)
    first_on = calendar_day(required=True)
    last_on = calendar_day(required=True)
    process_ids = fields.List(
        text(most=LONGEST_TEXT, least=1), load_default=list, validate=validate.Length(max=MAX_LIST)
    )
    reason = text(most=MAX_REASON, least=1, required=True)


class StaffSchema(AnswerSchema):
    """Somebody who can be chosen."""

    login = fields.String()
    name = fields.String()


class ChoicesSchema(AnswerSchema):
    """For whom an absence may be entered, and who may be the substitute."""

    absent = fields.List(fields.Nested(StaffSchema))
    substitutes = fields.List(fields.Nested(StaffSchema))


AbsenceSchema = answer_schema(Absence)
AbsencePageSchema = answer_schema(AbsencePage)
