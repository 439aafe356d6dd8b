"""What a work list shows, as its address says, and everything its page needs to show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any
from uuid import UUID

from flask import url_for
from werkzeug.datastructures import MultiDict

from engine.model import Actor, TaskState, UserTask
from engine.permissions import whose_right
from engine.queries import Page, TaskOrder, TaskTab, UserTaskFilter
from web.authentication import current_account, may
from web.frame import task_counts
from web.labels import in_language, label
from web.lists import PAGE_SIZE, SortedList, chosen, page_count, page_number, search_text
from web.pulse import mark_for, pulse_url
from web.search_words import in_address, searched_text
from web.services import services
from web.supervision import NOBODY, named_office, narrowed_tasks, narrowed_to_holder, office_name
from web.task_batch import TaskAction
from web.task_search import matches_of
from web.terms import Terms
from workflows.casework.flow.drawing import norm_days
from workflows.casework.queries import CaseSummary
from workflows.casework.supervision import OfficeKey, Situation
from workflows.organisation.list_filters import ListColumn
from workflows.organisation.model import Account, Unit
from workflows.organisation.rights import Right

_ORDERS: Mapping[ListColumn, TaskOrder] = {
    ListColumn.STEP: TaskOrder.NAME,
    ListColumn.ARRIVED: TaskOrder.CREATED,
    ListColumn.DUE: TaskOrder.DUE,
}
_NARROW = (ListColumn.ARRIVED, ListColumn.DUE, ListColumn.HOLDER)
_ACTIONS: Mapping[TaskTab, Sequence[TaskAction]] = {
    TaskTab.MINE: (TaskAction.COMPLETE, TaskAction.RELEASE, TaskAction.ASSIGN),
    TaskTab.TO_CLAIM: (TaskAction.CLAIM, TaskAction.ASSIGN),
    TaskTab.UNIT: (TaskAction.CLAIM, TaskAction.RELEASE, TaskAction.ASSIGN),
    TaskTab.DONE: (),
}
"""What can be done to several tasks of a tab at once, by whoever may. Completing is asked and confirmed on a page of
its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState(SortedList[TaskOrder]):
    """What a work list shows, as its address says."""

    tab: TaskTab
    text: str
    overdue: bool
    situation: Situation | None
    unit: OfficeKey | None
    holder: str | None

    @classmethod
    def from_arguments(cls, arguments: MultiDict[str, str]) -> ListState:
        """Read an address; what it does not know falls back to the usual."""
        return cls(
            tab=chosen(TaskTab, arguments.get("tab"), TaskTab.MINE),
            text=searched_text(arguments.get("q")),
            order=chosen(TaskOrder, arguments.get("order"), TaskOrder.DUE),
            descending=arguments.get("descending") == "1",
            overdue=arguments.get("overdue") == "1",
            situation=next((one for one in Situation if one.value == arguments.get("situation")), None),
            unit=named_office(arguments.get("unit")),
            holder=search_text(arguments.get("holder")) or None,
            page=page_number(arguments.get("page")),
        )

    @property
    def is_narrowed(self) -> bool:
        """Say whether less than the whole tab is shown."""
        return bool(self.text or self.overdue or self.situation or self.unit or self.holder)

    @property
    def is_put_off(self) -> bool:
        """Say whether the list shows the reader's tasks that are put off."""
        return self.tab is TaskTab.MINE and self.situation is Situation.PUT_OFF

    @property
    def whole_url(self) -> str:
        """Return the address of the whole tab."""
        return self.url(text="", overdue=False, situation=None, unit=None, holder=None)

    def url(self, **changes: Any) -> str:
        """Return the address of this list with some things changed; the first page unless told."""
        shown = replace(self, **({"page": 1} | changes))
        return list_url(shown.address)

    @property
    def changes_url(self) -> str:
        """Return where the page asks whether its rows changed."""
        return list_url(self.address, endpoint="tasks.changes")

    @property
    def address(self) -> dict[str, str]:
        """Return everything the address says."""
        return self.arguments | ({"page": str(self.page)} if self.page > 1 else {})

    @property
    def arguments(self) -> dict[str, str]:
        """Return what the address says beside the page."""
        given = {
            "tab": self.tab.value,
            "q": in_address(self.text),
            "order": self.order.value if self.order is not TaskOrder.DUE else "",
            "descending": "1" if self.descending else "",
            "overdue": "1" if self.overdue else "",
            "situation": self.situation.value if self.situation else "",
            "unit": str(self.unit) if self.unit else "",
            "holder": self.holder or "",
        }
        return {name: value for name, value in given.items() if value}

    @property
    def kept(self) -> dict[str, str]:
        """Return what a filter keeps: never the search, which may be a name or an identity number."""
        return replace(self, text="").arguments


def list_page(actor: Actor, state: ListState) -> dict[str, Any]:
    """Return what the template of the work list shows; past the end the last page."""
    beat = mark_for(actor)  # before anything is read: what happens meanwhile is asked for again
    found = services().queries.user_tasks(_filter(actor, state))
    last = page_count(found.total)
    if state.page > last:
        return list_page(actor, replace(state, page=last))
    here = people_at([task.id for task in found.tasks], actor)
    actions = _actions(state.tab, found.tasks)
    counts, put_off = task_counts(actor), number_put_off(actor)
    settings = services().organisation.list_settings(actor)
    columns = tuple(ListColumn) if settings.columns is None else settings.columns
    return {
        "state": state,
        "counts": counts,
        "put_off": put_off,
        "pulse_url": pulse_url(actor),
        "beat": beat,
        "situations": Situation,
        "tasks": found.tasks,
        "mark": list_mark([f"{task.id}:{task.version}" for task in found.tasks], here, shown_counts(counts, put_off)),
        "here": here,
        **_marks(found.tasks, actor),
        "total": found.total,
        "pages": last,
        "cases": _cases_of(found, actor),
        "matches": matches_of(state.text, found.tasks, actor),
        "terms": Terms(),
        "now": services().now(),
        "norm_days": norm_days,
        "unit_name": in_language(*office_name(state.unit)) if state.unit else None,
        "holder_name": _holder_name(state.holder),
        "orders": TaskOrder,
        "tabs": TaskTab,
        "actor": actor,
        "for_whom": _for_whom(found.tasks, actor),
        "filters": settings.filters,
        "columns": columns,
        "headings": _headings(state, columns),
        "sharing": sharing_units(),
        "actions": actions,
        "can_supervise": state.tab is TaskTab.UNIT and may(Right.SUPERVISE),
        "colleagues": _colleagues(found.tasks) if TaskAction.ASSIGN in actions else (),
    }


def _marks(tasks: Sequence[UserTask], actor: Actor) -> dict[str, frozenset[UUID]]:
    """Return which tasks of a page are new to the reader, and which rest."""
    is_open = [task for task in tasks if task.state is TaskState.OPEN]
    return {
        "unopened": services().presence.unopened(is_open, actor),
        "at_rest": services().queries.tasks_at_rest([task.id for task in is_open], services().now()),
    }


def _for_whom(tasks: Sequence[UserTask], actor: Actor) -> Mapping[UUID, str]:
    """Return the names of absent people in whose right alone the actor works on some of these tasks."""
    rights = {task.id: whose_right(task, actor) for task in tasks if task.state is TaskState.OPEN}
    return {id_: right.name for id_, right in rights.items() if right is not None and right is not actor}


def _holder_name(holder: str | None) -> str | None:
    if holder in (None, NOBODY):
        return holder
    return services().organisation.names([holder]).get(holder, holder)


def number_put_off(actor: Actor) -> int:
    """Return how many tasks of somebody are put off."""
    wanted = UserTaskFilter(actor=actor, tab=TaskTab.MINE, put_off_at=services().now(), limit=1)
    return services().queries.user_tasks(wanted).total


def _headings(state: ListState, columns: Sequence[ListColumn]) -> list[dict[str, str]]:
    return [_heading(state, one) for one in columns]


def _heading(state: ListState, column: ListColumn) -> dict[str, str]:
    heading = {"label": label("list_column", column)}
    if column in _NARROW:
        heading["kind"] = "narrow"
    order = _ORDERS.get(column)
    if order is None:
        return heading
    return heading | {"sort_url": state.sort_url(order), "sorted": state.sorted(order)}


def list_url(arguments: Mapping[str, Any], *, endpoint: str = "tasks.work_list") -> str:
    """Return the address of a list, or of something else about it."""
    return url_for(endpoint, **arguments)


def kept_arguments(given: Mapping[str, str]) -> dict[str, str]:
    """Return what a filter keeps of a list's address: only what the list knows, without the search."""
    return ListState.from_arguments(MultiDict(given)).kept


def sharing_units() -> Sequence[Unit]:
    """Return the units the reader has posts in, each once: whom a filter may be shared with."""
    account = current_account()
    units = {} if account is None else {post.unit.id: post.unit for post in account.posts}
    return list(units.values())


def page_versions(actor: Actor, state: ListState) -> list[str]:
    """Return of which tasks the page of a list consists now, and in which version."""
    return [f"{one.id}:{one.version}" for one in services().queries.user_task_versions(_filter(actor, state))]


def people_at(task_ids: Sequence[UUID], actor: Actor) -> dict[str, str]:
    """Return the names of those who have tasks of a list open, by the task."""
    found = services().presence.at_tasks(task_ids, actor)
    return {str(task_id): in_language("、", ", ").join(one.name for one in who) for task_id, who in found.items()}


def shown_counts(counts: Mapping[TaskTab, int], put_off: int) -> dict[str, int]:
    """Return the numbers beside the tabs, by the names the page knows them by."""
    return {tab.value: number for tab, number in counts.items()} | {"put-off": put_off}


def list_mark(versions: Sequence[str], here: Mapping[str, str], counts: Mapping[str, int]) -> str:
    """Return a text that changes when one of these versions does, who has their tasks open, or a number of a tab."""
    people = (f"{task_id}@{names}" for task_id, names in sorted(here.items()))
    return mark_of([*versions, *people, *(f"{tab}={number}" for tab, number in sorted(counts.items()))])


def mark_of(lines: Sequence[str]) -> str:
    """Return a text that changes when one of the lines does."""
    return blake2b("\n".join(lines).encode(), digest_size=12).hexdigest()


def _filter(actor: Actor, state: ListState) -> UserTaskFilter:
    return UserTaskFilter(
        actor=actor,
        tab=state.tab,
        text=state.text or None,
        overdue_at=services().now() if state.overdue else None,
        **narrowed_tasks(state.unit, state.situation),
        **narrowed_to_holder(state.holder),
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
    possible = {
        TaskAction.ASSIGN: may(Right.SUPERVISE),
        TaskAction.COMPLETE: any(task.is_bulkable for task in tasks),
    }
    return [one for one in _ACTIONS[tab] if tasks and possible.get(one, True)]


def _colleagues(tasks: Sequence[UserTask]) -> Sequence[Account]:
    """Return who is a candidate for one of these tasks."""
    offers = {(group, task.region) for task in tasks if task.state is TaskState.OPEN for group in task.candidate_groups}
    return services().organisation.colleagues(sorted(offers))
