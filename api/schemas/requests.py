"""What requests to the API may hold."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from engine.commands.messages import LONGEST_LIFE
from engine.core.limits import LONGEST_TEXT
from engine.incident_model import INCIDENT_KINDS
from engine.permissions import MAX_REASON
from engine.queries import TaskOrder, TaskTab
from web.schemas.base import DIVISION_CODE, MAX_LIST, RequestSchema, StrictBoolean, WholeNumber, text
from web.schemas.submission import SubmissionSchema
from workflows.casework.holds.model import HoldEvent
from workflows.casework.model import CaseStatus
from workflows.casework.privacy import Purpose
from workflows.casework.queries import CaseOrder
from workflows.casework.supervision import OFFICE_KEY, Situation
from workflows.organisation.model import LANGUAGES

MAX_PAGE = 200
MAX_OFFSET = 1_000_000
MOST_PRIORITY = 100


class PageSchema(RequestSchema):
    """Which part of a list."""

    offset = fields.Integer(load_default=0, validate=validate.Range(min=0, max=MAX_OFFSET))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=MAX_PAGE))


class OfficeField(fields.String):
    """A unit as the board of supervisors names it: its kind and its region, as in `education:320481`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=validate.Regexp(rf"(?:{OFFICE_KEY.pattern})\Z", error="Not a unit."), **options)


class SignInSchema(RequestSchema):
    """Login and password."""

    login = text(most=64, required=True)
    password = text(most=128, required=True, load_only=True)


class PasswordSchema(RequestSchema):
    """The password of now and the one to be."""

    current_password = text(most=128, required=True, load_only=True)
    new_password = text(most=128, required=True, load_only=True)


class LanguageSchema(RequestSchema):
    """The language an account reads in."""

    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))


class CaseListSchema(PageSchema):
    """Which cases."""

    text = text(most=100, load_default=None)
    status = fields.Enum(CaseStatus, by_value=True, load_default=None)
    region = fields.String(load_default=None, validate=DIVISION_CODE)
    overdue_only = fields.Boolean(load_default=False)
    order = fields.Enum(CaseOrder, by_value=True, load_default=CaseOrder.RECEIVED)
    descending = fields.Boolean(load_default=True)


class TaskListSchema(PageSchema):
    """Which user tasks."""

    tab = fields.Enum(TaskTab, by_value=True, load_default=TaskTab.MINE)
    case = text(most=LONGEST_TEXT, load_default=None)
    element = text(most=100, load_default=None)
    holder = text(most=64, load_default=None)
    text = text(most=100, load_default=None)
    overdue_only = fields.Boolean(load_default=False)
    unit = OfficeField(load_default=None)
    situation = fields.Enum(Situation, by_value=True, load_default=None)
    order = fields.Enum(TaskOrder, by_value=True, load_default=TaskOrder.DUE)
    descending = fields.Boolean(load_default=False)


class AssignSchema(RequestSchema):
    """Who is to do a task, and why."""

    assignee = text(most=64, least=1, required=True)
    reason = text(most=MAX_REASON, load_default=None, allow_none=True)


class HandOverSchema(RequestSchema):
    """To which person, or to which kind of unit, a task is handed on, and why."""

    assignee = text(most=64, least=1)
    unit_kind = text(most=40, least=1)
    reason = text(most=MAX_REASON, least=1, required=True)

    @validates_schema
    def _one_of_both(self, loaded: dict[str, Any], **_: object) -> None:
        if ("assignee" in loaded) == ("unit_kind" in loaded):
            raise ValidationError("Either assignee or unit_kind is needed.", "assignee")


class CompletionSchema(SubmissionSchema):
    """What is handed in, and whether the answer is to name the task to open next."""

    name_next = StrictBoolean(load_default=False)


class PutOffSchema(RequestSchema):
    """Until when a task is put off, what may bring it back before, and why; null takes it up again."""

    until = fields.AwareDateTime(required=True, allow_none=True)
    reason = text(most=MAX_REASON, load_default=None, allow_none=True)
    event = fields.Enum(HoldEvent, by_value=True, load_default=None, allow_none=True)


class TaskChangeSchema(RequestSchema):
    """What is to change of an open task; what is not named stays, null clears a date."""

    due_at = fields.AwareDateTime(allow_none=True)
    follow_up_at = fields.AwareDateTime(allow_none=True)
    candidate_groups = fields.List(text(most=200, least=1), validate=validate.Length(max=MAX_LIST))
    candidate_users = fields.List(text(most=64, least=1), validate=validate.Length(max=MAX_LIST))
    priority = WholeNumber(validate=validate.Range(min=0, max=MOST_PRIORITY))
    reason = text(most=MAX_REASON, load_default=None, allow_none=True)

    @validates_schema
    def _names_something(self, changes: dict[str, object], **_: object) -> None:
        if not changes.keys() - {"reason"}:
            raise ValidationError("Missing data for required field.", "changes")


class IncidentListSchema(PageSchema):
    """Which incidents."""

    open_only = fields.Boolean(load_default=True)
    kind = fields.String(load_default=None, validate=validate.OneOf(INCIDENT_KINDS))
    process_id = text(most=200, least=1, load_default=None)
    unit = OfficeField(load_default=None)


class StartingSchema(RequestSchema):
    """What may start instances: their variables, region and business key."""

    variables = fields.Dict(keys=fields.String(), load_default=dict)
    region = fields.String(load_default=None, allow_none=True, validate=DIVISION_CODE)
    business_key = text(most=LONGEST_TEXT, load_default=None, allow_none=True)


class SignalSchema(StartingSchema):
    """A signal for everybody who waits for it; region and business key are those of instances it starts."""

    name = text(most=LONGEST_TEXT, least=1, required=True)


class ConditionsSchema(StartingSchema):
    """Variables that conditional start events are looked at with, of one process or of all."""

    process_id = text(most=LONGEST_TEXT, least=1, load_default=None, allow_none=True)


class CorrelationSchema(SignalSchema):
    """A message for who waits for it now."""

    correlation_key = text(most=LONGEST_TEXT, load_default=None, allow_none=True)


class MessageSchema(CorrelationSchema):
    """A message that is kept for `time_to_live` seconds; an equal one (name, key, message id) is refused meanwhile."""

    time_to_live = WholeNumber(load_default=0, validate=validate.Range(min=0, max=int(LONGEST_LIFE.total_seconds())))
    message_id = text(most=LONGEST_TEXT, load_default=None, allow_none=True)


class CalendarSchema(RequestSchema):
    """Which year of the calendar."""

    year = fields.Integer(required=True, validate=validate.Range(min=1900, max=2200))


class RevealSchema(RequestSchema):
    """Why numbers are to be shown in full."""

    purpose = fields.Enum(Purpose, by_value=True, required=True)
