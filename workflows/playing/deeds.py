"""What is done in a play, step by step, as scenario files write it: a moment, who, tasks, jobs, messages, signals.

A step without a deed lets time pass until its moment. Whatever is open is named by its element, so that a step still
means the same when the diagram around it was changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.json_values import JsonObject

EXPECTED = ("open", "ended", "passed", "variables")
"""What a step, or the end, may be expected to have led to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDeed:
    """Somebody completes a user task; `nth` counts those of one element that are open, from 1."""

    task: str
    answers: JsonObject = field(default_factory=dict)
    nth: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDeed:
    """What stands outside answers a job: with variables, with a BPMN error, or not at all."""

    job: str
    variables: JsonObject = field(default_factory=dict)
    error: str | None = None
    fail: str | None = None
    nth: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDeed:
    """A message or a signal comes."""

    kind: str  # message, signal
    name: str
    variables: JsonObject = field(default_factory=dict)
    nth: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDeed:
    """Variables of the process are set by hand."""

    variables: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryDeed:
    """What is stuck at an element is tried again."""

    element: str


Deed = TaskDeed | JobDeed | EventDeed | SetDeed | RetryDeed


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayStep:
    """A moment, who acts, what is done, and what must hold afterwards."""

    at: datetime
    by: str | None = None
    deeds: tuple[Deed, ...] = ()
    expect: JsonObject = field(default_factory=dict)

    @classmethod
    def from_json(cls, document: JsonObject) -> PlayStep:
        """Read a step that was kept or that a schema let pass."""
        return cls(
            at=datetime.fromisoformat(document["at"]),
            by=document.get("by") or None,
            deeds=tuple(deeds_of(document)),
            expect=document.get("expect") or {},
        )

    def to_json(self) -> JsonObject:
        """Write it as a scenario file has it; what says nothing is left out."""
        document: JsonObject = {"at": self.at.isoformat()}
        if self.by:
            document["by"] = self.by
        for deed in self.deeds:
            match deed:
                case TaskDeed():
                    written = {"task": deed.task, "answers": deed.answers, "nth": deed.nth}
                    document.setdefault("tasks", []).append(_said(written))
                case JobDeed():
                    written = {"job": deed.job, "variables": deed.variables, "error": deed.error, "fail": deed.fail}
                    document.setdefault("jobs", []).append(_said(written | {"nth": deed.nth}))
                case EventDeed():
                    written = {deed.kind: deed.name, "variables": deed.variables, "nth": deed.nth}
                    document.setdefault(f"{deed.kind}s", []).append(_said(written))
                case SetDeed():
                    document["set"] = deed.variables
                case RetryDeed():
                    document.setdefault("retry", []).append(deed.element)
        if self.expect:
            document["expect"] = self.expect
        return document


def _said(written: dict[str, Any]) -> JsonObject:
    return {name: one for name, one in written.items() if one not in (None, {}) and (name, one) != ("nth", 1)}


def deeds_of(document: JsonObject) -> Iterator[Deed]:
    """Yield the deeds of a step that was kept or that a schema let pass."""
    for one in document.get("tasks", ()):
        yield TaskDeed(task=one["task"], answers=one.get("answers", {}), nth=one.get("nth", 1))
    for one in document.get("jobs", ()):
        yield JobDeed(
            job=one["job"],
            variables=one.get("variables", {}),
            error=one.get("error"),
            fail=one.get("fail"),
            nth=one.get("nth", 1),
        )
    for kind in ("message", "signal"):
        for one in document.get(f"{kind}s", ()):
            yield EventDeed(kind=kind, name=one[kind], variables=one.get("variables", {}), nth=one.get("nth", 1))
    if document.get("set"):
        yield SetDeed(variables=document["set"])
    for element in document.get("retry", ()):
        yield RetryDeed(element=element)
