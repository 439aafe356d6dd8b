"""The diagrams of a play, with its tokens and its way, and of scenarios, with what they came to."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from engine.json_values import JsonObject
from web import i18n
from web.diagrams import xml_to_draw
from web.labels import definition_name, in_language
from web.playing import process_name
from web.scenario_results import covered_elements
from workflows.playing.commands import ShownPlay
from workflows.playing.lending import PLAYED, PlayedFile
from workflows.playing.open_work import OpenWork
from workflows.playing.scenarios import ScenarioResults


def play_drawings(shown: ShownPlay) -> list[tuple[str, str, JsonObject]]:
    """Return id, caption and data of the diagram that is played and of the deployed ones it called."""
    played = shown.replay.played
    work = shown.replay.stage.work
    own = {PLAYED + process_id for process_id in played.processes}
    found = [("played", file_caption(played), _drawing(played.content, work, own))]
    for number, one in enumerate(shown.called, start=1):
        name = definition_name(one.definition)
        caption = str(_("%(name)s(第 %(version)s 版)", name=name, version=one.definition.version))
        found.append((f"called-{number}", caption, _drawing(one.content, work, {str(one.definition.id)})))
    return found


def file_caption(played: PlayedFile) -> str:
    """Return what the processes of a file are called."""
    return in_language("、", ", ").join(process_name(one) for one in played.processes.values())


def coverage_drawing(results: ScenarioResults) -> JsonObject:
    """Return the diagram with what scenarios came to and what they never did."""
    parts = covered_elements(results.coverage)
    return {
        "xml": xml_to_draw(results.played.content),
        "coverage": {one.id: one.taken for one in parts},
    }


def _drawing(xml: bytes, work: OpenWork, definitions: Iterable[str]) -> JsonObject:
    wanted = set(definitions)
    elements: dict[str, JsonObject] = {}
    for (definition, element), count in work.passage.left.items():
        if definition in wanted:
            elements.setdefault(element, {})["completed"] = count
    for key, entered in work.living.items():
        if entered.definition in wanted and entered.tag != "process":
            state = elements.setdefault(entered.element, {})
            state["active"] = state.get("active", 0) + 1
            if key in work.incidents:
                reason = i18n.in_reader_language(work.incidents[key].reason)
                state.update(incidents=1, notes=[reason])
    flows = {flow: count for (definition, flow), count in work.passage.flows.items() if definition in wanted}
    title = in_language("试走中的流程图", "The diagram as played")
    return {"xml": xml_to_draw(xml), "title": title, "elements": elements, "flows": flows}
