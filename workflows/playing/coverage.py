"""Which elements and flows of a file its scenarios came to, and which never."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.core.graph import Process
from workflows.playing.lending import PLAYED, PlayedFile
from workflows.playing.open_work import Passage, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredPart:
    """An element or flow of a process, and how often scenarios came along."""

    process_id: str
    id: str
    name: str
    name_en: str
    is_flow: bool
    taken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Everything that can be passed in a file."""

    parts: Sequence[CoveredPart]

    @property
    def taken(self) -> int:
        """Count the parts that were passed."""
        return sum(1 for one in self.parts if one.taken)

    @property
    def never(self) -> Sequence[CoveredPart]:
        """Return what no scenario came to."""
        return [one for one in self.parts if not one.taken]


class Tally:
    """What plays of a file passed, added up play by play: what a token only came to, or was stuck at, is not passed."""

    def __init__(self) -> None:
        self._left: Counter[Place] = Counter()
        self._flows: Counter[Place] = Counter()

    def add(self, passage: Passage) -> None:
        """Add what a play passed."""
        self._left += passage.left
        self._flows += passage.flows

    def of(self, played: PlayedFile) -> Coverage:
        """Return what of a file was passed."""
        processes = played.processes.values()
        return Coverage(parts=[part for one in processes for part in _parts(one, self._left, self._flows)])


def _parts(process: Process, left: Counter[Place], flows: Counter[Place]) -> Iterable[CoveredPart]:
    definition = PLAYED + process.id
    names = {node.id: node.name or node.id for node in process.nodes.values()}
    english = {node.id: node.properties.get("name.en") or names[node.id] for node in process.nodes.values()}
    for node in process.nodes.values():
        if node.id != process.id:
            yield CoveredPart(
                process_id=process.id,
                id=node.id,
                name=names[node.id],
                name_en=english[node.id],
                is_flow=False,
                taken=left[(definition, node.id)],
            )
    for flow in (each for node in process.nodes.values() for each in node.outgoing):
        between = f"{names[flow.source]} → {names[flow.target]}"
        between_en = f"{english[flow.source]} → {english[flow.target]}"
        yield CoveredPart(
            process_id=process.id,
            id=flow.id,
            name=f"{between}（{flow.name}）" if flow.name else between,
            name_en=between_en,
            is_flow=True,
            taken=flows[(definition, flow.id)],
        )
