"""What a work list shows, as its address says, and everything its page needs to show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from engine.model import Actor, TaskState, UserTask
from engine.queries import Page, TaskOrder, TaskTab, UserTaskFilter
from web.authentication import may
from web.labels import in_language
from web.pages.frame import task_counts
from web.pages.lists import PAGE_SIZE, SortedList, chosen, page_count, page_number, search_text
from web.services import services
from web.supervision import named_office, narrowed_tasks, office_name
from web.task_batch import TaskAction
from web.terms import Terms
from workflows.casework.queries import CaseSummary
from workflows.casework.supervision import OfficeKey, Situation
from workflows.organisation.model import Account
from workflows.organisation.rights import Right

_ACTIONS: Mapping[TaskTab, Sequence[TaskAction]] = {
    TaskTab.MINE: (TaskAction.COMPLETE, TaskAction.RELEASE, TaskAction.ASSIGN),
    TaskTab.TO_CLAIM: (TaskAction.CLAIM, TaskAction.ASSIGN),
    TaskTab.UNIT: (TaskAction.CLAIM, TaskAction.RELEASE, TaskAction.ASSIGN),
    TaskTab.DONE: (),
}
"""What can be done to several tasks of a tab at once, by whoever may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState(SortedList[TaskOrder]):
    """What a work list shows, as its address says."""

    tab: TaskTab
    text: str
    overdue: bool
    situation: Situation | None
    unit: OfficeKey | None

    @classmethod
    def from_arguments(cls, arguments: MultiDict[str, str]) -> ListState:
        """Read an address; what it does not know falls back to the usual."""
        return cls(
            tab=chosen(TaskTab, arguments.get("tab"), TaskTab.MINE),
            text=search_text(arguments.get("q")),
            order=chosen(TaskOrder, arguments.get("order"), TaskOrder.DUE),
            descending=arguments.get("descending") == "1",
            overdue=arguments.get("overdue") == "1",
            situation=next((one for one in Situation if one.value == arguments.get("situation")), None),
            unit=named_office(arguments.get("unit")),
            page=page_number(arguments.get("page")),
        )

    @property
    def is_narrowed(self) -> bool:
        """Say whether less than the whole tab is shown."""
        return bool(self.text or self.overdue or self.situation or self.unit)

    @property
    def whole_url(self) -> str:
        """Return the address of the whole tab."""
        return self.url(text="", overdue=False, situation=None, unit=None)

    def url(self, **changes: Any) -> str:
        """Return the address of this list with some things changed; the first page unless told."""
        shown = replace(self, **({"page": 1} | changes))
        given: dict[str, Any] = {
            "tab": shown.tab.value,
            "q": shown.text or None,
            "order": shown.order.value if shown.order is not TaskOrder.DUE else None,
            "descending": "1" if shown.descending else None,
            "overdue": "1" if shown.overdue else None,
            "situation": shown.situation.value if shown.situation else None,
            "unit": str(shown.unit) if shown.unit else None,
            "page": shown.page if shown.page > 1 else None,
        }
        return url_for("tasks.work_list", **{name: value for name, value in given.items() if value is not None})


def list_page(actor: Actor, state: ListState) -> dict[str, Any]:
    """Return what the template of the work list shows."""
    found = services().queries.user_tasks(_filter(actor, state))
    actions = _actions(state.tab, found.tasks)
    return {
        "state": state,
        "counts": task_counts(actor),
        "tasks": found.tasks,
        "total": found.total,
        "pages": page_count(found.total),
        "cases": _cases_of(found, actor),
        "terms": Terms(),
        "unit_name": in_language(*office_name(state.unit)) if state.unit else None,
        "orders": TaskOrder,
        "tabs": TaskTab,
        "actor": actor,
        "actions": actions,
        "colleagues": _colleagues(found.tasks) if TaskAction.ASSIGN in actions else (),
    }


def _filter(actor: Actor, state: ListState) -> UserTaskFilter:
    return UserTaskFilter(
        actor=actor,
        tab=state.tab,
        text=state.text or None,
        overdue_at=services().now() if state.overdue else None,
        **narrowed_tasks(state.unit, state.situation),
        order=state.order,
        descending=state.descending,
        offset=state.offset,
        limit=PAGE_SIZE,
    )


def _cases_of(found: Page, actor: Actor) -> Mapping[str, CaseSummary]:
    numbers = sorted({task.business_key for task in found.tasks})
    return services().casework.summaries(numbers, actor) if numbers else {}


def _actions(tab: TaskTab, tasks: Sequence[UserTask]) -> Sequence[TaskAction]:
    """Return what the reader may try on several of these tasks; the commands look at each."""
    return [one for one in _ACTIONS[tab] if tasks and _is_offered(one, tasks)]


def _is_offered(action: TaskAction, tasks: Sequence[UserTask]) -> bool:
    if action is TaskAction.ASSIGN:
        return may(Right.SUPERVISE)
    return action is not TaskAction.COMPLETE or any(task.is_bulkable for task in tasks)


def _colleagues(tasks: Sequence[UserTask]) -> Sequence[Account]:
    """Return who is a candidate for one of these tasks."""
    offers = {(group, task.region) for task in tasks if task.state is TaskState.OPEN for group in task.candidate_groups}
    return services().organisation.colleagues(sorted(offers))
