"""The diagrams of a play, with its tokens and its way, and of scenarios, with what they came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from flask_babel import gettext as _

from engine.json_values import JsonObject
from web.diagrams import drawing, xml_to_draw
from web.labels import definition_name, in_language
from web.playing import process_name
from web.scenario_results import covered_elements
from workflows.playing.commands import ShownPlay
from workflows.playing.lending import PLAYED, PlayedFile
from workflows.playing.open_work import Place
from workflows.playing.scenarios import ScenarioResults
from workflows.playing.stage import Stage


def play_drawings(shown: ShownPlay) -> list[tuple[str, str, JsonObject]]:
    """Return id, caption and data of the diagram that is played and of the deployed ones it called."""
    played = shown.replay.played
    stage = shown.replay.stage
    own = {PLAYED + process_id for process_id in played.processes}
    found = [("played", file_caption(played), _drawing(played.content, stage, own))]
    for number, one in enumerate(shown.called, start=1):
        name = definition_name(one.definition)
        caption = str(_("%(name)s(第 %(version)s 版)", name=name, version=one.definition.version))
        found.append((f"called-{number}", caption, _drawing(one.content, stage, {str(one.definition.id)})))
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


def way_drawing(results: ScenarioResults) -> JsonObject:
    """Return the diagram with the way of one scenario: what others come to is no matter here."""
    parts = [one for one in covered_elements(results.coverage) if one.taken]
    return drawing(
        results.played.content,
        in_language("场景走过的流程图", "The diagram as the scenario takes it"),
        active={},
        completed={one.id: one.taken for one in parts if one.kind == "element"},
        flows={one.id: one.taken for one in parts if one.kind == "flow"},
        incidents={},
    )


def _drawing(xml: bytes, stage: Stage, definitions: Iterable[str]) -> JsonObject:
    work, wanted = stage.work, set(definitions)

    def here(counts: Mapping[Place, int]) -> dict[str, int]:
        return {element: count for (definition, element), count in counts.items() if definition in wanted}

    active = Counter(here(work.drawn()))
    active.update(here(stage.joins()))
    return drawing(
        xml,
        in_language("试走中的流程图", "The diagram as played"),
        active=active,
        completed=here(work.passage.left),
        flows=here(work.passage.flows),
        incidents={one.element: one.reason for one in work.incidents.values() if one.definition in wanted},
    )
