"""A decision model in memory: what was drawn, compiled once, shared between threads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.dmn.findings import Finding
    from engine.dmn.logic import FunctionLogic, Logic
    from engine.feel.types import FeelType


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A requirement: the id of an element, in this model or in the one with that namespace."""

    namespace: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InputData:
    """Something the decisions are given."""

    id: str
    name: str
    type: FeelType


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision with its requirements and its logic."""

    id: str
    name: str
    variable: str
    line: int
    type: FeelType
    information: tuple[Reference, ...]
    knowledge: tuple[Reference, ...]
    logic: Logic
    version_tag: str | None = None  # zeebe:versionTag, by which diagrams may bind it


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessKnowledgeModel:
    """A reusable function."""

    id: str
    name: str
    type: FeelType
    knowledge: tuple[Reference, ...]
    logic: FunctionLogic


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionService:
    """Decisions offered together under one name, with what they must be given."""

    id: str
    name: str
    type: FeelType
    outputs: tuple[Reference, ...]
    encapsulated: tuple[Reference, ...]
    input_decisions: tuple[Reference, ...]
    input_data: tuple[Reference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """Another model under a name; an empty name brings its elements in as if they were drawn here."""

    name: str
    namespace: str
    model: Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A parsed DMN document; every mapping is by id."""

    id: str
    name: str
    namespace: str
    decisions: Mapping[str, Decision]
    input_data: Mapping[str, InputData]
    knowledge: Mapping[str, BusinessKnowledgeModel]
    decision_services: Mapping[str, DecisionService]
    imports: tuple[Import, ...] = ()
    types: Mapping[str, FeelType] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    """What reading noticed and could live with; `lint` reports it."""

    def all_types(self) -> dict[str, FeelType]:
        """The types of this model and, where the names are free, those its imports know by their own names."""
        types: dict[str, FeelType] = {}
        for one in self.imports:
            types |= one.model.all_types()
        return types | dict(self.types)

    def imported(self, namespace: str) -> Import | None:
        """The import of a namespace."""
        return next((one for one in self.imports if one.namespace == namespace), None)
