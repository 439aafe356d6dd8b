"""The list of cases and the page of a case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from engine.batches import OPERATORS
from engine.model import Actor
from engine.queries import InstanceView, TaskTab, UserTaskFilter
from web.authentication import current_actor, may, permits
from web.beside_case import beside_case
from web.case_record import case_record
from web.comments import IN_A_PANEL, CommentPanel, comment_panel
from web.diagrams import diagrams_of
from web.element_names import ElementNames
from web.evidence import evidence_panel
from web.labels import in_language
from web.lists import PAGE_SIZE, SortedList, chosen, page_count, page_number, searched
from web.search_words import in_address, is_readable, searched_text
from web.services import services
from web.terms import Terms
from web.unread_filters import YES, tell_unread
from workflows.casework.comments.queries import CommentFilter
from workflows.casework.model import CaseStatus
from workflows.casework.purpose import within_purpose
from workflows.casework.queries import CaseFilter, CaseOrder, CaseView
from workflows.organisation.rights import Right

blueprint = Blueprint("cases", __name__)

MOST_OPEN = 200  # tasks of one case at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState(SortedList[CaseOrder]):
    """What a list of cases shows, as its address says."""

    text: str
    status: CaseStatus | None
    overdue: bool

    @classmethod
    def from_arguments(cls, arguments: MultiDict[str, str]) -> ListState:
        """Read an address; what it does not know falls back to the usual."""
        order = chosen(CaseOrder, arguments.get("order"), CaseOrder.RECEIVED)
        return cls(
            text=searched_text(arguments.get("q")),
            status=next((one for one in CaseStatus if one.value == arguments.get("status")), None),
            overdue=arguments.get("overdue") == "1",
            order=order,
            descending=arguments.get("descending", "1" if order is CaseOrder.RECEIVED else "0") == "1",
            page=page_number(arguments.get("page")),
        )

    def url(self, **changes: Any) -> str:
        """Return the address of this list with some things changed; the first page unless told."""
        shown = replace(self, **({"page": 1} | changes))
        given: dict[str, Any] = {
            "q": in_address(shown.text) or None,
            "status": shown.status.value if shown.status else None,
            "overdue": "1" if shown.overdue else None,
            "order": shown.order.value,
            "descending": "1" if shown.descending else "0",
            "page": shown.page if shown.page > 1 else None,
        }
        return url_for("cases.case_list", **{name: value for name, value in given.items() if value is not None})


@blueprint.get("/cases")
@permits(Right.WORK)
def case_list() -> str:
    """Show the cases the person may see."""
    tell_unread(q=is_readable, status=CaseStatus, overdue=YES, order=CaseOrder, descending=YES)
    return _list(ListState.from_arguments(request.args))


@blueprint.post("/cases/search")
@permits(Right.WORK)
def search() -> AnyResponse:
    """Show the cases a form asks for, whose words stand in no address."""
    state = ListState.from_arguments(request.form)
    return searched(state.url(), lambda: _list(state))


def _list(state: ListState) -> str:
    actor = current_actor()
    found = services().casework.cases(
        CaseFilter(
            actor=actor,
            text=state.text or None,
            status=state.status,
            overdue_only=state.overdue,
            order=state.order,
            descending=state.descending,
            offset=state.offset,
            limit=PAGE_SIZE,
        )
    )
    return render_template(
        "case_list.html",
        state=state,
        counts=services().casework.case_counts(actor),
        cases=found.cases,
        total=found.total,
        pages=page_count(found.total),
        statuses=CaseStatus,
        orders=CaseOrder,
        terms=Terms(),
        can_take_in=may(Right.INTAKE),
    )


@blueprint.get("/cases/<key>")
@permits(Right.WORK)
def case_page(key: str) -> str:
    """Show a case with everything the person may see of it."""
    actor = current_actor()
    case = services().casework.case(case_key(key), actor)
    instance_id = case.summary.process_instance_id
    view = within_purpose(services().queries.instance(instance_id), case, actor) if instance_id else None
    proof = evidence_panel(case, actor, back=url_for("cases.case_page", key=key, _anchor="evidence"))
    return render_template(
        "case.html",
        case=case,
        record=case_record(case, actor),
        advice=services().advice.of_case(case.summary.id, actor),
        evidence=proof,
        beside=beside_case(case, actor, proof),
        today=Terms().today,
        view=view,
        diagrams=list(diagrams_of(view)) if view else [],
        open_tasks=[task for task in view.tasks if task.state.value == "open"] if view else [],
        openable=_openable(view, actor) if view else frozenset(),
        incidents=[one for one in view.incidents if one.resolved_at is None] if view else [],
        names=_names(case, view),
        element_names=_element_names(view) if view else {},
        can_repair=any(actor.has_role(role, case.summary.region) for role in OPERATORS),
        can_supervise=may(Right.SUPERVISE),
        terms=Terms(),
        now=services().now(),
        comments=_comments(case, actor),
        others=services().presence.at_case(case.summary.number, actor),
    )


def case_key(key: str) -> UUID | str:
    """Return a key of a case as an id where it is one, else as a number."""
    try:
        return UUID(key)
    except ValueError:
        return key


def _comments(case: CaseView, actor: Actor) -> CommentPanel:
    back = url_for("cases.case_page", key=case.summary.number)
    return comment_panel(CommentFilter(key=case.summary.id, actor=actor, limit=IN_A_PANEL), back=back)


def _names(case: CaseView, view: InstanceView | None) -> dict[str, str]:
    logins = {entry.actor for entry in view.history} if view else set()
    logins |= (
        {str(entry.details["assignee"]) for entry in view.history if entry.details.get("assignee")} if view else set()
    )
    logins |= {survey.surveyor for survey in case.surveys}
    return dict(services().organisation.names(sorted(logins)))


def _openable(view: InstanceView, actor: Actor) -> frozenset[UUID]:
    """Return the open tasks of a case that the reader may open: of others a case only says that they are there."""
    wanted = UserTaskFilter(actor=actor, tab=TaskTab.UNIT, process_instance_id=view.instance.id, limit=MOST_OPEN)
    return frozenset(task.id for task in services().queries.user_tasks(wanted).tasks)


def _element_names(view: InstanceView) -> dict[str, str]:
    drawn = ElementNames.of(view)
    elements = {one.element_id for one in view.activities} | {one.element_id for one in view.history if one.element_id}
    named = {element: drawn.name_anywhere(element) for element in elements}
    return named | {task.element_id: in_language(task.name, task.name_en) for task in view.tasks}
