"""The list of process instances, and one of them looked through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from engine.batches import InstanceFilter
from engine.model import SYSTEM, HistoryAction, InstanceState
from engine.operation_queries import ScopedVariable
from web.authentication import current_actor, may, permits
from web.diagrams import Standing, diagram_ids, diagrams_of
from web.element_names import ElementNames
from web.labels import definition_name, in_language
from web.lists import PAGE_SIZE, page_count, page_number, search_text
from web.services import services
from web.terms import Terms
from web.unread_filters import YES, is_search, tell_unread
from web.xray import Examined, examined
from workflows.casework.county import TOWN_BY_REGION
from workflows.casework.flow.drawing import drawn_elements
from workflows.casework.flow.xray import StandingToken, VariableChange
from workflows.organisation.rights import Right

blueprint = Blueprint("process_instances", __name__)

LONGEST_ELEMENT = 200

REPAIRS = frozenset(
    {
        HistoryAction.RETRIED,
        HistoryAction.VARIABLES_SET,
        HistoryAction.TASK_UPDATED,
        HistoryAction.MODIFIED,
        HistoryAction.SUSPENDED,
        HistoryAction.RESUMED,
        HistoryAction.CANCELLED,
        HistoryAction.MIGRATED,
        HistoryAction.MIGRATION_REVERTED,
        HistoryAction.RETRIES_SET,
        HistoryAction.AD_HOC_ACTIVATED,
    }
)
"""What operators do to an instance, and the page keeps in sight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState:
    """Which instances are listed, as the address says; what it does not know narrows nothing."""

    number: str
    definition: UUID | None
    element: str
    region: str
    state: InstanceState | None
    stuck: bool
    page: int

    @classmethod
    def from_arguments(cls, arguments: MultiDict[str, str]) -> ListState:
        """Read an address."""
        region = arguments.get("region", "")
        return cls(
            number=search_text(arguments.get("q")),
            definition=uuid_of(arguments.get("definition")),
            element=arguments.get("element", "")[:LONGEST_ELEMENT],
            region=region if region in TOWN_BY_REGION else "",
            state=next((one for one in InstanceState if one.value == arguments.get("state")), None),
            stuck=arguments.get("stuck") == "1",
            page=page_number(arguments.get("page")),
        )

    @property
    def filter(self) -> InstanceFilter:
        """Return it as the engine's question."""
        return InstanceFilter(
            source=self.definition,
            element_id=self.element or None,
            region=self.region or None,
            state=self.state,
            business_key=self.number or None,
            has_incident=True if self.stuck else None,
        )

    def url(self, page: int) -> str:
        """Return the address of another page of the list."""
        given: dict[str, Any] = {
            "q": self.number,
            "definition": self.definition,
            "element": self.element,
            "region": self.region,
            "state": self.state.value if self.state else None,
            "stuck": "1" if self.stuck else None,
            "page": page if page > 1 else None,
        }
        return url_for("process_instances.instance_list", **{name: value for name, value in given.items() if value})


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownVariable:
    """A variable of a living scope, what that is called, and everything that was written there, newest first."""

    variable: ScopedVariable
    scope_name: str
    changes: Sequence[VariableChange]


@blueprint.get("/process-instances")
@permits(Right.OPERATE)
def instance_list() -> str:
    """Show the instances the person operates, newest first."""
    tell_unread(
        q=is_search,
        definition=uuid_of,
        element=lambda text: len(text) <= LONGEST_ELEMENT,
        region=TOWN_BY_REGION,
        state=InstanceState,
        stuck=YES,
    )
    state = ListState.from_arguments(request.args)
    offset = (state.page - 1) * PAGE_SIZE
    found = services().operations.instances(state.filter, current_actor(), offset=offset, limit=PAGE_SIZE)
    return render_template(
        "process_instances.html",
        state=state,
        lines=found.instances,
        total=found.total,
        pages=page_count(found.total),
        states=InstanceState,
        place=_place(state),
    )


@blueprint.get("/process-instances/<uuid:instance_id>")
@permits(Right.OPERATE)
def instance_page(instance_id: UUID) -> str:
    """Show one instance looked through, and what can be done to it."""
    seen = examined(instance_id, current_actor())
    view = seen.found.view
    element_names = ElementNames.of(view)
    return render_template(
        "process_instance.html",
        line=seen.found.line,
        may_deploy=may(Right.DEPLOY),
        view=view,
        xray=seen.xray,
        variables=variables_with_changes(seen, element_names),
        diagrams=list(diagrams_of(view, _standing(seen))),
        diagram_ids=diagram_ids(view),
        incidents=[one for one in view.incidents if one.resolved_at is None],
        record=[one for one in reversed(view.history) if one.action in REPAIRS],
        names=_names(seen),
        element_names=element_names,
        has_case=bool(services().casework.summaries([seen.found.line.business_key], current_actor())),
        terms=Terms(),
        has_ended=view.instance.ended_at is not None,
    )


def uuid_of(text: str | None) -> UUID | None:
    """Return the id an address names; None where it names none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def days_standing(token: StandingToken) -> str:
    """Return how long a token stands somewhere, against the norm."""
    if token.working_days is None:
        return ""
    days = str(ngettext("%(num)s 个工作日", "%(num)s 个工作日", token.working_days))
    return days if token.norm is None else str(_("%(days)s(常规 %(norm)s)", days=days, norm=token.norm))


def variables_with_changes(seen: Examined, element_names: ElementNames) -> list[ShownVariable]:
    """Return the variables in scope with their changes."""
    changes: dict[tuple[int, str], list[VariableChange]] = {}
    for change in seen.xray.changes:
        changes.setdefault((change.scope_key, change.name), []).append(change)
    definitions = {one.key: one.definition_id for one in seen.found.view.activities}
    return [
        ShownVariable(
            variable=one,
            scope_name=element_names.name(definitions[one.scope_key], one.scope_element_id),
            changes=changes.get((one.scope_key, one.name), []),
        )
        for one in seen.found.variables
    ]


def _standing(seen: Examined) -> Standing:
    """Return for the drawing how long the longest waiting token of each element stands there."""
    found: dict[tuple[UUID, str], Any] = {}
    for token in seen.xray.tokens:
        text = days_standing(token)
        if text:
            found.setdefault((token.definition_id, token.element_id), {"text": text, "over": token.is_over_norm})
    return found


def _names(seen: Examined) -> Mapping[str, str]:
    logins = {one.actor for one in seen.found.view.history} | {one.actor for one in seen.xray.changes}
    return {**services().organisation.names(sorted(logins)), SYSTEM.id: in_language("系统", "System")}


def _place(state: ListState) -> str:
    """Return what the list is narrowed to: an element of a version of a process."""
    if state.definition is None:
        return state.element
    definition, xml = services().heat.drawing(state.definition)
    node = drawn_elements(xml).get(state.element)
    name = in_language(node.name, node.name_en) if node else state.element
    process = str(_("%(name)s(第 %(version)s 版)", name=definition_name(definition), version=definition.version))
    return f"{process} · {name}" if name else process
