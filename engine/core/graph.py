"""The compiled diagram: what the interpreter walks on. Built by engine.bpmn, immutable, shared between threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One executable process as drawn."""

    id: str
    name: str
    properties: Mapping[str, str] = field(default_factory=dict)
