"""Filters people keep of their work lists, and the columns of those."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from api.operations import Created, Operation, operation
from api.resources.blueprint import api
from api.schemas.list_filters import (
    ColumnsSchema,
    FilterChangeSchema,
    KeepFilterSchema,
    ListFilterSchema,
    ListSettingsSchema,
    RemoveFilterSchema,
)
from api.services import current
from web.authentication import current_actor
from web.work_list import kept_arguments
from workflows.organisation.list_filters import ListFilter, ListSettings
from workflows.organisation.rights import Right
from workflows.organisation.work_lists import ChangeListFilter, ChooseListColumns, KeepListFilter, RemoveListFilter


@api.get("/tasks/settings")
@operation(
    Operation(
        summary="The filters the caller keeps or is shown by a unit, and the columns chosen",
        right=Right.WORK,
        answer=ListSettingsSchema,
    )
)
def get_list_settings() -> ListSettings:
    """Show filters and columns."""
    return current().organisation.list_settings(current_actor())


@api.post("/tasks/filters")
@operation(
    Operation(
        summary="Keep the state of a work list, in the words of its page's address, for oneself or for a unit",
        right=Right.WORK,
        body=KeepFilterSchema,
        answer=ListFilterSchema,
        status=HTTPStatus.CREATED,
    )
)
def keep_list_filter(body: dict[str, Any]) -> Created:
    """Keep a filter."""
    kept = KeepListFilter(filter_id=uuid4(), **{**body, "arguments": kept_arguments(body["arguments"])})
    made = current().engine.execute(kept, actor=current_actor())
    return Created(value=made, location="/api/v1/tasks/settings")


@api.put("/tasks/filters/<uuid:filter_id>")
@operation(
    Operation(
        summary="Rename a filter, share it, or keep another state under it; its owner, or the unit's supervisor",
        right=Right.WORK,
        body=FilterChangeSchema,
        answer=ListFilterSchema,
    )
)
def change_list_filter(filter_id: UUID, body: dict[str, Any]) -> ListFilter:
    """Change a filter."""
    given = body["arguments"]
    arguments = None if given is None else kept_arguments(given)
    change = ChangeListFilter(filter_id=filter_id, **{**body, "arguments": arguments})
    return current().engine.execute(change, actor=current_actor())


@api.delete("/tasks/filters/<uuid:filter_id>")
@operation(Operation(summary="Forget a filter, as it was when shown", right=Right.WORK, query=RemoveFilterSchema))
def remove_list_filter(filter_id: UUID, query: dict[str, Any]) -> None:
    """Remove a filter."""
    current().engine.execute(RemoveListFilter(filter_id=filter_id, **query), actor=current_actor())


@api.put("/tasks/columns")
@operation(
    Operation(
        summary="Choose the columns of the own work lists, in order; none at all: the usual ones",
        right=Right.WORK,
        body=ColumnsSchema,
        answer=ListSettingsSchema,
    )
)
def choose_list_columns(body: dict[str, Any]) -> ListSettings:
    """Choose columns."""
    actor = current_actor()
    current().engine.execute(ChooseListColumns(columns=tuple(body["columns"])), actor=actor)
    return current().organisation.list_settings(actor)
