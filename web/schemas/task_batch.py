"""What is asked of several tasks at once."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from engine.permissions import MAX_REASON
from web.schemas.base import RequestSchema, WholeNumber, text
from web.task_batch import MOST_TASKS, TaskAction, TaskBatch


class TaskBatchSchema(RequestSchema):
    """What is to be done to which tasks: assigning needs assignee and reason; variables are answers all tasks share.

    `versions` are those of the tasks to be completed as they were read, in the order of `task_ids`.
    """

    action = fields.Enum(TaskAction, by_value=True, required=True)
    task_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=MOST_TASKS))
    assignee = text(most=64, load_default=None, allow_none=True)
    reason = text(most=MAX_REASON, load_default=None, allow_none=True)
    variables = fields.Dict(keys=fields.String(), load_default=dict)
    versions = fields.List(WholeNumber(validate=validate.Range(min=1, max=2**31 - 1)), load_default=list)

    @validates_schema
    def _one_version_each(self, loaded: dict[str, Any], **_: object) -> None:
        if loaded["versions"] and len(loaded["versions"]) != len(loaded["task_ids"]):
            raise ValidationError("As many as task_ids are needed.", "versions")

    @post_load
    def _batch(self, loaded: dict[str, Any], **_: object) -> TaskBatch:
        versions = dict(zip(loaded["task_ids"], loaded["versions"], strict=False))  # or none of all of them
        return TaskBatch(**{**loaded, "task_ids": tuple(loaded["task_ids"]), "versions": versions})
