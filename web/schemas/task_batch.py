"""What is asked of several tasks at once."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate

from engine.permissions import MAX_REASON
from web.schemas.base import RequestSchema, text
from web.task_batch import MOST_TASKS, TaskAction, TaskBatch


class TaskBatchSchema(RequestSchema):
    """What is to be done to which tasks: assigning needs assignee and reason; variables are answers all tasks share."""

    action = fields.Enum(TaskAction, by_value=True, required=True)
    task_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=MOST_TASKS))
    assignee = text(most=64, load_default=None, allow_none=True)
    reason = text(most=MAX_REASON, load_default=None, allow_none=True)
    variables = fields.Dict(keys=fields.String(), load_default=dict)

    @post_load
    def _batch(self, loaded: dict[str, Any], **_: object) -> TaskBatch:
        return TaskBatch(**{**loaded, "task_ids": tuple(loaded["task_ids"])})
