"""What requests about changes of figures of policy may hold, and what they are answered with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marshmallow import fields

from engine.permissions import MAX_REASON
from web.schemas.base import RequestSchema, StrictBoolean, answer_schema, calendar_day, text
from workflows.casework.parameter_changes.model import ParameterChange, ParameterPreview, ParameterUse


class ParameterChangeListSchema(RequestSchema):
    """Of which figure; without one, all that wait to be decided."""

    key = text(most=80, least=1, load_default=None)


class ParameterValueSchema(RequestSchema):
    """Another value of a figure from a day on."""

    key = text(most=80, least=1, required=True)
    effective_from = calendar_day(required=True)
    value = fields.Raw(required=True)


class ParameterChangeRequestSchema(ParameterValueSchema):
    """The same with the document it rests on, and why it is entered."""

    source = text(most=MAX_REASON, least=1, required=True)
    reason = text(most=MAX_REASON, least=1, required=True)


class ParameterDecisionSchema(RequestSchema):
    """Whether a change is approved, and why."""

    approve = StrictBoolean(required=True)
    note = text(most=MAX_REASON, least=1, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterChanges:
    """Changes, the newest first."""

    changes: Sequence[ParameterChange]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterPreviewAnswer:
    """What a change would do, and which diagrams and tables read the figure."""

    preview: ParameterPreview
    used_by: Sequence[ParameterUse]


ParameterChangeSchema = answer_schema(ParameterChange)
ParameterChangesSchema = answer_schema(ParameterChanges)
ParameterPreviewSchema = answer_schema(ParameterPreviewAnswer)
