"""The diagrams of an instance as the page's drawing tool takes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from flask_babel import gettext as _

from engine.json_values import JsonObject
from engine.model import UserTask
from engine.queries import DiagramState, InstanceView
from web import i18n
from web.called_processes import calls
from web.labels import definition_name, groups, in_language
from workflows.diagram_texts import in_chinese, in_english

Standing = Mapping[tuple[UUID, str], JsonObject]
"""How long tokens stand at an element of a definition: `text`, and `over` where that is longer than the norm."""


def diagrams_of(view: InstanceView, standing: Standing | None = None) -> Iterable[tuple[str, str, JsonObject]]:
    """Yield id, caption and data of each diagram, as the page's drawing tool takes them."""
    standing = standing or {}
    ids = diagram_ids(view)
    drawn = {state.definition.key: ids[state.definition.id] for state in view.diagrams}
    for state in view.diagrams:
        drawing = _drawing(state, definition_name(state.definition), view.tasks, standing)
        called = {element: f"#{drawn[process]}" for element, process in calls(state.xml).items() if process in drawn}
        yield ids[state.definition.id], _caption(state), drawing | {"calls": called}


def xml_to_draw(xml: bytes) -> str:
    """Return a diagram as the reader's language has it."""
    return in_english(xml) if i18n.language() == "en" else in_chinese(xml)


def diagram_ids(view: InstanceView) -> dict[UUID, str]:
    """Return the id of each diagram on a page by its definition: an instance may have run in two versions of one."""
    return {state.definition.id: f"diagram-{index}" for index, state in enumerate(view.diagrams, start=1)}


def _caption(state: DiagramState) -> str:
    name = definition_name(state.definition)
    return str(_("%(name)s(第 %(version)s 版)", name=name, version=state.definition.version))


def drawing(
    xml: bytes,
    title: str,
    *,
    active: Mapping[str, int],
    completed: Mapping[str, int],
    flows: Mapping[str, int],
    incidents: Mapping[str, str],
) -> JsonObject:
    """Return a diagram with its tokens, and how often elements and flows were passed."""
    elements: dict[str, JsonObject] = {}
    for part, counts in (("active", active), ("completed", completed)):
        for element, count in counts.items():
            elements.setdefault(element, {})[part] = count
    for element, reason in incidents.items():
        elements.setdefault(element, {}).update(incidents=1, notes=[i18n.in_reader_language(reason)] if reason else [])
    return {"xml": xml_to_draw(xml), "title": title, "elements": elements, "flows": dict(flows)}


def _drawing(state: DiagramState, title: str, tasks: Iterable[UserTask], standing: Standing) -> JsonObject:
    drawn = drawing(
        state.xml,
        title,
        active=state.active,
        completed=state.completed,
        flows=state.flows,
        incidents=state.incidents,
    )
    elements = drawn["elements"]
    for task in tasks:
        if task.definition_id == state.definition.id and task.state.value == "open":
            elements.setdefault(task.element_id, {}).setdefault("notes", []).append(_holder(task))
    for (definition_id, element), days in standing.items():
        if definition_id == state.definition.id:
            elements.setdefault(element, {})["standing"] = days
    return drawn


def _holder(task: UserTask) -> str:
    if task.assignee:
        return str(_("办理人：%(name)s", name=task.assignee_name or task.assignee))
    return in_language("待签收:", "To claim: ") + groups(task.candidate_groups)
